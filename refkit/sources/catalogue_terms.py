"""What of a work record is searched: folded title, authors, container, years, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from refkit.model.query import Query
from refkit.normalise.titles import fold
from refkit.sources.crossref_dates import read_date
from refkit.sources.crossref_text import clean_text

FIELDS = ("title", "author", "container", "year", "number")
_DATES = ("issued", "published-print", "published-online", "published", "posted", "approved",
          "published-other")  # fmt: skip
_PEOPLE = ("author", "editor", "chair", "translator")
_MOST_TERMS = 48
_MOST_AUTHORS = 6
_BOOSTS = {"title": 1.0, "author": 1.5, "container": 0.4, "year": 0.5, "number": 0.3}


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_RUNS = re.compile(f"{_UNSPACED.pattern}+|[^{_UNSPACED.pattern[1:]}+")


class Features(NamedTuple):
    """The folded text of a record; `titles` are the title alone and with its subtitle."""

    titles: tuple[str, ...]
    authors: tuple[str, ...]
    container: str
    years: tuple[str, ...]
    numbers: tuple[str, ...]

    def words(self) -> dict[str, list[str]]:
        """Return the words of each searched field."""
        title = max(self.titles, key=len, default="")
        texts = (title, " ".join(self.authors), self.container, *map(" ".join, self[3:]))
        return {name: words(text) for name, text in zip(FIELDS, texts, strict=True)}


class Term(NamedTuple):
    """One folded word to be found in one field."""

    field: str
    word: str
    boost: float = 1.0


class Clause(NamedTuple):
    """Terms of which at least one must be found; those that are found add to the score."""

    terms: tuple[Term, ...]


def words(folded: str) -> list[str]:
    """Return the words of folded text; Chinese and Japanese ones as pairs of characters."""
    if folded.isascii() or not _UNSPACED.search(folded):
        return folded.split()
    return [part for word in folded.split() for part in _pairs(word)]


def _pairs(word: str) -> Iterator[str]:
    for run in _RUNS.findall(word):
        if len(run) < 3 or not _UNSPACED.match(run):
            yield run
        else:
            yield from (run[n : n + 2] for n in range(len(run) - 1))


def features(work: Mapping[str, Any]) -> Features:
    """Return what is searched of a work record; values of unexpected kinds are passed over."""
    titles = list(_texts(work, "title"))[:1] or list(_texts(work, "original-title"))[:1]
    subtitles = list(_texts(work, "subtitle"))[:1]
    first = " ".join(map(_folded, titles))
    whole = " ".join(filter(None, (first, *map(_folded, subtitles))))
    containers = (_kept_fold(each) for each in _texts(work, "container-title"))
    short = (_kept_fold(each) for each in _texts(work, "short-container-title"))
    return Features(
        titles=tuple(dict.fromkeys(filter(None, (first, whole)))),
        authors=tuple(_families(work)),
        container=" ".join(dict.fromkeys((*containers, *short))),
        years=tuple(dict.fromkeys(_years(work))),
        numbers=tuple(dict.fromkeys(_numbers(work))),
    )


def terms_of(query: Query) -> Clause:
    """Return the terms of a source's query; the words of a whole reference may be any field's."""
    if query.reference:
        return terms_in(query.reference)
    authors = " ".join(_kept_fold(name) for name in query.authors[:_MOST_AUTHORS])
    year = str(query.year) if query.year else ""
    texts = {"title": fold(query.title), "author": authors, "year": year}
    texts["container"] = _kept_fold(query.container)
    return Clause(tuple(_spread(texts)))


def terms_in(text: str, fields: Iterable[str] = FIELDS) -> Clause:
    """Return the terms of free text, each looked for in all of `fields`."""
    folded = fold(text)
    return Clause(tuple(_spread(dict.fromkeys(fields, folded))))


def _spread(texts: Mapping[str, str]) -> Iterator[Term]:
    for field, text in texts.items():
        for word in tuple(dict.fromkeys(words(text)))[:_MOST_TERMS]:
            yield Term(field, word, _BOOSTS[field])


def _folded(text: str) -> str:
    return fold(clean_text(text) if "<" in text or "&" in text else text)


_kept_fold = lru_cache(maxsize=65_536)(_folded)


def _texts(work: Mapping[str, Any], name: str) -> Iterator[str]:
    value = work.get(name)
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str):
            yield each


def _families(work: Mapping[str, Any]) -> Iterator[str]:
    for role in _PEOPLE:
        people = work.get(role)
        for person in people if isinstance(people, list) else ():
            name = _family(person)
            if name:
                yield name


def _family(person: Any) -> str:
    if not isinstance(person, Mapping):
        return ""
    for key in ("family", "name", "given"):
        text = person.get(key)
        if isinstance(text, str) and text:
            return _kept_fold(text)
    return ""


def _years(work: Mapping[str, Any]) -> Iterator[str]:
    for name in _DATES:
        date = read_date(work[name]) if name in work else None
        if date is not None and date.year:
            yield str(date.year)


def _numbers(work: Mapping[str, Any]) -> Iterator[str]:
    for name in ("volume", "issue", "page", "article-number"):
        for text in _texts(work, name):
            yield from fold(text).split()
