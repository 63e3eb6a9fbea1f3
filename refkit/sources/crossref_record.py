"""Crossref REST work records and entries: one mapping table, used both ways.

The rules for what Crossref's fields hold come from its REST API's documented format and from
the faults counted in some 15,000 genuine records. What is administrative in a record (licences,
links, funders, counts, deposits) has no CSL variable and is not taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from refkit.model.entry import Entry, Field, Origin
from refkit.sources import crossref_fields as shapes
from refkit.sources.crossref_text import text_of

# Crossref's types (its /types route), in the order in which a CSL type is written back.
TYPES: dict[str, str] = {
    "journal-article": "article-journal",
    "book-chapter": "chapter",
    "proceedings-article": "paper-conference",
    "posted-content": "article",
    "dissertation": "thesis",
    "report": "report",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "proceedings": "book",
    "book-set": "book",
    "book-series": "book",
    "monograph-series": "book",
    "proceedings-series": "book",
    "book-section": "chapter",
    "book-part": "chapter",
    "book-track": "chapter",
    "reference-entry": "entry",
    "journal": "periodical",
    "journal-volume": "periodical",
    "journal-issue": "periodical",
    "journal-section": "article-journal",
    "report-component": "report",
    "report-series": "report",
    "standard": "standard",
    "standard-series": "standard",
    "dataset": "dataset",
    "database": "dataset",
    "peer-review": "review",
    "component": "document",
    "grant": "document",
    "other": "document",
}
_POSTED = {"dissertation": "thesis", "report": "report"}
_WRITTEN_TYPES = {csl: crossref for crossref, csl in reversed(TYPES.items())} | {
    "article-magazine": "journal-article",
    "article-newspaper": "journal-article",
    "entry-dictionary": "reference-entry",
    "entry-encyclopedia": "reference-entry",
    "review-book": "journal-article",
}


class _Row(NamedTuple):
    """One CSL variable, or name in `Entry.extra`, and the Crossref field that holds it."""

    name: str
    crossref: str
    kind: shapes.Kind


def read_record(work: Mapping[str, Any], origin: Origin) -> Entry:
    """Read a Crossref work record.

    The key is the DOI in lower case (a record without one may carry its own `key`); `extra`
    holds `crossref-type`, `published-print`, `published-online`, `relation`, `update-to` and
    `updated-by`. Values of unexpected kinds are passed over; nothing is raised.
    """
    native = shapes.type_of(work)
    doi = text_of(work.get("DOI"))
    fields = tuple(_read(FIELDS, work, origin))
    extra = tuple(_read(EXTRA, work, origin))
    key = shapes.ID_URL.sub("", doi).lower() or text_of(work.get("key"))
    return Entry(key, _csl_type(work, native), fields, extra, native, origin)


def write_record(entry: Entry) -> dict[str, Any]:
    """Write an entry in the shape of a Crossref work record, which `read_record` reads back.

    CSL variables that Crossref has no field for are written under their CSL names; an entry
    without a DOI keeps its key as `key`.
    """
    native = entry.beyond("crossref-type") or _WRITTEN_TYPES.get(entry.type, "other")
    record: dict[str, Any] = {"type": native}
    for row, group in ((FIELDS, entry.fields), (EXTRA, entry.extra)):
        values = {each.name: each.value for each in reversed(group)}
        for each in row:
            if each.name in values:
                each.kind.write(record, each.crossref, values[each.name])
    if "DOI" not in record:
        record["key"] = entry.key
    if _csl_type(record, native) != entry.type:
        record["csl-type"] = entry.type
    return record


def _read(rows: Iterable[_Row], work: Mapping[str, Any], origin: Origin) -> Iterable[Field]:
    for row in rows:
        found = row.kind.read(work, row.crossref)
        if found is not None and found[0]:
            yield Field(row.name, found[0], origin, found[1])


def _csl_type(work: Mapping[str, Any], native: str) -> str:
    own = work.get("csl-type")
    if isinstance(own, str):
        return own
    if native == "posted-content":
        return _POSTED.get(text_of(work.get("subtype")), "article")
    return TYPES.get(native, "document")


# CSL variables that Crossref has no field for, kept under their own names.
_OWN = """PMID PMCID note annote keyword medium number-of-pages number-of-volumes
    collection-number chapter-number section title-short original-publisher status archive
    archive_location""".split()

FIELDS: tuple[_Row, ...] = (
    _Row("title", "title", shapes.TITLE),
    _Row("author", "author", shapes.PEOPLE),
    _Row("editor", "editor", shapes.PEOPLE),
    _Row("translator", "translator", shapes.PEOPLE),
    _Row("chair", "chair", shapes.PEOPLE),
    _Row("container-title", "container", shapes.CONTAINER),
    _Row("collection-title", "series", shapes.CONTAINER),
    _Row("container-title-short", "short-container-title", shapes.SHORT),
    _Row("issued", "issued", shapes.ISSUED),
    _Row("volume", "volume", shapes.TEXT),
    _Row("issue", "issue", shapes.TEXT),
    _Row("page", "page", shapes.PAGE),
    _Row("number", "article-number", shapes.NUMBER),
    _Row("edition", "edition-number", shapes.TEXT),
    _Row("publisher", "publisher", shapes.PUBLISHER),
    _Row("publisher-place", "publisher-location", shapes.TEXT),
    _Row("event-title", "event.name", shapes.NESTED),
    _Row("event-place", "event.location", shapes.NESTED),
    _Row("event-date", "event", shapes.EVENT_DATE),
    _Row("original-title", "original-title", shapes.FIRST),
    _Row("genre", "degree", shapes.FIRST),
    _Row("language", "language", shapes.TEXT),
    _Row("version", "version.version", shapes.NESTED),
    _Row("ISBN", "ISBN", shapes.ID),
    _Row("ISSN", "ISSN", shapes.ID),
    _Row("DOI", "DOI", shapes.DOI),
    _Row("URL", "URL", shapes.URL),
    _Row("abstract", "abstract", shapes.ABSTRACT),
    *(_Row(name, name, shapes.TEXT) for name in _OWN),
)
EXTRA: tuple[_Row, ...] = (
    _Row("crossref-type", "type", shapes.TYPE),
    _Row("subtype", "subtype", shapes.TEXT),
    _Row("group-title", "group-title", shapes.TEXT),
    _Row("published-print", "published-print", shapes.DATE),
    _Row("published-online", "published-online", shapes.DATE),
    _Row("relation", "relation", shapes.RELATION),
    _Row("update-to", "update-to", shapes.PAIRS),
    _Row("updated-by", "updated-by", shapes.PAIRS),
    _Row("special_numbering", "special_numbering", shapes.TEXT),
    *(_Row(name, name, shapes.TEXT) for name in ("eprint", "eprinttype", "eprintclass")),
)
