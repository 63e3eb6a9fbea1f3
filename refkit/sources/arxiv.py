"""arXiv: preprints by id, by DOI (10.48550/arXiv.*) and by title, from its Atom API.

Facts: "arXiv API User's Manual" (https://info.arxiv.org/help/api/user-manual.html) and the
"Terms of Use for arXiv APIs": one request every three seconds, one connection. `max_results`
is 10 unless it is given; ids that are unknown are absent; entries come in any order; a
malformed id brings an entry titled "Error", with status 400 or 200, for the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.entry import Entry, Field, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.fetch import Reply
from refkit.net.pace import Limits
from refkit.normalise.dates import parse_date
from refkit.normalise.ids import parse_id
from refkit.normalise.latex import to_rich
from refkit.sources.crossref_text import one_line
from refkit.sources.service import Record, Service, fields_of, whole_name
from refkit.sources.xml import fault_unless, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

ROWS = 20
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_ERRORS = "/api/errors"
_DOI = "10.48550/arxiv."
_VERSION = re.compile(r"v\d+$")
_WORD = re.compile(r"[^\W_]+")
_WITHDRAWN = re.compile(
    r"\b(?:paper|article|submission|manuscript|preprint|work|version|it)\b[\w\s]{0,20}"
    r"\b(?:is|was|has been|have been) (?:temporarily )?withdrawn\b|^withdrawn\b",
    re.IGNORECASE,
)
_fault = fault_unless(f"{_ATOM}feed")


def create(settings: SourceSettings) -> ArxivSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return ArxivSource(settings)


class ArxivSource(Service):
    """The source `arxiv`."""

    name = "arxiv"
    title = "arXiv"
    kinds = frozenset({"arxiv", "doi"})
    batch = 50

    def limits(self) -> Limits:
        """Return the limit of the terms of use."""
        return Limits(1 / 3, 1)

    def takes(self, each: Id) -> bool:
        """Take arXiv ids, and those DOIs that are made of one: any other spoils its whole list."""
        ours = each.kind == "arxiv" or each.value.startswith(_DOI)
        return ours and parse_id(f"arxiv:{each.value.removeprefix(_DOI)}") is not None

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for a list of ids; an empty feed is believed only when it comes twice."""
        numbers = {each: each.value.removeprefix(_DOI).lower() for each in ids}
        wanted = dict.fromkeys(numbers.values())
        params = {"id_list": ",".join(wanted), "max_results": str(len(wanted))}
        reply = self.get("query", params, _fault)
        records = self._records(reply)
        if not records:  # arXiv in trouble answers so, too
            reply = self.get("query", params, _fault)
            records = self._records(reply)
        records.sort(key=lambda each: int(each["version"][1:] or 0))  # an id alone: the latest
        known = {key: record for each in records for key, record in _answers(each)}
        return {each: known[text] for each, text in numbers.items() if text in known}, reply

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most 20 candidates for a title, as arXiv ranks them. Raises SourceError."""
        words = _WORD.findall(query.title)
        if not words:
            return []
        params = {"search_query": f'ti:"{" ".join(words)}"', "max_results": str(ROWS)}
        return self.searched("query", params, _fault, self._records)

    def _records(self, reply: Reply) -> list[Record]:
        entries = parse(reply.body).findall(f"{_ATOM}entry")
        for each in entries:
            if _ERRORS in _text(each, "id"):
                raise SourceError(self.name, f"it refuses: {_text(each, 'summary')}")
        return [record for each in entries if (record := _record(each))["id"]]

    def identity(self, record: Record) -> str:
        """Return the DOI that every arXiv paper has, or the address of a version asked for."""
        exact = f"https://arxiv.org/abs/{record['id']}{record['version']}"
        return exact if record["exact"] else f"{_DOI}{record['id'].lower()}"

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read a preprint; its version counts where it was asked for by version."""
        number = record["id"] + (record["version"] if record["exact"] else "")
        values: dict[str, Value | None] = {
            "title": to_rich(record["title"], protect=False),
            "author": tuple(filter(None, map(whole_name, record["authors"]))),
            "issued": parse_date(record["updated" if record["exact"] else "published"][:10]),
            "number": f"arXiv:{number}",
            "publisher": "arXiv",
            "DOI": f"10.48550/arXiv.{record['id']}",
            "URL": f"https://arxiv.org/abs/{number}",
        }
        extra = _extra(record, number, origin)
        return Entry(origin.ref, "article", fields_of(values, origin), extra, "", origin)


def _extra(record: Record, number: str, origin: Origin) -> tuple[Field, ...]:
    """Return what BibLaTeX calls eprint fields, and what arXiv knows of the published work."""
    values: dict[str, Value | None] = {
        "eprint": number,
        "eprinttype": "arxiv",
        "eprintclass": record["category"],
        "arxiv-version": record["version"],
        "arxiv-doi": record["doi"],
        "journal-ref": record["journal"],
        "has-withdrawal": record.get("withdrawn", ""),
    }
    return fields_of(values, origin)


def _answers(record: Record) -> Iterator[tuple[str, Record]]:
    """Yield what a record answers: its id, and its id with the version, which is `exact`."""
    yield record["id"].lower(), record
    yield record["id"].lower() + record["version"], {**record, "exact": True}


def _record(entry: _Element) -> Record:
    found = parse_id(_text(entry, "id"))
    whole = found.value if found and found.kind == "arxiv" else ""
    version = _VERSION.search(whole)
    category = entry.find(f"{_ARXIV}primary_category")
    return {
        "id": _VERSION.sub("", whole),
        "version": version[0] if version else "",
        "exact": False,
        "title": _text(entry, "title"),
        "authors": [_text(each, "name") for each in entry.findall(f"{_ATOM}author")],
        "published": _text(entry, "published"),
        "updated": _text(entry, "updated"),
        "doi": _text(entry, "doi", _ARXIV),
        "journal": _text(entry, "journal_ref", _ARXIV),
        "withdrawn": _withdrawn(entry),
        "category": "" if category is None else category.get("term", ""),
    }


def _withdrawn(entry: _Element) -> str:
    """Return the words that say that a paper was withdrawn: arXiv has no field for that."""
    said = (_text(entry, "comment", _ARXIV), _text(entry, "summary")[:200])
    return next((words for words in said if _WITHDRAWN.search(words)), "")


def _text(element: _Element, name: str, space: str = _ATOM) -> str:
    return one_line(element.findtext(space + name) or "")
