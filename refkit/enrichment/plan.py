"""What is asked for each entry: known DOIs first, then a search by what the entry says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from refkit.match.profile import profile
from refkit.model.entry import OTHERS, Entry, Name
from refkit.model.query import Query
from refkit.model.report import Document
from refkit.normalise.ids import clean_doi, doi_key, find_doi
from refkit.normalise.latex import strip_markup

NOT_WORKS = frozenset({"xdata", "set", "bibnote", "control"})
"""BibLaTeX's helper types, which stand for no work of their own."""


@dataclass(frozen=True, slots=True)
class Task:
    """One entry to be looked up: its place in the document, its DOI key, and its query.

    `doi` is in lower case, "" where the entry has none; `arxiv` is the id of a preprint without
    a DOI; `query` is None where the entry says too little to search by.
    """

    index: int
    entry: Entry
    doi: str = ""
    query: Query | None = None
    arxiv: str = ""


def plan(document: Document) -> list[Task]:
    """Return a task for every entry of a document that stands for a work, in file order."""
    return [
        _task(index, entry)
        for index, entry in enumerate(document.entries)
        if entry.native_type not in NOT_WORKS
    ]


def _task(index: int, entry: Entry) -> Task:
    doi = _doi(entry)
    own = profile(entry) if not doi else None
    return Task(index, entry, doi, _query(entry), own.arxiv if own and own.server else "")


def _doi(entry: Entry) -> str:
    """Return the DOI that the entry itself names, in its field or as its link."""
    own = clean_doi(entry.text("DOI"))
    linked = own or find_doi(entry.text("URL"))
    return doi_key(linked) if linked else ""


def _query(entry: Entry) -> Query | None:
    """Return what to search by: the title, or without one authors, container and year together."""
    issued = entry.date("issued")
    query = Query(
        title=strip_markup(entry.text("title")).strip(),
        authors=_families(entry.names("author") or entry.names("editor")),
        year=issued.year if issued else None,
        container=strip_markup(entry.text("container-title")),
    )
    return query if query.title or (query.authors and query.container and query.year) else None


def _families(names: Sequence[Name]) -> tuple[str, ...]:
    return tuple(name.family or name.literal for name in names if name != OTHERS)
