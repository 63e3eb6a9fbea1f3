"""The local catalogue: work records on this machine, looked up by DOI or searched by words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rapidfuzz import fuzz

from refkit.config import SourceSettings
from refkit.errors import InputError, SourceError
from refkit.model.entry import Origin
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.normalise.titles import fold
from refkit.sources.catalogue_build import (
    INDEX,
    STORE,
    BuildReport,
    build,
    is_built,
    read_meta,
    searched,
)
from refkit.sources.catalogue_index import Found, Index, OnDisk, Postings
from refkit.sources.catalogue_store import Filter, Refused, Store, refuse
from refkit.sources.catalogue_terms import Clause, Features, features, terms_in, terms_of
from refkit.sources.crossref_record import read_record

NAME = "catalogue"
BATCH = 500
_CANDIDATES = 30
_OFFERED = 12
_FIRST = 3  # authors of a record that a reference is sure to name
_TELLING = 4  # words of a title that no other reference has by chance

__all__ = [
    "BuildReport", "Catalogue", "Clause", "Filter", "Found",
    "build", "create", "is_built", "open_catalogue", "read_built", "terms_in",
]  # fmt: skip


class Catalogue:
    """A source of candidates (`refkit.plugins.Source`) from work records on this machine."""

    name = NAME
    batch = BATCH
    kinds = frozenset({"doi", "arxiv"})

    def __init__(self, store: Store, index: Index) -> None:
        self.store = store
        self.index = index

    @classmethod
    def in_memory(cls, records: Iterable[Mapping[str, Any]], refused: Refused = refuse) -> Self:
        """Make a catalogue of work records that need not be built first; for some 100,000.

        `refused` is told of each record that cannot be kept, by default by InputError.
        """
        store = Store()
        store.fill(records, refused)
        return cls(store, Postings(searched(store, refused)))

    def __len__(self) -> int:
        """Return how many works there are."""
        return self.store.count

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the works of the DOIs that are there, by DOI in lower case."""
        wanted = list(dict.fromkeys(doi.lower() for doi in dois))
        found = self.store.by_id(wanted)
        return {doi: _candidate(doi, found[doi]) for doi in wanted if doi in found}

    def resolve(self, ids: Sequence[Id]) -> Mapping[Id, Candidate]:
        """Return the works of the ids that are there.

        An arXiv id is looked up by the DOI that arXiv gives it, then as what a record says of
        its eprint. An id with a version is another text than the latest and not taken for it.
        """
        dois = {each: _doi(each) for each in ids if each.kind in self.kinds}
        found = self.lookup(list(dois.values()))
        answers = {each: found[doi] for each, doi in dois.items() if doi in found}
        for each in dois:
            if each.kind == "arxiv" and each not in answers:
                answers.update((each, one) for one in self._with_arxiv(each.value))
        return answers

    def _with_arxiv(self, number: str) -> list[Candidate]:
        """Return the first work that has an arXiv id but not arXiv's own DOI, if there is one."""
        numbers = self.store.numbers(Filter(codes=(("arxiv", number.lower()),)))
        return [_candidate(key, work) for key, work in self.store.by_number(numbers[:1])]

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most twelve candidates, most alike first, then by id.

        Words of title, authors, container and year find them; how alike title, authors and
        year are ranks them.
        """
        clause = terms_of(query)
        hits = self.index.search([clause], _CANDIDATES) if clause.terms else []
        works = self.store.by_number([hit.number for hit in hits])
        asked = _Asked(query)
        ranked = sorted(works, key=lambda each: (-asked.likeness(features(each[1])), each[0]))
        return [_candidate(key, work) for key, work in ranked[:_OFFERED]]

    def close(self) -> None:
        """Close the catalogue's files."""
        self.store.close()

    def __enter__(self) -> Self:
        """Return the catalogue."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the catalogue."""
        self.close()


class _Asked:
    """A query made ready to be compared with many records."""

    def __init__(self, query: Query) -> None:
        self._title = fold(query.title)
        self._authors = tuple(filter(None, map(fold, query.authors)))
        self._year = query.year
        self._reference = f" {fold(query.reference)} " if query.reference else ""

    def likeness(self, record: Features) -> float:
        """Return how alike a record is: title .7, authors .2 (in any order), year .1."""
        if self._reference:
            return self._likeness_to_reference(record)
        title = max((self._title_likeness(each) for each in record.titles), default=0.0)
        return 0.7 * title + 0.2 * self._author_likeness(record) + 0.1 * self._year_likeness(record)

    def _likeness_to_reference(self, record: Features) -> float:
        """Return how much of a record stands in the reference, weighed in the same way."""
        words = self._reference
        title = max((self._part(each) for each in record.titles), default=0.0)
        authors = record.authors[:_FIRST]
        named = sum(f" {name} " in words for name in authors) / len(authors) if authors else 0.5
        dated = any(f" {year} " in words for year in record.years)
        return 0.7 * title + 0.2 * named + 0.1 * dated

    def _part(self, title: str) -> float:
        """Return how well a title is found in the reference; a short one may stand in any."""
        found = fuzz.partial_ratio(title, self._reference) / 100 if title else 0.0
        return found * min(1.0, (title.count(" ") + 1) / _TELLING)

    def _title_likeness(self, title: str) -> float:
        straight = fuzz.ratio(self._title, title)
        return max(straight, 0.95 * fuzz.token_sort_ratio(self._title, title)) / 100

    def _author_likeness(self, record: Features) -> float:
        if not self._authors or not record.authors:
            return 0.5
        theirs = set(record.authors)
        words = set(" ".join(record.authors).split())
        same = sum(name in theirs or words.issuperset(name.split()) for name in self._authors)
        return same / len(self._authors)

    def _year_likeness(self, record: Features) -> float:
        if self._year is None or not record.years:
            return 0.5
        gap = min(abs(self._year - int(year)) for year in record.years)
        return max(0.0, 1.0 - 0.4 * gap)


def _doi(each: Id) -> str:
    return f"10.48550/arxiv.{each.value.lower()}" if each.kind == "arxiv" else each.value


def _candidate(key: str, work: Mapping[str, Any]) -> Candidate:
    return Candidate(key, read_record(work, Origin(NAME, key)))


def open_catalogue(path: Path) -> Catalogue:
    """Open a catalogue that `build` made; raises InputError if it is none or tantivy is missing."""
    meta = read_meta(path)
    folder = path / meta.build
    index = OnDisk(folder / INDEX)
    return Catalogue(Store(folder / STORE), index)


def read_built(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a catalogue that `build` made; needs no tantivy. Raises InputError."""
    store = Store(path / read_meta(path).build / STORE)
    try:
        yield from (work for _, work in store.all())
    finally:
        store.close()


def create(settings: SourceSettings) -> Catalogue:
    """Open the built catalogue of the settings (entry point `catalogue` of `refkit.sources`).

    A file that is not built is read by the api room and goes to `Catalogue.in_memory`. Raises
    InputError where the path is no built catalogue, SourceError where there is no path at all.
    """
    if not settings.catalogue:
        raise SourceError(NAME, "no catalogue is given; name one with --catalogue", final=True)
    path = Path(settings.catalogue)
    if not is_built(path):
        raise InputError(f"{path}: this is no built catalogue; see refkit catalogue build --help")
    return open_catalogue(path)
