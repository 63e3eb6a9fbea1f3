"""Zotero: what its importers lose or refuse, and where it goes instead.

Zotero's BibTeX importer reads both dialects. Its CSL-JSON importer refuses a whole file for one
item of a type it does not know; what it has no field for goes to the item's Extra, whose lines
"variable: value" Zotero hands to citation styles.
"""

from __future__ import annotations

from dataclasses import replace

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import BIB_SOURCES, LEFT_OUT, RENAMED, Draft, moved, named
from refkit.adapt.consumers.steps import (
    PARTS,
    closed,
    unicode_math,
    unlinked,
    whole_titles,
    without_empty,
    without_macros,
    without_others,
)
from refkit.formats.bibtex.types import TYPES, write_type
from refkit.formats.csljson.tables import NOT_IN_SCHEMA
from refkit.model.entry import Date, Name
from refkit.normalise.latex import from_rich

BIB_TYPES = {
    "bibnote": "misc",
    "bookinbook": "inbook",
    "commentary": "book",
    "dataset": "misc",
    "image": "artwork",
    "legal": "legislation",
    "music": "audio",
    "mvcollection": "collection",
    "mvproceedings": "proceedings",
    "mvreference": "book",
    "performance": "misc",
    "periodical": "misc",
    "reference": "book",
    "review": "article",
    "set": "misc",
    "standard": "report",
    "suppbook": "inbook",
    "suppperiodical": "article",
}
"""Types that the importer drops with all that is in them (www and preprint are never written)."""

_BIB_LOST = """annote call-number container-author event-date event-place original-date
    original-publisher original-publisher-place original-title status number-of-volumes
    volume-title isrn nameaddon origlanguage rights relatedstring shortauthor shorteditor
    annotator commentator foreword afterword introduction""".split()
_EPRINT = {"archiveprefix": "eprinttype", "primaryclass": "eprintclass"}

_CSL_LOST = ("keyword", "annote", "illustrator", "compiler", "event-date", *NOT_IN_SCHEMA)


def _bib_type(draft: Draft) -> None:
    """Write a type that the importer drops as one that it takes, and note what it was."""
    entry = draft.entry
    was = write_type(entry, "biblatex")
    now = BIB_TYPES.get(was)
    if now is None:
        return
    csl = TYPES[now].csl
    if csl != entry.type:
        draft.note("type", entry.type)
    draft.drop_extra("entrysubtype")
    draft.retype(csl, now, f"@{now}", f"@{was}")


def _eprint(draft: Draft) -> None:
    """Name the archive as the importer looks for it, in both dialects."""
    for each in draft.entry.extra:
        if each.name in (*_EPRINT, *_EPRINT.values()):
            named_by_us = replace(each, origin=draft.origin)
            draft.change(each, named_by_us)
            if each.name in _EPRINT:
                draft.rename(named_by_us, _EPRINT[each.name])


def _bib_language(draft: Draft) -> None:
    draft.drop_extra("langid")
    _renamed_to(draft, "language", "language")


def _renamed_to(draft: Draft, name: str, field: str) -> None:
    """Write a CSL variable as a field that is named as the importer reads it."""
    each = draft.entry.field(name)
    if each is not None:
        draft.drop(each)
        draft.add_extra(field, from_rich(str(each.value)))
        draft.tell(RENAMED, f"{name!r} is written as {field!r}, which {draft.program} reads")


def _article_number(draft: Draft) -> None:
    """Write an article's number for its pages, as Zotero has no field for it."""
    entry = draft.entry
    group = TYPES[write_type(entry, "biblatex")].group
    number = entry.field("number")
    if number is None or group not in ("article", "periodical", "book", "part"):
        return
    if entry.text("page"):
        moved(("number",))(draft)
    else:
        draft.rename(number, "page")


def _licence(draft: Draft) -> None:
    _renamed_to(draft, "license", "copyright")


_BIB = (
    unlinked, without_empty, without_others, whole_titles, _bib_language, without_macros, closed,
    _eprint, _article_number, moved((*_BIB_LOST, *PARTS)), _licence, _bib_type,
)  # fmt: skip


def _csl_type(draft: Draft) -> None:
    """Write software as a book with a version, which Zotero takes for a program."""
    if draft.entry.type == "software":
        now = "book" if draft.entry.text("version") else "document"
        draft.note("type", "software")
        draft.retype(now, "", now, "software")


def _whole_names(draft: Draft) -> None:
    """Put particles before the family name and suffixes behind the given one."""
    for each in draft.entry.fields:
        if isinstance(each.value, tuple):
            people = tuple(map(_whole_name, each.value))
            if people != each.value:
                why = f"{draft.program} has no place for particles and suffixes"
                draft.change(each, replace(each, value=people), why)


def _whole_name(name: Name) -> Name:
    if name.literal:
        return name
    family = " ".join(part for part in (name.particle, name.family) if part)
    given = " ".join(part for part in (name.given, name.dropping_particle) if part)
    given = ", ".join(part for part in (given, name.suffix) if part)
    return Name(family, given)


def _csl_dates(draft: Draft) -> None:
    """Note a date that has a season, or is text: of these Zotero keeps the words of `issued`."""
    for each in draft.entry.fields:
        date = each.value
        if not isinstance(date, Date) or (date.literal and each.name == "issued"):
            continue
        if not (date.literal or date.season or date.year is None):
            continue
        draft.move(each)
        if date.year is not None:
            draft.put(each.name, Date(date.year))


def _short_journal(draft: Draft) -> None:
    short, other = map(draft.entry.field, ("container-title-short", "journalAbbreviation"))
    if short is not None:
        if other is not None:
            draft.drop(other)
        draft.rename(short, "journalAbbreviation")


def _unread(draft: Draft) -> None:
    """Tell what stays in the file, under `custom`, and is not read."""
    known = ("eprint", *_EPRINT, *_EPRINT.values()) if draft.entry.text("URL") else ()
    for each in draft.entry.extra:
        if each.name not in ("id", "custom", *PARTS, *known) and each.origin.source in BIB_SOURCES:
            draft.tell(LEFT_OUT, f"{draft.program} does not read {each.name!r}")


_CSL = (
    without_empty, without_others, unicode_math, _csl_type, _whole_names, _csl_dates,
    _short_journal, moved(_CSL_LOST), _unread,
)  # fmt: skip


def _extra(name: str, text: str) -> str:
    """Return a line of Zotero's Extra."""
    return f"{name}: {' '.join(text.split())}"


_LABELS = {"annote": "", "number": "Article number", "type": "Type"}


ZOTERO = Consumer(
    name="Zotero",
    targets=("zoterordf", "csljson"),
    steps={
        "zoterordf": lambda keys: (without_others, unicode_math),
        "csljson": lambda keys: _CSL,
        "bibtex": lambda keys: _BIB,
        "biblatex": lambda keys: _BIB,
        "ris": lambda keys: (without_empty, without_others, unicode_math),
    },
    say=lambda target: _extra if target == "csljson" else named(_LABELS),
    between=lambda target: "\n" if target == "csljson" else "; ",
    takes_data=False,
    distinct=frozenset(("csljson",)),
    keyless=frozenset(("bibtex", "biblatex", "ris")),
)
