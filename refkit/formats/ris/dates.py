"""Dates in RIS: "2010/05/12/other information", or whatever a program put there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from refkit.formats.plain import read_date as read_plain
from refkit.model.entry import Date
from refkit.normalise.dates import format_edtf, from_parts, parse_date
from refkit.normalise.numbers import small_int

_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_SEASON_NAMES = {1: "Spring", 2: "Summer", 3: "Autumn", 4: "Winter"}


def read_date(text: str) -> tuple[Date, bool]:
    """Read `YYYY/MM/DD/other`, and tell whether the date says all that is written.

    The fourth part may name a season, hold a whole EDTF date, or say the same in words
    ("May2010").
    """
    parts = [part.strip() for part in text.split("/", 3)]
    year = small_int(parts[0])
    if len(parts) == 1 or year is None:
        return read_plain(text), True
    other = parts[3] if len(parts) > 3 else ""
    if other.lower() in _SEASONS and not any(parts[1:3]):
        return Date(year, season=_SEASONS[other.lower()]), True
    whole = parse_date(other) if other else Date(literal="none")
    if not whole.literal:
        return whole, True
    date = read_plain("/".join(part for part in parts[:3] if part))
    if not other:
        return date, True
    worded = from_parts(parts[0], other.replace(parts[0], " ").strip(" ,"))
    return (worded, True) if says_more(worded, date) else (date, False)


def says_more(date: Date, than: Date) -> bool:
    """Tell whether a date says all that another does, or more."""
    if date.literal or date.year != than.year:
        return False
    parts = ("month", "day", "season", "end", "circa", "uncertain")
    return all(getattr(than, part) in (None, False, getattr(date, part)) for part in parts)


def write_date(date: Date) -> str:
    """Write a date so that `read_date` gives it back."""
    if date.literal:
        return date.literal
    plain = replace(date, season=None)
    simple = plain == Date(date.year, date.month, date.day)
    if date.year is None or not 0 < date.year <= 9999 or not simple:
        return f"{_start(date)}/{format_edtf(date)}"
    if date.season is not None:
        return f"{_start(date)}/{_SEASON_NAMES[date.season]}"
    return f"{_start(date)}/"


def _start(date: Date) -> str:
    year = date.year if date.year is not None else (date.end.year if date.end else None)
    month = f"{date.month:02d}" if date.month is not None else ""
    day = f"{date.day:02d}" if date.day is not None else ""
    return f"{_year(year or 0)}/{month}/{day}"


def _year(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def read_issued(texts: Mapping[str, str]) -> tuple[Date | None, tuple[str, ...]]:
    """Read the date of publication from `PY`, `DA` and the deprecated `Y1`.

    The year of `PY` holds, the others add month and day to it; EndNote writes "July 12" in
    `DA`, IEEE "6-8 May 2010" in `Y1`. Returns also the tags that the date says all of.
    """
    given = {tag: read_date(texts[tag]) for tag in ("PY", "DA", "Y1") if texts[tag].strip("0/ ")}
    if not given:
        return None, tuple(tag for tag in texts if texts[tag])
    first = next((tag for tag, (date, _) in given.items() if not date.literal), next(iter(given)))
    date, is_whole = given.pop(first)
    used = [first] if is_whole else []
    for tag, (other, is_whole) in given.items():
        fuller = _with(date, other, texts[tag])
        if fuller is not None:
            date = fuller
            used += [tag] if is_whole else []
    return date, tuple(used)


def _with(date: Date, other: Date, detail: str) -> Date | None:
    """Return a date with what a second tag adds to it, None where the two do not agree."""
    if date.literal:
        return date if detail == date.literal else Date(literal=f"{date.literal} {detail}".strip())
    if other.literal:
        other = from_parts(str(date.year), detail)
    if says_more(date, other):
        return date
    return other if says_more(other, date) else None
