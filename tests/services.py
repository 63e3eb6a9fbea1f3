"""Web services on loopback that answer as arXiv, DataCite, Open Library and PubMed document it.

The records are made from facts that anybody may look up; their form is that of each service's
documentation. Crossref is the project's own Crossref-compatible server.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from refkit.config import URLS
from refkit.net.httpd import Request, Response, Server, plain, serve
from refkit.server.app import App
from refkit.sources.catalogue import Catalogue
from tests import open_services

ATTENTION = (
    "Ashish Vaswani, Noam Shazeer, Niki Parmar, Jakob Uszkoreit, Llion Jones, Aidan N. Gomez, "
    "Lukasz Kaiser, Illia Polosukhin"
).split(", ")

PAPERS: dict[str, dict[str, Any]] = {
    "1706.03762": {
        "version": 7,
        "title": "Attention Is All\n  You Need",
        "authors": ATTENTION,
        "published": "2017-06-12T17:57:34Z",
        "updated": "2023-08-02T00:41:18Z",
        "category": "cs.CL",
    },
    "hep-th/9711200": {
        "version": 3,
        "title": "The Large N Limit of Superconformal Field Theories and Supergravity",
        "authors": ["Juan M. Maldacena"],
        "published": "1997-11-27T23:53:13Z",
        "updated": "1998-01-22T14:34:31Z",
        "category": "hep-th",
        "doi": "10.1023/A:1026654312961",
        "journal": "Adv.Theor.Math.Phys.2:231-252,1998",
    },
}

DOIS: dict[str, dict[str, Any]] = {
    "10.48550/arxiv.1706.03762": {
        "doi": "10.48550/arxiv.1706.03762",
        "creators": [
            {
                "name": f"{name.rpartition(' ')[2]}, {name.rpartition(' ')[0]}",
                "nameType": "Personal",
                "givenName": name.rpartition(" ")[0],
                "familyName": name.rpartition(" ")[2],
                "affiliation": [],
                "nameIdentifiers": [],
            }
            for name in ATTENTION
        ],
        "titles": [{"title": "Attention Is All You Need"}],
        "publisher": "arXiv",
        "container": {},
        "publicationYear": 2017,
        "dates": [
            {"date": "2017-06-12T17:57:34Z", "dateType": "Submitted", "dateInformation": "v1"},
            {"date": "2017-06", "dateType": "Available", "dateInformation": "v1"},
            {"date": "2017", "dateType": "Issued"},
        ],
        "types": {
            "ris": "GEN",
            "bibtex": "misc",
            "citeproc": "article",
            "schemaOrg": "CreativeWork",
            "resourceType": "Article",
            "resourceTypeGeneral": "Preprint",
        },
        "version": "7",
        "language": None,
        "url": "https://arxiv.org/abs/1706.03762",
    },
    "10.5438/0012": {
        "doi": "10.5438/0012",
        "creators": [
            {
                "name": "DataCite Metadata Working Group",
                "nameType": "Organizational",
                "affiliation": [],
            }
        ],
        "contributors": [
            {"name": "Starr, Joan", "contributorType": "Editor"},
            {"name": "Jones, Sam", "contributorType": "ContactPerson"},
        ],
        "titles": [
            {"title": "DataCite Metadata Schema"},
            {"title": "Documentation, Version 4.0", "titleType": "Subtitle"},
        ],
        "publisher": {"name": "DataCite e.V."},
        "container": {"type": "DataRepository", "title": "A repository"},
        "publicationYear": 2016,
        "dates": [{"date": "2016-09-19", "dateType": "Issued"}],
        "types": {"citeproc": "report", "resourceTypeGeneral": "Text"},
        "language": "en",
        "url": "https://schema.datacite.org/meta/kernel-4.0/",
    },
}

BOOKS: dict[str, dict[str, Any]] = {
    "9780262046305": {
        "url": "https://openlibrary.org/books/OL37239326M/Introduction_to_Algorithms",
        "key": "/books/OL37239326M",
        "title": "Introduction to Algorithms",
        "subtitle": "Fourth Edition",
        "authors": [
            {"url": f"https://openlibrary.org/authors/OL{n}A", "name": name}
            for n, name in enumerate(
                ["Thomas H. Cormen", "Charles E. Leiserson", "Ronald L. Rivest", "Clifford Stein"]
            )
        ],
        "number_of_pages": 1312,
        "identifiers": {"isbn_13": ["9780262046305"], "isbn_10": ["026204630X"]},
        "publishers": [{"name": "MIT Press"}],
        "publish_places": [{"name": "Cambridge, MA"}],
        "publish_date": "Apr 05, 2022",
    },
}

ARTICLES = {
    "2231712": """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">2231712</PMID><Article PubModel="Print"><Journal>
<ISSN IssnType="Print">0022-2836</ISSN><JournalIssue CitedMedium="Print"><Volume>215</Volume>
<Issue>3</Issue><PubDate><Year>1990</Year><Month>Oct</Month><Day>05</Day></PubDate>
</JournalIssue><Title>Journal of molecular biology</Title>
<ISOAbbreviation>J Mol Biol</ISOAbbreviation></Journal>
<ArticleTitle>Basic local alignment search tool.</ArticleTitle>
<Pagination><MedlinePgn>403-10</MedlinePgn></Pagination><AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>Altschul</LastName><ForeName>S F</ForeName><Initials>SF</Initials>
</Author><Author ValidYN="Y"><LastName>Gish</LastName><ForeName>W</ForeName></Author>
</AuthorList><Language>eng</Language><PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
</Article></MedlineCitation><PubmedData><ArticleIdList>
<ArticleId IdType="pubmed">2231712</ArticleId>
<ArticleId IdType="doi">10.1016/S0022-2836(05)80360-2</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>""",
    "23193287": """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">23193287</PMID><Article PubModel="Print-Electronic"><Journal>
<ISSN IssnType="Electronic">1362-4962</ISSN><JournalIssue CitedMedium="Internet">
<Volume>41</Volume><Issue>Database issue</Issue><PubDate><Year>2013</Year><Month>Jan</Month>
</PubDate></JournalIssue><Title>Nucleic acids research</Title>
<ISOAbbreviation>Nucleic Acids Res</ISOAbbreviation></Journal>
<ArticleTitle>GenBank in <i>E. coli</i> &amp; others.</ArticleTitle>
<Pagination><MedlinePgn>D36-42</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1093/nar/gks1195</ELocationID>
<AuthorList><Author><LastName>Benson</LastName><ForeName>Dennis A</ForeName></Author>
<Author><CollectiveName>The GenBank Group</CollectiveName></Author></AuthorList>
<Language>eng</Language></Article></MedlineCitation><PubmedData><ArticleIdList>
<ArticleId IdType="pubmed">23193287</ArticleId><ArticleId IdType="pmc">PMC3531190</ArticleId>
<ArticleId IdType="doi">10.1093/nar/gks1195</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>""",
    "21204454": """<PubmedBookArticle><BookDocument><PMID Version="1">21204454</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK53017</ArticleId></ArticleIdList><Book>
<Publisher><PublisherName>National Library</PublisherName>
<PublisherLocation>Bethesda (MD)</PublisherLocation></Publisher>
<BookTitle book="x">A Handbook of Cases</BookTitle><PubDate><Year>2010</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Roe</LastName><ForeName>Ann</ForeName></Author>
</AuthorList></Book><ArticleTitle book="x" part="y">One Chapter</ArticleTitle>
<Language>eng</Language><AuthorList Type="authors"><Author><LastName>van der Berg</LastName>
<ForeName>Jan</ForeName></Author></AuthorList></BookDocument><PubmedBookData/>
</PubmedBookArticle>""",
}
CENTRAL = {"3531190": "23193287", "1": "0"}

WORKS: list[dict[str, Any]] = [
    {
        "DOI": "10.1016/S0140-6736(05)66470-5",
        "type": "journal-article",
        "title": ["Bridging the Mental Health Gap"],
        "author": [{"given": "Ann", "family": "Example", "sequence": "first"}],
        "container-title": ["The Lancet"],
        "issued": {"date-parts": [[2005]]},
        "volume": "365",
        "page": "1-2",
    },
    {
        "DOI": "10.1000/x",
        "type": "journal-article",
        "title": ["A study of <i>Homo</i> <sub>2</sub> in the “wild”"],
        "author": [{"given": "Bo", "family": "Sample", "sequence": "first"}],
        "container-title": ["Journal of Examples"],
        "issued": {"date-parts": [[2020, 5, 1]]},
    },
]


class Services:
    """The services, each below a path of its own; `faults` answer in place of one of them."""

    _openalex = staticmethod(open_services.openalex)
    _semanticscholar = staticmethod(open_services.semanticscholar)
    _dblp = staticmethod(open_services.dblp)

    def __init__(self) -> None:
        self.faults: dict[str, Response] = {}
        self.counts: Counter[str] = Counter()
        self.seen: list[Request] = []
        self.papers = dict(PAPERS)
        self._crossref = App(Catalogue.in_memory(WORKS)).handle

    def __call__(self, request: Request) -> Response:
        name, _, path = request.path.lstrip("/").partition("/")
        self.counts[name] += 1
        self.seen.append(request)
        if name in self.faults:
            return self.faults[name]
        if name == "crossref":
            return self._crossref(request._replace(path=f"/{path}"))
        asked = {key: values[0] for key, values in parse_qs(request.query).items()}
        answer: Response = getattr(self, f"_{name}")(unquote(path), asked)
        return answer

    def _arxiv(self, path: str, asked: Mapping[str, str]) -> Response:
        assert path == "query"
        if "search_query" in asked:
            words = asked["search_query"].removeprefix("ti:").strip('"').lower().split()
            found = [n for n, p in self.papers.items() if all(w in str(p).lower() for w in words)]
        else:
            found = [n for n in asked["id_list"].split(",") if _bare(n) in self.papers]
        found = found[: int(asked.get("max_results", 10))]
        return atom([arxiv_entry(each, self.papers[_bare(each)]) for each in reversed(found)])

    def _datacite(self, path: str, asked: Mapping[str, str]) -> Response:
        if path == "dois":
            words = asked["query"].lower().replace('titles.title:"', "").replace('"', "")
            found = [
                each
                for each in DOIS.values()
                if all(w in str(each["titles"]).lower() for w in words.split(" and "))
            ]
            return as_json(200, {"data": [datacite_data(each) for each in found], "meta": {}})
        found_one = DOIS.get(path.removeprefix("dois/").lower())
        if found_one is None:
            fault = {"status": "404", "title": "The resource you are looking for doesn't exist."}
            return as_json(404, {"errors": [fault]})
        return as_json(200, {"data": datacite_data(found_one)})

    def _openlibrary(self, path: str, asked: Mapping[str, str]) -> Response:
        assert (path, asked["jscmd"], asked["format"]) == ("api/books", "data", "json")
        keys = [each for each in asked["bibkeys"].split(",") if each.removeprefix("ISBN:") in BOOKS]
        return as_json(200, {key: BOOKS[key.removeprefix("ISBN:")] for key in keys})

    def _pubmed(self, path: str, asked: Mapping[str, str]) -> Response:
        ids = asked["id"].split(",")
        if path == "esummary.fcgi":
            assert asked["db"] == "pmc"
            return as_json(200, {"header": {}, "result": {"uids": ids, **summaries(ids)}})
        assert (path, asked["db"]) == ("efetch.fcgi", "pubmed")
        body = "".join(ARTICLES.get(each, "") for each in ids)
        doctype = (
            '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
            '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
        )
        text = f'<?xml version="1.0" ?>\n{doctype}\n<PubmedArticleSet>{body}</PubmedArticleSet>'
        return Response(200, {"content-type": "text/xml; charset=UTF-8"}, text.encode())


def _bare(number: str) -> str:
    head, mark, version = number.rpartition("v")
    return head if mark and version.isdigit() else number


def summaries(ids: list[str]) -> dict[str, Any]:
    return {
        each: {
            "uid": each,
            "articleids": [
                {"idtype": "pmid", "value": CENTRAL[each]},
                {"idtype": "pmcid", "value": f"PMC{each}"},
            ],
        }
        if each in CENTRAL
        else {"uid": each, "error": "cannot get document summary"}
        for each in ids
    }


def datacite_data(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": attributes["doi"], "type": "dois", "attributes": attributes}


def arxiv_entry(asked: str, paper: Mapping[str, Any]) -> str:
    """Return an entry as the API's manual shows it; `asked` may name a version."""
    bare = _bare(asked)
    version = asked[len(bare) :] or f"v{paper['version']}"
    authors = "".join(f"<author><name>{escape(n)}</name></author>" for n in paper["authors"])
    space = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    doi = f"<arxiv:doi {space}>{paper['doi']}</arxiv:doi>" if "doi" in paper else ""
    journal = paper.get("journal", "")
    journal = f"<arxiv:journal_ref {space}>{journal}</arxiv:journal_ref>" if journal else ""
    if "comment" in paper:
        journal += f"<arxiv:comment {space}>{escape(paper['comment'])}</arxiv:comment>"
    return f"""<entry><id>http://arxiv.org/abs/{bare}{version}</id>
    <updated>{paper["updated"]}</updated><published>{paper["published"]}</published>
    <title>{escape(paper["title"])}</title><summary>  Text.\n</summary>{authors}{doi}{journal}
    <link href="http://arxiv.org/abs/{bare}{version}" rel="alternate" type="text/html"/>
    <arxiv:primary_category {space} term="{paper["category"]}"
      scheme="http://arxiv.org/schemas/atom"/></entry>"""


def atom(entries: list[str], status: int = 200) -> Response:
    head = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">ArXiv Query</title>
<id>http://arxiv.org/api/x</id><updated>2026-01-01T00:00:00-05:00</updated>
<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{len(entries)}
</opensearch:totalResults>"""
    text = head + "".join(entries) + "</feed>"
    return Response(status, {"content-type": "application/atom+xml; charset=UTF-8"}, text.encode())


def as_json(status: int, value: object) -> Response:
    said = {"content-type": "application/json; charset=utf-8"}
    return Response(status, said, json.dumps(value).encode())


FAULTS = {
    "429": Response(429, {"content-type": "text/plain"}, b"Rate exceeded."),
    "403": plain(403, "Forbidden"),
    "503": plain(503, "Service Unavailable"),
    "400": plain(400, "Bad Request"),
    "html": Response(200, {"content-type": "text/html"}, b"<html><body>Login</body></html>"),
    "cut xml": Response(200, {"content-type": "text/xml"}, b"<?xml version='1.0'?><feed><ent"),
    "cut json": Response(200, {"content-type": "application/json"}, b'{"data": {"id": "10'),
    "other xml": Response(200, {"content-type": "text/xml"}, b"<note/>"),
    "other json": Response(200, {"content-type": "application/json"}, b"[1]"),
    "empty": Response(200, {}, b""),
    "drop": Response(200, {}, b"", drop=True),
}


@contextmanager
def services() -> Iterator[tuple[Services, Server]]:
    """Run the services; the server's `url` with a service's name below it is its address."""
    handler = Services()
    with serve(handler) as server:
        yield handler, server


def addresses(server: Server) -> dict[str, str]:
    """Return the address of each service."""
    return {name: f"{server.url}/{name}" for name in URLS}
