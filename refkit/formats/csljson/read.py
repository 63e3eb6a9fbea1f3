"""CSL-JSON text to a `Document`: item by item, so that one fault costs one item."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from typing import Any

from refkit.formats.csljson.item import read_item
from refkit.formats.csljson.words import read_data
from refkit.formats.losses import left_behind
from refkit.formats.plain import fill_keys
from refkit.model.entry import Entry, Origin
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span

SYNTAX = "SYN020"
TRUNCATED = "SYN021"
NOT_AN_ITEM = "SYN022"

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_LEXEME = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\]]')
_LISTS = ("items", "references")
# No number of a bibliography is that long: such digits are kept as text.
_LONGEST = 18
_decode = json.JSONDecoder(
    parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST else digits
).raw_decode


def read(source: SourceText) -> Document:
    """Read a list of items, `{"items": […]}`, `{"references": […]}` or a single item.

    What else an object has beside the list is told, for no file written of the items will have
    it. A broken item is told with its line and column and left out; the rest is read.
    """
    reader = ItemReader(source, "CSL-JSON")
    entries = fill_keys(_entries(reader))
    return Document(source, "csljson", entries, tuple(reader.problems))


def _entries(reader: ItemReader) -> Iterator[Entry]:
    for item, span in reader.items():
        origin = Origin("csljson", reader.source.path, span)
        entry, problems = read_item(item, origin)
        reader.problems += problems
        yield from read_data(item, origin)
        yield entry


class ItemReader:
    """Reads a list of JSON objects, in any of the forms that `read` knows, with their places.

    `name` is the format's name as a user knows it; what is wrong is gathered in `problems`.
    """

    def __init__(self, source: SourceText, name: str) -> None:
        self.source = source
        self.name = name
        self.text = source.text
        self.problems: list[Diagnostic] = []

    def items(self) -> Iterator[tuple[dict[str, Any], Span]]:
        """Yield each object of the list."""
        for item, span in self._items(self._skip(0)):
            if isinstance(item, dict):
                yield item, span
            else:
                self._say(NOT_AN_ITEM, "this is not an item but a bare value", span)

    def _items(self, at: int) -> Iterator[tuple[Any, Span]]:
        first = self.text[at : at + 1]
        if first == "[":
            at = yield from self._list(at)
        elif first == "{":
            listed = self._listed(at)
            at = yield from self._lines(at) if listed is None else self._envelope(at, listed)
        at = self._skip(at)
        if at < len(self.text):
            begun = first in ("[", "{")
            what = "this is no item and not read" if begun else f"{self.name} begins with [ or {{"
            self._say(SYNTAX, what, Span(at, at + 1))

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _list(self, at: int) -> Generator[tuple[Any, Span], None, int]:
        """Read a list of items and return where it ends."""
        at = self._skip(at + 1)
        while at < len(self.text) and self.text[at] != "]":
            start = at
            try:
                item, at = _decode(self.text, start)
            except (ValueError, RecursionError) as error:
                at = self._recover(start, error)
                if self.text[at : at + 1] == "{":
                    continue
            else:
                yield item, Span(start, at)
            at = self._separator(self._skip(at))
        if at >= len(self.text):
            self._say(TRUNCATED, "the list of items is never closed", Span(at, at))
        return min(at + 1, len(self.text))

    def _separator(self, at: int) -> int:
        if self.text[at : at + 1] == ",":
            return self._skip(at + 1)
        if at < len(self.text) and self.text[at] != "]":
            self._say(SYNTAX, "a comma is missing between two items", Span(at, at + 1))
            if self.text[at] != "{":
                following = self.text.find("{", at)
                return following if following >= 0 else len(self.text)
        return at

    def _lines(self, at: int) -> Generator[tuple[Any, Span], None, int]:
        """Read an item, and those that follow it: JSON Lines. Return where they end."""
        while self.text[at : at + 1] == "{":
            start = at
            try:
                item, at = _decode(self.text, start)
            except (ValueError, RecursionError) as error:
                at = self._recover(start, error)
            else:
                yield item, Span(start, at)
            at = self._skip(at)
        return at

    def _envelope(self, at: int, listed: int) -> Generator[tuple[Any, Span], None, int]:
        """Read the list that begins at `listed` inside an object; return where that ends."""
        self._others(self._skip(at + 1), listed)
        at = self._skip((yield from self._list(listed)))
        if self.text[at : at + 1] == ",":
            at = self._others(self._skip(at + 1), len(self.text))
        if self.text[at : at + 1] == "}":
            return at + 1
        if at >= len(self.text) and not any(each.code == TRUNCATED for each in self.problems):
            self._say(TRUNCATED, "the object around the items is never closed", Span(at, at))
        return at

    def _others(self, at: int, stop: int) -> int:
        """Tell of an envelope's members from `at` on whose values begin before `stop`.

        Returns where they end, or where something is no member.
        """
        while self.text[at : at + 1] == '"':
            start = at
            try:
                name, at = _decode(self.text, start)
                at = self._skip(self._skip(at) + 1)
                if at >= stop:
                    return at
                _, at = _decode(self.text, at)
            except (ValueError, RecursionError):
                return start
            self.problems.append(left_behind(f"{name!r} beside the items", Span(start, at)))
            at = self._skip(at)
            if self.text[at : at + 1] != ",":
                return at
            at = self._skip(at + 1)
        return at

    def _listed(self, at: int) -> int | None:
        """Return where the list of an envelope begins, None if this is none."""
        at = self._skip(at + 1)
        try:
            while self.text[at : at + 1] == '"':
                name, at = _decode(self.text, at)
                at = self._skip(self._skip(at) + 1)
                if name in _LISTS and self.text[at : at + 1] == "[":
                    return at
                _, at = _decode(self.text, at)
                at = self._skip(self._skip(at) + 1)
        except (ValueError, RecursionError):
            return None
        return None

    def _recover(self, start: int, error: Exception) -> int:
        """Tell of a broken item and return where it ends."""
        at = error.pos if isinstance(error, json.JSONDecodeError) else start
        what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        end = self._end_of_item(start)
        if end is None:
            self._say(TRUNCATED, f"the file ends inside this item ({what})", Span(start, start + 1))
            return len(self.text)
        self._say(SYNTAX, f"this item is not JSON: {what}", Span(at, min(at + 1, len(self.text))))
        return end

    def _end_of_item(self, start: int) -> int | None:
        """Find the bracket that closes an item, or else the next item at its own indent."""
        depth = 0
        for lexeme in _LEXEME.finditer(self.text, start):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(lexeme[0], 0)
            if depth <= 0 and lexeme[0] in "}]":
                return lexeme.end()
        line = self.text.rfind("\n", 0, start) + 1
        indent = re.escape(self.text[line:start]) if self.text[line:start].isspace() else ""
        following = re.compile(rf"^{indent}(?=\{{)", re.MULTILINE).search(self.text, start + 1)
        return following.end() if following else None

    def _say(self, code: str, message: str, span: Span) -> None:
        self.problems.append(Diagnostic(code, message, span, severity=Severity.ERROR))
