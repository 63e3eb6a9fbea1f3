"""CSL-JSON written as BibLaTeX and read back by another program, scored field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from suite_score import Scored, cases_of, scorer_of

from refkit.formats.bibtex.write import write_biblatex
from refkit.formats.csljson import FORMAT
from refkit.model.text import SourceText
from tests.peers import absent, converted, missing

Program = Callable[[list[str]], list[str]]
"""What makes of each of some texts another one, "" where it fails."""


class Case(NamedTuple):
    """A case's name and its CSL-JSON items."""

    id: str
    items: list[dict[str, Any]]


def citationjs(*, write: bool = False) -> Program:
    """Return citation.js reading or writing BibLaTeX; skips where it is absent."""
    return _peer("citation-js", write=write)


def pandoc(*, write: bool = False) -> Program:
    """Return pandoc reading or writing BibLaTeX."""
    return _peer("pandoc", write=write)


def _peer(name: str, *, write: bool) -> Program:
    if why := missing(name):
        absent(why)
    source, target = ("csljson", "biblatex") if write else ("biblatex", "csljson")
    return partial(converted, name, source, target)


def refkit_writes(texts: list[str]) -> list[str]:
    """Write CSL-JSON as BibLaTeX with refkit."""
    assert FORMAT.read is not None
    documents = [FORMAT.read(SourceText("case.json", text)) for text in texts]
    return [write_biblatex(document.entries).text for document in documents]


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
