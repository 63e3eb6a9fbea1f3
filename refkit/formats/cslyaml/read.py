"""CSL-YAML text to a `Document`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from refkit.formats.csljson.item import read_item
from refkit.formats.csljson.tables import ALIASES, KINDS
from refkit.formats.cslyaml.markup import from_markdown, unescape
from refkit.formats.plain import fill_keys
from refkit.model.entry import Entry, Origin
from refkit.model.report import Diagnostic, Document
from refkit.model.text import SourceText, Span

_SYNTAX = "SYN020"
_NOT_AN_ITEM = "SYN022"

_FRONT = re.compile(r"^---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"^([ \t]*)- (?=\S)", re.MULTILINE)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_VERBATIM = frozenset({"DOI", "URL", "ISBN", "ISSN", "PMID", "PMCID", "page", "page-first"})
_DEEPEST = 20


def read(source: SourceText) -> Document:
    """Read `references:` of YAML, of a Markdown file's metadata, or a bare list of items.

    Every scalar is kept as text, so that `no` and `2010-05` are what they look like. If the
    file is not YAML, its items are read one by one, and the faulty ones told.
    """
    reader = _Reader(source)
    entries = fill_keys(reader.entries())
    return Document(source, "cslyaml", entries, tuple(reader.problems))


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []

    def entries(self) -> Iterator[Entry]:
        for item, span in self._items():
            if isinstance(item, dict):
                plain = {str(name): _value(str(name), value) for name, value in item.items()}
                entry, problems = read_item(plain, Origin("cslyaml", self.source.path, span))
                self.problems += problems
                yield entry
            else:
                message = "this is not an item but a bare value"
                self.problems.append(Diagnostic(_NOT_AN_ITEM, message, span))

    def _items(self) -> Iterator[tuple[Any, Span]]:
        text, base = self._block()
        root, fault = _composed(text)
        if fault is not None:
            yield from self._piecewise(text, base, fault)
            return
        listed = _references(root)
        if listed is None and root is not None and text.strip():
            message = "there is no list of references in this file"
            self.problems.append(Diagnostic(_SYNTAX, message, Span(0, 0)))
        for node in listed or ():
            span = Span(base + node.start_mark.index, base + node.end_mark.index)
            yield _built(node, 0), span

    def _block(self) -> tuple[str, int]:
        """Return the YAML part of the file and where it begins."""
        text = self.source.text
        for found in _FRONT.finditer(text):
            if "references:" in found[1]:
                return found[1], found.start(1)
        return text, 0

    def _piecewise(
        self, text: str, base: int, fault: tuple[str, int]
    ) -> Iterator[tuple[Any, Span]]:
        starts = list(_ITEM.finditer(text))
        indent = min((found[1] for found in starts), key=len, default="")
        edges = [found.start() for found in starts if found[1] == indent] + [len(text)]
        if len(edges) < 2:
            self._say(fault, base)
        for start, end in pairwise(edges):
            root, fault_here = _composed(text[start:end])
            if fault_here is not None:
                self._say(fault_here, base + start)
            elif root is not None:
                for node in root.value if isinstance(root.value, list) else ():
                    yield _built(node, 0), Span(base + start, base + end)

    def _say(self, fault: tuple[str, int], base: int) -> None:
        message, at = fault
        at = min(base + at, len(self.source.text))
        span = Span(at, min(at + 1, len(self.source.text)))
        self.problems.append(Diagnostic(_SYNTAX, f"this is not YAML: {message}", span))


def _composed(text: str) -> tuple[Any, tuple[str, int] | None]:
    """Return the root node of the first document, or what is wrong and where."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
    try:
        return (loader.get_node() if loader.check_node() else None), None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        at = mark.index if mark is not None else getattr(error, "position", 0)
        what = getattr(error, "problem", None) or getattr(error, "reason", None)
        return None, (str(what or "nested too deeply"), at)
    finally:
        loader.dispose()


def _references(root: Any) -> list[Any] | None:
    value = getattr(root, "value", None)
    if not isinstance(value, list):
        return None
    if getattr(root, "id", "") == "sequence":
        return value
    for name, node in value:
        if name.value in ("references", "items") and node.id == "sequence":
            return list(node.value)
    return None


def _built(node: Any, depth: int) -> Any:
    """Build a value of texts, lists and dicts; YAML's own types are left alone."""
    if depth > _DEEPEST:
        return ""
    if node.id == "sequence":
        return [_built(each, depth + 1) for each in node.value]
    if node.id == "mapping":
        return {_key(name): _built(each, depth + 1) for name, each in node.value}
    return None if not node.style and node.value in _NULL else node.value


def _key(node: Any) -> str:
    return node.value if isinstance(node.value, str) else str(node.id)


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
