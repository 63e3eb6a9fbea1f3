"""Entries to EndNote XML text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from refkit.formats.characters import xml_text
from refkit.formats.endnotexml.read import read, tag_of
from refkit.formats.endnotexml.tables import (
    ELEMENTS,
    FACES,
    NEAREST,
    OTHERS,
    PERIODICALS,
    REPEATED,
    SERIES_NUMBERED,
    TYPES,
    WRITTEN,
)
from refkit.formats.losses import key_changed, losses, repeated_keys, writable
from refkit.formats.ris.dates import write_date
from refkit.formats.ris.read import read_record
from refkit.formats.ris.write import Line, record_lines
from refkit.formats.tagged import Tagged
from refkit.model.entry import Date, Entry
from refkit.model.report import Written
from refkit.model.text import SourceText, Span
from refkit.normalise.dates import MONTH_MACROS

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
_TAIL = "</records></xml>\n"
_PLACE = {path: place for place, (path, _) in enumerate(ELEMENTS)}
_FACES = {tag: face for face, tag in FACES.items()}
_MARKUP = re.compile(r"<(i|b|sup|sub)>(.*?)</\1>|</?span[^>]*>", re.DOTALL)

Element = tuple[str, str]


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as EndNote XML; each variable that it has no element for is told."""
    works, problems = writable(entries)
    problems += repeated_keys(works)
    records = [_record(number, entry) for number, entry in enumerate(works, 1)]
    text = _HEAD + "".join(records) + _TAIL
    again = read(SourceText("", text)).entries
    for entry, read_back in zip(works, again, strict=True):
        problems += key_changed(entry.key, read_back.key, "EndNote XML")
        problems += losses(entry, read_back, "EndNote XML")
    return Written(text, tuple(problems))


def _record(number: int, entry: Entry) -> str:
    lines = [
        (tag, _worded(entry, value) if tag == "DA" else value) for tag, value in record_lines(entry)
    ]
    kind = NEAREST.get(lines[0][1], lines[0][1])
    if kind in PERIODICALS:
        # Programs that read journals look for them here, EndNote itself in the second title.
        lines += [("JF", value) for tag, value in lines if tag == "T2"]
    lines += [
        (each.name, each.value)
        for each in entry.extra
        if each.name in OTHERS and isinstance(each.value, str)
    ]
    kind = kind if kind in TYPES else "GEN"
    name, code = TYPES[kind]
    elements = sorted(_elements(lines[1:], kind), key=lambda each: _PLACE[each[0]])
    parts = [f"<record><rec-number>{number}</rec-number>"]
    parts.append(f"<ref-type name={quoteattr(name)}>{code}</ref-type>")
    parts += _nested(_not_misread(elements, entry, kind))
    return "".join(parts) + "</record>\n"


def _worded(entry: Entry, date: str) -> str:
    """Write month and day of a date as EndNote's users do, "May 12" beside the year."""
    issued = entry.date()
    if issued is None or issued.month is None or write_date(issued) != date:
        return date
    words = f"{list(MONTH_MACROS.values())[issued.month - 1]} {issued.day or ''}".strip()
    return words if issued == Date(issued.year, issued.month, issued.day) else date


def _elements(lines: Sequence[Line], kind: str) -> Iterator[Element]:
    """Yield path and text of each element; first and last page become one."""
    last = next((value for tag, value in lines if tag == "EP"), "")
    seen: set[str] = set()
    for tag, value in lines:
        series = tag == "SV" and kind in SERIES_NUMBERED
        path = "number" if series else WRITTEN.get(tag, "")
        if not path or (path in seen and tag not in REPEATED):
            continue
        seen.add(path)
        ranged = tag == "SP" and last and last != value
        yield path, f"{value}-{last}" if ranged else value


def _not_misread(elements: list[Element], entry: Entry, kind: str) -> list[Element]:
    """Leave out each element that would be read as a variable which the entry does not have."""
    values = [Tagged("TY", kind, Span(0, 0))]
    for place, (path, text) in enumerate(elements):
        values.append(Tagged(tag_of(path, kind), text, Span(place, place + 1)))
    wrong: set[int] = set()
    for field in read_record(values).fields:
        # A journal is named by its abbreviation where there is no more of it.
        named = field.name == "container-title" and entry.text("container-title-short")
        if entry.field(field.name) is None and not named and field.origin.span:
            wrong.update(range(*field.origin.span))
    return [each for place, each in enumerate(elements) if place not in wrong]


def _nested(elements: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Write elements, opening and closing those that several of them stand in."""
    opened: list[str] = []
    for path, text in elements:
        *outer, name = path.split("/")
        shared = 0
        while shared < min(len(opened), len(outer)) and opened[shared] == outer[shared]:
            shared += 1
        yield from (f"</{each}>" for each in reversed(opened[shared:]))
        yield from (f"<{each}>" for each in outer[shared:])
        opened = outer
        yield f"<{name}>{_styled(text)}</{name}>"
    yield from (f"</{each}>" for each in reversed(opened))


def _styled(rich: str) -> str:
    """Write CSL rich text as `style` elements; EndNote knows no protected case."""
    rich = xml_text(rich)
    if "<" not in rich:
        return escape(rich)
    parts: list[str] = []
    at = 0
    for found in _MARKUP.finditer(rich):
        parts.append(_plain(rich[at : found.start()]))
        if found[1]:
            face = _FACES[found[1]]
            parts.append(f'<style face="{face}" font="default" size="100%">')
            parts.append(_styled(found[2]) + "</style>")
        at = found.end()
    return "".join((*parts, _plain(rich[at:])))


def _plain(text: str) -> str:
    return f'<style face="normal" font="default" size="100%">{escape(text)}</style>' if text else ""
