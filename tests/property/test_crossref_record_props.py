"""Whatever a record holds, reading it raises nothing, and what is written reads back."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from refkit.model.entry import Date, Entry, Field, Name, Origin
from refkit.sources.catalogue_store import codes_of, id_of
from refkit.sources.catalogue_terms import features
from refkit.sources.crossref_record import EXTRA, FIELDS, read_record, write_record
from refkit.sources.crossref_text import clean_text

ORIGIN = Origin("crossref")
NAMES = sorted({row.crossref.split(".")[0] for row in FIELDS + EXTRA} | {"subtitle", "key"})
PARTS = ("<i>", "</i>", "<mml:math>", "</mml:math>", "<mml:msub>", "</mml:msub>", "<mml:mi>",
         "</mml:mi>", "&amp;", "&lt;", "&#0;", "&#x110000;", "<", "x", " ", "\n", "\u2010",
         "é")  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["date-parts", "family", "given", "name", "id", "DOI", "id-type", "type"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
words = st.from_regex(r"[A-Z][a-zé]{1,8}(?: [a-z]{1,6}){0,3}", fullmatch=True)
people = st.builds(Name, st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), words)


@example({"issued": {"date-parts": [["--5"]]}})
@given(st.dictionaries(st.sampled_from(NAMES), json_values, max_size=6))
def test_no_record_is_too_odd_to_read(work: dict[str, Any]) -> None:
    entry = read_record(work, ORIGIN)
    json.dumps(write_record(entry))
    features(work)
    assert id_of(work)
    list(codes_of(work))


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert "\n" not in once
    assert once == once.strip()


@given(words, st.lists(people, max_size=3), st.integers(1, 2100), st.integers(1, 12))
def test_writing_then_reading(title: str, authors: list[Name], year: int, month: int) -> None:
    fields = (
        Field("title", title),
        *([Field("author", tuple(authors))] if authors else []),
        Field("issued", Date(year, month)),
        Field("DOI", "10.5555/abc"),
    )
    entry = Entry("10.5555/abc", "article-journal", fields)
    again = read_record(write_record(entry), ORIGIN)
    assert [(f.name, f.value) for f in again.fields] == [(f.name, f.value) for f in fields]
