"""The source: a shelf of books kept in a table of this package, asked with no network.

A source answers with records as they are; whether one is the work meant, refkit judges.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

from rapidfuzz.fuzz import token_set_ratio
from refkit.config import SourceSettings
from refkit.model.entry import Date, Entry, Field, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.query import Query

_LEAST = 70.0
_VARIABLES = {
    "title": "title",
    "publisher": "publisher",
    "place": "publisher-place",
    "isbn": "ISBN",
}


class Shelf:
    """Books by id: a DOI, or a URN for those that have none."""

    name = "shelf"
    batch = 100

    def __init__(self, books: Iterable[Candidate]) -> None:
        self._books = {book.id.lower(): book for book in books}

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the books that have one of these DOIs, by DOI in lower case."""
        wanted = (doi.lower() for doi in dois)
        return {doi: self._books[doi] for doi in wanted if doi in self._books}

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return the books whose title shares words with the query's, the nearest first."""
        ranked = sorted(
            (-token_set_ratio(query.title.lower(), book.entry.text("title").lower()), book.id)
            for book in self._books.values()
        )
        return [self._books[name.lower()] for score, name in ranked if -score >= _LEAST]


def create(settings: SourceSettings) -> Shelf:
    """Make the source; this one needs no setting of refkit's."""
    del settings
    table = files("refkit_sample").joinpath("shelf.tsv").read_text(encoding="utf-8")
    return Shelf(_candidate(row) for row in csv.DictReader(table.splitlines(), delimiter="\t"))


def _candidate(row: Mapping[str, str]) -> Candidate:
    origin = Origin("shelf", row["id"])
    values: dict[str, Value] = {_VARIABLES[name]: row[name] for name in _VARIABLES if row[name]}
    values["author"] = tuple(_name(each) for each in row["author"].split("; "))
    values["issued"] = Date(int(row["year"]))
    if row["id"].startswith("10."):
        values["DOI"] = row["id"]
    fields = tuple(Field(name, value, origin) for name, value in values.items())
    return Candidate(row["id"], Entry(row["id"].lower(), "book", fields, origin=origin))


def _name(text: str) -> Name:
    family, _, given = text.partition(", ")
    return Name(family=family, given=given)
