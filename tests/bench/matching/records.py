"""Genuine Crossref records: read, parted in two halves, and filed as a .bib would hold them."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from refkit.model.entry import Entry, Field, Origin
from refkit.model.query import Query
from refkit.normalise.titles import fold
from refkit.sources.crossref_record import read_record

WORKS = Path(__file__).resolve().parents[4] / "shared" / "data" / "crossref" / "works.jsonl.gz"

# The BibTeX type under which people file a Crossref type, as CSL names it; the rest is @misc.
_FILED = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "reference-entry": "chapter",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "report": "report",
    "dissertation": "thesis",
    "posted-content": "document",
}
_KEPT = {
    "article-journal": "title author container-title issued volume issue page number",
    "paper-conference": "title author container-title issued page publisher",
    "chapter": "title author editor container-title issued page publisher",
    "book": "title author editor issued publisher ISBN edition",
    "report": "title author issued publisher",
    "thesis": "title author issued publisher",
    "document": "title author issued publisher",
}


def load(path: Path) -> list[dict[str, Any]]:
    """Read all records of a gzipped JSON Lines file, as they are."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def entries(works: Iterable[dict[str, Any]]) -> list[Entry]:
    """Return the records as entries."""
    return [read_record(work, Origin("crossref", work["DOI"])) for work in works]


def half_of(record: Entry) -> int:
    """Return 0 for the half that weights may be tuned on, 1 for the half that is reported."""
    return zlib.crc32(record.key.encode()) % 2


def usable(record: Entry) -> bool:
    """Tell whether a bibliography could hold the record: it has a title and is a work."""
    kind = record.beyond("crossref-type")
    no_work = ("component", "journal", "journal-issue", "journal-volume", "grant", "book-series")
    return bool(fold(record.text("title"))) and kind not in no_work


def as_filed(record: Entry) -> Entry:
    """Return the record as a .bib file would give it: its type, the usual fields, no ids."""
    kind = _FILED.get(record.beyond("crossref-type"), "document")
    kept = _KEPT[kind].split()
    fields = [replace(each, origin=Origin("bibtex")) for each in record.fields if each.name in kept]
    return Entry("key", kind, tuple(fields), origin=Origin("bibtex"))


def query_of(entry: Entry) -> Query:
    """Return the query for an entry, as enrichment asks it."""
    date = entry.date()
    names = entry.names("author")
    return Query(
        entry.text("title"),
        tuple(name.family or name.literal for name in names),
        date.year if date else None,
        entry.text("container-title"),
    )


def with_value(entry: Entry, name: str, value: object) -> Entry:
    """Return the entry with one field set, or without it where the value is falsy."""
    rest = [each for each in entry.fields if each.name != name]
    if value:
        rest.append(Field(name, value))  # type: ignore[arg-type]
    return entry.with_fields(rest)


def letters(title: str) -> int:
    """Count the letters of a title."""
    return len(re.sub(r"\W", "", fold(title)))


def twins(records: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield the groups of records that share a title of 25 or more letters."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for record in records:
        if letters(record.text("title")) >= 25:
            groups[fold(record.text("title"))].append(record)
    return (group for group in groups.values() if len(group) > 1)


def _same_work_key(record: Entry) -> tuple[object, ...]:
    authors = record.names("author")
    year = record.date()
    return (
        fold(record.text("title")),
        fold(authors[0].family) if authors else "",
        year.year if year and record.beyond("crossref-type") != "posted-content" else None,
        len(authors),
        re.sub(r"-.*", "", record.text("page")),
        record.text("volume"),
    )


def same_works(records: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """Return for each DOI the DOIs of the same work: some works are registered twice."""
    groups: dict[tuple[object, ...], set[str]] = defaultdict(set)
    records = list(records)
    for record in records:
        groups[_same_work_key(record)].add(record.key)
    return {record.key: frozenset(groups[_same_work_key(record)]) for record in records}
