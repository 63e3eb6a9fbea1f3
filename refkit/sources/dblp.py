"""DBLP: computer science by title and authors, and by DOI.

Facts: "How to use the dblp search API?" (https://dblp.org/faq/13501473): `/search/publ/api`
with `q`, `format=json` and `h` hits at most; a single hit or author is an object, not a list of
one; names bear a number where several people share one ("Wei Wang 0001"); titles end in a
full stop. Status 429 comes with Retry-After, and one or two seconds between requests are always
fine (https://dblp.org/faq/1474706.html). A DOI is found as words, so its hits are compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from refkit.config import SourceSettings
from refkit.model.entry import Entry, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.fetch import Reply
from refkit.net.pace import Limits
from refkit.normalise.dates import parse_date
from refkit.normalise.ids import clean_arxiv, clean_doi, doi_key
from refkit.normalise.pages import clean_pages
from refkit.sources.crossref_text import clean_text, text_of
from refkit.sources.json_values import list_fault, mapping, mappings, search_words
from refkit.sources.service import Record, Service, fields_of, whole_name

ROWS = 30
TYPES = {
    "Journal Articles": "article-journal",
    "Conference and Workshop Papers": "paper-conference",
    "Informal and Other Publications": "article",
    "Informal Publications": "article",
    "Books and Theses": "book",
    "Editorship": "book",
    "Parts in Books or Collections": "chapter",
    "Reference Works": "entry",
    "Data and Artifacts": "dataset",
}
"""The CSL type of each of DBLP's types of publications."""

_HOMONYM = re.compile(r"\s+\d{4}$")
_KEPT = "key title authors venue volume number pages year type doi ee url".split()


def create(settings: SourceSettings) -> DblpSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return DblpSource(settings)


def _has_hits(answer: Mapping[str, Any]) -> bool:
    return "@total" in mapping(mapping(answer.get("result")).get("hits"))


_fault = list_fault("DBLP", _has_hits)


class DblpSource(Service):
    """The source `dblp`."""

    name = "dblp"
    title = "DBLP"
    kinds = frozenset({"doi"})

    def limits(self) -> Limits:
        """Return what DBLP says is always fine."""
        return Limits(1, 1)

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for one DOI."""
        (asked,) = ids
        reply = self.get("search/publ/api", _asked(asked.value), _fault)
        hits = [each for each in _records(reply) if self.identity(each) == asked.value]
        return ({asked: hits[0]} if hits else {}), reply

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most 30 candidates for title and first author. Raises SourceError."""
        words = search_words(f"{query.title} {' '.join(query.authors[:1])}")
        if not query.title or not words:
            return []
        return self.searched("search/publ/api", _asked(words), _fault, _records)

    def identity(self, record: Record) -> str:
        """Return the DOI in lower case, or the record's address."""
        doi = clean_doi(text_of(record.get("doi")))
        return doi_key(doi) if doi else text_of(record.get("url"))

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read a record; a paper of arXiv's (venue "CoRR") is a preprint without a venue."""
        kind = TYPES.get(text_of(record.get("type")), "document")
        if text_of(record.get("key")).startswith("phd/"):
            kind = "thesis"
        loose = kind in ("article", "book", "thesis")
        arxiv = clean_arxiv(text_of(record.get("ee"))) if kind == "article" else None
        venue = record.get("venue")
        values: dict[str, Value | None] = {
            "title": clean_text(text_of(record.get("title"))).removesuffix("."),
            "author": _authors(record),
            "container-title": "" if loose else _first(venue),
            "volume": "" if kind == "article" else text_of(record.get("volume")),
            "issue": text_of(record.get("number")),
            "page": clean_pages(text_of(record.get("pages"))),
            "issued": parse_date(text_of(record.get("year"))) if record.get("year") else None,
            "DOI": clean_doi(text_of(record.get("doi"))),
            "URL": _first(record.get("ee")),
        }
        extra = fields_of({"eprint": arxiv, "eprinttype": "arxiv" if arxiv else ""}, origin)
        return Entry(origin.ref, kind, fields_of(values, origin), extra, "", origin)


def _asked(words: str) -> dict[str, str]:
    return {"q": words, "format": "json", "h": str(ROWS), "c": "0"}


def _records(reply: Reply) -> list[Record]:
    hits = mapping(mapping(reply.json()["result"]).get("hits"))
    found = (mapping(each.get("info")) for each in mappings(hits.get("hit")))
    return [{name: each[name] for name in _KEPT if name in each} for each in found]


def _first(value: object) -> str:
    """Return a text, or the first of several."""
    first = value[0] if isinstance(value, list) and value else value
    return clean_text(text_of(first))


def _authors(record: Record) -> tuple[Name, ...]:
    people = mappings(mapping(record.get("authors")).get("author"))
    named = (_HOMONYM.sub("", text_of(each.get("text"))) for each in people)
    return tuple(filter(None, map(whole_name, named)))
