"""Inheritance between entries: `crossref`, `xdata` and what `xref` only points at.

The rules are those of the BibLaTeX manual, appendix B; they give BibTeX's own `crossref` too
(a missing field comes from the parent under the same name), with `booktitle` taken from the
parent's `title` where the parent has none. Refkit departs from them in one point: what
identifies or describes the parent alone (`OWN`: its DOI, its abstract ...) is not handed down,
for a chapter with its book's DOI is a chapter with a wrong DOI.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from refkit.model.report import Diagnostic, Severity
from refkit.model.text import Span


class Raw(NamedTuple):
    """A field's text (macros resolved, LaTeX as written), its place, and the key of its giver.

    `parent` is "" for a field of the entry's own.
    """

    text: str
    start: int
    end: int
    parent: str = ""


Values = dict[str, Raw]


class Record(NamedTuple):
    """An entry as inheritance sees it; `place` is the span of its key."""

    type: str
    key: str
    place: Span
    values: Values


_NEVER = frozenset(
    """ids crossref xref xdata entryset entrysubtype execute label options presort related
    relatedoptions relatedstring relatedtype shorthand shorthandintro sortkey""".split()
)
OWN = frozenset(
    """doi eprint eprinttype eprintclass archiveprefix primaryclass pmid pmcid abstract
    annotation annote file url urldate keywords pages pagetotal numpages bibsource biburl
    timestamp""".split()
)
_SHORT = frozenset("shorttitle sorttitle indextitle indexsorttitle".split())
_SKIPPED = _NEVER | OWN
# Fields that say one thing between them: who has one of them inherits none.
_ALTERNATIVES = {
    name: names
    for names in (
        ("date", "year", "month", "day"),
        ("origdate", "origyear"),
        ("location", "address"),
        ("journaltitle", "journal"),
        ("langid", "hyphenation"),
    )
    for name in names
}


_GENERATIONS = 100


def _renamed(target: str) -> dict[str, str]:
    stem = target.removesuffix("title")
    return {"title": target, "subtitle": f"{stem}subtitle", "titleaddon": f"{target}addon"}


_BOOK_PARTS = ("inbook", "bookinbook", "suppbook")
_COLLECTION_PARTS = ("incollection", "inreference", "suppcollection")
_PROCEEDINGS_PARTS = ("inproceedings", "conference")
_VOLUMES: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("mvbook",), ("book", *_BOOK_PARTS), "maintitle"),
    (
        ("mvcollection", "mvreference"),
        ("collection", "reference", *_COLLECTION_PARTS),
        "maintitle",
    ),
    (("mvproceedings",), ("proceedings", *_PROCEEDINGS_PARTS), "maintitle"),
    (
        ("book", "collection", "reference", "proceedings", "booklet", "manual", "commentary"),
        (*_BOOK_PARTS, *_COLLECTION_PARTS, *_PROCEEDINGS_PARTS),
        "booktitle",
    ),
    (("periodical",), ("article", "suppperiodical", "review"), "journaltitle"),
)
_TITLES = {
    (parent, child): _renamed(target)
    for parents, children, target in _VOLUMES
    for parent in parents
    for child in children
}


class _Heirs:
    """The state of one resolution; entries are named by their place in `records`."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.problems: list[Diagnostic] = []
        self._records = records
        self._done: dict[int, Values] = {}
        self._open: list[int] = []
        self._by_key: dict[str, int] = {}
        self._by_folded: dict[str, int] = {}
        for index, record in enumerate(records):
            names = [record.key]
            if "ids" in record.values:
                names += keys_in(record.values["ids"].text)
            for name in names:
                self._by_key.setdefault(name, index)
                self._by_folded.setdefault(name.lower(), index)

    def resolved(self, index: int) -> Values:
        """Return an entry's own fields, then those it inherits."""
        if index in self._done:
            return self._done[index]
        record = self._records[index]
        values = record.values
        self._open.append(index)
        for name in ("xdata", "crossref"):
            if name in record.values:
                values = self._with_parents(index, name, values)
        if "xref" in record.values:
            self._find(record, "xref", record.values["xref"].text.strip())
        self._open.pop()
        self._done[index] = values
        return values

    def _with_parents(self, index: int, name: str, values: Values) -> Values:
        record = self._records[index]
        text = record.values[name].text
        merged = dict(values)
        for key in keys_in(text) if name == "xdata" else [text.strip()]:
            parent = self._find(record, name, key)
            if parent is None:
                continue
            if parent in self._open:
                self._say("XRF002", record, name, f"{name} {key!r} leads back to this entry")
                continue
            if len(self._open) >= _GENERATIONS:
                self._say("XRF002", record, name, f"{name} goes back too many generations")
                continue
            given = self.resolved(parent)
            if name == "xdata":
                _take_all(merged, given, self._records[parent].key)
            else:
                _take(merged, record.type, given, self._records[parent])
        return merged

    def _find(self, record: Record, name: str, key: str) -> int | None:
        found = self._by_key.get(key, self._by_folded.get(key.lower()))
        if found is None and key:
            self._say("XRF001", record, name, f"{name} names {key!r}, which is no entry here")
        return found

    def _say(self, code: str, record: Record, name: str, message: str) -> None:
        raw = record.values[name]
        severity = Severity.ERROR if code == "XRF002" else Severity.WARNING
        span = Span(raw.start, raw.end)
        self.problems.append(Diagnostic(code, message, span, record.key, severity=severity))


def inherit(records: Sequence[Record]) -> tuple[list[Values], list[Diagnostic]]:
    """Return each entry's values with those it inherits, and the faults met (XRF001, XRF002)."""
    heirs = _Heirs(records)
    return [heirs.resolved(index) for index in range(len(records))], heirs.problems


def keys_in(text: str) -> list[str]:
    """Return the keys that a field names: `xdata`, `ids` and the like part them by commas."""
    return [key for part in text.split(",") if (key := part.strip())]


def _take_all(values: Values, given: Values, parent: str) -> None:
    for name, raw in given.items():
        if name not in ("ids", "crossref", "xdata"):
            values.setdefault(name, _from(raw, parent))


def _take(values: Values, child: str, given: Values, parent: Record) -> None:
    """Add to `values` what an entry of type `child` inherits from `parent`, which has `given`."""
    own = frozenset(values)
    titles = _TITLES.get((parent.type, child), {})
    has_title = bool(titles) and (titles["title"] in own or titles["title"] in given)
    for name, raw in given.items():
        if name in titles:
            if not has_title:
                _give(values, own, titles[name], raw, parent.key)
        elif name not in _SKIPPED and not (titles and name in _SHORT):
            _give(values, own, name, raw, parent.key)
    if "author" in given and child in _BOOK_PARTS and parent.type in ("mvbook", "book"):
        _give(values, own, "bookauthor", given["author"], parent.key)


def _give(values: Values, own: frozenset[str], name: str, raw: Raw, parent: str) -> None:
    if not any(other in own for other in _ALTERNATIVES.get(name, ())):
        values.setdefault(name, _from(raw, parent))


def _from(raw: Raw, parent: str) -> Raw:
    return raw._replace(parent=parent)
