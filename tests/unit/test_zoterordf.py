"""Zotero RDF: as Zotero writes it, as it must be to be read there, and hostile files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refkit.api import documents
from refkit.formats.bibtex import BIBLATEX
from refkit.formats.zoterojson import FORMAT as JSON
from refkit.formats.zoterordf import FORMAT
from refkit.formats.zoterordf.tables import NAMESPACES, iri
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.report import Document, Written
from refkit.model.text import SourceText

_SPACES = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in NAMESPACES.items())


def _read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.rdf", text))


def _inside(body: str) -> Document:
    return _read(f'<?xml version="1.0"?>\n<rdf:RDF {_SPACES}>\n{body}\n</rdf:RDF>\n')


def _write(*entries: Entry) -> Written:
    assert FORMAT.write is not None
    return FORMAT.write(entries)


def _values(entry: Entry) -> dict[str, object]:
    return {field.name: field.value for field in entry.fields}


EXPORTED = """
<bib:Article rdf:about="https://example.org/a">
  <z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf rdf:resource="urn:issn:1234-5679"/>
  <bib:authors><rdf:Seq>
    <rdf:li><foaf:Person><foaf:surname>van Gogh</foaf:surname>
      <foaf:givenname>Vincent</foaf:givenname></foaf:Person></rdf:li>
    <rdf:li><foaf:Person><foaf:surname>Example Society</foaf:surname></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors>
  <dcterms:isReferencedBy rdf:resource="#item_12"/>
  <link:link rdf:resource="#item_13"/>
  <dc:subject>painting</dc:subject>
  <dc:subject><z:AutomaticTag><rdf:value>letters</rdf:value></z:AutomaticTag></dc:subject>
  <dc:subject><dcterms:LCC><rdf:value>ND653</rdf:value></dcterms:LCC></dc:subject>
  <dc:title>On &lt;i&gt;Colour&lt;/i&gt;</dc:title>
  <dcterms:abstract>Short.</dcterms:abstract>
  <dc:date>2020-05-17</dc:date>
  <z:language>en</z:language>
  <z:shortTitle>Colour</z:shortTitle>
  <z:libraryCatalog>Catalogue</z:libraryCatalog>
  <dc:identifier><dcterms:URI><rdf:value>https://example.org/a</rdf:value></dcterms:URI></dc:identifier>
  <dcterms:dateSubmitted>2021-06-30 10:00:00</dcterms:dateSubmitted>
  <dc:description>Citation Key: gogh2020
PMID: 7
mine</dc:description>
  <bib:pages>1-9</bib:pages>
</bib:Article>
<bib:Journal rdf:about="urn:issn:1234-5679">
  <dc:title>Nature</dc:title>
  <dcterms:alternative>Nat.</dcterms:alternative>
  <prism:volume>3</prism:volume>
  <prism:number>4</prism:number>
  <dc:identifier>DOI 10.5555/a</dc:identifier>
  <dc:identifier>ISSN 1234-5679</dc:identifier>
</bib:Journal>
<bib:Memo rdf:about="#item_12"><rdf:value>&lt;p&gt;A note&lt;/p&gt;</rdf:value></bib:Memo>
<z:Attachment rdf:about="#item_13">
  <z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="files/13/a.pdf"/>
  <dc:title>Full Text</dc:title>
  <link:type>application/pdf</link:type>
</z:Attachment>
<z:Collection rdf:about="#collection_1">
  <dc:title>Painters</dc:title>
  <dcterms:hasPart rdf:resource="https://example.org/a"/>
</z:Collection>
<bib:Memo rdf:about="#item_99"><rdf:value>alone</rdf:value></bib:Memo>
"""


def test_an_export_of_zotero_s_is_read_whole() -> None:
    document = _inside(EXPORTED)
    (entry,) = document.entries
    assert (entry.key, entry.type, entry.native_type) == (
        "gogh2020", "article-journal", "journalArticle",
    )  # fmt: skip
    assert _values(entry) == {
        "title": "On <i>Colour</i>",
        "title-short": "Colour",
        "author": (Name("Gogh", "Vincent", "van"), Name(literal="Example Society")),
        "container-title": "Nature",
        "container-title-short": "Nat.",
        "volume": "3",
        "issue": "4",
        "page": "1-9",
        "issued": Date(2020, 5, 17),
        "accessed": Date(2021, 6, 30),
        "abstract": "Short.",
        "language": "en",
        "source": "Catalogue",
        "call-number": "ND653",
        "DOI": "10.5555/a",
        "ISSN": "1234-5679",
        "URL": "https://example.org/a",
        "PMID": "7",
        "keyword": "painting, letters",
        "annote": "A note",
        "note": "mine",
    }
    assert [(each.name, each.value) for each in entry.extra] == [
        ("file", "Full Text:files/13/a.pdf:application/pdf"),
        ("groups", "Painters"),
    ]
    assert [(each.code, "#item_99" in each.message) for each in document.problems] == [
        ("LOS007", True)
    ]
    assert entry.origin.span is not None
    assert document.source.slice(entry.origin.span).startswith("<bib:Article")


def test_each_item_type_is_written_as_zotero_writes_it_and_read_again(root: Path) -> None:
    items = (root / "tests/cases/zotero/items.json").read_text("utf-8")
    golden = (root / "tests/cases/zotero/items.rdf").read_text("utf-8")
    assert JSON.read is not None
    assert JSON.write is not None
    assert _write(*JSON.read(SourceText("items.json", items)).entries) == Written(golden)
    assert JSON.write(_read(golden).entries) == Written(items)


def test_what_is_written_is_rdf(root: Path) -> None:
    rdflib = pytest.importorskip("rdflib", reason="the extra 'test' installs rdflib")
    graph = rdflib.Graph()
    graph.parse(str(root / "tests/cases/zotero/items.rdf"), format="xml")
    items = json.loads((root / "tests/cases/zotero/items.json").read_text("utf-8"))
    named = {kind: subject for subject, kind in graph.subject_objects(_uri(rdflib, "z:itemType"))}
    assert {str(kind) for kind in named} == {item["itemType"] for item in items}
    assert all(isinstance(subject, rdflib.URIRef) for subject in named.values())
    report = named[rdflib.Literal("report")]
    assert graph.value(report, rdflib.RDF.type) == _uri(rdflib, "bib:Report")
    body = graph.value(report, _uri(rdflib, "dc:publisher"))
    assert graph.value(body, rdflib.RDF.type) == _uri(rdflib, "foaf:Organization")
    authors = graph.value(report, _uri(rdflib, "bib:authors"))
    assert graph.value(authors, rdflib.RDF.type) == rdflib.RDF.Seq
    person = graph.value(authors, rdflib.RDF._1)
    assert graph.value(person, rdflib.RDF.type) == _uri(rdflib, "foaf:Person")
    article = named[rdflib.Literal("journalArticle")]
    journal = graph.value(article, _uri(rdflib, "dcterms:isPartOf"))
    assert str(journal) == "urn:issn:1234-5629"
    identifiers = {str(each) for each in graph.objects(journal, _uri(rdflib, "dc:identifier"))}
    assert identifiers == {"DOI 10.5555/journalarticle", "ISSN 1234-5629"}
    known = tuple(NAMESPACES.values())
    assert all(str(predicate).startswith(known) for predicate in graph.predicates())


def _uri(rdflib: object, name: str) -> object:
    return rdflib.URIRef(iri(name))  # type: ignore[attr-defined]


def test_a_number_that_no_container_has_is_where_zotero_looks_for_it() -> None:
    written = _write(Entry("k", "report", (Field("number", "TR-1"),)))
    assert "<prism:number>TR-1</prism:number>" in written.text
    assert "<z:number>TR-1</z:number>" in written.text
    assert _read(written.text).entries[0].text("number") == "TR-1"


def test_a_date_of_access_is_not_taken_for_the_date() -> None:
    accessed = Field("accessed", Date(2021, 6, 30))
    alone = _write(Entry("k", "webpage", (accessed,))).text
    assert "<z:accessDate>2021-06-30</z:accessDate>" in alone
    assert "dateSubmitted" not in alone
    assert (
        "dateSubmitted"
        in _write(Entry("k", "webpage", (accessed, Field("issued", Date(2020))))).text
    )


def test_the_title_of_a_programme_is_not_written_over_its_own() -> None:
    entry = Entry("k", "broadcast", (Field("title", "T"), Field("container-title", "C")))
    written = _write(entry)
    assert written.text.count("<dc:title>") == 1
    assert _values(_read(written.text).entries[0]) == _values(entry)


def test_creators_that_zotero_passes_over_are_lines() -> None:
    entry = Entry("k", "motion_picture", (Field("performer", (Name("Welles", "Orson"),)),))
    written = _write(entry)
    assert "Performer: Welles || Orson" in written.text.replace("performer", "Performer")
    assert "castMember" not in written.text
    assert _values(_read(written.text).entries[0]) == _values(entry)


def test_ids_are_unique_and_the_same_each_time() -> None:
    url, isbn = Field("URL", "https://e.org"), Field("ISBN", "978-3-16-148410-0")
    entries = [
        Entry("a", "book", (isbn,)), Entry("b", "book", (isbn, url)), Entry("c", "webpage", (url,)),
        Entry("d", "webpage", (Field("URL", "not an address"),)),
    ]  # fmt: skip
    text = _write(*entries).text
    about = [line.split('"')[1] for line in text.splitlines() if "rdf:about" in line]
    assert about == ["urn:isbn:978-3-16-148410-0", "https://e.org", "#item_1", "#item_2"]
    assert _write(*entries).text == text
    assert [entry.key for entry in _read(text).entries] == ["a", "b", "c", "d"]


def test_two_volumes_of_a_journal_stay_apart() -> None:
    entries = [
        Entry(key, "article-journal", (Field("ISSN", "1234-5679"), Field("volume", volume)))
        for key, volume in (("a", "1"), ("b", "2"))
    ]
    again = _read(_write(*entries).text).entries
    assert [entry.text("volume") for entry in again] == ["1", "2"]


def test_groups_and_files_of_a_bib_file_are_collections_and_attachments() -> None:
    assert BIBLATEX.read is not None
    text = (
        "@book{a, title={A}, groups={G1, G2}, file={P:files/a.pdf:application/pdf}}"
        "@book{b, title={B}, groups={G2}, file={b.pdf}}"
    )
    entries = BIBLATEX.read(SourceText("a.bib", text)).entries
    written = _write(*entries)
    assert written.problems == ()
    assert written.text.count("<z:Collection ") == 2
    assert "<z:path>files/a.pdf</z:path>" in written.text
    assert "tex.file: b.pdf" in written.text
    again = _read(written.text).entries
    for entry, read_back in zip(entries, again, strict=True):
        assert {(e.name, e.value) for e in entry.extra} == {
            (e.name, e.value) for e in read_back.extra
        }


def test_items_without_a_type_are_known_by_their_class() -> None:
    (entry,) = _inside(
        "<bib:Article><dc:title>T</dc:title><dcterms:isPartOf><bib:Newspaper>"
        "<dc:title>N</dc:title></bib:Newspaper></dcterms:isPartOf></bib:Article>"
    ).entries
    assert (entry.type, _values(entry)) == (
        "article-newspaper", {"title": "T", "container-title": "N"},
    )  # fmt: skip


def test_what_xml_cannot_hold_is_told() -> None:
    written = _write(Entry("k", "book", (Field("title", "a\x00b"),)))
    assert [each.code for each in written.problems] == ["LOS002"]
    assert _read(written.text).problems == ()


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/hostname">'], ids=["own", "file"]
)
def test_entities_are_neither_loaded_nor_expanded(entity: str) -> None:
    body = "<bib:Book><dc:title>x&a;</dc:title></bib:Book>"
    text = f"<!DOCTYPE r [{entity}]><rdf:RDF {_SPACES}>{body}</rdf:RDF>"
    assert [entry.text("title") for entry in _read(text).entries] == ["x&a;"]


def test_a_bomb_of_entities_does_no_harm() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = "<bib:Book><dc:title>x&a11;</dc:title></bib:Book>"
    text = f'<!DOCTYPE r [<!ENTITY a0 "ha">{bomb}]><rdf:RDF {_SPACES}>{body}</rdf:RDF>'
    document = _read(text)
    assert all(len(entry.text("title")) < 100 for entry in document.entries)


def test_a_file_that_breaks_off_gives_what_it_has() -> None:
    text = f"<rdf:RDF {_SPACES}>\n{EXPORTED}\n<bib:Book><dc:title>Half"
    document = _read(text)
    assert document.entries[0].key == "gogh2020"
    assert document.problems[0].code == "SYN020"
    assert document.problems[0].span is not None
    assert document.source.position(document.problems[0].span.start).line >= 50


def test_what_is_no_rdf_is_told() -> None:
    for text in ("", "plain text", "<html/>"):
        document = _read(text)
        assert document.entries == ()
        assert [each.code for each in document.problems] == ["SYN020"]


def test_a_file_is_known_by_its_suffix_and_by_what_it_holds(tmp_path: Path) -> None:
    for name in ("refs.rdf", "refs.xml", "refs"):
        path = tmp_path / name
        path.write_text(f"<?xml version='1.0'?>\n<rdf:RDF {_SPACES}>{EXPORTED}</rdf:RDF>", "utf-8")
        document = documents.read(path)
        assert (document.format, len(document.entries)) == ("zoterordf", 1)
    assert documents.format_of("new.rdf").name == "zoterordf"
