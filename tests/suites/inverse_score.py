"""CSL-JSON written as BibLaTeX and read back by another program, scored field by field."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from suite_score import Scored, cases_of, scorer_of

from refkit.formats.bibtex.write import write_biblatex
from refkit.formats.csljson import FORMAT
from refkit.model.text import SourceText

SCRIPT = Path(__file__).parent / "citationjs.js"
FOLDER = "REFKIT_CITATIONJS"

Program = Callable[[list[str]], list[str]]
"""What makes of each of some texts another one, "" where it fails."""


class Case(NamedTuple):
    """A case's name and its CSL-JSON items."""

    id: str
    items: list[dict[str, Any]]


def citationjs(*arguments: str) -> Program:
    """Return citation.js reading BibLaTeX, or with "write" writing it; skips where it is absent."""
    node, folder = shutil.which("node"), os.environ.get(FOLDER, "")
    if node is None:
        pytest.skip("node is not installed")
    if not folder or not (Path(folder) / "node_modules" / "@citation-js").is_dir():
        pytest.skip(f"{FOLDER} names no folder with node_modules/@citation-js")
    command = [node, str(SCRIPT), *arguments]
    return lambda texts: list(json.loads(_run(command, json.dumps(texts))))


def pandoc(*, write: bool = False) -> Program:
    """Return pandoc reading or writing BibLaTeX; skips where it is absent."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    source, target = ("csljson", "biblatex") if write else ("biblatex", "csljson")
    command = ["pandoc", "-f", source, "-t", target]

    def program(texts: list[str]) -> list[str]:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda text: _run(command, text), texts))

    return program


def refkit_writes(texts: list[str]) -> list[str]:
    """Write CSL-JSON as BibLaTeX with refkit."""
    assert FORMAT.read is not None
    documents = [FORMAT.read(SourceText("case.json", text)) for text in texts]
    return [write_biblatex(document.entries).text for document in documents]


def _run(command: list[str], text: str) -> str:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def inverse(shared: Path, suite: str, write: Program, read: Program) -> list[Scored]:
    """Write every case of a suite, read it back, and compare it with what was written."""
    scorer = scorer_of(shared)
    cases = [Case(each["id"], each["expected"]) for each in cases_of(shared, suite)]
    texts = write([json.dumps(case.items, ensure_ascii=False) for case in cases])
    return [
        mark
        for case, text in zip(cases, read(texts), strict=True)
        for mark in _marks(scorer, case, json.loads(text) if text.strip() else [])
    ]


def _marks(scorer: Any, case: Case, items: list[dict[str, Any]]) -> Iterator[Scored]:
    for place, record in enumerate(scorer.score_items(case.items, items, (), True)):
        marks = [(name, lenient) for name, _, lenient, _ in record["f"]]
        yield Scored(
            f"{case.id} {place}",
            tuple(name for name, lenient in marks if lenient),
            tuple(name for name, lenient in marks if not lenient),
        )
