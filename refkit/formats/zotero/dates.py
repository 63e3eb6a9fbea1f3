"""Dates as Zotero keeps them: ISO 8601, or words that it can still read the year from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from refkit.model.entry import Date
from refkit.normalise.dates import format_edtf, parse_date

_SEASONS = ("Spring", "Summer", "Autumn", "Winter")
_BEFORE_CHRIST = re.compile(r"([0-9]{1,4}) ?B\.? ?C\.?(?: ?E\.?)?", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})?")


def read_date(text: str) -> Date:
    """Read a date; the time of day that Zotero adds to `accessDate` is not kept."""
    timed = _TIME.fullmatch(text.strip())
    if timed:
        return parse_date(timed[1])
    ancient = _BEFORE_CHRIST.fullmatch(text.strip())
    return Date(1 - int(ancient[1])) if ancient else parse_date(text)


def write_date(date: Date) -> str:
    """Write a date in words where Zotero reads these, else as EDTF."""
    for text in _forms(date):
        if read_date(text) == date:
            return text
    return format_edtf(date)


def _forms(date: Date) -> Iterator[str]:
    if date.literal:
        yield date.literal
    elif date.year is not None and date.year < 1:
        yield f"{1 - date.year} BC"
    elif date.season:
        yield f"{_SEASONS[date.season - 1]} {date.year}"
    elif date.circa:
        yield "circa " + format_edtf(replace(date, circa=False))


def is_day(date: Date) -> bool:
    """Tell whether a date is one whole day and nothing else, as `accessDate` must be."""
    return date.day is not None and date == Date(date.year, date.month, date.day)
