"""RIS: its spellings, its types, its faults, and where each value stands."""

from __future__ import annotations

import pytest

from refkit.formats.ris import FORMAT
from refkit.formats.ris.tables import _TYPES, profile, type_for
from refkit.model import vocab
from refkit.model.entry import OTHERS, Date, Entry, Field, Name
from refkit.model.report import Document, Value, Written
from refkit.model.text import SourceText


def _read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.ris", text))


def _one(*lines: str) -> Entry:
    (entry,) = _read("\n".join([*lines, "ER  - ", ""])).entries
    return entry


def _write(*entries: Entry) -> Written:
    assert FORMAT.write is not None
    return FORMAT.write(entries)


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
    document = _read(spelling)
    (entry,) = document.entries
    assert {field.name: field.value for field in entry.fields} == VALUES
    assert [(f.name, f.value) for f in entry.extra] == [
        ("UR", "https://e.org/2"),
        ("AD", "An address"),
    ]
    assert (entry.key, entry.type, entry.native_type) == ("doe2010", "article-journal", "JOUR")
    assert document.problems == ()


def test_every_field_has_its_place() -> None:
    document = _read(ARTICLE)
    (entry,) = document.entries
    shown = {f.name: document.source.slice(f.origin.span) for f in entry.fields if f.origin.span}
    assert shown["title"] == "A title that\ngoes on"
    assert shown["volume"] == "3"
    assert shown["page"] == "476\nEP  - 481"
    assert shown["DOI"] == "https://doi.org/10.1000/ABC"
    assert document.source.slice(entry.extra[1].origin.span or entry.origin.span) == "An address"  # type: ignore[arg-type]
    assert set(shown) == set(VALUES)


def test_faults_are_told_with_their_line_and_read_over() -> None:
    document = _read(
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
    assert _one("TY  - JOUR", *lines).date() == expected


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
    assert _one(f"TY  - {kind}", f"SN  - {number}").text(name) == number


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
    entry = _one(f"TY  - {kind}", *lines)
    assert {field.name: field.value for field in entry.fields} == expected
    again = _read(_write(entry).text).entries[0]
    assert {field.name: field.value for field in again.fields} == expected


def test_a_generic_record_in_a_volume_is_an_article() -> None:
    assert _one("TY  - GEN", "TI  - x").type == "document"
    assert _one("TY  - GEN", "TI  - x", "T2  - J", "VL  - 1").type == "article-journal"


def test_procites_labelled_notes_are_fields() -> None:
    entry = _one(
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
    entry = _one("TY  - JOUR", "N1  - doi: 10.1000/x", "M3  - 10.1000/x", "N1  - text")
    assert {f.name: f.value for f in entry.fields} == {"DOI": "10.1000/x", "note": "text"}


def test_the_same_said_twice_is_held_once() -> None:
    entry = _one("TY  - JOUR", "T2  - J", "JF  - J", "JO  - Jo.")
    assert {f.name: f.value for f in entry.fields} == {
        "container-title": "J",
        "container-title-short": "Jo.",
    }
    assert entry.extra == ()


def test_and_others_is_kept() -> None:
    assert _one("TY  - JOUR", "AU  - Doe, J", "AU  - et al.").names("author")[-1] == OTHERS


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
    assert _write(entry).text == (
        "TY  - BOOK\nID  - k\nTI  - T\nAU  - van Gogh, V\nAU  - A,, B\nKW  - x\nKW  - y\n"
        "PY  - 2010\nDA  - 2010/05//2010-05/2011\nAD  - Home\nER  - \n\n"
    )
    assert _write(entry).problems == ()


def test_what_ris_cannot_hold_is_told() -> None:
    entry = Entry(
        "k",
        "article-journal",
        (Field("scale", "1:100"), Field("title", "two\nlines"), Field("medium", "a\nb")),
        (Field("eprint", "1"), Field("X-own", "1")),
    )
    assert [(each.code, each.key, each.message) for each in _write(entry).problems] == [
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
    written = _write(paper)
    assert "TY  - CPAPER\n" in written.text
    assert not written.problems
    (again,) = _read(written.text).entries
    assert again.text("event-title") == "ICML"


@pytest.mark.parametrize("year", ["²", "9" * 5000, "--5", "٢٠٠٠"])
def test_what_only_looks_like_a_year_is_text(year: str) -> None:
    date = _one("TY  - JOUR", f"PY  - {year}///spring").date()
    assert date is not None
    assert year in date.literal


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["PY  - 2010", "DA  - Article 10"], ("DA", "Article 10")),
        (["PY  - 2010", "DA  - 2015/01/02"], ("DA", "2015/01/02")),
        (["PY  - 2010/05/12/Christmas issue"], ("PY", "2010/05/12/Christmas issue")),
        (["PY  - in press", "DA  - 2010/05//"], ("PY", "in press")),
        (["Y2  - 2010/05/12/by post"], ("Y2", "2010/05/12/by post")),
    ],
)
def test_what_a_date_does_not_say_stays_in_its_tag(lines: list[str], kept: tuple[str, str]) -> None:
    entry = _one("TY  - JOUR", *lines)
    assert [(each.name, each.value) for each in entry.extra] == [kept]
    written = _write(entry)
    assert written.problems == ()
    (again,) = _read(written.text).entries
    assert (again.date(), again.extra[0].value) == (entry.date(), kept[1])


@pytest.mark.parametrize(
    ("lines", "journal", "short", "beside"),
    [
        (["JO  - J.Neurosurg."], "J.Neurosurg.", "J.Neurosurg.", ""),
        (["JO  - Nature"], "Nature", "", ""),
        (["JA  - J Hydrol"], "J Hydrol", "J Hydrol", ""),
        (["T2  - Journal of Hydrology", "JO  - J Hydrol"], "Journal of Hydrology", "J Hydrol", ""),
        (["T2  - Special Issue", "JO  - Journal of Hydrology"], "Journal of Hydrology", "",
         "Special Issue"),
        (["T2  - Special Issue", "JF  - Hydrology"], "Hydrology", "", "Special Issue"),
        (["T2  - The Journal of Things", "JO  - JOT"], "The Journal of Things", "JOT", ""),
        (["T2  - J HYDROL", "JI  - J. Hydrol."], "J HYDROL", "J. Hydrol.", ""),
    ],
)  # fmt: skip
def test_journals_abbreviations_and_special_issues(
    lines: list[str], journal: str, short: str, beside: str
) -> None:
    entry = _one("TY  - JOUR", *lines)
    assert entry.text("container-title") == journal
    assert entry.text("container-title-short") == short
    assert entry.beyond("T2") == beside
    (again,) = _read(_write(entry).text).entries
    assert (again.text("container-title"), again.beyond("T2")) == (journal, beside)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("03029743 (ISSN); 9783161484100 (ISBN)", {"ISSN": "03029743", "ISBN": "9783161484100"}),
        ("1234-5679 (Print)", {"ISSN": "1234-5679"}),
        ("eISSN: 1234-5679", {"ISSN": "1234-5679"}),
        ("00280836, 14764687", {"ISSN": "00280836 14764687"}),
    ],
)
def test_labels_of_serial_numbers(number: str, expected: dict[str, str]) -> None:
    entry = _one("TY  - JOUR", f"SN  - {number}")
    assert {each.name: each.value for each in entry.fields} == expected


def test_scopus_and_endnote_share_a_tag_for_ids() -> None:
    entry = _one("TY  - JOUR", "C2  - 20483455", "C2  - PMC12", "C2  - other")
    assert (entry.text("PMID"), entry.text("PMCID")) == ("20483455", "PMC12")
    assert entry.beyond("C2") == "other"
    again = _read(_write(entry).text).entries[0]
    assert (again.text("PMID"), again.text("PMCID"), again.beyond("C2")) == (
        "20483455", "PMC12", "other",
    )  # fmt: skip


def test_names_in_one_line_and_initials_first() -> None:
    entry = _one(
        "TY  - CONF", "AU  - Doe, J.; Roe, R.", "AU  - A. B. van Poe", "AU  - A. Coli Group"
    )
    assert entry.names("author") == (
        Name("Doe", "J."), Name("Roe", "R."), Name("Poe", "A. B.", "van"),
        Name(literal="A. Coli Group"),
    )  # fmt: skip


def test_keywords_in_lines_lists_and_with_commas() -> None:
    assert _one("TY  - JOUR", "KW  - a; b", "KW  - c\nd").text("keyword") == "a, b, c, d"
    entry = _one("TY  - JOUR", "KW  - Neoplasms, Experimental", "KW  - Humans")
    assert entry.text("keyword") == "Neoplasms, Experimental; Humans"
    assert "KW  - Neoplasms, Experimental\nKW  - Humans\n" in _write(entry).text


def test_an_unpublished_work_with_an_id_is_a_preprint() -> None:
    assert _one("TY  - UNPB", "TI  - x").type == "manuscript"
    entry = _one("TY  - UNPB", "UR  - https://arxiv.org/abs/2101.00001")
    assert entry.type == "article"
    assert _write(entry).problems == ()


def test_the_place_of_a_conference_is_not_that_of_its_publisher() -> None:
    entry = _one("TY  - CPAPER", "T2  - ICML", "CY  - Oslo")
    assert (entry.text("event-title"), entry.text("event-place")) == ("ICML", "Oslo")
    both = _one("TY  - CONF", "C3  - Proc", "T2  - ICML", "CY  - Oslo")
    assert both.text("event-place") == "Oslo"
    for each in (entry, both):
        again = _read(_write(each).text).entries[0]
        assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in each.fields}


def test_an_extra_is_not_written_where_it_would_be_a_variable() -> None:
    entry = Entry("k", "article-journal", (Field("title", "T"),), (Field("IS", "not an issue"),))
    written = _write(entry)
    assert "IS  -" not in written.text
    assert [(each.code, each.key) for each in written.problems] == [("LOS001", "k")]


@pytest.mark.parametrize("tag", ["TY", "ER"])
def test_an_extra_never_begins_or_ends_a_record(tag: str) -> None:
    written = _write(Entry("k", "book", (Field("title", "T"),), (Field(tag, "x"),)))
    assert len(_read(written.text).entries) == 1
    assert [each.code for each in written.problems] == ["LOS001"]


def test_variables_without_a_tag_stand_in_zoteros_extra() -> None:
    entry = Entry(
        "k",
        "book",
        (
            Field("title", "T"),
            Field("original-date", Date(1886, end=Date(1890))),
            Field("illustrator", (Name("Gogh", "V.", "van", suffix="Jr"), Name(literal="A, B"))),
            Field("PMID", "12"),
            Field("event-place", "Oslo: the city"),
        ),
    )
    written = _write(entry)
    assert written.problems == ()
    assert written.text.count("M2  - ") == 5
    assert "M2  - Illustrator: van Gogh || V., Jr\nM2  - Illustrator: A, B\n" in written.text
    (again,) = _read(written.text).entries
    assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in entry.fields}


def test_only_variables_that_are_not_said_elsewhere_are_taken_from_extra() -> None:
    entry = _one(
        "TY  - JOUR", "PY  - 2010", "M2  - Original Date: 1886", "M2  - issued: 2011",
        "M2  - Number of Pages", "M2  - arXiv: 2101.00001",
    )  # fmt: skip
    assert entry.date("original-date") == Date(1886)
    assert entry.date() == Date(2010)
    assert [each.value for each in entry.extra] == [
        "issued: 2011", "Number of Pages", "arXiv: 2101.00001",
    ]  # fmt: skip


def test_fields_of_bib_files_stand_in_extra_and_come_back() -> None:
    extra = (Field("primaryclass", "cs.LG"), Field("file", "a.pdf"), Field("crossref", "c"))
    entry = Entry("k", "article-journal", (Field("title", "T"),), extra)
    written = _write(entry)
    assert "M2  - tex.primaryclass: cs.LG\nM2  - tex.file: a.pdf\n" in written.text
    assert [each.code for each in written.problems] == ["LOS011"]
    (again,) = _read(written.text).entries
    assert [(each.name, each.value) for each in again.extra] == [
        ("primaryclass", "cs.LG"), ("file", "a.pdf"),
    ]  # fmt: skip
    assert _write(again).text == written.text


def test_lines_of_extra_that_say_nothing_known_stay() -> None:
    entry = _one("TY  - JOUR", "M2  - PMID: 12\na note\nType: review-book")
    assert (entry.type, entry.text("PMID")) == ("review-book", "12")
    assert [(each.name, each.value) for each in entry.extra] == [("M2", "a note")]
