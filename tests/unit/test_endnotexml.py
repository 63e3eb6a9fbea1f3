"""EndNote XML: styled text, types, broken and hostile files."""

from __future__ import annotations

import pytest

from refkit.formats.endnotexml import FORMAT
from refkit.formats.endnotexml.tables import ELEMENTS, NEAREST, TYPES, WRITTEN
from refkit.formats.ris.tables import _TYPES as RIS_TYPES
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.report import Document, Written
from refkit.model.text import SourceText


def _read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.xml", text))


def _write(*entries: Entry) -> Written:
    assert FORMAT.write is not None
    return FORMAT.write(entries)


RECORD = (
    '<record><database name="x.enl" path="x.enl">x.enl</database><rec-number>7</rec-number>'
    '<ref-type name="Journal Article">17</ref-type><contributors><authors>'
    '<author><style face="normal" font="default" size="100%">Doe, Jane</style></author>'
    "<author>van Gogh, V.</author></authors></contributors><titles><title>"
    '<style face="normal" font="default" size="100%">On </style>'
    '<style face="italic" font="default" size="100%">E. coli</style>'
    '<style face="bold superscript">2</style> &amp; co</title>'
    "<secondary-title>Journal of Things</secondary-title></titles><periodical>"
    "<full-title>Journal of Things</full-title><abbr-1>J. Things</abbr-1></periodical>"
    "<pages>12-34</pages><volume>3</volume><number>4</number>"
    "<keywords><keyword>one</keyword><keyword>two</keyword></keywords>"
    "<dates><year>2010</year><pub-dates><date>May 12</date></pub-dates></dates>"
    "<isbn>1234-5679</isbn><electronic-resource-num>10.1000/x</electronic-resource-num>"
    "<urls><related-urls><url>https://e.org</url></related-urls></urls></record>"
)


def test_a_record_as_endnote_writes_it() -> None:
    document = _read(
        f'<?xml version="1.0" encoding="UTF-8"?><xml><records>{RECORD}</records></xml>'
    )
    (entry,) = document.entries
    assert {field.name: field.value for field in entry.fields} == {
        "DOI": "10.1000/x",
        "page": "12-34",
        "ISSN": "1234-5679",
        "issued": Date(2010, 5, 12),
        "title": "On <i>E. coli</i><b><sup>2</sup></b> & co",
        "container-title": "Journal of Things",
        "container-title-short": "J. Things",
        "author": (Name("Doe", "Jane"), Name("Gogh", "V.", "van")),
        "volume": "3",
        "issue": "4",
        "keyword": "one, two",
        "URL": "https://e.org",
    }
    assert (entry.type, entry.native_type, entry.key) == ("article-journal", "JOUR", "Doe2010")
    assert entry.extra == ()
    assert entry.origin.span is not None
    assert document.source.slice(entry.origin.span).startswith(RECORD)


def test_a_file_that_breaks_off_gives_its_whole_records() -> None:
    text = f"<xml><records>\n{RECORD}\n{RECORD[:200]}"
    document = _read(text)
    assert len(document.entries) == 1
    (problem,) = document.problems
    assert problem.code == "SYN020"
    assert problem.span is not None
    assert document.source.position(problem.span.start).line >= 3


@pytest.mark.parametrize(
    ("entity", "title"),
    [('<!ENTITY a "ha">', "x&a;"), ('<!ENTITY a SYSTEM "file:///etc/hostname">', "x&a;")],
    ids=["own", "a file"],
)
def test_entities_are_neither_loaded_nor_expanded(entity: str, title: str) -> None:
    record = "<record><titles><title>x&a;</title></titles></record>"
    text = f"<!DOCTYPE xml [{entity}]><xml><records>{record}</records></xml>"
    assert [entry.text("title") for entry in _read(text).entries] == [title]


def test_a_bomb_of_entities_is_refused() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    record = "<record><titles><title>x&a11;</title></titles></record>"
    text = f'<!DOCTYPE xml [<!ENTITY a0 "ha">{bomb}]><xml><records>{record}</records></xml>'
    document = _read(text)
    assert document.entries == ()
    assert [problem.code for problem in document.problems] == ["SYN020"]


def test_an_unknown_type_is_generic_and_told() -> None:
    document = _read(
        '<xml><records><record><ref-type name="Own Type">77</ref-type></record></records></xml>'
    )
    assert document.entries[0].type == "document"
    assert [problem.code for problem in document.problems] == ["VAL001"]


def test_our_records_come_back() -> None:
    entry = Entry(
        "doe:2010",
        "chapter",
        (
            Field("title", "<i>A</i> & <sub>b</sub> < c"),
            Field("author", (Name("Doe", "Jane"),)),
            Field("editor", (Name("Roe", "Richard", suffix="Jr"),)),
            Field("container-title", "B"),
            Field("page", "1-9"),
            Field("issued", Date(2010, 5, end=Date())),
            Field("keyword", "x, y"),
            Field("URL", "https://e.org/?a=1&b=2"),
        ),
        (Field("C8", "lost"), Field("AD", "kept")),
    )
    written = _write(entry)
    (again,) = _read(written.text).entries
    assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in entry.fields}
    assert again.key == entry.key
    assert [(each.code, each.message) for each in written.problems] == [
        ("LOS001", "EndNote XML cannot hold 'C8'; it is left out (csljson holds it)")
    ]


@pytest.mark.parametrize("rich", ['<span class="nocase">DNA</span>', "a\x00b"])
def test_what_xml_cannot_hold_is_told(rich: str) -> None:
    written = _write(Entry("k", "book", (Field("title", rich),)))
    assert [each.code for each in written.problems] == ["LOS002"]
    assert _read(written.text).problems == ()


def test_the_tables_agree_with_each_other() -> None:
    paths = {path for path, _ in ELEMENTS}
    assert {path for path in WRITTEN.values() if path} <= paths
    assert set(RIS_TYPES) == set(TYPES) | set(NEAREST)
    assert set(NEAREST.values()) <= set(TYPES)
    assert len({number for _, number in TYPES.values()}) == len(TYPES)


def test_a_conference_without_proceedings_is_kept() -> None:
    written = _write(Entry("k", "paper-conference", (Field("event-title", "ICML"),)))
    assert not written.problems
    (again,) = _read(written.text).entries
    assert again.text("event-title") == "ICML"


def test_bytes_that_were_no_text_are_replaced() -> None:
    record = RECORD.replace("On ", "On \udcff")
    (entry,) = _read(f"<xml><records>{record}</records></xml>").entries
    assert entry.text("title").startswith("On \ufffd")


def test_elements_without_a_tag_are_kept_and_written_in_their_place() -> None:
    record = RECORD.replace(
        "<isbn>",
        "<reprint-status>none</reprint-status><report-id>R-1</report-id><isbn>",
    ).replace("</record>", "<custom8>c</custom8><own><a>1</a><a>2</a></own></record>")
    (entry,) = _read(f"<xml><records>{record}</records></xml>").entries
    assert sorted((each.name, each.value) for each in entry.extra) == [
        ("custom8", "c"), ("own/a", "1"), ("own/a", "2"),
        ("report-id", "R-1"), ("reprint-status", "none"),
    ]  # fmt: skip
    written = _write(entry)
    assert "<report-id>R-1</report-id><electronic-resource-num>" in written.text
    assert {each.message.split("'")[1] for each in written.problems} == {"custom8", "own/a"}


def test_a_face_that_csl_lacks_is_told() -> None:
    record = RECORD.replace('face="italic"', 'face="underline italic"')
    document = _read(f"<xml><records>{record}</records></xml>")
    assert document.entries[0].text("title").startswith("On <i>E. coli</i>")
    assert [(each.code, "underline" in each.message) for each in document.problems] == [
        ("VAL002", True)
    ]


def test_the_number_of_a_section_is_that_of_its_series() -> None:
    record = RECORD.replace('"Journal Article">17', '"Book Section">5')
    (entry,) = _read(f"<xml><records>{record}</records></xml>").entries
    assert entry.text("collection-number") == "4"
    assert "<number>4</number>" in _write(entry).text


def test_nothing_is_written_where_it_would_be_something_else() -> None:
    entry = Entry("k", "article-journal", (Field("title", "T"), Field("collection-number", "7")))
    written = _write(entry)
    assert "<number>" not in written.text
    assert [(each.code, each.key) for each in written.problems] == [("LOS001", "k")]


@pytest.mark.parametrize("kind", ["", "CASE", "CHAP", "ELEC", "JFULL", "SLIDE", "SOUND", "VIDEO"])
def test_every_type_is_written_with_endnotes_own_number(kind: str) -> None:
    text = _write(Entry("k", "document", native_type=kind)).text
    numbers = {f'<ref-type name="{name}">{number}<' for name, number in TYPES.values()}
    assert any(each in text for each in numbers)


def test_xml_of_another_kind_is_refused() -> None:
    document = _read("<?xml version='1.0'?>\n<mods><title>x</title></mods>")
    (problem,) = document.problems
    assert (document.entries, problem.code) == ((), "SYN020")
    assert "'mods'" in problem.message
    assert problem.span is not None
    assert document.source.position(problem.span.start).line == 2
    assert _read("<xml><records/></xml>").problems == ()
