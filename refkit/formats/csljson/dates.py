"""Dates in CSL-JSON: `date-parts`, `season`, `circa`, `literal`, `raw`, or an EDTF text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from refkit.model.entry import Date
from refkit.normalise.dates import format_edtf, parse_date
from refkit.normalise.numbers import small_int

_TOO_LARGE = 1_000_000_000
# A range that is open at its start has no year, which date-parts must begin with.
_OPEN = re.compile(r"/-?\d{4}[-\d]*")
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}


def read_date(value: Any) -> Date | None:
    """Read a date in any of the forms found in the wild; None where it says nothing.

    A year before 1 is counted as citeproc does: -44 is 44 BC, which EDTF calls -0043.
    """
    if isinstance(value, str | int) and not isinstance(value, bool):
        return parse_date(str(value)) if str(value).strip() else None
    if isinstance(value, list):
        value = {"date-parts": value}
    return _read_map(value) if isinstance(value, Mapping) else None


def _read_map(value: Mapping[str, Any]) -> Date | None:
    parts = value.get("date-parts")
    date = _read_parts(parts if isinstance(parts, list) else [parts])
    if date is None:
        return _read_text(value)
    season = _season(value.get("season"))
    if season and date.month is None:
        date = replace(date, season=season)
    return replace(date, circa=True) if _true(value.get("circa")) else date


def _read_text(value: Mapping[str, Any]) -> Date | None:
    literal = value.get("literal")
    if isinstance(literal, str) and literal.strip():
        return parse_date(literal) if _OPEN.fullmatch(literal) else Date(literal=literal)
    raw = value.get("raw") or value.get("edtf")
    if not isinstance(raw, str | int) or not str(raw).strip():
        return None
    date = parse_date(str(raw))
    return replace(date, circa=True) if _true(value.get("circa")) and not date.literal else date


def _read_parts(parts: list[Any]) -> Date | None:
    days = parts if parts and isinstance(parts[0], list) else [parts]
    if not days or not isinstance(days[0], list):
        return None
    start = _read_day(days[0])
    if start is None or len(days) < 2 or not isinstance(days[1], list):
        return start
    return replace(start, end=_read_day(days[1]) or Date())


def _read_day(parts: list[Any]) -> Date | None:
    year = _number(parts[0]) if parts else None
    if not year:
        return None
    month = _number(parts[1]) if len(parts) > 1 else None
    day = _number(parts[2]) if len(parts) > 2 else None
    date = Date(year if year > 0 else year + 1)
    if month and 13 <= month <= 24:
        return replace(date, season=(month - 1) % 4 + 1)
    if not month or not 1 <= month <= 12:
        return date
    return replace(date, month=month, day=day if day and 1 <= day <= 31 else None)


def _number(part: Any) -> int | None:
    """Return a part of a date that is a number, or the text of one; floats are cut off."""
    if isinstance(part, int | float) and not isinstance(part, bool):
        return int(part) if -_TOO_LARGE < part < _TOO_LARGE else None
    return small_int(part.strip()) if isinstance(part, str) else None


def _season(value: Any) -> int | None:
    if isinstance(value, str) and value.strip().casefold() in _SEASONS:
        return _SEASONS[value.strip().casefold()]
    number = _number(value)
    return number if number in (1, 2, 3, 4) else None


def _true(value: Any) -> bool:
    return bool(value) and str(value).casefold() not in ("0", "false", "no")


def write_date(date: Date) -> dict[str, Any]:
    """Write a date; what the schema has no place for is left out (see `is_exact`).

    An open end is `[0]`, as pandoc writes and understands it.
    """
    if date.literal:
        return {"literal": date.literal}
    if date.year is None:
        return {"literal": format_edtf(date)}
    if date.end is not None and (date.season or date.end.season):
        # `season` is one for the whole date: in a range each end has its own, as in EDTF.
        parts = [_write_day(_seasonal(date)), _write_day(_seasonal(date.end))]
    else:
        parts = [_write_day(date)] if date.end is None else [_write_day(date), _write_day(date.end)]
    written: dict[str, Any] = {"date-parts": parts}
    if date.season is not None and date.end is None:
        written["season"] = date.season
    if date.circa or date.uncertain:
        written["circa"] = True
    return written


def _seasonal(date: Date) -> Date:
    return replace(date, month=20 + date.season) if date.season is not None else date


def _write_day(date: Date) -> list[int]:
    if date.year is None:
        return [0]
    parts = [date.year if date.year > 0 else date.year - 1]
    if date.month is not None:
        parts.append(date.month)
        if date.day is not None:
            parts.append(date.day)
    return parts


@lru_cache(maxsize=16384)
def is_exact(date: Date) -> bool:
    """Tell whether `read_date(write_date(date))` is that very date."""
    return read_date(write_date(date)) == date
