"""Where an entry and its record say different things, by the levels of the match features.

What does not count: letter case, accents and other spellings of the same word, abbreviations of
venues, initials for given names, a subtitle or a last page that one of the two leaves out, the
ISBN of another binding, the name of the publisher, and what only one of the two says at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refkit.match.features import compare_authors
from refkit.match.people import MOST, NEAR, Person, alike, people
from refkit.match.profile import profile
from refkit.model.entry import Entry, Name
from refkit.model.evidence import Evidence, Level, Match

_OFF = (Level.WEAK, Level.CONFLICT)
COUNTED: dict[str, tuple[Level, ...]] = {
    "DOI": (Level.CONFLICT,),
    "arXiv": (Level.CONFLICT,),
    "PMID": (Level.CONFLICT,),
    "title": _OFF,
    "venue": (Level.CONFLICT,),
    "volume": (Level.CONFLICT,),
    "issue": (Level.CONFLICT,),
    "page": (Level.STRONG, Level.WEAK, Level.CONFLICT),
    "edition": (Level.CONFLICT,),
}
"""The features that count, and at which levels: a page is STRONG where only the last differs.

Authors and years are compared here: a year has to be one of the record's own, in print or online.
"""

_SHOWN = 6
_PAGE = re.compile(r"\d{1,4}(?!\w)")


class Difference(NamedTuple):
    """One field in which an entry contradicts its record, with both values."""

    field: str
    ours: str
    theirs: str


def differences(entry: Entry, match: Match) -> tuple[Difference, ...]:
    """Return the fields in which an entry contradicts a record that was compared with it."""
    return tuple(_differences(entry, match))


class _Side(NamedTuple):
    """The authors of an entry or record, or else its editors, as compared and as written."""

    persons: tuple[Person, ...]
    names: tuple[str, ...]
    cut: bool


def _differences(entry: Entry, match: Match) -> Iterator[Difference]:
    for each in match.evidence:
        if each.feature == "first author":
            yield from _authors(entry, match.candidate.entry)
        elif each.feature == "year":
            yield from _years(entry, match.candidate.entry, each)
        elif _counts(each):
            yield Difference(each.feature, each.ours, each.theirs)


def _counts(each: Evidence) -> bool:
    if each.feature == "page" and each.level is Level.MISSING:
        return _are_pages(each)
    return each.level in COUNTED.get(each.feature, ()) and not _excused(each)


def _years(entry: Entry, record: Entry, each: Evidence) -> Iterator[Difference]:
    ours, theirs = profile(entry).years, profile(record).years
    if ours and theirs and set(ours).isdisjoint(theirs):
        yield Difference("year", each.ours, each.theirs)


def _excused(each: Evidence) -> bool:
    """An acronym ("NeurIPS") does not contradict a name that it may stand for."""
    capitals = sum(map(str.isupper, each.ours))
    return each.feature == "venue" and " " not in each.ours and capitals >= 2


def _are_pages(each: Evidence) -> bool:
    """Tell whether both sides name pages: pages from 1 on, which matching leaves out of account."""
    return bool(_PAGE.match(each.ours) and _PAGE.match(each.theirs))


def _authors(entry: Entry, record: Entry) -> Iterator[Difference]:
    """Yield authors that are missing, additional or in another order; initials do not count."""
    found = compare_authors(profile(entry), profile(record))
    ours, theirs = _side(entry), _side(record)
    if found.every is Level.MISSING or not ours.persons or not theirs.persons:
        return
    short, long = sorted((ours, theirs), key=lambda side: len(side.persons))
    complete = len(short.persons) == len(long.persons) or short.cut
    if found.found < found.asked or not complete:
        yield Difference("author", _odd(ours, theirs), _odd(theirs, ours))
    elif not _in_order(short, long):
        yield Difference("author order", _some(ours.names), _some(theirs.names))


def _side(entry: Entry) -> _Side:
    names = entry.names("author") or entry.names("editor")
    known = [name for name in names[:MOST] if people([name]).persons]
    listed = people(names)
    return _Side(listed.persons, tuple(map(_written, known)), listed.cut)


def _written(name: Name) -> str:
    family = " ".join(filter(None, (name.dropping_particle, name.particle, name.family)))
    return name.literal or ", ".join(filter(None, (family, name.given, name.suffix)))


def _in_order(short: _Side, long: _Side) -> bool:
    pairs = zip(short.persons, long.persons, strict=False)
    return all(alike(mine, yours) >= NEAR for mine, yours in pairs)


def _odd(side: _Side, other: _Side) -> str:
    """Name those whom only one side has, and how many it has in all."""
    odd = [
        name
        for person, name in zip(side.persons, side.names, strict=True)
        if all(alike(person, each) < NEAR for each in other.persons)
    ]
    more = " and others" if side.cut else ""
    return f"{len(side.persons)}{more}, {f'with {_some(odd)}' if odd else 'no other'}"


def _some(names: Sequence[str]) -> str:
    more = f"; … ({len(names)} in all)" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more
