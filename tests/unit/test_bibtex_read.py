"""Reading BibTeX and BibLaTeX: golden cases, origins, raw texts and the judged dialect."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from refkit.adapt.titles import csl_titles
from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.read import read_biblatex, read_bibtex
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.types import TYPES
from refkit.formats.bibtex.values import LONGEST
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.report import Document
from refkit.model.text import SourceText
from refkit.model.vocab import TYPES as CSL_TYPES
from refkit.normalise.dates import format_edtf

CASES = Path(__file__).resolve().parent.parent / "cases" / "bibtex_read"


def cases(*names: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{name}: {case['name']}")
        for name in names
        for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    ]


def read(text: str, form: str = "bibtex") -> Document:
    reader = read_biblatex if form == "biblatex" else read_bibtex
    return reader(SourceText("refs.bib", text))


def one(text: str) -> Entry:
    (entry,) = read(text).entries
    return entry


def name_text(name: Name) -> str:
    if name.literal:
        return f"{{{name.literal}}}"
    particle = f"[{name.dropping_particle}] " if name.dropping_particle else ""
    particle += f"<{name.particle}> " if name.particle else ""
    return ", ".join(part for part in (particle + name.family, name.given, name.suffix) if part)


def plain(field: Field) -> object:
    if isinstance(field.value, Date):
        return format_edtf(field.value)
    if isinstance(field.value, tuple):
        return [name_text(name) for name in field.value]
    return field.value


@pytest.mark.parametrize("case", cases("fields", "faults", "inherit"))
def test_reads(case: dict[str, Any]) -> None:
    document = read(case["bib"], case.get("format", "bibtex"))
    found = [
        {
            "key": entry.key,
            "type": entry.type,
            "fields": {field.name: plain(field) for field in entry.fields},
            "extra": {field.name: field.value for field in entry.extra},
        }
        for entry in document.entries
    ]
    expected = [
        {"key": e["key"], "type": e["type"], "fields": e["fields"], "extra": e.get("extra", {})}
        for e in case["entry"]
    ]
    assert found == expected
    problems = [
        f"{each.code} {document.source.slice(each.span)}"
        for each in document.problems
        if each.span is not None
    ]
    assert problems == case.get("problems", [])


@pytest.mark.parametrize("case", cases("inherit"))
def test_inherited_values_name_their_giver(case: dict[str, Any]) -> None:
    document = read(case["bib"], case.get("format", "bibtex"))
    for entry, expected in zip(document.entries, case["entry"], strict=True):
        if "from" not in expected:
            continue
        givers = {
            field.name: field.origin.ref
            for field in (*entry.fields, *entry.extra)
            if field.origin.ref != "refs.bib" and field.origin.source != "rule"
        }
        assert givers == expected["from"]


def test_every_origin_is_the_place_of_the_value() -> None:
    text = '@string{j = {Journal}}\n@article{a,\n  title = "T", journal = j # { B}, year = 2000}'
    entry = one(text)
    spans = {field.name: field.origin.span for field in entry.fields}
    written = {name: text[span.start : span.end] for name, span in spans.items() if span}
    assert written == {"title": '"T"', "container-title": "j # { B}", "issued": "2000"}
    assert entry.origin.span is not None
    assert text[entry.origin.span.start : entry.origin.span.end].startswith("@article{a,")


def test_raw_is_the_text_as_written_where_the_value_differs() -> None:
    entry = one(r"@book{a, title = {The \TeX book}, publisher = {P}, author = {Knuth, D.}}")
    raws = {field.name: field.raw for field in entry.fields}
    assert raws == {"title": r"The \TeX book", "publisher": "", "author": "Knuth, D."}


def test_what_follows_by_rule_says_so() -> None:
    entry = one("@phdthesis{a, title = {Long: Short}, eprint = {2101.00001}}")
    ruled = {field.name for field in entry.fields if field.origin.source == "rule"}
    assert ruled == {"title-short", "genre", "URL"}


def test_every_type_is_read_as_a_csl_type() -> None:
    for name, rule in TYPES.items():
        assert rule.csl in CSL_TYPES, name
        assert one(f"@{name}{{k, title = {{T}}}}").type in CSL_TYPES
        assert rule.bibtex in TYPES
        assert rule.biblatex in TYPES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@article{a, journal = {J}, year = 2000}", "bibtex"),
        ("@article{a, journaltitle = {J}, date = 2000}", "biblatex"),
        ("@online{a, title = {T}}", "biblatex"),
        ("@phdthesis{a, title = {T}, school = {S}}", "bibtex"),
        ("@book{a, title = {T}}", "bibtex"),
        ("", "bibtex"),
    ],
)
def test_dialect(text: str, expected: str) -> None:
    assert dialect(scan(SourceText("x", text))[0]) == expected


def test_lists_are_read_by_the_judged_dialect() -> None:
    entry = one("@book{a, publisher = {A and B}, date = {2000}, location = {C and D}}")
    assert entry.text("publisher") == "A; B"


@pytest.mark.parametrize(
    ("bib", "title", "container"),
    [
        (
            "@inbook{a, title = {The Rhetoric of {Aristotle} in 5 {nm}}, booktitle = {Big Book}}",
            'The rhetoric of Aristotle in 5 <span class="nocase">nm</span>',
            "Big book",
        ),
        (
            "@inbook{a, title = {Die Ilias}, booktitle = {Ganz Groß}, langid = {german}}",
            "Die Ilias",
            "Ganz Groß",
        ),
        (
            "@article{a, title = {A New Thing}, journal = {New Things}, langid = {british}}",
            "A new thing",
            "New Things",
        ),
    ],
)
def test_csl_titles(bib: str, title: str, container: str) -> None:
    entry = csl_titles(one(bib))
    assert entry.text("title") == title
    assert entry.text("container-title") == container


def test_csl_titles_leaves_other_formats_alone() -> None:
    entry = Entry("k", "book", (Field("title", "A New Thing"),))
    assert csl_titles(entry) is entry


DOUBLING = "@string{s0 = {abcdefgh}}" + "".join(
    f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 41)
)


def test_macros_that_double_one_another_are_cut() -> None:
    document = read_bibtex(SourceText("refs.bib", DOUBLING + "@book{a, title = s40, note = s2}"))
    (entry,) = document.entries
    assert len(entry.text("title")) <= LONGEST
    assert entry.text("note") == "abcdefgh" * 4
    assert {each.code for each in document.problems} == {"FLD003"}
    spans = [each.span for each in document.problems if each.span]
    first = next(n for n in range(41) if 8 * 2**n > LONGEST)
    assert document.source.slice(spans[0]) == f"s{first - 1} # s{first - 1}"


def test_a_value_that_macros_make_too_long_is_its_own_text() -> None:
    big = "x" * (LONGEST // 2 + 1)
    bib = f"@string{{b = {{{big}}}}}@book{{a, title = b, note = b # {{ and }} # b}}"
    document = read_bibtex(SourceText("refs.bib", bib))
    assert document.entries[0].text("title") == big
    assert [each.raw or each.value for each in document.entries[0].fields][-1] == "b # { and } # b"
    assert [(each.code, each.key) for each in document.problems] == [("FLD003", "a")]


def test_long_values_that_name_no_macro_are_whole() -> None:
    big = "x" * (LONGEST + 1)
    bib = f"@book{{a, note = {{{big}}} # {{{big}}}, abstract = {{{big}}}}}"
    document = read_bibtex(SourceText("refs.bib", bib))
    assert document.problems == ()
    assert len(document.entries[0].text("note")) == 2 * len(big)


def test_macros_have_a_limit_for_the_whole_file() -> None:
    bib = f"@string{{b = {{{'x' * LONGEST}}}}}" + "".join(
        f"@book{{k{n}, note = b # {{ {n}}}}}" for n in range(40)
    )
    document = read_bibtex(SourceText("refs.bib", bib))
    whole = [entry for entry in document.entries if len(entry.text("note")) > LONGEST]
    assert len(whole) + len(document.problems) == 40
    assert sum(len(entry.text("note")) for entry in whole) <= 16 * LONGEST + len(bib)
    assert {each.code for each in document.problems} == {"FLD003"}
