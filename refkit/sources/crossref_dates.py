"""Crossref's dates (`{"date-parts": [[2006, 2, 27]]}`), read and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from refkit.model.entry import Date
from refkit.normalise.numbers import small_int
from refkit.sources.crossref_text import text_of

_RANGES = ((-9999, 9999), (1, 12), (1, 31))


def read_date(value: Any) -> Date | None:
    """Read a Crossref date (`date-parts`, possibly `[[null]]`); None where there is none."""
    if not isinstance(value, Mapping):
        return None
    parts = value.get("date-parts")
    parts = parts if isinstance(parts, list) else []
    days = [_day(each) for each in parts[:2]]
    if not days or days[0] is None:
        literal = text_of(value.get("literal"))
        return Date(literal=literal) if literal else None
    season = value.get("season")
    return replace(
        days[0],
        season=season if isinstance(season, int) and 1 <= season <= 4 else None,
        end=days[1] if len(days) > 1 else None,
        circa=value.get("circa") is True,
    )


def _day(parts: Any) -> Date | None:
    """Read [year, month, day]; what is no number or out of range ends the date there."""
    numbers: list[int | None] = []
    for part, (low, high) in zip(parts if isinstance(parts, list) else (), _RANGES, strict=False):
        number = _number(part)
        if number is None or not low <= number <= high:
            break
        numbers.append(number)
    year, month, day = [*numbers, None, None, None][:3]
    return Date(year, month, day) if year else None


def _number(part: Any) -> int | None:
    if isinstance(part, int) and not isinstance(part, bool):
        return part
    return small_int(part) if isinstance(part, str) else None


def write_date(date: Date) -> dict[str, Any]:
    """Write a date as Crossref does; a literal and a season are kept in CSL-JSON's way."""
    ends = [date] if date.end is None else [date, date.end]
    written: dict[str, Any] = {"date-parts": [_date_parts(each) for each in ends]}
    if date.literal:
        written["literal"] = date.literal
    if date.season:
        written["season"] = date.season
    if date.circa:
        written["circa"] = True
    return written


def _date_parts(date: Date) -> list[int | None]:
    parts: list[int | None] = []
    for part in (date.year, date.month, date.day):
        if part is None:
            break
        parts.append(part)
    return parts or [None]
