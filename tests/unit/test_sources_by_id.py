"""Sources by id against services on loopback that answer in their documented forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refkit import plugins
from refkit.config import URLS, SourceSettings, urls_in
from refkit.errors import InputError, SourceError
from refkit.model.entry import Date, Entry, Name
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.fetch import Surroundings
from refkit.net.httpd import Server
from refkit.normalise.ids import parse_id
from refkit.sources import arxiv, datacite, dblp, openalex, openlibrary, pubmed, semanticscholar
from refkit.sources.service import Service
from tests.services import FAULTS, Services, addresses, arxiv_entry, as_json, atom, services

MAKERS = {
    "arxiv": arxiv.ArxivSource,
    "datacite": datacite.DataciteSource,
    "openlibrary": openlibrary.OpenLibrarySource,
    "pubmed": pubmed.PubmedSource,
    "openalex": openalex.OpenAlexSource,
    "semanticscholar": semanticscholar.SemanticScholarSource,
    "dblp": dblp.DblpSource,
}
KNOWN = {
    "arxiv": "arxiv:1706.03762",
    "datacite": "doi:10.5438/0012",
    "openlibrary": "isbn:9780262046305",
    "pubmed": "pmid:2231712",
    "openalex": "doi:10.1038/nature14539",
    "semanticscholar": "doi:10.1038/nature14539",
    "dblp": "doi:10.1038/nature14539",
}
UNKNOWN = {
    "arxiv": "arxiv:9912.99999",
    "datacite": "doi:10.5438/none",
    "openlibrary": "isbn:9780306406157",
    "pubmed": "pmid:99999999",
    "openalex": "doi:10.1000/none",
    "semanticscholar": "doi:10.1000/none",
    "dblp": "doi:10.1000/none",
}


def an_id(text: str) -> Id:
    found = parse_id(text)
    assert found is not None
    return found


class World:
    """The services, and sources that wait in no real time."""

    def __init__(self, handler: Services, server: Server, cache: Path) -> None:
        self.handler = handler
        self.server = server
        self.cache = cache
        self.time = 0.0
        self.made: list[Service] = []

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def source(self, name: str, **settings: Any) -> Service:
        world = Surroundings(
            clock=lambda: self.time,
            sleep=self.sleep,
            now=lambda: 1_790_000_000.0 + self.time,
            chance=lambda: 0.5,
        )
        options = {"urls": addresses(self.server), "cache_path": str(self.cache), **settings}
        self.made.append(MAKERS[name](SourceSettings(**options), world))
        return self.made[-1]

    def entry(self, name: str, text: str) -> Entry:
        return self.source(name).resolve([an_id(text)])[an_id(text)].entry


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with services() as (handler, server):
        made = World(handler, server, tmp_path / "responses.sqlite")
        yield made
        for each in made.made:
            each.close()


def facts(entry: Entry) -> dict[str, object]:
    return {each.name: each.value for each in entry.fields}


def test_an_arxiv_paper(world: World) -> None:
    entry = world.entry("arxiv", "arxiv:hep-th/9711200")
    assert entry.type == "article"
    assert facts(entry) == {
        "title": "The Large N Limit of Superconformal Field Theories and Supergravity",
        "author": (Name("Maldacena", "Juan M."),),
        "issued": Date(1997, 11, 27),
        "number": "arXiv:hep-th/9711200",
        "publisher": "arXiv",
        "DOI": "10.48550/arXiv.hep-th/9711200",
        "URL": "https://arxiv.org/abs/hep-th/9711200",
    }
    assert {each.name: each.value for each in entry.extra} == {
        "eprint": "hep-th/9711200",
        "eprinttype": "arxiv",
        "eprintclass": "hep-th",
        "arxiv-version": "v3",
        "arxiv-doi": "10.1023/A:1026654312961",
        "journal-ref": "Adv.Theor.Math.Phys.2:231-252,1998",
    }
    assert (entry.origin.source, entry.origin.ref) == ("arxiv", "10.48550/arxiv.hep-th/9711200")
    assert entry.origin.fetched == "2026-09-21T14:13:20Z"


@pytest.mark.parametrize(
    ("format_", "kind", "group"),
    [("biblatex", "eprinttype", "eprintclass"), ("bibtex", "archiveprefix", "primaryclass")],
)
def test_an_arxiv_paper_keeps_its_eprint_fields_in_a_bib_file(
    world: World, format_: str, kind: str, group: str
) -> None:
    writer = plugins.load("refkit.formats", format_).write
    text = writer([world.entry("arxiv", "arxiv:hep-th/9711200")]).text
    for line in ("eprint = {hep-th/9711200}", f"{kind} = {{arxiv}}", f"{group} = {{hep-th}}"):
        assert line in text


def test_a_version_of_an_arxiv_paper_is_cited_as_that_version(world: World) -> None:
    ids = [an_id("arxiv:1706.03762v7"), an_id("arxiv:1706.03762"), an_id("arxiv:1706.03762v1")]
    found = world.source("arxiv").resolve(ids)
    assert [found[each].entry.text("number") for each in ids] == [
        "arXiv:1706.03762v7", "arXiv:1706.03762", "arXiv:1706.03762v1",
    ]  # fmt: skip
    assert found[ids[0]].entry.date() == Date(2023, 8, 2)
    assert found[ids[1]].entry.date() == Date(2017, 6, 12)
    assert found[ids[1]].entry.beyond("arxiv-version") == "v7"
    assert found[ids[1]].entry.text("title") == "Attention Is All You Need"
    assert found[ids[2]].id == "https://arxiv.org/abs/1706.03762v1"
    assert world.handler.counts == {"arxiv": 1}


def test_arxiv_is_asked_for_fifty_ids_at_once_and_every_three_seconds(world: World) -> None:
    paper = world.handler.papers["1706.03762"]
    numbers = [f"2301.{number:05}" for number in range(120)]
    world.handler.papers |= dict.fromkeys(numbers, paper)
    found = world.source("arxiv").resolve([Id("arxiv", each) for each in numbers])
    assert [each.value for each in found] == numbers
    assert world.handler.counts == {"arxiv": 3}
    assert world.time >= 6.0


def test_arxiv_is_asked_for_the_dois_that_are_its_own_only(world: World) -> None:
    source = world.source("arxiv")
    found = source.lookup(["10.1000/x", "10.48550/arXiv.1706.03762"])
    assert list(found) == ["10.48550/arxiv.1706.03762"]
    assert source.lookup(["10.1000/x", "10.48550/arXiv.no,id"]) == {}
    assert world.handler.counts == {"arxiv": 1}


def test_an_empty_feed_of_arxiv_is_asked_for_twice_before_it_is_believed(world: World) -> None:
    assert world.source("arxiv").resolve([an_id(UNKNOWN["arxiv"])]) == {}
    assert world.handler.counts == {"arxiv": 2}


def test_arxivs_error_entry_is_no_answer(world: World) -> None:
    error = (
        "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id>"
        "<title>Error</title><summary>incorrect id format for x</summary></entry>"
    )
    world.handler.faults["arxiv"] = atom([error])
    with pytest.raises(SourceError, match="it refuses: incorrect id format for x"):
        world.source("arxiv").resolve([an_id(KNOWN["arxiv"])])


def test_another_paper_than_asked_for_is_unknown(world: World) -> None:
    paper = world.handler.papers["1706.03762"]
    world.handler.faults["arxiv"] = atom([arxiv_entry("2301.00001", paper)])
    assert world.source("arxiv").resolve([an_id(KNOWN["arxiv"])]) == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", particle="van")),
        ("The ATLAS Collaboration", Name(literal="The ATLAS Collaboration")),
        ("Madonna", Name("Madonna")),
        ("", None),
    ],
)
def test_names_in_one_piece(text: str, name: Name | None) -> None:
    from refkit.sources.service import whole_name

    assert whole_name(text) == name


def test_a_preprint_of_datacite(world: World) -> None:
    entry = world.entry("datacite", "doi:10.48550/arXiv.1706.03762")
    assert entry.type == "article"
    assert entry.names("author")[5] == Name("Gomez", "Aidan N.")
    assert entry.date() == Date(2017, 6, 12)
    assert (entry.text("publisher"), entry.text("number")) == ("arXiv", "arXiv:1706.03762")
    assert (entry.beyond("eprint"), entry.beyond("eprinttype")) == ("1706.03762", "arxiv")
    assert entry.text("collection-title") == entry.text("container-title") == ""


def test_a_report_of_datacite(world: World) -> None:
    entry = world.entry("datacite", KNOWN["datacite"])
    assert entry.type == "report"
    assert facts(entry) == {
        "title": "DataCite Metadata Schema: Documentation, Version 4.0",
        "author": (Name(literal="DataCite Metadata Working Group"),),
        "editor": (Name("Starr", "Joan"),),
        "issued": Date(2016, 9, 19),
        "publisher": "DataCite e.V.",
        "language": "en",
        "DOI": "10.5438/0012",
        "URL": "https://schema.datacite.org/meta/kernel-4.0/",
    }


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ({"resourceTypeGeneral": "JournalArticle", "citeproc": "article"}, "article-journal"),
        ({"resourceTypeGeneral": "Text", "citeproc": "thesis"}, "thesis"),
        ({"resourceTypeGeneral": "Text", "citeproc": "unheard-of"}, "document"),
        ({"resourceTypeGeneral": 1}, "document"),
        (None, "document"),
    ],
)
def test_types_of_datacite(world: World, types: Any, kind: str) -> None:
    attributes = {"doi": "10.1000/a", "types": types}
    world.handler.faults["datacite"] = as_json(200, {"data": {"attributes": attributes}})
    assert world.entry("datacite", "doi:10.1000/a").type == kind


def test_an_article_of_datacite(world: World) -> None:
    attributes = {
        "doi": "10.1000/A",
        "titles": [{"title": "Autre", "titleType": "TranslatedTitle"}, {"title": "On <i>x</i>"}],
        "creators": [
            {"name": "Doe, Jane"},
            {"name": "Jan van der Berg", "nameType": "Personal"},
            {"name": "The Team", "nameType": "Organizational"},
            {"givenName": "No name"},
            "nonsense",
        ],
        "container": {
            "type": "Journal",
            "title": "J. Ex.",
            "volume": "3",
            "issue": "2",
            "firstPage": "10",
            "lastPage": "19",
            "identifier": "1234-5679",
            "identifierType": "ISSN",
        },
        "publicationYear": 2020,
        "types": {"resourceTypeGeneral": "JournalArticle"},
    }
    world.handler.faults["datacite"] = as_json(200, {"data": {"attributes": attributes}})
    assert facts(world.entry("datacite", "doi:10.1000/a")) == {
        "title": "On <i>x</i>",
        "author": (
            Name("Doe", "Jane"),
            Name("Berg", "Jan", particle="van der"),
            Name(literal="The Team"),
        ),
        "container-title": "J. Ex.",
        "volume": "3",
        "issue": "2",
        "page": "10-19",
        "ISSN": "1234-5679",
        "issued": Date(2020),
        "DOI": "10.1000/A",
    }


def test_another_doi_than_asked_for_is_no_answer(world: World) -> None:
    other = {"data": {"id": "10.1/other", "attributes": {"doi": "10.1/other"}}}
    world.handler.faults["datacite"] = as_json(200, other)
    with pytest.raises(SourceError, match="it answered otherwise"):
        world.source("datacite").resolve([an_id(KNOWN["datacite"])])


def test_a_404_that_is_not_datacites_is_no_answer(world: World) -> None:
    world.handler.faults["datacite"] = FAULTS["html"]._replace(status=404)
    with pytest.raises(SourceError):
        world.source("datacite").resolve([an_id(UNKNOWN["datacite"])])


def test_a_book(world: World) -> None:
    entry = world.entry("openlibrary", "isbn:978-0-262-04630-5")
    assert entry.type == "book"
    assert facts(entry) == {
        "title": "Introduction to Algorithms: Fourth Edition",
        "author": (
            Name("Cormen", "Thomas H."),
            Name("Leiserson", "Charles E."),
            Name("Rivest", "Ronald L."),
            Name("Stein", "Clifford"),
        ),
        "issued": Date(2022, 4, 5),
        "publisher": "MIT Press",
        "publisher-place": "Cambridge, MA",
        "number-of-pages": "1312",
        "ISBN": "9780262046305",
        "URL": "https://openlibrary.org/books/OL37239326M/Introduction_to_Algorithms",
    }
    assert entry.origin.ref == "urn:isbn:9780262046305"


def test_another_book_than_asked_for_is_no_answer(world: World) -> None:
    book = {"title": "Other", "identifiers": {"isbn_10": ["0306406152"]}}
    world.handler.faults["openlibrary"] = as_json(200, {"ISBN:9780262046305": book})
    with pytest.raises(SourceError, match="asked for 9780262046305, it answered with 0306406152"):
        world.source("openlibrary").resolve([an_id(KNOWN["openlibrary"])])


def test_an_article_of_pubmed(world: World) -> None:
    entry = world.entry("pubmed", KNOWN["pubmed"])
    assert entry.type == "article-journal"
    assert facts(entry) == {
        "title": "Basic local alignment search tool",
        "author": (Name("Altschul", "S. F."), Name("Gish", "W.")),
        "container-title": "Journal of molecular biology",
        "container-title-short": "J Mol Biol",
        "issued": Date(1990, 10, 5),
        "volume": "215",
        "issue": "3",
        "page": "403-410",
        "language": "en",
        "ISSN": "0022-2836",
        "DOI": "10.1016/S0022-2836(05)80360-2",
        "PMID": "2231712",
    }


def test_an_article_by_its_pmcid_costs_one_request_more(world: World) -> None:
    ids = [an_id("pmc:PMC3531190"), an_id("pmid:2231712"), an_id("pmc:1"), an_id("pmc:2")]
    found = world.source("pubmed").resolve(ids)
    assert list(found) == ids[:2]
    entry = found[ids[0]].entry
    assert entry.text("title") == "GenBank in <i>E. coli</i> & others"
    assert entry.names("author")[1] == Name(literal="The GenBank Group")
    assert (entry.text("PMCID"), entry.text("page")) == ("PMC3531190", "D36-42")
    assert world.handler.counts == {"pubmed": 2}


def test_a_chapter_of_pubmed(world: World) -> None:
    entry = world.entry("pubmed", "pmid:21204454")
    assert entry.type == "chapter"
    assert (entry.text("title"), entry.text("container-title")) == (
        "One Chapter",
        "A Handbook of Cases",
    )
    assert entry.names("author") == (Name("van der Berg", "Jan"),)
    assert entry.names("editor") == (Name("Roe", "Ann"),)
    assert entry.origin.ref == "https://pubmed.ncbi.nlm.nih.gov/21204454/"


def test_a_refusal_of_a_list_without_ids_means_that_none_is_known(world: World) -> None:
    body = b"<ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR>"
    refusal = FAULTS["400"]._replace(body=body)
    world.handler.faults["pubmed"] = refusal
    assert world.source("pubmed").resolve([an_id(UNKNOWN["pubmed"])]) == {}


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_unknown_is_kept_as_unknown(world: World, name: str) -> None:
    asked = [an_id(UNKNOWN[name]), an_id(KNOWN[name]), Id("other", "x")]
    for _ in range(2):
        assert list(world.source(name).resolve(asked)) == asked[1:2]
        counted = world.handler.counts[name]
    assert world.handler.counts[name] == counted == (2 if MAKERS[name].batch == 1 else 1)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", MAKERS)
def test_what_is_no_answer_is_never_taken_for_unknown(world: World, name: str, fault: str) -> None:
    asked = an_id(KNOWN[name])
    world.handler.faults[name] = FAULTS[fault]
    with pytest.raises(SourceError, match=f"^{name}: "):
        world.source(name).resolve([asked])
    world.handler.faults.clear()
    assert list(world.source(name).resolve([asked])) == [asked]


@pytest.mark.parametrize("name", MAKERS)
def test_a_passing_fault_is_waited_out(world: World, name: str) -> None:
    times = iter([FAULTS["503"], FAULTS["html"]])

    class Once(dict[str, Any]):
        def __contains__(self, each: object) -> bool:
            self[name] = next(times, None)
            return self[name] is not None

    world.handler.faults = Once()
    assert list(world.source(name).resolve([an_id(KNOWN[name])])) == [an_id(KNOWN[name])]
    assert world.handler.counts[name] == 3


@pytest.mark.parametrize("name", MAKERS)
def test_services_are_told_who_asks(world: World, name: str) -> None:
    world.source(name, mailto="me@example.org").resolve([an_id(KNOWN[name])])
    agent = world.handler.seen[-1].headers["user-agent"]
    assert agent.startswith("refkit/")
    assert agent.endswith("(mailto:me@example.org)")


@pytest.mark.parametrize("name", MAKERS)
def test_a_bad_address_is_told_at_once(name: str) -> None:
    create = plugins.load("refkit.sources", name)
    with pytest.raises(InputError, match=r"'ftp://x' is no http\(s\) URL of a"):
        create(SourceSettings(urls={name: "ftp://x"}))
    with pytest.raises(InputError, match="is no e-mail address"):
        create(SourceSettings(mailto="nobody"))
    assert create(SourceSettings()).base == URLS[name]


@pytest.mark.parametrize("name", ["arxiv", "datacite"])
def test_titles_can_be_searched_and_are_asked_for_once(world: World, name: str) -> None:
    for _ in range(2):
        (found,) = world.source(name).search(Query("Attention is all you need!"))
        assert found.id == "10.48550/arxiv.1706.03762"
        assert world.source(name).search(Query("!")) == []
        assert world.source(name).search(Query("Unheard of")) == []
    assert world.handler.counts == {name: 2}


def test_addresses_come_from_the_environment() -> None:
    environment = {"REFKIT_ARXIV_URL": "http://127.0.0.1:1", "REFKIT_PUBMED_URL": "", "HOME": "/"}
    assert urls_in(environment) == {"arxiv": "http://127.0.0.1:1"}


def test_the_reading_list_by_its_arxiv_ids(world: World, shared: Path) -> None:
    lines = (shared / "data/reading-list/truth.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row.get("arxiv")]
    for row in rows:
        year, month = [*row["issued"]["date-parts"][0], 1][:2]
        names = [n.get("literal") or f"{n['given']} {n['family']}" for n in row["author"]]
        world.handler.papers[row["arxiv"]] = {
            "version": 1,
            "title": row["title"],
            "authors": names,
            "published": f"{year}-{month:02}-01T00:00:00Z",
            "updated": f"{year}-{month:02}-01T00:00:00Z",
            "category": "cs.AI",
        }
    found = world.source("arxiv").resolve([Id("arxiv", row["arxiv"]) for row in rows])
    assert len(found) == len(rows) > 30
    assert world.handler.counts == {"arxiv": 1}
    pairs = []
    for row in rows:
        entry = found[Id("arxiv", row["arxiv"])].entry
        assert entry.text("title") == row["title"]
        ours = [name.family or name.literal for name in entry.names("author")]
        theirs = [name.get("family") or name["literal"] for name in row["author"]]
        pairs += zip(ours, theirs, strict=True)
    # A name in one piece does not tell how many of its words are the family's.
    assert all(theirs.endswith(ours) for ours, theirs in pairs)
    assert sum(ours == theirs for ours, theirs in pairs) >= 0.97 * len(pairs)
