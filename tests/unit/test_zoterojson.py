"""Zotero's item JSON: envelopes, children, the lines of `extra`, names, dates, tags, notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refkit.api import documents
from refkit.formats.bibtex import BIBTEX
from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.formats.zotero.tables import ITEM_TYPES, LACKING, TYPES
from refkit.formats.zoterojson import FORMAT, children, item_data
from refkit.model import vocab
from refkit.model.entry import OTHERS, Date, Entry, Field, Name
from refkit.model.report import Document, Severity, Written
from refkit.model.text import SourceText


def _read(items: object) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("items.json", json.dumps(items)))


def _write(*entries: Entry) -> Written:
    assert FORMAT.write is not None
    return FORMAT.write(entries)


def _one(item: dict[str, Any]) -> Entry:
    (entry,) = _read([item]).entries
    return entry


def _values(entry: Entry) -> dict[str, object]:
    return {field.name: field.value for field in entry.fields}


def test_each_item_type_comes_back_as_it_was(root: Path) -> None:
    text = (root / "tests/cases/zotero/items.json").read_text("utf-8")
    assert FORMAT.read is not None
    document = FORMAT.read(SourceText("items.json", text))
    assert document.problems == ()
    assert {entry.native_type for entry in document.entries} == set(TYPES)
    assert _write(*document.entries) == Written(text)


def test_each_item_type_is_read_in_csl_s_variables(root: Path) -> None:
    assert FORMAT.read is not None
    assert CSLJSON.write is not None
    text = (root / "tests/cases/zotero/items.json").read_text("utf-8")
    entries = FORMAT.read(SourceText("items.json", text)).entries
    golden = (root / "tests/cases/zotero/items.csl.json").read_text("utf-8")
    assert CSLJSON.write(entries).text == golden


def test_every_csl_type_is_written_as_one_that_csl_maps_back() -> None:
    assert set(ITEM_TYPES) == vocab.TYPES
    for kind in sorted(vocab.TYPES):
        written = _write(Entry("k", kind))
        (item,) = json.loads(written.text)
        assert written.problems == ()
        assert ("Type: " in item.get("extra", "")) is (kind in LACKING)


def test_items_come_as_the_api_sends_them_or_bare() -> None:
    data = {"itemType": "book", "title": "B", "date": "2001", "version": 3, "key": "ABCD2345"}
    sent = {"key": "ABCD2345", "version": 3, "library": {"id": 1}, "data": data, "meta": {}}
    for items in ([sent], [data], sent, {"items": [sent]}):
        document = _read(items)
        (entry,) = document.entries
        assert _values(entry) == {"title": "B", "issued": Date(2001)}
        assert entry.extra == ()
        assert document.tree == (data,)
        assert not [each for each in document.problems if each.severity is Severity.ERROR]


def test_notes_and_files_belong_to_their_parent_and_are_no_works() -> None:
    document = _read(
        [
            {"itemType": "note", "parentItem": "AAAA2222", "note": "<p>One</p><p>Two &amp; 3</p>"},
            {"key": "AAAA2222", "data": {"key": "AAAA2222", "itemType": "book", "title": "B"}},
            {"itemType": "note", "parentItem": "AAAA2222", "note": "<p>Another</p>"},
            {"itemType": "attachment", "parentItem": "AAAA2222", "title": "T", "path": "a:b.pdf",
             "contentType": "application/pdf", "linkMode": "linked_file"},
            {"itemType": "note", "key": "NNNN2222", "note": "<p>alone</p>"},
        ]
    )  # fmt: skip
    (entry,) = document.entries
    assert entry.text("annote") == "One\n\nTwo & 3"
    assert [(each.name, each.value) for each in entry.extra] == [
        ("annote", "Another"),
        ("file", r"T:a\:b.pdf:application/pdf"),
    ]
    (problem,) = document.problems
    assert problem.code == "LOS007"
    assert "NNNN2222" in problem.message


def test_children_may_stand_inside_their_parent() -> None:
    entry = _one(
        {
            "itemType": "book",
            "itemID": 7,
            "notes": [{"note": "<p>N</p>"}],
            "attachments": [{"title": "T", "path": "a.pdf", "mimeType": "application/pdf"}],
        }
    )
    assert entry.text("annote") == "N"
    assert [(e.name, e.value) for e in entry.extra] == [("file", "T:a.pdf:application/pdf")]


def test_what_is_of_the_library_alone_is_told_once() -> None:
    book = {"itemType": "book", "collections": ["ABCD2345"], "relations": {"owl:sameAs": "x"}}
    marks = [{"itemType": "annotation", "parentItem": "P", "annotationText": "t"}] * 3
    document = _read([book, book, *marks])
    assert [entry.extra for entry in document.entries] == [(), ()]
    assert [(each.code, each.severity) for each in document.problems] == [
        ("LOS007", Severity.INFO), ("LOS010", Severity.INFO),
    ]  # fmt: skip
    assert "3 annotations" in document.problems[0].message


def test_notes_are_written_as_children_of_a_key_that_is_always_the_same() -> None:
    entry = Entry("doe2020", "book", (Field("annote", "A <i>b</i>\n\nc < d"),))
    parent, note = json.loads(_write(entry).text)
    assert note["note"] == "<p>A <i>b</i></p>\n<p>c &lt; d</p>"
    assert note["parentItem"] == parent["key"]
    assert len(parent["key"]) == 8
    assert set(parent["key"]) <= set("23456789ABCDEFGHIJKLMNPQRSTUVWXYZ")
    assert json.loads(_write(entry).text)[0]["key"] == parent["key"]
    assert item_data(entry)["itemType"] == "book"
    assert "key" not in item_data(entry)
    assert children(entry) == [{k: v for k, v in note.items() if k != "parentItem"}]
    twins = [i["key"] for i in json.loads(_write(entry, entry).text) if "key" in i]
    assert len(set(twins)) == 2


def test_a_note_of_zotero_s_keeps_its_html() -> None:
    html = '<h1>Head</h1>\n<ul>\n<li>see <a href="https://e.org">this</a></li>\n</ul>'
    (entry,) = _read(
        [{"key": "A", "itemType": "book"}, {"itemType": "note", "parentItem": "A", "note": html}]
    ).entries
    assert entry.text("annote") == "Head\n\nsee this"
    assert children(entry)[0]["note"] == html


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ({"lastName": "van Gogh", "firstName": "Vincent"}, Name("Gogh", "Vincent", "van")),
        (
            {"lastName": "King", "firstName": "Martin Luther, Jr."},
            Name("King", "Martin Luther", suffix="Jr."),
        ),
        (
            {"lastName": "Humboldt", "firstName": "Alexander von"},
            Name("Humboldt", "Alexander", dropping_particle="von"),
        ),
        ({"name": "van der Vlist & Sons, Inc."}, Name(literal="van der Vlist & Sons, Inc.")),
        ({"lastName": '"van Gogh"', "firstName": "V."}, Name("van Gogh", "V.")),
        ({"lastName": "Plato", "firstName": ""}, Name("Plato")),
    ],
    ids=["particle", "suffix", "dropping", "single", "quoted", "family"],
)
def test_names_are_parted_as_zotero_parts_them(creator: dict[str, str], name: Name) -> None:
    entry = _one({"itemType": "book", "creators": [{"creatorType": "author", **creator}]})
    assert entry.names("author") == (name,)
    assert item_data(entry)["creators"] == [{"creatorType": "author", **creator}]


def test_and_others_is_told_and_no_person() -> None:
    written = _write(Entry("k", "book", (Field("author", (Name("Doe", "J"), OTHERS)),)))
    (item,) = json.loads(written.text)
    assert [each["lastName"] for each in item["creators"]] == ["Doe"]
    assert [each.code for each in written.problems] == ["LOS002"]


def test_what_has_no_field_is_a_line_that_zotero_reads() -> None:
    entry = Entry(
        "doe2020",
        "classic",
        (
            Field("title", "T"),
            Field("original-date", Date(1850)),
            Field("event-place", "Paris"),
            Field("status", "in press"),
            Field("PMID", "123"),
            Field("director", (Name("Welles", "Orson"), Name(literal="RKO"))),
            Field("accessed", Date(2020, 5)),
            Field("note", "Read this first"),
        ),
        (Field("eprint", "2502.08640"), Field("eprinttype", "arXiv"), Field("owner", "me")),
    )
    written = _write(entry)
    (item,) = json.loads(written.text)
    assert item["extra"].split("\n") == [
        "Type: classic",
        "Original Date: 1850",
        "Event Place: Paris",
        "Status: in press",
        "PMID: 123",
        "Director: Welles || Orson",
        "Director: RKO",
        "Accessed: 2020-05",
        "arXiv: 2502.08640",
        "tex.owner: me",
        "Read this first",
    ]
    assert written.problems == ()
    again = _one(item)
    assert (again.type, again.key, _values(again)) == (entry.type, entry.key, _values(entry))
    assert {(e.name, e.value) for e in again.extra} == {(e.name, e.value) for e in entry.extra}


@pytest.mark.parametrize(
    ("extra", "name", "value"),
    [
        ("original-date: 1850", "original-date", Date(1850)),
        ("originalDate: 1850", "original-date", Date(1850)),
        ("PMCID: PMC12", "PMCID", "PMC12"),
        ("Translator: Doe || Jane", "translator", (Name("Doe", "Jane"),)),
        ("my thoughts: none\nEdition: 2", "note", "my thoughts: none"),
    ],
)
def test_lines_come_in_all_the_forms_that_zotero_knows(
    extra: str, name: str, value: object
) -> None:
    assert _values(_one({"itemType": "letter", "extra": extra}))[name] == value


def test_a_line_never_displaces_a_field() -> None:
    entry = _one({"itemType": "book", "title": "B", "extra": "Title: Another"})
    assert entry.text("title") == "B"
    assert entry.text("note") == "title: Another"


def test_the_citation_key_is_a_field_or_a_line() -> None:
    assert _one({"itemType": "book", "citationKey": "doe"}).key == "doe"
    entry = _one({"itemType": "book", "extra": "Citation Key: doe\nmine"})
    assert (entry.key, entry.text("note")) == ("doe", "mine")


def test_a_type_that_zotero_lacks_leaves_the_item_s_own() -> None:
    entry = _one({"itemType": "magazineArticle", "title": "R", "extra": "Type: review"})
    assert entry.type == "review"
    assert item_data(entry)["itemType"] == "magazineArticle"
    assert item_data(entry)["extra"] == "Type: review"


def test_a_preprint_of_arxiv_names_its_id_and_its_archive() -> None:
    assert BIBTEX.read is not None
    text = "@misc{p, title={P}, eprint={2502.08640}, archiveprefix={arXiv}, primaryclass={cs.AI}}"
    (entry,) = BIBTEX.read(SourceText("a.bib", text)).entries
    data = item_data(entry)
    assert (data["itemType"], data["archiveID"], data["repository"]) == (
        "preprint", "arXiv:2502.08640", "arXiv",
    )  # fmt: skip
    assert data["extra"] == "tex.primaryclass: cs.AI"
    again = _one(data)
    assert BIBTEX.write is not None
    rewritten = BIBTEX.write([again]).text
    assert "eprint = {2502.08640}" in rewritten
    assert "archiveprefix = {arXiv}" in rewritten
    assert "primaryclass = {cs.AI}" in rewritten


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (Date(2010, 5, 12), "2010-05-12"),
        (Date(2010, season=1), "Spring 2010"),
        (Date(1850, circa=True), "circa 1850"),
        (Date(1850, uncertain=True), "1850?"),
        (Date(2010, 5, end=Date(2010, 6)), "2010-05/2010-06"),
        (Date(2010, end=Date()), "2010/"),
        (Date(-43), "44 BC"),
        (Date(literal="in press"), "in press"),
    ],
    ids=str,
)
def test_dates_are_iso_or_words(date: Date, text: str) -> None:
    entry = Entry("k", "book", (Field("issued", date),))
    assert item_data(entry)["date"] == text
    assert _one(item_data(entry)).date() == date


def test_the_time_of_access_is_its_day_and_stays_in_zotero() -> None:
    dates = {"date": "May 12, 2010", "accessDate": "2021-06-30T12:00:00Z"}
    entry = _one({"itemType": "book", **dates})
    assert entry.date("accessed") == Date(2021, 6, 30)
    assert item_data(entry).items() >= dates.items()


def test_keywords_are_tags_and_tags_of_zotero_s_stay_what_they_are() -> None:
    entry = Entry("k", "book", (Field("keyword", "one, two"),))
    assert item_data(entry)["tags"] == [{"tag": "one"}, {"tag": "two"}]
    assert item_data(Entry("k", "book", (Field("keyword", "a; b; a"),)))["tags"] == [
        {"tag": "a"}, {"tag": "b"},
    ]  # fmt: skip
    tags = [{"tag": "Smith, Adam"}, {"tag": "economics", "type": 1}]
    ours = _one({"itemType": "book", "tags": tags})
    assert ours.text("keyword") == "Smith, Adam; economics"
    assert item_data(ours)["tags"] == tags


def test_an_unknown_type_and_a_broken_item_cost_no_other() -> None:
    assert FORMAT.read is not None
    text = '[{"itemType": "scroll"}, {"itemType": "book", "title": }, {"itemType": "book"}]'
    document = FORMAT.read(SourceText("items.json", text))
    assert [entry.type for entry in document.entries] == ["document", "book"]
    assert {each.code for each in document.problems} == {"VAL001", "SYN020"}


def test_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    for name in ("items.json", "items"):
        path = tmp_path / name
        path.write_text('[\n {"key": "A", "data": {"itemType": "book"}}]', "utf-8")
        assert documents.read(path).format == "zoterojson"
    csl = tmp_path / "csl.json"
    csl.write_text('[{"id": "a", "type": "book"}]', "utf-8")
    assert documents.read(csl).format == "csljson"
