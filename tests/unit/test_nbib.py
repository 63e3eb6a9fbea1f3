"""NBIB: PubMed's records and ERIC's."""

from __future__ import annotations

import pytest

from refkit.formats.nbib import FORMAT
from refkit.formats.nbib.tables import ERIC_TYPES, NAMES, TEXTS, TYPES, WRITTEN_TYPES
from refkit.model import vocab
from refkit.model.entry import OTHERS, Date, Entry, Field, Name
from refkit.model.report import Document, Written
from refkit.model.text import SourceText


def _read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.nbib", text))


def _write(*entries: Entry) -> Written:
    assert FORMAT.write is not None
    return FORMAT.write(entries)


PUBMED = """PMID- 12345678
OWN - NLM
IS  - 1234-5679 (Electronic)
IS  - 1234-5679 (Linking)
VI  - 93
IP  - 14
DP  - 1996 Jul 9
TI  - The structure of something long that has to be
      wrapped.
PG  - 6913-7
LID - 10.1000/abc [doi]
AB  - First line
      second line.
FAU - van Raaij, M J
AU  - van Raaij MJ
CN  - The Group
FAU - Smith, Ann B Jr
AU  - Smith AB Jr
LA  - eng
PT  - Journal Article
PT  - Review
PL  - UNITED STATES
TA  - J Things
JT  - Journal of things
PMC - PMC38908
MH  - Humans
OT  - keyword
AID - S0000-0000(96)00001-1 [pii]
SO  - J Things. 1996 Jul 9;93(14):6913-7.
"""


@pytest.mark.parametrize("text", [PUBMED, PUBMED.replace("\n", "\r\n"), "\n" + PUBMED + "\n\n"])
def test_a_pubmed_record(text: str) -> None:
    document = _read(text)
    (entry,) = document.entries
    assert {field.name: field.value for field in entry.fields} == {
        "PMID": "12345678",
        "PMCID": "PMC38908",
        "DOI": "10.1000/abc",
        "author": (Name("Raaij", "M. J.", "van"), Name(literal="The Group"),
                   Name("Smith", "Ann B. Jr")),
        "title": "The structure of something long that has to be wrapped.",
        "container-title": "Journal of things",
        "container-title-short": "J Things",
        "volume": "93",
        "issue": "14",
        "abstract": "First line second line.",
        "language": "eng",
        "page": "6913-6917",
        "issued": Date(1996, 7, 9),
        "ISSN": "1234-5679",
        "keyword": "Humans, keyword",
    }  # fmt: skip
    assert [field.name for field in entry.extra] == ["OWN", "IS", "IS", "PT", "PL", "AID", "SO"]
    assert (entry.type, entry.native_type) == ("article-journal", "Journal Article")
    assert (entry.key, document.problems) == ("Raaij1996", ())


def test_every_field_has_its_place() -> None:
    document = _read(PUBMED)
    for field in document.entries[0].fields:
        assert field.origin.span is not None
        assert document.source.slice(field.origin.span)
    title = document.entries[0].field("title")
    assert title is not None
    assert title.origin.span is not None
    assert document.source.position(title.origin.span.start) == (8, 7)


@pytest.mark.parametrize(
    ("lines", "kind", "expected"),
    [
        (["PT  - Book Chapter", "TI  - C", "BTI - B", "PL  - Bethesda", "PB  - NCBI"], "chapter",
         {"title": "C", "container-title": "B", "publisher-place": "Bethesda",
          "publisher": "NCBI"}),
        (["PT  - Book", "BTI - B", "FED - Doe, J", "ISBN- 9783161484100"], "book",
         {"title": "B", "editor": (Name("Doe", "J."),), "ISBN": "9783161484100"}),
        (["PT  - Preprint", "TI  - x"], "article", {"title": "x"}),
        (["TI  - x", "LID - e1042 [pii]"], "article-journal", {"title": "x", "number": "e1042"}),
        (["TI  - x", "AU  - van Doe JA", "AU  - et al."], "article-journal",
         {"title": "x", "author": (Name("Doe", "J. A.", "van"), OTHERS)}),
    ],
)  # fmt: skip
def test_other_records(lines: list[str], kind: str, expected: dict[str, object]) -> None:
    (entry,) = _read("PMID- 1\n" + "\n".join(lines)).entries
    fields = {field.name: field.value for field in entry.fields if field.name != "PMID"}
    assert (entry.type, fields) == (kind, expected)


ERIC = """OWN - ERIC
TI  - A thesis
AU  - van Groen, Maaike M.
JT  - ProQuest LLC
SO  - Ph.D. Dissertation, Drexel University
AID - http://dx.doi.org/10.1000/xyz
OID - ED620611
DP  - 2021
LID - http://eric.ed.gov/?id=ED620611
ISBN - 978-3-16-148410-0
PT  - Dissertations/Theses - Doctoral Dissertations

OWN - ERIC
TI  - A report
JT  - OECD Publishing
PT  - Reports - Research

OWN - ERIC
TI  - An article
JT  - A Journal
VI  - 3
ISSN - EISSN-1234-5679
PT  - Reports - Research
"""


def test_eric_records() -> None:
    thesis, report, article = _read(ERIC).entries
    assert [each.type for each in (thesis, report, article)] == [
        "thesis", "report", "article-journal",
    ]  # fmt: skip
    assert (thesis.text("archive"), thesis.text("publisher")) == (
        "ProQuest LLC",
        "Drexel University",
    )
    assert (thesis.text("DOI"), thesis.text("URL")) == (
        "10.1000/xyz",
        "http://eric.ed.gov/?id=ED620611",
    )
    assert thesis.text("ISBN") == "978-3-16-148410-0"
    assert report.text("publisher") == "OECD Publishing"
    assert article.text("container-title") == "A Journal"
    assert article.text("ISSN") == "1234-5679"


def test_text_before_the_first_record_is_told() -> None:
    document = _read("Some words\nPMID- 1\nTI  - x\n")
    assert [entry.text("title") for entry in document.entries] == ["x"]
    assert [problem.code for problem in document.problems] == ["SYN022"]


def test_records_are_written_in_pubmeds_order_and_wrapped() -> None:
    entry = Entry(
        "k",
        "article-journal",
        (
            Field("author", (Name("Gogh", "V.", "van"), Name(literal="A Group"), OTHERS)),
            Field("title", "word " * 19 + "end"),
            Field("issued", Date(2010, 5, end=Date(2010, 6))),
            Field("DOI", "10.1000/x"),
            Field("PMID", "1"),
            Field("keyword", "one, two"),
        ),
    )
    written = _write(entry)
    assert written.text == (
        "PMID- 1\nDP  - 2010 May-Jun\nTI  - " + " ".join(["word"] * 16) + "\n"
        "      word word word end\nLID - 10.1000/x [doi]\nFAU - van Gogh, V.\nCN  - A Group\n"
        "AU  - et al.\nPT  - Journal Article\nOT  - one\nOT  - two\n"
    )
    assert [each.code for each in written.problems] == ["LOS004"]


@pytest.mark.parametrize(
    "date",
    [
        Date(2010), Date(2010, 5), Date(2010, 5, 3), Date(2010, season=2),
        Date(2010, 5, end=Date(2010, 6)), Date(2010, 12, end=Date(2011, 1)),
        Date(2010, end=Date()), Date(1723, circa=True), Date(-43, 3), Date(literal="in press"),
        Date(2010, 5, 3, end=Date(2010, 5, 7)),
    ],
)  # fmt: skip
def test_dates_come_back(date: Date) -> None:
    (entry,) = _read(_write(Entry("k", "article-journal", (Field("issued", date),))).text).entries
    assert entry.date() == date


def test_what_nbib_cannot_hold_is_told() -> None:
    written = _write(Entry("k", "song", (Field("scale", "1:1"),), (Field("eprint", "1"),)))
    assert [each.code for each in written.problems] == ["LOS004", "LOS003", "LOS001", "LOS001"]


def test_the_tables_know_only_csl() -> None:
    assert {*TEXTS, *NAMES} <= vocab.VARIABLES
    assert {*TYPES.values(), *WRITTEN_TYPES, *(kind for _, kind in ERIC_TYPES)} <= vocab.TYPES
    assert all(TYPES[native] == kind for kind, native in WRITTEN_TYPES.items())


@pytest.mark.parametrize("text", ["2000 ²", "Article 10 2000"])
def test_of_a_date_in_odd_words_the_year_is_read_and_the_words_are_kept(text: str) -> None:
    (entry,) = _read(f"PMID- 1\nDP  - {text}\n").entries
    assert entry.date() == Date(2000)
    assert entry.beyond("DP") == text
    written = _write(entry)
    assert [each.code for each in written.problems] == ["LOS004"]
    assert _read(written.text).entries[0].beyond("DP") == text


def test_a_second_doi_is_kept() -> None:
    text = "PMID- 1\nLID - 10.1000/a [doi]\nAID - 10.1000/A [doi]\nAID - 10.1000/b [doi]\n"
    (entry,) = _read(text).entries
    assert entry.text("DOI") == "10.1000/a"
    assert [(each.name, each.value) for each in entry.extra] == [("AID", "10.1000/b [doi]")]


def test_kinds_of_issn_are_kept_and_written_once() -> None:
    text = "PMID- 1\nIS  - 1234-5679 (Print)\nIS  - 2049-3630 (Electronic)\n"
    (entry,) = _read(text).entries
    assert entry.text("ISSN") == "1234-5679 2049-3630"
    written = _write(entry).text
    assert "IS  - 1234-5679 (Print)\nIS  - 2049-3630 (Electronic)\n" in written
    assert written.count("1234-5679") == 1


def test_an_author_without_a_full_name_stands_in_his_place() -> None:
    (entry,) = _read("PMID- 1\nFAU - Doe, Jane\nAU  - Doe J\nAU  - Roe R\nAU  - Poe P\n").entries
    # The short form that follows another one is an author of his own.
    assert [name.family for name in entry.names("author")] == ["Doe", "Roe", "Poe"]


def test_the_date_of_the_first_appearance_is_read_and_written() -> None:
    (entry,) = _read("PMID- 1\nDP  - 2020 Jan\nDEP - 20191105\n").entries
    assert entry.date("available-date") == Date(2019, 11, 5)
    assert "DEP - 20191105\n" in _write(entry).text


def test_keywords_with_commas_stay_whole() -> None:
    text = "PMID- 1\nMH  - Neoplasms, Experimental\nMH  - Humans\n"
    (entry,) = _read(text).entries
    assert entry.text("keyword") == "Neoplasms, Experimental; Humans"
    assert "OT  - Neoplasms, Experimental\nOT  - Humans\n" in _write(entry).text


def test_tags_of_another_format_are_not_taken_for_nbibs() -> None:
    from refkit.formats.ris import FORMAT as RIS

    assert RIS.read is not None
    (entry,) = RIS.read(
        SourceText("a.ris", "TY  - JOUR\nTA  - Doe, J\nAD  - Oslo\nER  - \n")
    ).entries
    written = _write(entry)
    assert "TA  -" not in written.text
    assert "AD  - Oslo\n" in written.text
    assert any("'TA'" in each.message for each in written.problems)


@pytest.mark.parametrize(
    "text",
    ["1996 Jul 9", "2015 Nov-Dec", "2018 Dec-2019 Jan", "2019 Winter", "2019 Spring-Summer",
     "2020 Mar 12-18", "2020 Mar 30-Apr 3", "1998 Dec 30-1999 Jan 5", "1976"],
)  # fmt: skip
def test_dates_are_written_as_pubmed_writes_them(text: str) -> None:
    (entry,) = _read(f"PMID- 1\nDP  - {text}\n").entries
    assert entry.extra == ()
    assert f"DP  - {text}\n" in _write(entry).text
