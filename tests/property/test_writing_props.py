"""Whatever a file holds, what is written of it is sound, whole and in UTF-8."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_bibtex_scan_props import PIECES, TEXTS

from refkit.formats.bibtex import BIBLATEX, BIBTEX
from refkit.formats.bibtex.scan import scan
from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.formats.cslyaml import FORMAT as CSLYAML
from refkit.formats.endnotexml import FORMAT as ENDNOTE
from refkit.formats.losses import DATA_LEFT_OUT, DATA_ONLY
from refkit.formats.nbib import FORMAT as NBIB
from refkit.formats.ris import FORMAT as RIS
from refkit.model.text import SourceText
from refkit.normalise.dates import from_parts, month_number, parse_date
from refkit.normalise.numbers import small_int
from refkit.plugins import Format
from refkit.sources.crossref_dates import read_date as read_crossref_date

ALL = (BIBTEX, BIBLATEX, CSLJSON, CSLYAML, RIS, NBIB, ENDNOTE)
TITLE_LIKE = [
    *("booktitle = {", "url = {", "file = {", "subtitle = {", "author = {", "date = {", "$", "and"),
    *("journal = {", "publisher = {", "note = {", "crossref = {", "language = {", "\\}"),
    *("\n@book{k,", "\n@book(k,", "@article{k,\n title = {x {y,\n"),
]
BIBS = TEXTS | st.lists(st.sampled_from(PIECES + TITLE_LIKE), max_size=40).map("".join)


def read(form: Format, text: str) -> Any:
    assert form.read is not None
    return form.read(SourceText("file", text))


def written(form: Format, entries: Any) -> Any:
    assert form.write is not None
    return form.write(entries)


@pytest.mark.parametrize("form", [BIBTEX, BIBLATEX], ids=lambda form: form.name)
@given(text=BIBS)
def test_what_is_read_of_any_text_is_written_as_a_sound_file(form: Format, text: str) -> None:
    document = read(form, text)
    out = written(form, document.entries)
    left_out = sum(each.code == DATA_LEFT_OUT for each in out.problems)
    tree, problems = scan(SourceText("out.bib", out.text))
    assert not problems
    assert len(tree.entries()) == len(document.entries) - left_out
    if form is BIBLATEX:
        assert not left_out
    else:
        assert not {entry.type for entry in tree.entries()} & DATA_ONLY


@pytest.mark.parametrize("form", [BIBTEX, BIBLATEX], ids=lambda form: form.name)
@given(
    name=st.text(max_size=8),
    texts=st.tuples(*[st.lists(st.sampled_from(PIECES + TITLE_LIKE), max_size=6).map("".join)] * 3),
)
def test_csl_items_of_any_text_are_written_as_a_sound_file(
    form: Format, name: str, texts: tuple[str, str, str]
) -> None:
    item = {"id": "k", "type": "book", "title": texts[0], "URL": texts[1], name: texts[2]}
    entries = read(CSLJSON, json.dumps([item])).entries
    tree, problems = scan(SourceText("out.bib", written(form, entries).text))
    assert not problems
    assert len(tree.entries()) == 1


DIGITS = "".join(chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Nd", "No"))
FRAME = st.sampled_from(
    ["/", "-", "--", ".", "~", "?", " ", ", ", "Y", "T", "XX", "spring", "Jul", "th", "[", "]",
     "c. ", "\u2013", "9" * 5000, "2000", "12", "-"]
)  # fmt: skip
NUMBERS = st.lists(FRAME | st.text(DIGITS, min_size=1, max_size=5), max_size=7).map("".join)
RECORDS = {
    "bibtex": "@article{{k, year={{{0}}}, month={{{0}}}, day={{{0}}}, date={{{0}}}, series={{{0}}},"
    " pages={{{0}}}, edition={{{0}}}, isbn={{{0}}}, issn={{{0}}}, pmid={{{0}}}}}",
    "biblatex": "@book{{k, date={{{0}}}, series={{{0}}}, volume={{{0}}}}}\n@book{{j, year={0}}}",
    "csljson": '[{{"id": "k", "issued": "{0}", "accessed": {{"date-parts": [["{0}", "{0}"]]}},'
    ' "event-date": {{"raw": "{0}", "season": "{0}"}}, "volume": "{0}", "ISBN": "{0}"}}]',
    "cslyaml": "references:\n- id: k\n  issued: '{0}'\n  accessed:\n  - year: '{0}'\n  page: '{0}'",
    "ris": "TY  - JOUR\nPY  - {0}\nDA  - {0}///spring\nY2  - {0}/{0}\nSP  - {0}\nSN  - {0}\nER  - ",
    "nbib": "PMID- {0}\nDP  - {0}\nPG  - {0}\nIS  - {0}\nDP  - 2000 {0}\nPMC - {0}\n",
    "endnotexml": "<xml><records><record><dates><year>{0}</year><pub-dates><date>{0}</date>"
    "</pub-dates></dates><pages>{0}</pages><ref-type>{0}</ref-type></record></records></xml>",
}


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
@given(number=NUMBERS)
def test_digits_of_any_script_and_length_break_no_reader(form: Format, number: str) -> None:
    document = read(form, RECORDS[form.name].format(number))
    assert document.entries
    for target in ALL:
        written(target, document.entries)


@given(year=NUMBERS, month=NUMBERS, day=NUMBERS)
def test_digits_of_any_script_and_length_break_no_date(year: str, month: str, day: str) -> None:
    parse_date(f"{year}/{month}")
    from_parts(year, month, day)
    assert month_number(month) in (None, *range(1, 13))
    read_crossref_date({"date-parts": [[year, month, day]], "season": month})


@given(NUMBERS)
def test_a_small_int_is_what_its_ascii_digits_say(text: str) -> None:
    number = small_int(text)
    assert (number is not None) == bool(re.fullmatch("[+-]?[0-9]{1,9}", text))
    assert number is None or number == int(text)


@given(st.lists(st.integers() | st.floats() | st.just(10**4000) | st.just(-(10**17)), max_size=4))
def test_numbers_of_any_size_break_no_csl_date(parts: list[Any]) -> None:
    text = json.dumps([{"id": "k", "issued": {"date-parts": [parts]}, "volume": 7}])
    (entry,) = read(CSLJSON, text.replace("7", "7" * 5000)).entries
    assert entry.text("volume") == "7" * 5000
    for target in ALL:
        written(target, [entry])


HALVES = st.text(st.characters(categories=["Cs", "Lu"]), min_size=1, max_size=6)


@pytest.mark.parametrize("target", ALL, ids=lambda form: form.name)
@given(title=HALVES, family=HALVES, key=HALVES, extra=HALVES)
def test_what_is_no_character_is_told_and_never_written(
    target: Format, title: str, family: str, key: str, extra: str
) -> None:
    lone = re.compile("[\ud800-\udfff]")
    bib = f"@book{{{key}, title={{{title} \\'e}}, author={{{family}, A}}, file={{{extra}}}}}"
    document = read(BIBTEX, bib)
    assert document.entries[0].key == key
    out = written(target, document.entries)
    assert read(target, out.text.encode().decode()).entries
    told = " ".join(each.message for each in out.problems if each.code == "LOS009")
    for name, text in ("title", title), ("author", family), ("id", key), ("file", extra):
        assert (repr(name) in told) == bool(lone.search(text))
    assert all((each.key + each.message).isprintable() for each in out.problems)


@given(title=HALVES)
def test_half_characters_in_csl_are_replaced_at_reading(title: str) -> None:
    lone = re.compile("[\ud800-\udfff]")
    whole = json.loads(json.dumps(title))
    document = read(CSLJSON, json.dumps([{"id": "k", "type": "book", "title": title}]))
    assert document.entries[0].text("title") == lone.sub("\ufffd", whole)
    assert [each.code for each in document.problems] == ["VAL004"] * bool(lone.search(whole))
