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


def read_date(text: str) -> Date:
    """Read `YYYY/MM/DD/other`; the fourth part may name a season or hold a whole EDTF date."""
    parts = [part.strip() for part in text.split("/", 3)]
    year = small_int(parts[0])
    if len(parts) == 1 or year is None:
        return read_plain(text)
    other = parts[3] if len(parts) > 3 else ""
    if other.lower() in _SEASONS:
        return Date(year, season=_SEASONS[other.lower()])
    whole = parse_date(other) if other else Date(literal="none")
    if not whole.literal:
        return whole
    return read_plain("/".join(part for part in parts[:3] if part))


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


def read_issued(texts: Mapping[str, str]) -> Date | None:
    """Read the date of publication from `PY`, `DA` and the deprecated `Y1`.

    The year of `PY` holds, `DA` adds month and day to it; EndNote writes "July 12" there.
    """
    year, detail = texts["PY"] or texts["Y1"], texts["DA"]
    if not texts["PY"] and texts["DA"]:
        year, detail = detail, ""
    if not year or year.strip("0/ ") == "":
        return None
    date = read_date(year)
    if not detail or detail == year:
        return date
    fuller = read_date(detail)
    if fuller.year is not None:
        return fuller if fuller.year == date.year or date.literal else date
    return _merged(date, detail)


def _merged(date: Date, detail: str) -> Date:
    if date.year is None:
        return Date(literal=f"{date.literal} {detail}".strip())
    whole = from_parts(str(date.year), detail)
    return date if date.month is not None or whole.literal else whole
