from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refkit.model.entry import OTHERS, Date, Entry, Field, Name
from refkit.model.text import SourceText

from refkit_sample.people import read_name, write_name
from refkit_sample.refer import FORMAT, read_refer, write_refer

FILE = """\
%0 Journal Article
%F may1977
%A Robert M. May
%T Thresholds and breakpoints in ecosystems
with a multiplicity of stable states
%J Nature
%V 269
%P 471-477
%D 1977
%8 1977-10-06
%@ 0028-0836
%R 10.1038/269471a0
%M 12345

%0 Book
%F elton1958
%A Charles S. Elton
%T The Ecology of Invasions by Animals and Plants
%I Methuen
%C London
%D 1958
"""

GOGH = Name("Gogh", "Vincent", dropping_particle="van")


def _source(text: str) -> SourceText:
    return SourceText("refs.enw", text)


def test_reads_every_tag_into_its_variable() -> None:
    document = read_refer(_source(FILE))
    may, elton = document.entries
    assert (may.key, may.type) == ("may1977", "article-journal")
    assert may.names("author") == (Name("May", "Robert M."),)
    title = "Thresholds and breakpoints in ecosystems with a multiplicity of stable states"
    assert may.text("title") == title
    assert may.date() == Date(1977, 10, 6)
    assert (may.text("ISSN"), may.text("DOI")) == ("0028-0836", "10.1038/269471a0")
    assert (elton.type, elton.text("publisher-place")) == ("book", "London")


def test_an_unknown_tag_is_kept_and_reported() -> None:
    document = read_refer(_source(FILE))
    assert document.entries[0].beyond("%M") == "12345"
    (problem,) = document.problems
    assert problem.code == "SMP102"
    assert problem.span is not None
    assert document.source.slice(problem.span) == "%M 12345"
    assert "%M 12345" in write_refer(document.entries).text


def test_every_span_holds_what_it_is_the_origin_of() -> None:
    document = read_refer(_source(FILE.replace("\n", "\r\n")))
    for entry in document.entries:
        for field in entry.fields:
            assert field.origin.span is not None
            written = document.source.slice(field.origin.span)
            last = field.value.split()[-1] if isinstance(field.value, str) else ""
            assert written.startswith("%")
            assert written.endswith(last)


@pytest.mark.parametrize(
    ("text", "codes", "keys"),
    [
        ("", [], []),
        ("no tag at all\n", ["SMP101"], []),
        ("stray\n%T A title\n", ["SMP101"], ["entry1"]),
        ("%T One\n%0 Book\n%T Two\n", [], ["entry1", "entry2"]),
        ("%", ["SMP101"], []),
        ("%T", [], ["entry1"]),
        ("%0 Clay Tablet\n%T One", ["SMP104"], ["entry1"]),
    ],
)
def test_bad_input_is_reported_and_the_rest_read(
    text: str, codes: list[str], keys: list[str]
) -> None:
    document = read_refer(_source(text))
    assert [problem.code for problem in document.problems] == codes
    assert [entry.key for entry in document.entries] == keys


@given(st.text())
def test_no_text_raises(text: str) -> None:
    read_refer(_source(text))


@given(st.text(alphabet="%0AEDTF8@ \n\rabC1-,_", max_size=200))
def test_writing_loses_nothing_that_it_does_not_report(text: str) -> None:
    entries = read_refer(_source(text)).entries
    written = write_refer(entries)
    again = read_refer(_source(written.text)).entries
    reported = {problem.key for problem in written.problems}
    for before, after in zip(entries, again, strict=True):
        assert _bare(before) == _bare(after) or before.key in reported


def _bare(entry: Entry) -> tuple[object, ...]:
    fields = tuple((field.name, field.value) for field in (*entry.fields, *entry.extra))
    return entry.key, entry.type, sorted(fields, key=repr)


def test_writing_and_reading_keeps_every_entry() -> None:
    entries = read_refer(_source(FILE)).entries
    again = read_refer(_source(write_refer(entries).text)).entries
    assert [_bare(each) for each in again] == [_bare(each) for each in entries]


@pytest.mark.parametrize(
    ("fields", "type_", "lost"),
    [
        ((Field("title", "A"),), "book", []),
        ((Field("title", "A"),), "treaty", ["the type treaty"]),
        ((Field("call-number", "QH541"),), "book", ["the field call-number"]),
        ((Field("issued", Date(2001, end=Date(2003))),), "book", ["the field issued as it is"]),
        ((Field("accessed", Date(2001)),), "book", ["the field accessed"]),
        ((Field("translator", (Name("A"),)),), "book", ["the field translator"]),
        (
            (Field("author", (Name("Gogh", dropping_particle="van"),)),),
            "book",
            ["the field author as it is"],
        ),
    ],
)
def test_what_has_no_tag_is_reported(
    fields: tuple[Field, ...], type_: str, lost: list[str]
) -> None:
    problems = write_refer([Entry("k", type_, fields)]).problems
    assert [each.message.removeprefix("refer files cannot hold ") for each in problems] == lost
    assert {each.key for each in problems} <= {"k"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Robert M. May", Name("May", "Robert M.")),
        ("Egbert H. van Nes", Name("Nes", "Egbert H.", "van")),
        ("van Gogh", Name("Gogh", particle="van")),
        ("Duncan Temple_Lang", Name("Temple Lang", "Duncan")),
        ("Martin Luther King, Jr.", Name("King", "Martin Luther", suffix="Jr.")),
        ("R Core Team,", Name(literal="R Core Team")),
        ("Plato", Name("Plato")),
        ("others,", OTHERS),
    ],
)
def test_names_both_ways(text: str, name: Name) -> None:
    assert read_name(text) == name
    assert write_name(name) == text


def test_a_container_is_a_journal_or_a_book_by_the_type() -> None:
    fields = (Field("container-title", "X"),)
    entries = [Entry("a", "article-journal", fields), Entry("b", "chapter", fields)]
    text = write_refer(entries).text
    assert "%J X" in text.split("\n\n")[0]
    assert "%B X" in text.split("\n\n")[1]


def test_the_format_names_its_suffixes() -> None:
    assert FORMAT.name == "refer"
    assert ".enw" in FORMAT.suffixes
    assert FORMAT.patch is None
