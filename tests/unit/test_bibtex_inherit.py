"""Inheritance on bare records: what is handed down, and that no input makes it fail."""

from __future__ import annotations

import pytest

from refkit.formats.bibtex.inherit import OWN, Raw, Record, inherit
from refkit.model.text import Span


def record(kind: str, key: str, **fields: str) -> Record:
    values = {name: Raw(text, 0, 1) for name, text in fields.items()}
    return Record(kind, key, Span(0, 1), values)


def texts(records: list[Record], index: int = 0) -> dict[str, str]:
    values, _ = inherit(records)
    return {name: raw.text for name, raw in values[index].items()}


@pytest.mark.parametrize(
    ("child", "parent", "title"),
    [
        ("inbook", "book", "booktitle"),
        ("bookinbook", "book", "booktitle"),
        ("suppbook", "mvbook", "maintitle"),
        ("book", "mvbook", "maintitle"),
        ("incollection", "collection", "booktitle"),
        ("incollection", "book", "booktitle"),
        ("inreference", "reference", "booktitle"),
        ("collection", "mvcollection", "maintitle"),
        ("inproceedings", "proceedings", "booktitle"),
        ("conference", "proceedings", "booktitle"),
        ("proceedings", "mvproceedings", "maintitle"),
        ("article", "periodical", "journaltitle"),
        ("thesis", "book", "title"),
    ],
)
def test_the_title_goes_to_the_field_of_the_pair(child: str, parent: str, title: str) -> None:
    found = texts([record(child, "c", crossref="p"), record(parent, "p", title="T")])
    assert found == {"crossref": "p", title: "T"}


def test_subtitle_and_addition_follow_the_title() -> None:
    parent = record("proceedings", "p", title="T", subtitle="S", titleaddon="A", shorttitle="X")
    found = texts([record("inproceedings", "c", crossref="p"), parent])
    assert found == {
        "crossref": "p",
        "booktitle": "T",
        "booksubtitle": "S",
        "booktitleaddon": "A",
    }


def test_what_identifies_the_parent_is_its_own() -> None:
    parent = record("book", "p", **dict.fromkeys(sorted(OWN), "x"), publisher="P")
    found = texts([record("inbook", "c", crossref="p"), parent])
    assert found == {"crossref": "p", "publisher": "P"}


def test_xdata_gives_everything_under_the_same_name() -> None:
    giver = record("xdata", "x", title="T", doi="10.1000/x", shorttitle="S")
    found = texts([record("inbook", "c", xdata="x"), giver])
    assert found == {"xdata": "x", "title": "T", "doi": "10.1000/x", "shorttitle": "S"}


def test_xdata_goes_before_crossref() -> None:
    records = [
        record("inbook", "c", crossref="b", xdata="x"),
        record("book", "b", publisher="B", location="L"),
        record("xdata", "x", publisher="X"),
    ]
    assert texts(records)["publisher"] == "X"
    assert texts(records)["location"] == "L"


def test_the_giver_is_named() -> None:
    values, _ = inherit(
        [record("inbook", "c", crossref="p", note="N"), record("book", "p", title="T")]
    )
    assert {name: raw.parent for name, raw in values[0].items()} == {
        "crossref": "",
        "note": "",
        "booktitle": "p",
    }


def test_order_does_not_matter() -> None:
    records = [
        record("inbook", "a", crossref="b"),
        record("book", "b", crossref="c", title="B"),
        record("mvbook", "c", title="C", author="A"),
    ]
    forth, _ = inherit(records)
    back, _ = inherit(records[::-1])
    assert forth == back[::-1]


@pytest.mark.parametrize("link", ["crossref", "xdata"])
def test_an_entry_that_names_itself_is_told(link: str) -> None:
    values, problems = inherit([record("book", "a", title="T", **{link: "a"})])
    assert set(values[0]) == {"title", link}
    assert [each.code for each in problems] == ["XRF002"]


def test_a_very_long_chain_ends() -> None:
    records = [record("book", f"k{n}", crossref=f"k{n + 1}") for n in range(3000)]
    records.append(record("book", "k3000", publisher="P"))
    values, problems = inherit(records)
    assert len(values) == 3001
    assert {each.code for each in problems} == {"XRF002"}


def test_a_dangling_link_is_a_warning_at_its_place() -> None:
    _, problems = inherit([record("book", "a", xref="nowhere")])
    assert [(each.code, each.key, each.span) for each in problems] == [("XRF001", "a", Span(0, 1))]
