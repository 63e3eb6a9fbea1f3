"""What `--convention zotero` changes in CSL-JSON, and what it leaves alone."""

from __future__ import annotations

import json

import pytest

import refkit

RIS = "TY  - JOUR\nTI  - A title\nPY  - {}\nER  - \n"


def issued(year: str, options: refkit.Conversion) -> object:
    document = refkit.parse(RIS.format(year), "ris")
    return json.loads(refkit.convert(document, "csljson", options).text)[0]["issued"]


def test_a_date_in_words_is_a_literal_or_what_zotero_makes_of_it() -> None:
    assert issued("in press", refkit.Conversion()) == {"literal": "in press"}
    assert issued("in press", refkit.Conversion(convention="zotero")) == {
        "date-parts": [["0000"]],
        "season": "in press",
    }


def test_a_date_with_a_year_is_the_same_in_both() -> None:
    both = [issued("1998/03/02", refkit.Conversion(convention=name)) for name in ("csl", "zotero")]
    assert both == [{"date-parts": [[1998, 3, 2]]}] * 2


def test_other_formats_have_no_such_convention() -> None:
    document = refkit.parse(RIS.format("1998"), "ris")
    with pytest.raises(refkit.InputError, match="csljson"):
        refkit.convert(document, "ris", refkit.Conversion(convention="zotero"))
