"""CSL-YAML text to a `Document`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from refkit.formats.characters import whole_text
from refkit.formats.csljson.item import read_item
from refkit.formats.csljson.tables import ALIASES, KINDS
from refkit.formats.csljson.words import read_data
from refkit.formats.cslyaml.markup import from_markdown, unescape
from refkit.formats.cslyaml.nodes import Builder, comments, composed, key, references, tail
from refkit.formats.losses import left_behind
from refkit.formats.plain import fill_keys
from refkit.model.entry import Entry, Origin
from refkit.model.report import Diagnostic, Document
from refkit.model.text import SourceText, Span

_SYNTAX = "SYN020"
_NOT_AN_ITEM = "SYN022"
_CUT = "SYN024"

_FRONT = re.compile(r"^---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"^([ \t]*)- (?=\S)", re.MULTILINE)
_VERBATIM = frozenset({"DOI", "URL", "ISBN", "ISSN", "PMID", "PMCID", "page", "page-first"})


def read(source: SourceText) -> Document:
    """Read `references:` of YAML, of a Markdown file's metadata, or a bare list of items.

    Every scalar is kept as text, so that `no` and `2010-05` are what they look like. A half of a
    character, with which PyYAML would refuse the whole file, is read as U+FFFD. If the file is
    not YAML, its items are read one by one, and the faulty ones told.
    """
    reader = _Reader(source)
    entries = fill_keys(reader.entries())
    return Document(source, "cslyaml", entries, tuple(reader.problems))


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.builder = Builder(source.text)
        self.problems: list[Diagnostic] = []

    def entries(self) -> Iterator[Entry]:
        for item, span in self._items():
            if isinstance(item, dict):
                plain = {str(name): _value(str(name), value) for name, value in item.items()}
                origin = Origin("cslyaml", self.source.path, span)
                entry, problems = read_item(plain, origin)
                self.problems += problems
                yield from read_data(plain, origin)
                yield entry
            else:
                message = "this is not an item but a bare value"
                self.problems.append(Diagnostic(_NOT_AN_ITEM, message, span))

    def _items(self) -> Iterator[tuple[Any, Span]]:
        text, base = self._block()
        root, fault = composed(text)
        if fault is not None:
            yield from self._piecewise(text, base, fault)
            return
        listed, others = references(root)
        if listed is None and root is not None and text.strip():
            message = "there is no list of references in this file"
            self.problems.append(Diagnostic(_SYNTAX, message, Span(0, 0)))
        self._beside(text, base, root)
        for name, node in others:
            span = Span(base + name.start_mark.index, base + node.end_mark.index)
            self.problems.append(left_behind(f"{key(name)!r} beside the references", span))
        for node in listed or ():
            span = Span(base + node.start_mark.index, base + node.end_mark.index)
            yield self._built(node, span), span

    def _built(self, node: Any, span: Span) -> Any:
        self.builder.fault = ""
        value = self.builder.value(node)
        if self.builder.fault:
            self.problems.append(Diagnostic(_CUT, self.builder.fault, span))
        return value

    def _block(self) -> tuple[str, int]:
        """Return the YAML part of the file and where it begins."""
        text = whole_text(self.source.text)
        for found in _FRONT.finditer(text):
            if "references:" in found[1]:
                self._around(0, found.start())
                self._around(found.end(), len(text))
                return found[1], found.start(1)
        return text, 0

    def _around(self, start: int, end: int) -> None:
        """Tell of text outside the YAML of the references."""
        around = self.source.text[start:end]
        if stripped := around.strip():
            start += around.index(stripped[0])
            span = Span(start, start + len(stripped))
            self.problems.append(left_behind("text around the references", span))

    def _beside(self, text: str, base: int, root: Any) -> None:
        stop = tail(text, root)
        self._around(base + stop, base + len(text))
        for start, end in comments(text, root, stop):
            self.problems.append(left_behind("a comment", Span(base + start, base + end)))

    def _piecewise(
        self, text: str, base: int, fault: tuple[str, int]
    ) -> Iterator[tuple[Any, Span]]:
        starts = list(_ITEM.finditer(text))
        indent = min((found[1] for found in starts), key=len, default="")
        edges = [found.start() for found in starts if found[1] == indent] + [len(text)]
        if len(edges) < 2:
            self._say(fault, base)
        for start, end in pairwise(edges):
            root, fault_here = composed(text[start:end])
            if fault_here is not None:
                self._say(fault_here, base + start)
            elif root is not None:
                self._beside(text[start:end], base + start, root)
                span = Span(base + start, base + end)
                for node in root.value if isinstance(root.value, list) else ():
                    yield self._built(node, span), span

    def _say(self, fault: tuple[str, int], base: int) -> None:
        message, at = fault
        at = min(base + at, len(self.source.text))
        span = Span(at, min(at + 1, len(self.source.text)))
        self.problems.append(Diagnostic(_SYNTAX, f"this is not YAML: {message}", span))


def _value(name: str, value: Any) -> Any:
    """Read the Markdown in a value: marks in texts, guarded punctuation everywhere."""
    if name == "custom":
        return _unescaped(value)
    known = ALIASES.get(name, name)
    if KINDS.get(known) == "text" and known not in _VERBATIM and isinstance(value, str):
        return from_markdown(value)
    return _unescaped(value)


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, list):
        return [_unescaped(each) for each in value]
    if isinstance(value, dict):
        return {unescape(str(name)): _unescaped(each) for name, each in value.items()}
    return value
