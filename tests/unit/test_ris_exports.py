"""RIS as publishers and other programs write it, and what has no tag in it."""

from __future__ import annotations

import pytest
from ris_texts import one, read, write

from refkit.model.entry import Date, Entry, Field, Name


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
    entry = one("TY  - JOUR", *lines)
    assert [(each.name, each.value) for each in entry.extra] == [kept]
    written = write(entry)
    assert written.problems == ()
    (again,) = read(written.text).entries
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
    entry = one("TY  - JOUR", *lines)
    assert entry.text("container-title") == journal
    assert entry.text("container-title-short") == short
    assert entry.beyond("T2") == beside
    (again,) = read(write(entry).text).entries
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
    entry = one("TY  - JOUR", f"SN  - {number}")
    assert {each.name: each.value for each in entry.fields} == expected


def test_scopus_and_endnote_share_a_tag_for_ids() -> None:
    entry = one("TY  - JOUR", "C2  - 20483455", "C2  - PMC12", "C2  - other")
    assert (entry.text("PMID"), entry.text("PMCID")) == ("20483455", "PMC12")
    assert entry.beyond("C2") == "other"
    again = read(write(entry).text).entries[0]
    assert (again.text("PMID"), again.text("PMCID"), again.beyond("C2")) == (
        "20483455", "PMC12", "other",
    )  # fmt: skip


def test_names_in_one_line_and_initials_first() -> None:
    entry = one(
        "TY  - CONF", "AU  - Doe, J.; Roe, R.", "AU  - A. B. van Poe", "AU  - A. Coli Group"
    )
    assert entry.names("author") == (
        Name("Doe", "J."), Name("Roe", "R."), Name("Poe", "A. B.", "van"),
        Name(literal="A. Coli Group"),
    )  # fmt: skip


def test_keywords_in_lines_lists_and_with_commas() -> None:
    assert one("TY  - JOUR", "KW  - a; b", "KW  - c\nd").text("keyword") == "a, b, c, d"
    entry = one("TY  - JOUR", "KW  - Neoplasms, Experimental", "KW  - Humans")
    assert entry.text("keyword") == "Neoplasms, Experimental; Humans"
    assert "KW  - Neoplasms, Experimental\nKW  - Humans\n" in write(entry).text


def test_an_unpublished_work_with_an_id_is_a_preprint() -> None:
    assert one("TY  - UNPB", "TI  - x").type == "manuscript"
    entry = one("TY  - UNPB", "UR  - https://arxiv.org/abs/2101.00001")
    assert entry.type == "article"
    assert write(entry).problems == ()


def test_the_place_of_a_conference_is_not_that_of_its_publisher() -> None:
    entry = one("TY  - CPAPER", "T2  - ICML", "CY  - Oslo")
    assert (entry.text("event-title"), entry.text("event-place")) == ("ICML", "Oslo")
    both = one("TY  - CONF", "C3  - Proc", "T2  - ICML", "CY  - Oslo")
    assert both.text("event-place") == "Oslo"
    for each in (entry, both):
        again = read(write(each).text).entries[0]
        assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in each.fields}


def test_an_extra_is_not_written_where_it_would_be_a_variable() -> None:
    entry = Entry("k", "article-journal", (Field("title", "T"),), (Field("IS", "not an issue"),))
    written = write(entry)
    assert "IS  -" not in written.text
    assert [(each.code, each.key) for each in written.problems] == [("LOS001", "k")]


@pytest.mark.parametrize("tag", ["TY", "ER"])
def test_an_extra_never_begins_or_ends_a_record(tag: str) -> None:
    written = write(Entry("k", "book", (Field("title", "T"),), (Field(tag, "x"),)))
    assert len(read(written.text).entries) == 1
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
    written = write(entry)
    assert written.problems == ()
    assert written.text.count("M2  - ") == 5
    assert "M2  - Illustrator: van Gogh || V., Jr\nM2  - Illustrator: A, B\n" in written.text
    (again,) = read(written.text).entries
    assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in entry.fields}


def test_only_variables_that_are_not_said_elsewhere_are_taken_from_extra() -> None:
    entry = one(
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
    written = write(entry)
    assert "M2  - tex.primaryclass: cs.LG\nM2  - tex.file: a.pdf\n" in written.text
    assert [each.code for each in written.problems] == ["LOS011"]
    (again,) = read(written.text).entries
    assert [(each.name, each.value) for each in again.extra] == [
        ("primaryclass", "cs.LG"), ("file", "a.pdf"),
    ]  # fmt: skip
    assert write(again).text == written.text


def test_lines_of_extra_that_say_nothing_known_stay() -> None:
    entry = one("TY  - JOUR", "M2  - PMID: 12\na note\nType: review-book")
    assert (entry.type, entry.text("PMID")) == ("review-book", "12")
    assert [(each.name, each.value) for each in entry.extra] == [("M2", "a note")]
