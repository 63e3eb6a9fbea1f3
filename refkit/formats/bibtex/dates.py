"""Dates as fields of the two dialects."""

from __future__ import annotations

from refkit.model.entry import Date
from refkit.normalise.dates import MONTH_MACROS, format_edtf, from_parts
from refkit.normalise.latex import from_rich

_MONTHS = tuple(MONTH_MACROS)
_SEASONS = ("Spring", "Summer", "Autumn", "Winter")


def date_fields(name: str, date: Date, raw: str) -> dict[str, str]:
    """Return the fields that give a date, where `name` is the field that its variable has.

    For `year` these are BibTeX's `year`, `month` and `day`, and BibLaTeX's `date` beside them
    where they cannot say all of it (a range, a doubt). `raw` is how a date that could not be
    read was written.
    """
    if date.literal:
        return {"year" if name == "date" else name: raw or from_rich(date.literal)}
    if name != "year" or date.year is None:
        return {"date" if name == "year" else name: format_edtf(date)}
    fields = {"year": str(date.year)}
    if date.season is not None:
        fields["month"] = _SEASONS[date.season - 1]
    elif date.month is not None:
        fields["month"] = _MONTHS[date.month - 1]
    if date.day is not None:
        fields["day"] = str(date.day)
    again = from_parts(fields["year"], fields.get("month", ""), fields.get("day", ""))
    return fields if again == date else fields | {"date": format_edtf(date)}
