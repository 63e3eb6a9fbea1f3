"""Candidates from a catalogue: an inverted index in memory, or tantivy's on disk."""

from __future__ import annotations

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from refkit.errors import InputError
from refkit.sources.catalogue_terms import FIELDS, Clause, Features, Term

_HEAP_BYTES = 128_000_000
_ALWAYS_TAKEN = 200  # records
_COMMON = 0.1  # words in more than this share of the records say little and cost most
_MISSING = (
    "a built catalogue needs the package tantivy: pip install 'refkit-bib[catalogue]' "
    "(a catalogue file that is not built needs nothing)"
)


class Hit(NamedTuple):
    """A record's number and the score of its words."""

    number: int
    score: float


class Found(NamedTuple):
    """Hits, best first and then by number; `total` counts all, of which these may be a part."""

    hits: list[Hit]
    total: int


class Index(Protocol):
    """What finds records by their words; every clause must be met."""

    def search(self, clauses: Sequence[Clause], limit: int) -> list[Hit]:
        """Return the best hits; very common words may be passed over for speed."""
        ...

    def find(self, clauses: Sequence[Clause], limit: int, offset: int = 0) -> Found:
        """Return a part of all hits with their number, every word taken into account."""
        ...


def _rarer(clause: Clause, frequency: Callable[[Term], int], count: int) -> Clause:
    """Leave out the words that nearly every record has, and those that none has."""
    most = max(_ALWAYS_TAKEN, int(count * _COMMON))
    known = [(term, frequency(term)) for term in clause.terms]
    rare = [term for term, records in known if 0 < records <= most]
    return Clause(tuple(rare or [term for term, records in known if records]))


class Postings:
    """An inverted index in memory, scored by BM25 with each field's words seen as a set."""

    def __init__(self, works: Iterable[tuple[int, Features]]) -> None:
        self._postings: dict[tuple[str, str], array[int]] = defaultdict(lambda: array("L"))
        self._lengths: dict[int, int] = {}
        for number, record in works:
            for field, words in record.words().items():
                if field == "title":
                    self._lengths[number] = len(words)
                for word in dict.fromkeys(words):
                    self._postings[field, word].append(number)
        self._postings.default_factory = None
        self._mean = sum(self._lengths.values()) / len(self._lengths) if self._lengths else 1.0

    def search(self, clauses: Sequence[Clause], limit: int) -> list[Hit]:
        """Return the best hits, passing over very common words unless there are no others."""
        rarer = [_rarer(clause, self._frequency, len(self._lengths)) for clause in clauses]
        return self._best(self._scores(rarer), limit)

    def find(self, clauses: Sequence[Clause], limit: int, offset: int = 0) -> Found:
        """Return a part of all hits with their number."""
        scores = self._scores(clauses)
        return Found(self._best(scores, offset + limit)[offset:], len(scores))

    def _frequency(self, term: Term) -> int:
        return len(self._postings.get(term[:2], ()))

    def _scores(self, clauses: Sequence[Clause]) -> dict[int, float]:
        """Add up the scores of the records that meet every clause."""
        total: dict[int, float] | None = None
        for clause in clauses:
            scores: dict[int, float] = defaultdict(float)
            for term in clause.terms:
                self._add(scores, term)
            if total is None:
                total = dict(scores)
            else:
                total = {n: total[n] + score for n, score in scores.items() if n in total}
        return total or {}

    def _add(self, scores: dict[int, float], term: Term) -> None:
        numbers = self._postings.get(term[:2])
        if numbers is None:
            return
        count = len(self._lengths)
        weight = term.boost * math.log(1 + (count - len(numbers) + 0.5) / (len(numbers) + 0.5))
        for number in numbers:
            scores[number] += weight * self._norm(number)

    def _norm(self, number: int) -> float:
        """BM25's norm for a word that occurs once (k1 = 1.2, b = 0.75), by the title's length."""
        return 2.2 / (1 + 1.2 * (0.25 + 0.75 * self._lengths[number] / self._mean))

    def _best(self, scores: dict[int, float], limit: int) -> list[Hit]:
        ranked = heapq.nsmallest(limit, ((-score, number) for number, score in scores.items()))
        return [Hit(number, -score) for score, number in ranked]


class OnDisk:
    """A tantivy index in a folder."""

    def __init__(self, folder: Path) -> None:
        tantivy = _tantivy()
        try:
            index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise InputError(f"{folder}: the index cannot be opened: {error}") from error
        self._tantivy = tantivy
        self._schema = index.schema
        self._searcher = index.searcher()

    def search(self, clauses: Sequence[Clause], limit: int) -> list[Hit]:
        """Return the best hits, passing over very common words unless there are no others."""
        count = self._searcher.num_docs
        rarer = [_rarer(clause, self._frequency, count) for clause in clauses]
        return self._found(rarer, limit, 0, count=False).hits

    def _frequency(self, term: Term) -> int:
        return int(self._searcher.doc_freq(term.field, term.word))

    def find(self, clauses: Sequence[Clause], limit: int, offset: int = 0) -> Found:
        """Return a part of all hits with their number."""
        return self._found(clauses, limit, offset, count=True)

    def _found(self, clauses: Sequence[Clause], limit: int, offset: int, *, count: bool) -> Found:
        if not all(clause.terms for clause in clauses):
            return Found([], 0)
        query = self._both([self._either(clause) for clause in clauses])
        result = self._searcher.search(query, max(limit, 1), count=count, offset=offset)
        document = self._searcher.doc
        hits = [Hit(document(at)["record"][0], score) for score, at in result.hits[:limit]]
        return Found(sorted(hits, key=lambda hit: (-hit.score, hit.number)), result.count or 0)

    def _either(self, clause: Clause) -> Any:
        """Build the query from terms, never from text: nothing in it can be query syntax."""
        should = self._tantivy.Occur.Should
        return self._tantivy.Query.boolean_query(
            [(should, self._term(term)) for term in clause.terms]
        )

    def _term(self, term: Term) -> Any:
        query = self._tantivy.Query
        return query.boost_query(
            query.term_query(self._schema, term.field, term.word, "freq"), term.boost
        )

    def _both(self, queries: Sequence[Any]) -> Any:
        must = self._tantivy.Occur.Must
        return self._tantivy.Query.boolean_query([(must, query) for query in queries])


def write_index(folder: Path, works: Iterable[tuple[int, Features]]) -> None:
    """Write a tantivy index of the works into an empty folder; raises InputError.

    One thread and one segment: the same records always give the same order of equal scores.
    """
    tantivy = _tantivy()
    try:
        _write(tantivy, folder, works)
    except ValueError as error:  # tantivy's for all that goes wrong
        raise InputError(f"{folder}: the index cannot be written: {error}") from error


def _write(tantivy: Any, folder: Path, works: Iterable[tuple[int, Features]]) -> None:
    index = tantivy.Index(_schema(tantivy), path=str(folder))
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for number, record in works:
        document = tantivy.Document()
        document.add_unsigned("record", number)
        for field, words in record.words().items():
            if words:
                document.add_text(field, " ".join(words))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("record", stored=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def need_tantivy() -> None:
    """Raise InputError, saying what to install, where tantivy is missing."""
    _tantivy()


def _tantivy() -> Any:
    try:
        import tantivy
    except ImportError as error:
        raise InputError(_MISSING) from error
    return tantivy
