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

SCRIPT = Path(__file__).parent / "read_citationjs.js"
FOLDER = "REFKIT_CITATIONJS"
PANDOC = ["pandoc", "-f", "biblatex", "-t", "csljson"]
PANDOC_WRITES = ["pandoc", "-f", "csljson", "-t", "biblatex"]

Program = list[str]
Writer = Callable[[str], str]


class Case(NamedTuple):
    """A case's name and its CSL-JSON items."""

    id: str
    items: list[dict[str, Any]]


def citationjs(*arguments: str) -> Program:
    """Return the command that runs citation.js; skips where it is not installed."""
    node, folder = shutil.which("node"), os.environ.get(FOLDER, "")
    if node is None:
        pytest.skip("node is not installed")
    if not (Path(folder) / "node_modules" / "@citation-js").is_dir() or not folder:
        pytest.skip(f"{FOLDER} names no folder with node_modules/@citation-js")
    return [node, str(SCRIPT), *arguments]


def pandoc() -> Program:
    """Return the command that reads BibLaTeX with pandoc; skips where it is not installed."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    return PANDOC


def refkit_writes(items: str) -> str:
    """Write CSL-JSON as BibLaTeX with refkit."""
    assert FORMAT.read is not None
    return write_biblatex(FORMAT.read(SourceText("case.json", items)).entries).text


def writes(command: Program) -> Writer:
    """Return the writer that a program is."""
    return lambda items: run(command, items)


def run(command: Program, text: str) -> str:
    """Run a program on a text; one that fails has said nothing."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    return done.stdout if done.returncode == 0 else ""


def inverse(shared: Path, suite: str, write: Writer, read: Program) -> list[Scored]:
    """Write every case of a suite, read it back, and compare it with what was written."""
    scorer = scorer_of(shared)
    cases = [Case(each["id"], each["expected"]) for each in cases_of(shared, suite)]

    def scored(case: Case) -> list[Scored]:
        text = run(read, write(json.dumps(case.items, ensure_ascii=False)))
        return list(_marks(scorer, case, json.loads(text) if text.strip() else []))

    with ThreadPoolExecutor(2) as pool:
        return [each for found in pool.map(scored, cases) for each in found]


def _marks(scorer: Any, case: Case, items: list[dict[str, Any]]) -> Iterator[Scored]:
    for place, record in enumerate(scorer.score_items(case.items, items, (), True)):
        marks = [(name, lenient) for name, _, lenient, _ in record["f"]]
        yield Scored(
            f"{case.id} {place}",
            tuple(name for name, lenient in marks if lenient),
            tuple(name for name, lenient in marks if not lenient),
        )
