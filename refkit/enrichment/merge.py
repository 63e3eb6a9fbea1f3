"""Which fields of a matched record are written into an entry: missing ones, and on request.

Nothing here ever replaces a DOI.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from refkit.enrichment import ledger
from refkit.enrichment.engine import Outcome
from refkit.errors import InputError
from refkit.model.entry import Date, Entry, Value
from refkit.model.evidence import Verdict
from refkit.model.report import Change
from refkit.model.vocab import DATES, NAMES, VARIABLES

ALIASES = {
    "doi": "DOI",
    "journal": "container-title",
    "journaltitle": "container-title",
    "booktitle": "container-title",
    "venue": "container-title",
    "shortjournal": "container-title-short",
    "number": "issue",
    "pages": "page",
    "year": "issued",
    "date": "issued",
    "address": "publisher-place",
    "location": "publisher-place",
    "series": "collection-title",
    "isbn": "ISBN",
    "issn": "ISSN",
    "url": "URL",
    "keywords": "keyword",
}
"""BibTeX's and BibLaTeX's names for the CSL variables that can be asked for."""

# What each kind of work is cited by; a record's other facts are filled when they are asked for.
_JOURNAL = "author title container-title issued volume issue page number DOI".split()
_PART = "author title container-title editor issued publisher page DOI".split()
_WHOLE = "author title issued DOI".split()
_PUBLISHED = "author editor title issued publisher DOI".split()
DEFAULT_FIELDS = {
    "book": _PUBLISHED,
    "report": _PUBLISHED,
    "article-journal": _JOURNAL,
    "article-magazine": _JOURNAL,
    "article-newspaper": _JOURNAL,
    "chapter": _PART,
    "paper-conference": _PART,
    "entry-encyclopedia": _PART,
    "entry-dictionary": _PART,
}
# An entry of these types has no container: a venue would turn it into another kind of work.
NO_CONTAINER = frozenset(
    "book thesis report article webpage document collection manuscript software dataset".split()
)
_WITHOUT_EDITOR = frozenset({"paper-conference"})
_PARTS = frozenset({"chapter", "entry-encyclopedia", "entry-dictionary"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Which CSL variables to fill (() for those that each type is cited by) and to overwrite."""

    fill: tuple[str, ...] = ()
    overwrite: tuple[str, ...] = ()


def policy(fill: Iterable[str] = (), overwrite: Iterable[str] = ()) -> Policy:
    """Make a policy from field names, CSL's or BibTeX's; raises InputError for unknown ones."""
    chosen = Policy(tuple(map(variable, fill)), tuple(map(variable, overwrite)))
    if "DOI" in chosen.overwrite:
        raise InputError("a DOI is never overwritten; remove the wrong one from the file first")
    return chosen


def variable(name: str) -> str:
    """Return the CSL variable that a user's field name stands for; raises InputError."""
    wanted = ALIASES.get(name.lower(), name)
    if wanted not in VARIABLES:
        raise InputError(f"there is no field {name!r}; known: {', '.join(sorted(ALIASES))}")
    return wanted


def changes(outcome: Outcome, chosen: Policy) -> list[Change]:
    """Return the changes that a matched record makes to its entry; [] for any other verdict."""
    if outcome.verdict is not Verdict.MATCH or outcome.match is None:
        return []
    record = outcome.match.candidate.entry
    entry = outcome.task.entry
    wanted = [*_fill(entry, record, chosen), *chosen.overwrite]
    found = (_change(outcome, record, name, chosen) for name in dict.fromkeys(wanted))
    return [change for change in found if change is not None]


def _fill(entry: Entry, record: Entry, chosen: Policy) -> list[str]:
    if chosen.fill:
        return list(chosen.fill)
    names = list(DEFAULT_FIELDS.get(entry.type, _WHOLE))
    if "page" in names and (record.text("page") or entry.text("page")) and "number" in names:
        names.remove("number")
    if "editor" in names and (entry.type in _WITHOUT_EDITOR or _has_author(entry)):
        names.remove("editor")
    return names


def _has_author(entry: Entry) -> bool:
    """A whole work with an author needs no editor to be cited by; a part of one may."""
    return entry.type not in _PARTS and bool(entry.names("author"))


def _change(outcome: Outcome, record: Entry, name: str, chosen: Policy) -> Change | None:
    entry = outcome.task.entry
    old, new = _value(entry, name), _value(record, name)
    if isinstance(new, Date):
        new = Date(year=new.year)  # print and online dates of one work differ in their months
        if isinstance(old, Date) and old.year == new.year:
            return None
    if new is None or old == new or not _fits(entry, name) or _damaged(new):
        return None
    if old is not None and name not in chosen.overwrite:
        return None
    why = f"{record.origin.source} record {record.key}: {outcome.reason}"
    origin = replace(record.origin, source=outcome.source)
    return Change(outcome.task.index, entry.key, name, old, new, why, origin)


def _damaged(value: Value) -> bool:
    """Tell whether a record's value has letters that were lost before it came to its source."""
    return "\ufffd" in ledger.plain(value)


def _fits(entry: Entry, name: str) -> bool:
    return not (name.startswith("container-title") and entry.type in NO_CONTAINER)


def _value(entry: Entry, name: str) -> Value | None:
    if name in NAMES:
        return entry.names(name) or None
    if name in DATES:
        date = entry.date(name)
        return date if date is not None and date != Date() else None
    return entry.text(name) or None
