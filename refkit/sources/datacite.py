"""DataCite: records of its DOIs (data, software, theses, arXiv's preprints), and by title.

Facts: the REST API's documentation (https://support.datacite.org/docs/api): JSON:API at
`/dois/{doi}` and `/dois?query=`, 404 with `errors` for a DOI that it does not have; limits
for each address of 1,000 requests in five minutes with a mail address, 500 without. The
fields are those of the DataCite Metadata Schema 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model import vocab
from refkit.model.entry import Date, Entry, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.fetch import Reply
from refkit.net.pace import Limits
from refkit.normalise.dates import parse_date
from refkit.normalise.ids import clean_arxiv
from refkit.sources.crossref_text import clean_text, text_of
from refkit.sources.json_values import mapping, mappings, record_fault
from refkit.sources.service import Record, Service, fields_of, whole_name

ROWS = 20
TYPES = {
    "Audiovisual": "motion_picture",
    "Book": "book",
    "BookChapter": "chapter",
    "Collection": "collection",
    "ComputationalNotebook": "software",
    "ConferencePaper": "paper-conference",
    "ConferenceProceeding": "book",
    "DataPaper": "article-journal",
    "Dataset": "dataset",
    "Dissertation": "thesis",
    "Event": "event",
    "Image": "graphic",
    "Journal": "periodical",
    "JournalArticle": "article-journal",
    "PeerReview": "review",
    "Preprint": "article",
    "Report": "report",
    "Software": "software",
    "Sound": "song",
    "Standard": "standard",
}
"""The CSL type of each general resource type; for "Text" and the rest DataCite names one itself."""

_ARXIV = "10.48550/arxiv."
_WORD = re.compile(r"[^\W_]+")


def create(settings: SourceSettings) -> DataciteSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return DataciteSource(settings)


_fault = record_fault("data", "errors")


def _list_fault(reply: Reply) -> str:
    """As `_fault`; a list is never "not found" on a service that is DataCite's."""
    missing = reply.status == 404
    return "status 404 for /dois: this is no DataCite service" if missing else _fault(reply)


class DataciteSource(Service):
    """The source `datacite`."""

    name = "datacite"
    title = "DataCite"
    kinds = frozenset({"doi"})

    def limits(self) -> Limits:
        """Return the documented limit, by the second."""
        return Limits(1_000 / 300, 3) if self.mailto else Limits(500 / 300, 1)

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for one DOI."""
        (asked,) = ids
        reply = self.get(f"dois/{quote(asked.value, safe='')}", fault=_fault)
        if reply.status == 404:
            return {}, reply
        records = _records(reply.json())
        if len(records) != 1 or self.identity(records[0]) != asked.value:
            raise SourceError(self.name, f"asked for {asked.value}, it answered otherwise")
        return {asked: records[0]}, reply

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most 20 candidates for a title, as DataCite ranks them. Raises SourceError."""
        words = _WORD.findall(query.title)
        if not words:
            return []
        text = " AND ".join(f'titles.title:"{word}"' for word in words[:30])
        params = {"query": text, "page[size]": str(ROWS)}
        return self.searched("dois", params, _list_fault, lambda reply: _records(reply.json()))

    def identity(self, record: Record) -> str:
        """Return the DOI in lower case."""
        return text_of(record.get("doi")).lower()

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read the attributes of a DOI; values of unexpected kinds are passed over."""
        kind = _type(mapping(record.get("types")))
        people = mappings(record.get("contributors"))
        editors = [each for each in people if each.get("contributorType") == "Editor"]
        values: dict[str, Value | None] = {
            "title": _title(record),
            "author": _names(mappings(record.get("creators"))),
            "editor": _names(editors),
            **_container(mapping(record.get("container")), kind),
            "issued": _issued(record),
            "publisher": _publisher(record.get("publisher")),
            "version": text_of(record.get("version")),
            "language": text_of(record.get("language")),
            "DOI": text_of(record.get("doi")),
            "URL": text_of(record.get("url")),
        }
        arxiv = clean_arxiv(origin.ref) if origin.ref.startswith(_ARXIV) else None
        if arxiv:
            values["number"] = f"arXiv:{arxiv}"
        extra = fields_of({"eprint": arxiv, "eprinttype": "arxiv" if arxiv else ""}, origin)
        return Entry(origin.ref, kind, fields_of(values, origin), extra, "", origin)


def _records(answer: Any) -> list[Record]:
    """Return what entries need of the attributes of an answer's DOIs."""
    data = answer["data"]
    listed = mappings(data if isinstance(data, list) else [data])
    found = (mapping(each.get("attributes")) for each in listed)
    return [
        {name: each[name] for name in _KEPT if name in each}
        for each in found
        if text_of(each.get("doi"))
    ]


_KEPT = """doi titles creators contributors container dates publicationYear publisher version
    language types url""".split()


def _type(types: Mapping[str, Any]) -> str:
    kind = TYPES.get(text_of(types.get("resourceTypeGeneral")), "")
    named = text_of(types.get("citeproc"))
    return kind or (named if named in vocab.TYPES else "document")


def _title(record: Record) -> str:
    """Return the main title with its subtitle; other titles are of other kinds."""
    titles: dict[str, str] = {}
    for each in mappings(record.get("titles")):
        titles.setdefault(text_of(each.get("titleType")), clean_text(text_of(each.get("title"))))
    main, sub = titles.get("", ""), titles.get("Subtitle", "")
    return f"{main}: {sub}" if main and sub and sub not in main else main


def _names(people: Sequence[Mapping[str, Any]]) -> tuple[Name, ...]:
    return tuple(filter(None, map(_name, people)))


def _name(person: Mapping[str, Any]) -> Name | None:
    whole, given, family = (
        text_of(person.get(part)) for part in ("name", "givenName", "familyName")
    )
    if person.get("nameType") == "Organizational":
        return Name(literal=whole) if whole else None
    if family:
        return Name(family=family, given=given)
    last, comma, first = whole.partition(",")
    if comma and first.strip() and last.strip():
        return Name(family=last.strip(), given=first.strip())
    return whole_name(whole)


def _container(container: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Return where a work appeared; a repository that only holds it is no container."""
    if container.get("type") == "DataRepository" or not text_of(container.get("title")):
        return {}
    within = kind.startswith("article") or kind in ("chapter", "paper-conference", "review")
    first, last = text_of(container.get("firstPage")), text_of(container.get("lastPage"))
    serial = container.get("identifierType") == "ISSN"
    return {
        "container-title" if within else "collection-title": clean_text(container["title"]),
        "volume": text_of(container.get("volume")),
        "issue": text_of(container.get("issue")),
        "page": f"{first}-{last}" if first and last and first != last else first,
        "ISSN": text_of(container.get("identifier")) if serial else "",
    }


def _issued(record: Record) -> Date | None:
    """Return the date of issue; arXiv gives only its year there, and the day as `Submitted`."""
    year = str(record.get("publicationYear") or "")
    dates: dict[str, str] = {}
    for each in mappings(record.get("dates")):
        dates.setdefault(text_of(each.get("dateType")), text_of(each.get("date")).partition("T")[0])
    issued = dates.get("Issued") or year
    submitted = dates.get("Submitted", "")
    fuller = issued.isdigit() and submitted.startswith(f"{issued}-")
    return parse_date(submitted if fuller else issued) if issued else None


def _publisher(value: Any) -> str:
    """Return the publisher, which is a text, or an object with `?publisher=true`."""
    return clean_text(text_of(mapping(value).get("name") or value))
