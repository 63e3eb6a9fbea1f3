"""OpenAlex: works by DOI and by title.

Facts: OpenAlex's documentation (https://docs.openalex.org, https://help.openalex.org): lists at
`/works?filter=doi:A|B`, at most 100 values in a filter, `per-page` is 25 unless it is given;
unknown DOIs are absent; ten requests a second; a comma or a bar in a value ends it. A list
holds at most 100 of a work's authors, and `is_authors_truncated` then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from refkit.config import SourceSettings
from refkit.model.entry import OTHERS, Entry, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.fetch import Reply
from refkit.net.pace import Limits
from refkit.normalise.dates import parse_date
from refkit.normalise.ids import clean_doi, doi_key
from refkit.sources.crossref_text import clean_text, text_of
from refkit.sources.json_values import list_fault, mapping, mappings, search_words
from refkit.sources.service import Record, Service, fields_of, whole_name

ROWS = 20
TYPES = {
    "article": "article-journal",
    "book": "book",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "conference-paper": "paper-conference",
    "dataset": "dataset",
    "dissertation": "thesis",
    "editorial": "article-journal",
    "erratum": "article-journal",
    "letter": "article-journal",
    "peer-review": "review",
    "preprint": "article",
    "reference-entry": "entry",
    "report": "report",
    "review": "article-journal",
    "software": "software",
    "standard": "standard",
}
"""The CSL type of each of OpenAlex's types of works."""

_SELECT = """id doi display_name authorships is_authors_truncated primary_location
    publication_year publication_date type biblio language ids is_retracted""".split()


def create(settings: SourceSettings) -> OpenAlexSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return OpenAlexSource(settings)


_fault = list_fault("OpenAlex", lambda answer: isinstance(answer.get("results"), list))


class OpenAlexSource(Service):
    """The source `openalex`."""

    name = "openalex"
    title = "OpenAlex"
    kinds = frozenset({"doi"})
    batch = 50

    def limits(self) -> Limits:
        """Return the documented limit, with room to spare."""
        return Limits(5, 3)

    def takes(self, each: Id) -> bool:
        """Take DOIs that a filter can hold."""
        return each.kind == "doi" and not set(each.value) & set(",|")

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for a list of DOIs."""
        wanted = "|".join(each.value for each in ids)
        reply = self.get("works", self._asked(f"doi:{wanted}", len(ids)), _fault)
        known = {self.identity(each): each for each in _records(reply)}
        return {each: known[each.value] for each in ids if each.value in known}, reply

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most 20 candidates for a title, as OpenAlex ranks them. Raises SourceError."""
        words = search_words(query.title)
        if not words:
            return []
        return self.searched("works", self._asked(f"title.search:{words}", ROWS), _fault, _records)

    def _asked(self, filter_: str, rows: int) -> dict[str, str]:
        asked = {"filter": filter_, "per-page": str(rows), "select": ",".join(_SELECT)}
        return {**asked, "mailto": self.mailto} if self.mailto else asked

    def identity(self, record: Record) -> str:
        """Return the DOI in lower case, or OpenAlex's own address of the work."""
        doi = clean_doi(text_of(record.get("doi")))
        return doi_key(doi) if doi else text_of(record.get("id"))

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read a work; values of unexpected kinds are passed over."""
        kind = TYPES.get(text_of(record.get("type")), "document")
        place = mapping(mapping(record.get("primary_location")).get("source"))
        kind = _in_proceedings(kind, place)
        values: dict[str, Value | None] = {
            "title": clean_text(text_of(record.get("display_name"))),
            "author": _authors(record),
            **_container(place, kind),
            **_numbers(mapping(record.get("biblio"))),
            "issued": _issued(record),
            "publisher": clean_text(text_of(place.get("host_organization_name"))),
            "language": text_of(record.get("language")),
            "DOI": clean_doi(text_of(record.get("doi"))),
            "PMID": text_of(mapping(record.get("ids")).get("pmid")).rpartition("/")[2],
        }
        retracted = "yes" if record.get("is_retracted") is True else ""
        extra = fields_of({"has-retraction": retracted}, origin)
        return Entry(origin.ref, kind, fields_of(values, origin), extra, "", origin)


def _records(reply: Reply) -> list[Record]:
    works = mappings(reply.json()["results"])
    return [{name: each[name] for name in _SELECT if name in each} for each in works]


def _authors(record: Record) -> tuple[Name, ...]:
    named = [
        text_of(each.get("raw_author_name"))
        or text_of(mapping(each.get("author")).get("display_name"))
        for each in mappings(record.get("authorships"))
    ]
    found = tuple(filter(None, map(whole_name, named)))
    return (*found, OTHERS) if record.get("is_authors_truncated") is True else found


def _in_proceedings(kind: str, place: Mapping[str, Any]) -> str:
    """OpenAlex calls a paper in proceedings an article, and their series a conference."""
    conference = place.get("type") == "conference" and kind == "article-journal"
    return "paper-conference" if conference else kind


def _container(place: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Return where a work appeared; a repository that only holds it is no container."""
    if place.get("type") == "repository" or kind in ("article", "book", "thesis", "dataset"):
        return {}
    return {
        "container-title": clean_text(text_of(place.get("display_name"))),
        "ISSN": text_of(place.get("issn_l")),
    }


def _numbers(biblio: Mapping[str, Any]) -> dict[str, str]:
    first, last = text_of(biblio.get("first_page")), text_of(biblio.get("last_page"))
    return {
        "volume": text_of(biblio.get("volume")),
        "issue": text_of(biblio.get("issue")),
        "page": f"{first}-{last}" if first and last and first != last else first,
    }


def _issued(record: Record) -> Value | None:
    """Return the date; where only the year is known, OpenAlex gives the first of January."""
    year, day = record.get("publication_year"), text_of(record.get("publication_date"))
    text = str(year) if day == f"{year}-01-01" else day or str(year or "")
    return parse_date(text) if text else None
