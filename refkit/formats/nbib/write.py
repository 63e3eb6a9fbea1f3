"""Entries to NBIB text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from refkit.formats.losses import keys_lost, losses, writable
from refkit.formats.nbib.read import TAG, read_record
from refkit.formats.nbib.tables import KEYWORDS, NAMES, ORDER, TEXTS, TYPES, WRITTEN_TYPES
from refkit.formats.plain import read_date, write_name
from refkit.formats.tagged import Tagged, read_lines, split_keywords
from refkit.model.entry import OTHERS, Date, Entry, Name
from refkit.model.report import Written
from refkit.model.text import Span
from refkit.normalise.dates import MONTH_MACROS, format_edtf

_TAG = re.compile(r"(?!PMID)[A-Z][A-Z0-9]{1,3}")
_FOREIGN = frozenset({"ris", "endnotexml"})
_LABELLED = frozenset({"IS", "ISBN"})
_TAGS = {
    "PMCID": ("PMC",),
    "page": ("PG",),
    "publisher-place": ("PL",),
    "issued": ("DP",),
    "available-date": ("DEP",),
    "ISBN": ("ISBN",),
    "ISSN": ("IS", "ISSN"),
    "DOI": ("LID", "AID"),
    "number": ("LID", "AID"),
    "keyword": KEYWORDS,
    "container-title": ("BTI",),
    "title": ("BTI",),
}
"""The tags that are read as a variable beside those of the tables."""
_MONTHS = [name[:3] for name in MONTH_MACROS.values()]
_SEASONS = ("Spring", "Summer", "Autumn", "Winter")
_PLACE = {tag: place for place, tag in enumerate(ORDER)}
# People and organisations keep their order among each other.
_PLACE |= {tag: _PLACE[tags[0]] for tags in NAMES.values() for tag in tags}

Line = tuple[str, str]


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as NBIB; each variable that it has no tag for is told."""
    works, problems = writable(entries)
    problems += keys_lost(works, "NBIB")
    parts: list[str] = []
    for entry in works:
        text = _record(entry)
        problems += losses(entry, _read_back(text), "NBIB")
        parts.append(text)
    return Written("\n".join(parts), tuple(problems))


def _record(entry: Entry) -> str:
    """Write one record; an extra that NBIB would read as a variable is left out."""
    lines = list(_lines(entry))
    extras = list(_extras(entry))
    text = _text([*lines, *extras])
    if extras:
        whole, alone = _read_back(text), _read_back(_text(lines))
        blamed = {tag for name in _differing(whole, alone) for tag in _tags_of(name)}
        if blamed:
            text = _text([*lines, *(line for line in extras if line[0] not in blamed)])
    # An entry of which nothing can be held still has its place in the file.
    return text or "STAT- \n"


def _text(lines: list[Line]) -> str:
    """Write lines in PubMed's order; a number that stands in another with its kind stands once."""
    labelled = [value.split() for tag, value in lines if tag in _LABELLED]
    twice = {number for words in labelled if len(words) > 1 for number in words}
    kept = (line for line in lines if line[0] not in _LABELLED or line[1] not in twice)
    ordered = sorted(kept, key=lambda line: _PLACE.get(line[0], len(ORDER)))
    return "".join(_wrapped(tag, value) for tag, value in ordered)


def _read_back(text: str) -> Entry:
    return read_record(list(read_lines(text, TAG)) or [Tagged("STAT", "", Span(0, 0))])


def _differing(whole: Entry, alone: Entry) -> set[str]:
    """Return the names of fields that only one of two readings has, or has so."""
    ours = {(each.name, each.value) for each in whole.fields}
    return {name for name, _ in ours ^ {(each.name, each.value) for each in alone.fields}}


def _tags_of(name: str) -> tuple[str, ...]:
    return (*TEXTS.get(name, ()), *NAMES.get(name, ()), *_TAGS.get(name, ()))


def _wrapped(tag: str, value: str) -> str:
    body = textwrap.wrap(
        value, 82, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return f"{tag:<4}- " + "\n      ".join(body) + "\n"


def _lines(entry: Entry) -> Iterator[Line]:
    yield from _identity(entry)
    for name, tags in TEXTS.items():
        if entry.text(name):
            yield _tag_of(entry, name, tags[0]), entry.text(name)
    for name, tags in NAMES.items():
        for each in entry.names(name):
            yield from _name(each, tags)
    for keyword in split_keywords(entry.text("keyword")):
        yield "OT", keyword


def _extras(entry: Entry) -> Iterator[Line]:
    for extra in entry.extra:
        # Another owner, such as ERIC, has other meanings for the tags that are written here.
        owned = extra.name == "OWN" and extra.value != "NLM"
        if extra.origin.source in _FOREIGN and extra.name != "AD":
            continue
        if _TAG.fullmatch(extra.name) and isinstance(extra.value, str) and not owned:
            yield extra.name, extra.value


def _tag_of(entry: Entry, name: str, tag: str) -> str:
    return "BTI" if name == "container-title" and entry.type == "chapter" else tag


def _identity(entry: Entry) -> Iterator[Line]:
    values = {
        "PMID": entry.text("PMID"),
        "PMC": entry.text("PMCID"),
        "PG": entry.text("page"),
        "PL": entry.text("publisher-place") if entry.type in ("book", "chapter") else "",
        "PT": entry.native_type if _says_type(entry) else WRITTEN_TYPES.get(entry.type, ""),
        "DP": _date(entry.date()),
        "DEP": _compact(entry.date("available-date")),
    }
    yield from ((tag, value) for tag, value in values.items() if value)
    for name, tag in (("ISBN", "ISBN"), ("ISSN", "IS")):
        yield from ((tag, value) for value in entry.text(name).split())
    if entry.text("DOI"):
        yield "LID", f"{entry.text('DOI')} [doi]"
    if entry.text("number"):
        yield "LID", f"{entry.text('number')} [pii]"


def _says_type(entry: Entry) -> bool:
    return TYPES.get(entry.native_type) == entry.type


def _name(name: Name, tags: tuple[str, ...]) -> Iterator[Line]:
    full, short, *group = tags
    if name == OTHERS:
        yield short, "et al."
    elif name.literal and group:
        yield group[0], name.literal
    else:
        yield full, write_name(name)


def _date(date: Date | None) -> str:
    """Write a date as "1996 Jul 9", "2015 Spring", "2015 May-Jun"; others as EDTF."""
    if date is None or date.literal:
        return date.literal if date is not None else ""
    if date.year is None or not 1000 <= date.year <= 9999 or date.circa or date.uncertain:
        return format_edtf(date)
    start = f"{date.year} {_within_year(date)}".strip()
    if date.end is None:
        return start
    if date.end.year is None:
        return format_edtf(date)
    text = f"{start}-{_end(date.end, date)}"
    return text if read_date(text) == date else format_edtf(date)


def _end(end: Date, start: Date) -> str:
    """Write the end of a range, without what it shares with the start."""
    if end.year != start.year:
        return _date(end)
    if end.day is not None and end.month == start.month:
        return str(end.day)
    return _within_year(end)


def _compact(date: Date | None) -> str:
    """Write a day as "20190805", another date as `DP` has it."""
    if date is None or date.day is None or date != Date(date.year, date.month, date.day):
        return _date(date)
    return f"{date.year:04d}{date.month:02d}{date.day:02d}"


def _within_year(date: Date) -> str:
    if date.season is not None:
        return _SEASONS[date.season - 1]
    if date.month is None:
        return ""
    day = f" {date.day}" if date.day is not None else ""
    return f"{_MONTHS[date.month - 1]}{day}"
