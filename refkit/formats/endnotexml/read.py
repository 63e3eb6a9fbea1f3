"""EndNote XML text to a `Document`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from refkit.formats.characters import whole_text
from refkit.formats.endnotexml.tables import ELEMENTS, FACES, OF_THE_FILE, SERIES_NUMBERED, TYPES
from refkit.formats.plain import fill_keys
from refkit.formats.ris.read import read_record
from refkit.formats.tagged import Tagged
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span

_SYNTAX = "SYN020"
_TYPE_UNKNOWN = "VAL001"
_NOT_IN_FULL = "VAL002"

_RECORD = re.compile(r"<record[\s>]")
_LINE_END = re.compile(r"\r\n?")
_TAGS = dict(ELEMENTS)
_PLACE = {path: place for place, path in enumerate(_TAGS)}
_BY_NAME = {name.casefold(): kind for kind, (name, _) in TYPES.items()}
_BY_NUMBER = {str(number): kind for kind, (_, number) in TYPES.items()}


def read(source: SourceText) -> Document:
    """Read EndNote XML; where the file breaks off or is no XML, what came before is kept.

    No entity or document type of the file is loaded or expanded.
    """
    reader = _Reader(source)
    entries = fill_keys(reader.entries())
    return Document(source, "endnotexml", entries, tuple(reader.problems))


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        starts = [found.start() for found in _RECORD.finditer(source.text)]
        self._spans = [
            Span(start, end)
            for start, end in zip(starts, [*starts[1:], len(source.text)], strict=False)
        ]

    def entries(self) -> Iterator[Entry]:
        for place, record in enumerate(self._records()):
            span = self._spans[place] if place < len(self._spans) else Span(0, 0)
            yield read_record(self._values(record, span), self.source.path, "endnotexml")

    def _records(self) -> Iterator[Any]:
        from lxml import etree

        parser = etree.XMLPullParser(
            events=("end",), tag="record", encoding="utf-8",
            resolve_entities=False, no_network=True, load_dtd=False,
        )  # fmt: skip
        data = whole_text(self.source.text).encode()
        try:
            parser.feed(data)
            yield from self._finished(parser)
            self._check_root(parser.close())
        except etree.XMLSyntaxError as error:
            yield from self._finished(parser)
            self._say_syntax(error)

    def _check_root(self, root: Any) -> None:
        if not self._spans and root.tag not in ("xml", "records"):
            start = max(self.source.text.find("<" + str(root.tag)), 0)
            message = f"this XML is no EndNote file: its root is {root.tag!r}, and it has no record"
            self.problems.append(Diagnostic(_SYNTAX, message, Span(start, start + 1)))

    @staticmethod
    def _finished(parser: Any) -> Iterator[Any]:
        for _, record in parser.read_events():
            yield record

    def _say_syntax(self, error: Any) -> None:
        line, column = error.position
        lines = self.source.text.split("\n")
        at = sum(len(each) + 1 for each in lines[: line - 1]) + max(column - 1, 0)
        length = len(self.source.text)
        span = Span(min(at, length), min(at + 1, length))
        self.problems.append(Diagnostic(_SYNTAX, f"this is not XML: {error.msg}", span))

    def _values(self, record: Any, span: Span) -> list[Tagged]:
        kind = self._kind(record, span)
        values = [Tagged("TY", kind, span)]
        leaves = sorted(_leaves(record), key=lambda leaf: _PLACE.get(leaf[0], len(_PLACE)))
        for path, element in leaves:
            text = _LINE_END.sub("\n", _rich(element)).strip()
            for face in _unknown_faces(element):
                message = f"the face {face!r} of a text is not held; its text is"
                self.problems.append(
                    Diagnostic(_NOT_IN_FULL, message, span, severity=Severity.WARNING)
                )
            if text:
                # What has no tag is kept under its own name.
                values.append(Tagged(tag_of(path, kind), text, span))
        return values

    def _kind(self, record: Any, span: Span) -> str:
        element = record.find("ref-type")
        if element is None:
            return "GEN"
        name = (element.get("name") or "").casefold()
        kind = _BY_NAME.get(name) or _BY_NUMBER.get((element.text or "").strip())
        if kind is None:
            message = f"EndNote has no reference type {name!r}; it is read as a generic one"
            self.problems.append(
                Diagnostic(_TYPE_UNKNOWN, message, span, severity=Severity.WARNING)
            )
        return kind or "GEN"


def tag_of(path: str, kind: str) -> str:
    """Return the RIS tag of an element in a record of a RIS type; its own path if it has none."""
    if path == "number" and kind in SERIES_NUMBERED:
        return "SV"
    return _TAGS.get(path, path)


def _leaves(element: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each element that holds text, with its path in the record."""
    for child in element:
        if not isinstance(child.tag, str) or (not path and child.tag in OF_THE_FILE):
            continue
        inner = f"{path}/{child.tag}" if path else child.tag
        if inner in _TAGS or all(each.tag == "style" for each in child.iterchildren("*")):
            yield inner, child
        else:
            yield from _leaves(child, inner)


def _rich(element: Any) -> str:
    """Return an element's text with its `style` elements as CSL rich text.

    A reference to an entity of the file's own stays as it is written, such as "&name;".
    """
    parts = [element.text or ""]
    for child in element:
        inner = _rich(child) if isinstance(child.tag, str) else _reference(child)
        for face in reversed((child.get("face") or "").split()):
            if face in FACES and inner.strip():
                inner = f"<{FACES[face]}>{inner}</{FACES[face]}>"
        parts += (inner, child.tail or "")
    return "".join(parts)


def _unknown_faces(element: Any) -> list[str]:
    """Return the faces of an element's text for which CSL has no mark, such as "underline"."""
    faces = {face for each in element.iter("style") for face in (each.get("face") or "").split()}
    return sorted(faces - FACES.keys() - {"normal"})


def _reference(node: Any) -> str:
    text = node.text or ""
    return text if text.startswith("&") and text.endswith(";") else ""
