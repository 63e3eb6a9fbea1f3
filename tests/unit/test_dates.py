"""Golden cases of dates."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from refkit.model.entry import Date
from refkit.normalise.dates import (
    MONTH_MACROS,
    format_edtf,
    from_parts,
    month_number,
    parse_date,
    year_of,
)

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "dates.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))


_NO_MONTHS = ("", "0", "13", "ma", "janitor", "juxx", "²", "9" * 5000)


def _date(parts: dict[str, Any]) -> Date:
    end = _date(parts["end"]) if "end" in parts else None
    rest = {k: v for k, v in parts.items() if k not in ("end", "text", "edtf", "fields")}
    return Date(**rest, end=end)


@pytest.mark.parametrize("case", CASES["date"], ids=lambda case: case["text"])
def test_dates(case: dict[str, Any]) -> None:
    date = _date(case)
    assert parse_date(case["text"]) == date
    assert format_edtf(date) == case.get("edtf", case["text"])
    assert parse_date(format_edtf(date)) == date


@pytest.mark.parametrize("case", CASES["parts"], ids=lambda case: " ".join(case["fields"]))
def test_year_month_day(case: dict[str, Any]) -> None:
    assert from_parts(*case["fields"]) == _date(case)


def test_month_numbers() -> None:
    for number, (macro, name) in enumerate(MONTH_MACROS.items(), 1):
        spellings = (macro, name, name.upper(), f"{name[:4]}.", f" {macro}. ", str(number))
        assert {month_number(spelling) for spelling in spellings} == {number}
    assert month_number("Mai") == month_number("mayo") == 5
    assert [month_number(text) for text in _NO_MONTHS] == [None] * 8


def test_year_of_finds_the_year_in_a_literal() -> None:
    assert year_of(Date(1999, end=Date(2001))) == 1999
    assert year_of(Date(literal="in press, 2005")) == 2005
    assert year_of(Date(literal="in press")) is None
    assert year_of(Date(end=Date(1999))) is None


def test_a_year_of_thousands_of_digits_is_text() -> None:
    long = "9" * 5000
    for text in (long, f"Y{long}", f"2000-{long}", f"{long}-12"):
        assert parse_date(text) == Date(literal=text)
