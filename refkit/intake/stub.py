"""The entries that are made: of a record, or of what an item says where no record was found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from refkit.intake.items import MARKS, Item, Kind
from refkit.match.profile import profile
from refkit.model.entry import Date, Entry, Field, Name, Origin
from refkit.model.evidence import Verdict
from refkit.model.ids import Id
from refkit.normalise.ids import clean_url

_KEPT = frozenset({"eprint", "eprinttype", "eprintclass"})
"""What of a record's own fields beyond CSL is a bibliography's."""
_VARIABLES = {"doi": "DOI", "isbn": "ISBN", "pmid": "PMID", "pmcid": "PMCID"}
_ARXIV_DOI = "10.48550/arxiv."
_QUOTED = re.compile(
    r"[\"\u201c\u201e\u00ab]([^\"\u201c\u201d\u00bb]{12,300})[,.]?[\"\u201d\u201c\u00bb]"
)
ORIGIN = Origin("intake")


def of_record(record: Entry, item: Item, arxiv: str = "") -> Entry:
    """Return a source's record as an entry of a bibliography: with its ids, the item's abstract.

    `arxiv` is the id of a preprint that was shown to be the same work.
    """
    kept = [each for each in record.extra if each.name in _KEPT]
    fields = [each for each in record.fields if each.value]
    number = profile(record).arxiv or arxiv
    if number and not record.beyond("eprint"):
        origin = replace(ORIGIN, ref=number)
        kept += [Field("eprint", number, origin), Field("eprinttype", "arxiv", origin)]
    if record.type != "article":  # what is published has its eprint beside its own number
        fields = [
            each for each in fields if (each.name, each.value) != ("number", f"arXiv:{number}")
        ]
    named = {each.name for each in fields}
    if number and not named & {"DOI", "URL"}:
        fields.append(Field("URL", f"https://arxiv.org/abs/{number}", ORIGIN))
    if item.abstract and "abstract" not in named:
        fields.append(Field("abstract", item.abstract, ORIGIN))
    return replace(record, key="", fields=tuple(fields), extra=tuple(kept))


def of_item(item: Item, verdict: Verdict, known: Iterable[Id] = ()) -> Entry:
    """Return what an item itself says, marked by a keyword as found in no source.

    A reference that could not be matched is kept whole as a note, so that it is printed as it
    was given. `known` are the ids that are surely the item's own.
    """
    fields, extra = [], []
    title = item.title or _title(item)
    if title:
        fields.append(Field("title", title, ORIGIN))
    for each in known:
        if each.kind == "arxiv":
            extra += [Field("eprint", each.value, ORIGIN), Field("eprinttype", "arxiv", ORIGIN)]
            fields.append(Field("URL", f"https://arxiv.org/abs/{each.value}", ORIGIN))
        else:
            fields.append(Field(_VARIABLES[each.kind], each.value, ORIGIN))
    if item.kind is Kind.ADDRESS:
        fields.append(Field("URL", clean_url(item.text) or item.text, ORIGIN))
    elif (item.kind is Kind.REFERENCE and item.text != title) or (not fields and item.text):
        fields.append(Field("note", item.text, ORIGIN))
    if item.abstract:
        fields.append(Field("abstract", item.abstract, ORIGIN))
    fields.append(Field("keyword", MARKS[verdict], ORIGIN))
    kind = "webpage" if item.kind is Kind.ADDRESS else "article" if extra else "document"
    return Entry("", kind, tuple(fields), tuple(extra))


def for_key(entry: Entry) -> Entry:
    """Return an entry as its key is made of it: of a bare reference the first word and year.

    A key is a name, not a claim, so a guess at the author will do for it.
    """
    note = entry.text("note")
    if not note or entry.text("title") or entry.names("author"):
        return entry
    word = re.search(r"[^\W\d_]{3,}", note)
    year = re.search(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", note)
    author = [Field("author", (Name(family=word.group()),))] if word else []
    issued = [Field("issued", Date(year=int(year.group())))] if year else []
    return entry.with_fields([*author, *issued])


def _title(item: Item) -> str:
    """Return the title that a reference puts in quotes, or the whole of one that is no more."""
    if item.kind is not Kind.REFERENCE:
        return ""
    quoted = _QUOTED.search(item.text)
    if quoted:
        return quoted.group(1).rstrip(",. ")
    return item.text if is_title(item.text) else ""


def is_title(text: str) -> bool:
    """Tell whether a text may be a title alone: it has no year, volume or initials."""
    return len(text) < 300 and not re.search(
        r"\b(?:1[5-9]|20)\d\d\b|\b[A-Z]\.|\d\s*[(:]|\bet al\b|https?:|\bdoi\b", text
    )


def ids_of(entry: Entry) -> tuple[Id, ...]:
    """Return the ids of an entry, of all kinds but a DOI that only says an arXiv id again."""
    read = profile(entry)
    found = [Id("doi", read.doi)] if read.doi and not read.doi.startswith(_ARXIV_DOI) else []
    found += [Id("arxiv", read.arxiv)] if read.arxiv else []
    found += [Id("pmid", read.pmid)] if read.pmid else []
    if read.family in ("book", "report", "thesis", "") and not found:
        found += [Id("isbn", each) for each in sorted(read.isbn)]
    return tuple(found)
