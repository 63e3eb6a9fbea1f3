"""Entries whose own record is not there, but one that a careless reader takes for it is.

Each is made from genuine records; the right answer is never the decoy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from refkit.match.decoys import Kind, kind_of_title
from refkit.model.entry import Date, Entry
from refkit.normalise.titles import fold, main_title
from tests.bench.matching.records import as_filed, twins, with_value


class Decoy(NamedTuple):
    """An entry, the DOIs that are taken out of the catalogue, and the class of the decoy."""

    entry: Entry
    removed: frozenset[str]
    kind: str


_ABOUT = re.compile(
    r"^\W*(?:authors?'?\s+)?(?:correction|corrigendum|erratum|retraction|response|reply|comment|"
    r"commentary|book review|review|decision letter|author response)\b[^:“\"‘]*?"
    r"(?:\bto\b|\bon\b|\bof\b|\bfor\b|\bregarding\b|:)\s*",
    re.IGNORECASE,
)


def decoys(
    works: Sequence[Entry], records: Sequence[Entry], same: Mapping[str, frozenset[str]]
) -> Iterator[Decoy]:
    """Yield every decoy that `works` give, which are some of the records."""
    titles: dict[str, set[str]] = defaultdict(set)
    for record in records:
        titles[fold(main_title(record.text("title")))].add(record.key)
    yield from _same_titles(works, same)
    for record in works:
        yield from _about(record)
        yield from _versions(record)
        yield from _parts(record, titles)


def _same_titles(works: Sequence[Entry], same: Mapping[str, frozenset[str]]) -> Iterator[Decoy]:
    for group in twins(works):
        for record in group:
            if any(other.key not in same[record.key] for other in group):
                yield Decoy(as_filed(record), same[record.key], "same title")


def _about(record: Entry) -> Iterator[Decoy]:
    """The work that a notice, reply or review is about."""
    title = record.text("title")
    kind, _ = kind_of_title(title)
    about = _ABOUT.sub("", title).strip("“”\"'‘’ ")
    if kind is Kind.WORK or fold(about) == fold(title) or len(about) < 25:
        return
    filed = with_value(as_filed(record), "title", about)
    book = replace(with_value(filed, "container-title", ""), type="book")
    yield Decoy(
        book if kind is Kind.REVIEW else filed, frozenset(), f"{kind.name.lower()} about it"
    )


def _versions(record: Entry) -> Iterator[Decoy]:
    """The published form of a preprint, report or thesis; the preprint of an article."""
    kind = record.beyond("crossref-type")
    filed = as_filed(record)
    if kind in ("posted-content", "report", "dissertation"):
        article = replace(filed, type="article-journal")
        article = with_value(article, "publisher", "")
        article = with_value(article, "container-title", "Journal of Applied Ecology")
        yield Decoy(with_value(article, "volume", "51"), frozenset(), f"{kind} of an article")
    if kind == "journal-article" and record.names("author") and hash_of(record) % 40 == 0:
        preprint = with_value(filed, "container-title", "arXiv preprint arXiv:1502.01234")
        for name in ("volume", "issue", "page", "number"):
            preprint = with_value(preprint, name, "")
        yield Decoy(preprint, frozenset(), "article of a preprint")
        yield Decoy(replace(preprint, type="thesis"), frozenset(), "article of a thesis")


def hash_of(record: Entry) -> int:
    """Return a number that depends on the DOI alone."""
    return sum(map(ord, record.key))


def _parts(record: Entry, titles: Mapping[str, set[str]]) -> Iterator[Decoy]:
    """The book of a chapter, a chapter of a book, and another edition of a book."""
    filed = as_filed(record)
    if filed.type == "chapter" and record.text("container-title"):
        book = with_value(filed, "title", record.text("container-title"))
        book = with_value(with_value(book, "container-title", ""), "page", "")
        book_itself = frozenset(titles.get(fold(main_title(book.text("title"))), ()))
        yield Decoy(replace(book, type="book"), book_itself, "chapter of the book")
        yield Decoy(
            replace(with_value(filed, "container-title", ""), type="book"),
            frozenset(),
            "chapter with the book's title",
        )
    date = record.date()
    if filed.type == "book" and date and date.year and not filed.text("edition"):
        other = with_value(filed, "issued", Date(date.year + 6))
        other = with_value(with_value(other, "edition", "2"), "ISBN", "")
        yield Decoy(other, frozenset(), "other edition")
        chapter = with_value(filed, "container-title", "Handbook of Everything")
        yield Decoy(replace(chapter, type="chapter"), frozenset(), "book with the chapter's title")
