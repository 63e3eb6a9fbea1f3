"""Entries to RIS text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refkit.formats.losses import key_changed, losses, repeated_keys, writable
from refkit.formats.plain import write_name
from refkit.formats.ris.dates import write_date
from refkit.formats.ris.read import TAG, read_record
from refkit.formats.ris.tables import Profile, profile, type_for
from refkit.formats.tagged import read_lines, split_keywords
from refkit.model.entry import Date, Entry
from refkit.model.report import Written
from refkit.model.vocab import NAMES

_TAG = re.compile(r"[A-Z][A-Z0-9]")
_RANGE = re.compile(r"([^-\s]+)-([^-\s]+)")

Line = tuple[str, str]


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as RIS; each variable that RIS has no tag for is told."""
    works, problems = writable(entries)
    problems += repeated_keys(works)
    parts: list[str] = []
    for entry in works:
        lines = list(record_lines(entry))
        text = "".join(f"{tag}  - {value}\n" for tag, value in lines)
        again = read_record(list(read_lines(text, TAG)))
        problems += key_changed(entry.key, again.key, "RIS")
        problems += losses(entry, again, "RIS")
        parts.append(text + "ER  - \n\n")
    return Written("".join(parts), tuple(problems))


def record_lines(entry: Entry) -> Iterator[Line]:
    """Yield the tags and values of one entry, without the `ER` that ends it."""
    kind = _kind(entry)
    meaning = profile(kind)
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
        if entry.text(name):
            yield "SN", _one_line(entry.text(name))
    for extra in entry.extra:
        if _TAG.fullmatch(extra.name) and isinstance(extra.value, str):
            yield extra.name, _folded(extra.value)


def _kind(entry: Entry) -> str:
    kind = type_for(entry.type, entry.native_type)
    # In a paper of proceedings a lone T2 is their title, in a conference paper the conference's.
    lone_event = kind == "CONF" and entry.text("event-title") and not entry.text("container-title")
    return "CPAPER" if lone_event else kind


def _variables(entry: Entry, meaning: Profile) -> Iterator[Line]:
    """Write each variable under its first free tag that no variable before it would claim."""
    present = {field.name for field in entry.fields}
    closed: set[str] = {"SP"} if "page" in present else set()
    for name, tags in meaning.tags.items():
        if name not in present:
            closed.update(tags)
            continue
        free = [tag for tag in tags if tag not in closed]
        closed.update(tags if name in NAMES else free[:1])
        if free and name != "PMCID":
            yield from _values(entry, name, free[0])


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
