"""The format: EndNote's refer files (.enw), one tag such as `%T` to a line.

It shows what a reader and a writer owe to refkit: nothing raised for bad input, nothing lost
without a diagnostic, an origin for every value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refkit.model.entry import Date, Entry, Field, Name, Origin, Value
from refkit.model.report import Diagnostic, Document, Severity, Written
from refkit.model.text import SourceText, Span
from refkit.plugins import Format

from refkit_sample.people import read_name, write_name
from refkit_sample.tags import KNOWN, NAME_TAGS, NAMES, NATIVE_TYPES, TEXTS, TYPES, text_tag

_TAGGED = re.compile(r"(%[0-9A-Z@])[ \t]*(.*)")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")


class Line(NamedTuple):
    """A tag, its text and its place in the file; text before any tag has the tag ""."""

    tag: str
    text: str
    span: Span


def read_refer(source: SourceText) -> Document:
    """Read a refer file; what is not a tag of the format is kept in `extra` and reported."""
    problems: list[Diagnostic] = []
    entries: list[Entry] = []
    for lines in _records(source.text):
        problems.extend(_oddities(lines))
        tagged = [line for line in lines if line.tag]
        if tagged:
            entries.append(_entry(tagged, len(entries) + 1, source.path))
    return Document(source, FORMAT.name, tuple(entries), tuple(problems))


def _records(text: str) -> Iterator[list[Line]]:
    """Cut the text into records, at blank lines and before each `%0`."""
    record: list[Line] = []
    for line in _lines(text):
        if record and (line.tag == "%0" or not (line.tag or line.text)):
            yield record
            record = []
        if line.tag or (line.text and not record):
            record.append(line)
        elif line.text:
            record[-1] = _continued(record[-1], line)
    if record:
        yield record


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for written in text.splitlines(keepends=True):
        bare = written.rstrip("\r\n")
        found = _TAGGED.fullmatch(bare)
        tag, content = (found[1], found[2]) if found else ("", bare)
        yield Line(tag, content.strip(), Span(start, start + len(bare)))
        start += len(written)


def _continued(line: Line, more: Line) -> Line:
    text = f"{line.text} {more.text}".strip()
    return Line(line.tag, text, Span(line.span.start, more.span.end))


def _oddities(lines: Sequence[Line]) -> Iterator[Diagnostic]:
    for line in lines:
        if not line.tag:
            message = f"this text has no tag and is left out: {line.text}"
            yield Diagnostic("SMP101", message, line.span)
        elif line.tag not in KNOWN:
            message = f"the tag {line.tag} is not known; it is kept as it is"
            yield Diagnostic("SMP102", message, line.span, severity=Severity.INFO)
        elif line.tag == "%0" and line.text not in TYPES:
            message = f"the type {line.text!r} is not known; it is read as Generic"
            yield Diagnostic("SMP104", message, line.span, severity=Severity.WARNING)


def _entry(lines: Sequence[Line], number: int, path: str) -> Entry:
    first = {line.tag: line.text for line in reversed(lines)}
    native = first.get("%0", "Generic")
    extra = (line for line in lines if line.tag not in KNOWN)
    return Entry(
        key=first.get("%F", f"entry{number}"),
        type=TYPES.get(native, "document"),
        fields=tuple(_fields(lines, path)),
        extra=tuple(Field(each.tag, each.text, _origin(path, each)) for each in extra),
        native_type=native,
        origin=_origin(path, *lines),
    )


def _fields(lines: Sequence[Line], path: str) -> Iterator[Field]:
    """Yield a field for each variable, in the order in which the file first has them."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        variable = _variable(line)
        if variable:
            grouped.setdefault(variable, []).append(line)
    for variable, found in grouped.items():
        yield Field(variable, _value(variable, found), _origin(path, *found))


def _variable(line: Line) -> str:
    if line.tag in ("%D", "%8"):
        return "issued"
    if line.tag == "%@":
        return "ISSN" if _ISSN.fullmatch(line.text) else "ISBN"
    return NAMES.get(line.tag) or TEXTS.get(line.tag, "")


def _value(variable: str, lines: Sequence[Line]) -> Value:
    if variable in NAME_TAGS:
        return tuple(read_name(line.text) for line in lines)
    if variable == "issued":
        return _date(max(lines, key=lambda line: line.tag == "%8").text)
    return "; ".join(line.text for line in lines)


def _date(text: str) -> Date:
    found = _DAY.fullmatch(text)
    if found is None:
        return Date(literal=text)
    year, month, day = (int(part) if part else None for part in found.groups())
    return Date(year, month, day)


def _origin(path: str, *lines: Line) -> Origin:
    return Origin("refer", path, Span(lines[0].span.start, lines[-1].span.end))


def write_refer(entries: Sequence[Entry]) -> Written:
    """Write a refer file; each thing that it has no tag for gives a diagnostic."""
    records: list[str] = []
    problems: list[Diagnostic] = []
    for entry in entries:
        lines = [f"%0 {NATIVE_TYPES.get(entry.type, 'Generic')}", f"%F {entry.key}"]
        if entry.type not in NATIVE_TYPES:
            problems.append(_lost(entry, f"the type {entry.type}"))
        for field in (*entry.fields, *entry.extra):
            written = list(_written(entry, field))
            lines.extend(written)
            if not written:
                problems.append(_lost(entry, f"the field {field.name}"))
            elif _narrowed(field.value):
                problems.append(_lost(entry, f"the field {field.name} as it is"))
        records.append("".join(f"{line}\n" for line in lines))
    return Written("\n".join(records), tuple(problems))


def _written(entry: Entry, field: Field) -> Iterator[str]:
    value = field.value
    if isinstance(value, Date):
        if field.name == "issued":
            yield from _date_lines(value)
    elif isinstance(value, tuple):
        if field.name in NAME_TAGS:
            yield from (f"{NAME_TAGS[field.name]} {write_name(name)}" for name in value)
    else:
        tag = _tag(entry, field.name)
        if tag:
            yield f"{tag} {' '.join(value.split())}"


def _tag(entry: Entry, name: str) -> str:
    if name.startswith("%"):
        return name
    return "%@" if name in ("ISBN", "ISSN") else text_tag(name, entry.type)


def _date_lines(date: Date) -> Iterator[str]:
    if date.literal:
        yield f"%D {date.literal}"
    elif date.year is not None:
        yield f"%D {date.year:04}"
        if date.month:
            yield f"%8 {date.year:04}-{date.month:02}" + (f"-{date.day:02}" if date.day else "")


def _narrowed(value: Value) -> bool:
    """Tell whether a value says more than its lines can."""
    if isinstance(value, Date):
        beyond = value.end or value.season or value.circa or value.uncertain
        return bool(beyond) or (value.year or 0) < 0
    return isinstance(value, tuple) and any(_is_narrowed_name(name) for name in value)


def _is_narrowed_name(name: Name) -> bool:
    return read_name(write_name(name)) != name


def _lost(entry: Entry, what: str) -> Diagnostic:
    message = f"refer files cannot hold {what}"
    return Diagnostic("SMP103", message, key=entry.key, severity=Severity.WARNING)


FORMAT = Format("refer", (".enw", ".refer"), read=read_refer, write=write_refer)
