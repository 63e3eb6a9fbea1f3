"""Semantic Scholar: papers by DOI, arXiv id and PMID, and by title.

Facts: "Academic Graph API" (https://api.semanticscholar.org/api-docs/graph): `/paper/DOI:...`,
404 with an `error` for a paper that it does not have; `/paper/search?query=` ranks by
relevance; `fields` have to be named. Without a key all callers share one pool, and one request
a second is what even a key allows at first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.entry import Entry, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.fetch import Reply
from refkit.net.pace import Limits
from refkit.normalise.dates import parse_date
from refkit.normalise.ids import clean_doi, doi_key
from refkit.normalise.pages import clean_pages
from refkit.sources.crossref_text import clean_text, text_of
from refkit.sources.json_values import list_fault, mapping, mappings, record_fault, search_words
from refkit.sources.service import Record, Service, fields_of, whole_name

ROWS = 20
_VERSION = re.compile(r"v\d+$")
_PREFIXES = {"doi": "DOI", "arxiv": "ARXIV", "pmid": "PMID"}
_NAMES = {"doi": "DOI", "arxiv": "ArXiv", "pmid": "PubMed"}
_FIELDS = """paperId title authors year publicationDate venue publicationVenue journal
    publicationTypes externalIds url""".split()


def create(settings: SourceSettings) -> SemanticScholarSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return SemanticScholarSource(settings)


_fault = record_fault("paperId", "error")


def _has_papers(answer: Mapping[str, Any]) -> bool:
    """Tell whether an answer is of a search, which leaves `data` out where there is nothing."""
    return answer.get("total") == 0 or isinstance(answer.get("data"), list)


_list_fault = list_fault("Semantic Scholar", _has_papers)


class SemanticScholarSource(Service):
    """The source `semanticscholar`."""

    name = "semanticscholar"
    title = "Semantic Scholar"
    kinds = frozenset(_PREFIXES)

    def limits(self) -> Limits:
        """Return the documented limit."""
        return Limits(1, 1)

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for one paper."""
        (asked,) = ids
        name = quote(f"{_PREFIXES[asked.kind]}:{asked.value}", safe=":")
        reply = self.get(f"paper/{name}", {"fields": ",".join(_FIELDS)}, _fault)
        if reply.status == 404:
            return {}, reply
        record = _kept(reply.json())
        own = text_of(mapping(record.get("externalIds")).get(_NAMES[asked.kind])).lower()
        if own and own not in (asked.value.lower(), _VERSION.sub("", asked.value.lower())):
            raise SourceError(self.name, f"asked for {asked}, it answered with {own}")
        return {asked: record}, reply

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most 20 candidates for title and authors. Raises SourceError."""
        words = search_words(f"{query.title} {' '.join(query.authors[:1])}")
        if not query.title or not words:
            return []
        params = {"query": words, "limit": str(ROWS), "fields": ",".join(_FIELDS)}
        return self.searched("paper/search", params, _list_fault, _records)

    def identity(self, record: Record) -> str:
        """Return the DOI in lower case, arXiv's own for its papers, or the paper's address."""
        ids = mapping(record.get("externalIds"))
        doi, arxiv = clean_doi(text_of(ids.get("DOI"))), text_of(ids.get("ArXiv"))
        if doi:
            return doi_key(doi)
        if arxiv:
            return f"10.48550/arxiv.{arxiv.lower()}"
        return f"https://www.semanticscholar.org/paper/{text_of(record.get('paperId'))}"

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read a paper; values of unexpected kinds are passed over."""
        ids, journal = mapping(record.get("externalIds")), mapping(record.get("journal"))
        arxiv = text_of(ids.get("ArXiv"))
        kind = _type(record, arxiv)
        values: dict[str, Value | None] = {
            "title": clean_text(text_of(record.get("title"))),
            "author": tuple(filter(None, map(_author, mappings(record.get("authors"))))),
            "container-title": _venue(record) if kind != "article" else "",
            "volume": text_of(journal.get("volume")) if kind != "article" else "",
            "page": clean_pages(text_of(journal.get("pages"))) if kind != "article" else "",
            "issued": _issued(record),
            "DOI": clean_doi(text_of(ids.get("DOI"))),
            "PMID": text_of(ids.get("PubMed")),
            "URL": text_of(record.get("url")),
        }
        extra = fields_of({"eprint": arxiv, "eprinttype": "arxiv" if arxiv else ""}, origin)
        return Entry(origin.ref, kind, fields_of(values, origin), extra, "", origin)


def _kept(paper: Mapping[str, object]) -> Record:
    return {name: paper[name] for name in _FIELDS if name in paper}


def _records(reply: Reply) -> list[Record]:
    return [_kept(each) for each in mappings(reply.json().get("data")) if each.get("paperId")]


def _author(author: Mapping[str, object]) -> Name | None:
    return whole_name(text_of(author.get("name")))


def _type(record: Record, arxiv: str) -> str:
    """Return the CSL type: a paper that only arXiv has is a preprint, whatever else it is."""
    venue, said = _venue(record), record.get("publicationTypes")
    types = [text_of(each) for each in said] if isinstance(said, list) else []
    if arxiv and (not venue or "arxiv" in venue.lower()):
        return "article"
    if mapping(record.get("publicationVenue")).get("type") == "conference" or "Conference" in types:
        return "paper-conference"
    for name, kind in (("Book", "book"), ("BookSection", "chapter"), ("Dataset", "dataset")):
        if name in types:
            return kind
    return "article-journal" if venue else "document"


def _venue(record: Record) -> str:
    """Return where a paper appeared: the venue's own name, the journal's, or the short text."""
    venue, journal = mapping(record.get("publicationVenue")), mapping(record.get("journal"))
    names = (journal.get("name"), venue.get("name"), record.get("venue"))
    if venue.get("type") == "conference":
        names = (venue.get("name"), record.get("venue"), journal.get("name"))
    return next((clean_text(text_of(name)) for name in names if text_of(name)), "")


def _issued(record: Record) -> Value | None:
    day, year = text_of(record.get("publicationDate")), record.get("year")
    text = day if day.startswith(str(year)) else str(year or "")
    return parse_date(text) if text else None
