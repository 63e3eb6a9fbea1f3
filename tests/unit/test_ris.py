"""RIS: its spellings, its types, its faults, and where each value stands."""

from __future__ import annotations

import pytest
from ris_texts import one, read, write

from refkit.formats.ris.tables import _TYPES, profile, type_for
from refkit.model import vocab
from refkit.model.entry import OTHERS, Date, Entry, Field, Name
from refkit.model.report import Value

ARTICLE = """TY  - JOUR
ID  - doe2010
TI  - A title that
goes on
AU  - Doe, Jane
A1  - van der Roe, R. J., Jr
AU  - NASA
T2  - Journal of Things
J2  - J. Things
PY  - 2010
DA  - 2010/05/12/
VL  - 3
IS  - 4
SP  - 476
EP  - 481
SN  - 1234-5679
DO  - https://doi.org/10.1000/ABC
KW  - one
KW  - two
N1  - A note
with two lines
UR  - https://e.org/1
UR  - https://e.org/2
AD  - An address
ER  -
"""
VALUES: dict[str, Value] = {
    "title": "A title that goes on",
    "author": (Name("Doe", "Jane"), Name("Roe", "R. J.", "van der", suffix="Jr"),
               Name(literal="NASA")),
    "container-title": "Journal of Things",
    "container-title-short": "J. Things",
    "issued": Date(2010, 5, 12),
    "volume": "3",
    "issue": "4",
    "page": "476-481",
    "ISSN": "1234-5679",
    "DOI": "10.1000/ABC",
    "keyword": "one, two",
    "note": "A note\nwith two lines",
    "URL": "https://e.org/1",
}  # fmt: skip


@pytest.mark.parametrize(
    "spelling",
    [
        ARTICLE,
        ARTICLE.replace("\n", "\r\n"),
        ARTICLE.replace("  - ", " - "),
        ARTICLE.replace("ER  -", "ER  - "),
        "\n".join(line[:2].lower() + line[2:] if line[2:6] == "  - " else line
                  for line in ARTICLE.replace("ER  -", "ER  - ").split("\n")),
        ARTICLE.replace("JOUR", "jour"),
        ARTICLE.replace("ER  -\n", "ER  -"),
    ],
    ids=["plain", "crlf", "one blank", "end with a blank", "lower-case tags", "lower-case type",
         "no line end"],
)  # fmt: skip
def test_an_article_in_every_spelling(spelling: str) -> None:
    document = read(spelling)
    (entry,) = document.entries
    assert {field.name: field.value for field in entry.fields} == VALUES
    assert [(f.name, f.value) for f in entry.extra] == [
        ("UR", "https://e.org/2"),
        ("AD", "An address"),
    ]
    assert (entry.key, entry.type, entry.native_type) == ("doe2010", "article-journal", "JOUR")
    assert document.problems == ()


def test_every_field_has_its_place() -> None:
    document = read(ARTICLE)
    (entry,) = document.entries
    shown = {f.name: document.source.slice(f.origin.span) for f in entry.fields if f.origin.span}
    assert shown["title"] == "A title that\ngoes on"
    assert shown["volume"] == "3"
    assert shown["page"] == "476\nEP  - 481"
    assert shown["DOI"] == "https://doi.org/10.1000/ABC"
    assert document.source.slice(entry.extra[1].origin.span or entry.origin.span) == "An address"  # type: ignore[arg-type]
    assert set(shown) == set(VALUES)


def test_faults_are_told_with_their_line_and_read_over() -> None:
    document = read(
        "Provider: X\nTY  - JOUR\nTI  - a\nTY  - BOOK\nTI  - b\nER  - \nTI  - c\nER  - \n"
        "TY  - NONE\nTI  - d\n"
    )
    assert [entry.text("title") for entry in document.entries] == ["a", "b", "c", "d"]
    told = [
        (problem.code, document.source.position(problem.span.start).line)
        for problem in document.problems
        if problem.span is not None
    ]
    assert sorted(told) == [
        ("SYN021", 2), ("SYN021", 9), ("SYN022", 1), ("SYN023", 7), ("VAL001", 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PY  - 2010"], Date(2010)),
        (["PY  - 2010/05/12/"], Date(2010, 5, 12)),
        (["Y1  - 2010///Spring"], Date(2010, season=1)),
        (["PY  - 2010/05//"], Date(2010, 5)),
        (["PY  - 2010", "DA  - July 12"], Date(2010, 7, 12)),
        (["PY  - 2010", "DA  - 2010-07-12"], Date(2010, 7, 12)),
        (["PY  - 2010", "DA  - 2015/01/02"], Date(2010)),
        (["Y1  - 1900/01/01", "DA  - 1950/01/01"], Date(1950, 1, 1)),
        (["PY  - in press"], Date(literal="in press")),
        (["PY  - 0000"], None),
        (["DA  - 12 May 2010"], Date(2010, 5, 12)),
        (["PY  - 2010", "Y1  - 6-8 May 2010"], Date(2010, 5, 6, end=Date(2010, 5, 8))),
        (["Y1  - 2010///Spring2010"], Date(2010, season=1)),
        (["Y1  - 2010/05//May/Jun2010"], Date(2010, 5, end=Date(2010, 6))),
        (["PY  - 2010/05/12", "DA  - 2010"], Date(2010, 5, 12)),
        (["PY  - in press", "DA  - 2010/05//"], Date(2010, 5)),
        (["PY  - Year", "DA  - Date"], Date(literal="Year Date")),
    ],
)
def test_dates(lines: list[str], expected: Date | None) -> None:
    assert one("TY  - JOUR", *lines).date() == expected


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        ("BOOK", "978-3-16-148410-0", "ISBN"),
        ("BOOK", "not a number", "ISBN"),
        ("JOUR", "9783161484100", "ISBN"),
        ("BOOK", "1234-5679", "ISSN"),
        ("JOUR", "12345679", "ISSN"),
        ("RPRT", "TR-2010-17", "number"),
        ("RPRT", "12345679", "number"),
        ("PAT", "US 1,234,567", "number"),
    ],
)
def test_a_serial_number_is_what_it_looks_like(kind: str, number: str, name: str) -> None:
    assert one(f"TY  - {kind}", f"SN  - {number}").text(name) == number


@pytest.mark.parametrize(
    ("kind", "lines", "expected"),
    [
        ("BOOK", ["T2  - S", "A2  - Ed, A", "A3  - Ed, B", "SP  - 300"],
         {"collection-title": "S", "collection-editor": (Name("Ed", "A"),),
          "editor": (Name("Ed", "B"),), "number-of-pages": "300"}),
        ("BOOK", ["SP  - 1", "EP  - 9"], {"page": "1-9"}),
        ("EDBOOK", ["AU  - Ed, A"], {"editor": (Name("Ed", "A"),)}),
        ("CHAP", ["T2  - B", "T3  - S", "A2  - Ed, A", "SP  - 7"],
         {"container-title": "B", "collection-title": "S", "editor": (Name("Ed", "A"),),
          "page": "7"}),
        ("CONF", ["T2  - Conf", "C3  - Proc", "CY  - Oslo", "C1  - New York"],
         {"container-title": "Proc", "event-title": "Conf", "event-place": "Oslo",
          "publisher-place": "New York"}),
        ("CONF", ["T2  - Conf", "CY  - Oslo"],
         {"container-title": "Conf", "publisher-place": "Oslo"}),
        ("THES", ["M3  - PhD", "A3  - Sup, A", "PB  - Uni", "SP  - 200"],
         {"genre": "PhD", "contributor": (Name("Sup", "A"),), "publisher": "Uni",
          "number-of-pages": "200"}),
        ("MPCT", ["AU  - Dir, A", "SP  - 90 min"],
         {"director": (Name("Dir", "A"),), "dimensions": "90 min"}),
        ("PAT", ["A2  - Office", "PB  - Firm", "CY  - US"],
         {"authority": "Office", "publisher": "Firm", "publisher-place": "US"}),
        ("COMP", ["ET  - 1.2"], {"version": "1.2"}),
    ],
)  # fmt: skip
def test_types_give_tags_their_meaning(
    kind: str, lines: list[str], expected: dict[str, Value]
) -> None:
    entry = one(f"TY  - {kind}", *lines)
    assert {field.name: field.value for field in entry.fields} == expected
    again = read(write(entry).text).entries[0]
    assert {field.name: field.value for field in again.fields} == expected


def test_a_generic_record_in_a_volume_is_an_article() -> None:
    assert one("TY  - GEN", "TI  - x").type == "document"
    assert one("TY  - GEN", "TI  - x", "T2  - J", "VL  - 1").type == "article-journal"


def test_procites_labelled_notes_are_fields() -> None:
    entry = one(
        "TY  - CHAP", "N1  - Record Number: 40", "VL  - 2nd", "N1  - Volume ID: 7",
        "N1  - Call Number: QA 1", "N1  - Series Title: S", "N1  - Notes: hello",
        "N1  - Unknown Label: kept",
    )  # fmt: skip
    assert {field.name: field.value for field in entry.fields} == {
        "edition": "2nd",
        "volume": "7",
        "call-number": "QA 1",
        "collection-title": "S",
        "note": "Record Number: 40\nhello\nUnknown Label: kept",
    }


def test_a_doi_in_a_note_or_work_type_is_a_doi() -> None:
    entry = one("TY  - JOUR", "N1  - doi: 10.1000/x", "M3  - 10.1000/x", "N1  - text")
    assert {f.name: f.value for f in entry.fields} == {"DOI": "10.1000/x", "note": "text"}


def test_the_same_said_twice_is_held_once() -> None:
    entry = one("TY  - JOUR", "T2  - J", "JF  - J", "JO  - Jo.")
    assert {f.name: f.value for f in entry.fields} == {
        "container-title": "J",
        "container-title-short": "Jo.",
    }
    assert entry.extra == ()


def test_and_others_is_kept() -> None:
    assert one("TY  - JOUR", "AU  - Doe, J", "AU  - et al.").names("author")[-1] == OTHERS


def test_text_is_written_in_the_tables_order() -> None:
    entry = Entry(
        "k",
        "book",
        (
            Field("issued", Date(2010, 5, end=Date(2011))),
            Field("title", "T"),
            Field("author", (Name("Gogh", "V", "van"), Name(literal="A, B"))),
            Field("keyword", "x, y"),
        ),
        (Field("AD", "Home"),),
    )
    assert write(entry).text == (
        "TY  - BOOK\nID  - k\nTI  - T\nAU  - van Gogh, V\nAU  - A,, B\nKW  - x\nKW  - y\n"
        "PY  - 2010\nDA  - 2010/05//2010-05/2011\nAD  - Home\nER  - \n\n"
    )
    assert write(entry).problems == ()


def test_what_ris_cannot_hold_is_told() -> None:
    entry = Entry(
        "k",
        "article-journal",
        (Field("scale", "1:100"), Field("title", "two\nlines"), Field("medium", "a\nb")),
        (Field("eprint", "1"), Field("X-own", "1")),
    )
    assert [(each.code, each.key, each.message) for each in write(entry).problems] == [
        (
            "LOS002",
            "k",
            "RIS does not hold 'title' in full: it is read as 'two lines' (csljson holds it)",
        ),
        (
            "LOS002",
            "k",
            "RIS does not hold 'medium' in full: it is read as 'a b' (csljson holds it)",
        ),
        ("LOS001", "k", "RIS cannot hold 'X-own'; it is left out (csljson holds it)"),
    ]  # fmt: skip


def test_the_tables_know_only_csl() -> None:
    for kind, (csl, _) in _TYPES.items():
        assert csl in vocab.TYPES
        assert set(profile(kind).tags) <= vocab.VARIABLES, kind
        assert type_for(csl, kind) == kind
    for csl in vocab.TYPES:
        assert type_for(csl, "") in _TYPES


def test_a_conference_without_proceedings_is_kept() -> None:
    paper = Entry("k", "paper-conference", (Field("event-title", "ICML"),))
    written = write(paper)
    assert "TY  - CPAPER\n" in written.text
    assert not written.problems
    (again,) = read(written.text).entries
    assert again.text("event-title") == "ICML"


@pytest.mark.parametrize("year", ["²", "9" * 5000, "--5", "٢٠٠٠"])
def test_what_only_looks_like_a_year_is_text(year: str) -> None:
    date = one("TY  - JOUR", f"PY  - {year}///spring").date()
    assert date is not None
    assert year in date.literal
