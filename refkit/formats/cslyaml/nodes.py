"""YAML's nodes: how they are made of text, what they are as values, and what is beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from refkit.model.text import Span

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_LISTS = ("references", "items")
_DEEPEST = 20
_ROOM = 1_000_000
_COMMENT = re.compile(r"(?<!\S)#[^\r\n]*")
_NOTHING = re.compile(r"(?:\s|^(?:---|\.\.\.)[ \t]*$|(?<!\S)#[^\r\n]*)*", re.MULTILINE)


def composed(text: str) -> tuple[Any, tuple[str, int] | None]:
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


class References(NamedTuple):
    """The nodes of the items, None if there is no list of them, and the members beside it."""

    items: list[Any] | None
    others: list[tuple[Any, Any]]


def references(root: Any) -> References:
    """Find the list of items: the document itself, or its member `references` or `items`."""
    value = getattr(root, "value", None)
    if not isinstance(value, list):
        return References(None, [])
    if root.id == "sequence":
        return References(value, [])
    for place, (name, node) in enumerate(value):
        if name.value in _LISTS and node.id == "sequence":
            return References(node.value, value[:place] + value[place + 1 :])
    return References(None, [])


class Builder:
    """Makes values of the nodes of one file: texts, lists and dicts, YAML's types left alone.

    What an alias repeats is counted, for a few that name one another can stand for more than
    any memory holds. `fault` tells what was left out last, "" if nothing was.
    """

    def __init__(self, text: str) -> None:
        self.fault = ""
        self._room = max(_ROOM, 10 * len(text))
        self._seen: dict[int, Any] = {}

    def value(self, node: Any, depth: int = 0) -> Any:
        """Return a node's value, with "" for what is nested too deeply or repeated too often."""
        if depth > _DEEPEST:
            self.fault = "this item is nested too deeply; its deepest parts are left out"
            return ""
        if id(node) in self._seen and not self._repeats(node):
            self.fault = "the aliases of this item come to too much; some are left out"
            return ""
        self._seen[id(node)] = node
        if node.id == "sequence":
            return [self.value(each, depth + 1) for each in node.value]
        if node.id == "mapping":
            return {key(name): self.value(each, depth + 1) for name, each in node.value}
        return None if not node.style and node.value in _NULL else node.value

    def _repeats(self, node: Any) -> bool:
        """Tell whether there is room to repeat a node, and take it."""
        self._room -= 1 + (len(node.value) if node.id == "scalar" else 0)
        return self._room >= 0


def key(node: Any) -> str:
    """Return the name of a member."""
    return node.value if isinstance(node.value, str) else str(node.id)


def tail(text: str, root: Any) -> int:
    """Return where text begins that follows the first document, its length if none does."""
    found = _NOTHING.match(text, root.end_mark.index if root is not None else len(text))
    return found.end() if found else len(text)


def comments(text: str, root: Any, stop: int) -> Iterator[Span]:
    """Yield the places of a document's comments, those on adjoining lines as one."""
    start = end = -1
    for at, until in _between_scalars(text, root, stop) if "#" in text else ():
        for found in _COMMENT.finditer(text, at, until):
            if start >= 0 and not text[end : found.start()].isspace():
                yield Span(start, end)
                start = -1
            start, end = (found.start() if start < 0 else start), found.end()
    if start >= 0:
        yield Span(start, end)


def _between_scalars(text: str, root: Any, stop: int) -> Iterator[tuple[int, int]]:
    done = 0
    for node in sorted(_scalars(root), key=lambda each: int(each.start_mark.index)):
        start, end = node.start_mark.index, node.end_mark.index
        if node.style in ("|", ">"):
            # A comment may follow the sign that begins a block.
            start = text.find("\n", start)
        if done < start < end:
            yield done, start
        done = max(done, end)
    yield done, stop


def _scalars(root: Any) -> Iterator[Any]:
    seen: set[int] = set()
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "scalar":
            yield node
        elif node.id == "sequence":
            waiting += node.value
        else:
            waiting += (each for pair in node.value for each in pair)
