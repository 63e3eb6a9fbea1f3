"""Entries to RIS text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from refkit.formats.losses import key_changed, losses, repeated_keys, writable
from refkit.formats.plain import write_name
from refkit.formats.ris import beyond
from refkit.formats.ris.dates import write_date
from refkit.formats.ris.read import TAG, read_record, serial
from refkit.formats.ris.tables import CONFERENCES, JUDGED, Profile, profile, type_for
from refkit.formats.tagged import read_lines, split_keywords
from refkit.model.entry import Date, Entry, Field
from refkit.model.report import Written
from refkit.model.vocab import NAMES

_TAG = re.compile(r"(?!TY|ER)[A-Z][A-Z0-9]")
_TAGS = {
    "id": ("ID",),
    "issued": ("PY", "DA", "Y1"),
    "accessed": ("Y2",),
    "page": ("SP", "EP"),
    "number": ("SN",),
    "ISBN": ("SN",),
    "ISSN": ("SN",),
    "DOI": ("M3", "N1", "L3"),
    "PMID": ("C2", "C3"),
    "container-title": ("T2", "JF", "JO", "J2", "JA", "J1", "JI", "J9"),
}
"""The tags that are read as a variable beside those of its row in the tables."""
_RANGE = re.compile(r"([^-\s]+)-([^-\s]+)")
_OF_THEIR_OWN = frozenset({"issued", "accessed", "page", "ISBN", "ISSN"})

Line = tuple[str, str]


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as RIS; each variable that RIS has no tag for is told."""
    works, problems = writable(entries)
    problems += repeated_keys(works)
    parts: list[str] = []
    for entry in works:
        text = _text(record_lines(entry))
        again = _read_back(text)
        problems += key_changed(entry.key, again.key, "RIS")
        problems += losses(entry, again, "RIS")
        parts.append(text + "ER  - \n\n")
    return Written("".join(parts), tuple(problems))


def _text(lines: Iterable[Line]) -> str:
    return "".join(f"{tag}  - {value}\n" for tag, value in lines)


def _read_back(text: str) -> Entry:
    return read_record(list(read_lines(text, TAG)))


def record_lines(entry: Entry) -> list[Line]:
    """Return the tags and values of one entry, without the `ER` that ends it.

    An extra is written under its own tag, unless RIS would read it as a variable, or it is of
    PubMed's format, which means other things by the same letters.
    """
    kind = _kind(entry)
    lines = list(_own_lines(entry, kind))
    if kind in JUDGED or profile(kind).csl != entry.type:
        typed = _read_back(_text(lines)).type == entry.type
        lines += [] if typed else [(beyond.TAG, beyond.type_line(entry.type))]
    lines += [(beyond.TAG, line) for line in beyond.bib_lines(entry)]
    extras = [
        (extra.name, _folded(extra.value))
        for extra in entry.extra
        if _TAG.fullmatch(extra.name)
        and isinstance(extra.value, str)
        and (extra.origin.source != "nbib" or extra.name == "AD")
    ]
    if extras:
        whole, alone = _read_back(_text([*lines, *extras])), _read_back(_text(lines))
        misread = _differing(whole, alone)
        meaning = _meaning(entry, kind)
        blamed = {tag for name in misread for tag in _tags_of(name, meaning)}
        extras = [(tag, value) for tag, value in extras if not misread or tag not in blamed]
    return lines + extras


def _differing(whole: Entry, alone: Entry) -> set[str]:
    """Return the names of fields that only one of two readings has, or has so."""
    ours = {(each.name, each.value) for each in whole.fields}
    differing = ours ^ {(each.name, each.value) for each in alone.fields}
    return {name for name, _ in differing} | ({"id"} if whole.key != alone.key else set())


def _tags_of(name: str, meaning: Profile) -> tuple[str, ...]:
    return (*meaning.tags.get(name, ()), *_TAGS.get(name, ()))


def _own_lines(entry: Entry, kind: str) -> Iterator[Line]:
    meaning = _meaning(entry, kind)
    yield "TY", kind
    if entry.key:
        yield "ID", _one_line(entry.key)
    yield from _variables(entry, meaning)
    for tag in meaning.tags.get("PMCID", ()):
        # One tag for both, told apart by how they look, as Scopus and EndNote use it.
        yield from ((tag, entry.text(name)) for name in ("PMCID", "PMID") if entry.text(name))
    yield from _dates(entry)
    yield from _pages(entry, meaning)
    for name in ("ISBN", "ISSN"):
        text = _one_line(entry.text(name))
        if text and serial(text, meaning) == (name, text):
            yield "SN", text
        elif text:
            yield from _beyond(Field(name, text))


def _kind(entry: Entry) -> str:
    kind = type_for(entry.type, entry.native_type)
    # In a paper of proceedings a lone T2 is their title, in a conference paper the conference's.
    lone_event = kind == "CONF" and entry.text("event-title") and not entry.text("container-title")
    return "CPAPER" if lone_event else kind


def _meaning(entry: Entry, kind: str) -> Profile:
    """Return the profile by which `read_record` will read the entry."""
    named = entry.text("event-title") and (kind == "CPAPER" or entry.text("container-title"))
    return profile(kind, with_event=kind in CONFERENCES and bool(named))


def _variables(entry: Entry, meaning: Profile) -> Iterator[Line]:
    """Write each variable under its first free tag that no variable before it would claim."""
    present = {field.name: field for field in reversed(entry.fields)}
    closed: set[str] = {"SP"} if "page" in present else set()
    for name, tags in meaning.tags.items():
        if name not in present:
            closed.update(tags)
            continue
        free = [tag for tag in tags if tag not in closed]
        closed.update(tags if name in NAMES else free[:1])
        if free and name != "PMCID":
            yield from _values(entry, name, free[0])
        elif not free:
            yield from _beyond(present[name])
    own = _OF_THEIR_OWN | ({"PMID"} if "PMCID" in meaning.tags else set())
    for name in sorted(present.keys() - meaning.tags.keys() - own):
        yield from _beyond(present[name])


def _beyond(field: Field) -> Iterator[Line]:
    yield from ((beyond.TAG, line) for line in beyond.lines(field))


def _values(entry: Entry, name: str, tag: str) -> Iterator[Line]:
    if name in NAMES:
        yield from ((tag, _one_line(write_name(each))) for each in entry.names(name))
    elif name == "keyword":
        yield from ((tag, each) for each in split_keywords(entry.text(name)))
    elif entry.text(name):
        text = entry.text(name)
        yield tag, _folded(text) if name in ("note", "abstract") else _one_line(text)


def _dates(entry: Entry) -> Iterator[Line]:
    issued = entry.date()
    if issued is not None:
        yield from _issued(issued)
    accessed = entry.date("accessed")
    if accessed is not None:
        yield "Y2", _one_line(write_date(accessed))


def _issued(date: Date) -> Iterator[Line]:
    text = _one_line(write_date(date))
    plain_year = date.year is not None and 0 < date.year <= 9999
    if plain_year:
        yield "PY", f"{date.year:04d}"
    if not plain_year or date != Date(date.year):
        yield "DA", text


def _pages(entry: Entry, meaning: Profile) -> Iterator[Line]:
    page = _one_line(entry.text("page"))
    if not page:
        return
    found = _RANGE.fullmatch(page)
    if found:
        yield "SP", found[1]
        yield "EP", found[2]
    elif any("SP" in tags for tags in meaning.tags.values()):
        # A lone SP would be read as the number of pages.
        yield "SP", page
        yield "EP", page
    else:
        yield "SP", page


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")) if "\n" in text else text


def _folded(text: str) -> str:
    """Keep line breaks, but no line that would be taken for a tag."""
    if "\n" not in text:
        return text
    first, *others = text.split("\n")
    return "\n".join([first, *(f"- {line}" if TAG.match(line) else line for line in others)])
