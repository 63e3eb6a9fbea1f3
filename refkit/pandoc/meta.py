"""Pandoc's metadata values (`MetaValue` of pandoc-types 1.23) as plain values, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MARK = re.compile(
    r'(?P<open><(?:i|b|sub|sup|span class="nocase"|span style="font-variant: ?small-caps;")>'
    r'|\u201c|(?<![^\s(\[>])"(?=\S))|(?P<shut></(?:i|b|sub|sup|span)>|\u201d|")'
)
_QUOTES = {'"': '"', "\u201c": "\u201d"}
_INLINES = {"i": "Emph", "b": "Strong", "sub": "Subscript", "sup": "Superscript"}
_BLANKS = ("Space", "SoftBreak", "LineBreak")

Node = dict[str, Any]
_Open = tuple[str, list[Node]]


def plain(value: Node) -> Any:
    """Return a metadata value as text, bool, list or dict; markup is dropped."""
    kind, content = value["t"], value["c"]
    if kind == "MetaMap":
        return {name: plain(each) for name, each in content.items()}
    if kind == "MetaList":
        return [plain(each) for each in content]
    if kind in ("MetaString", "MetaBool"):
        return content
    return "".join(_texts(content))


def _texts(node: Any) -> Iterator[str]:
    """Yield the texts inside inlines or blocks."""
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, Mapping):
        kind, content = node.get("t"), node.get("c", [])
        if kind == "Str":
            yield content
        elif kind in _BLANKS:
            yield " "
        elif kind in ("Code", "Math"):
            yield content[1]
        elif kind == "Cite":
            yield from _texts(content[1])
        else:
            yield from _texts(content)


def meta(value: Any) -> Node:
    """Return a JSON value as metadata; CSL's rich text in it becomes Pandoc's inlines."""
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {name: meta(each) for name, each in value.items()}}
    if isinstance(value, list):
        return {"t": "MetaList", "c": [meta(each) for each in value]}
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    text = str(value)
    if _MARK.search(text):
        return {"t": "MetaInlines", "c": inlines(text)}
    return {"t": "MetaString", "c": text}


def inlines(rich: str) -> list[Node]:
    """Return CSL rich text as inlines; a tag or quotation mark without its partner stays as text.

    Quotations become pandoc's own, so that a style can set them apart from quotation marks
    around them.
    """
    stack: list[_Open] = [("", [])]
    at = 0
    for found in _MARK.finditer(rich):
        stack[-1][1].extend(_words(rich[at : found.start()]))
        at = found.end()
        if found["open"]:
            stack.append((found["open"], []))
        elif not _shut(stack, found["shut"]):
            stack[-1][1].extend(_words(found["shut"]))
    stack[-1][1].extend(_words(rich[at:]))
    _flatten(stack, 1)
    return stack[0][1]


def _shut(stack: list[_Open], mark: str) -> bool:
    """Close what `mark` closes, if that is open; what was opened inside of it stays as text."""
    place = next((n for n in range(len(stack) - 1, 0, -1) if _closing(stack[n][0]) == mark), 0)
    if not place:
        return False
    _flatten(stack, place + 1)
    opened, inner = stack.pop()
    stack[-1][1].append(_styled(opened, inner))
    return True


def _flatten(stack: list[_Open], depth: int) -> None:
    while len(stack) > depth:
        mark, inner = stack.pop()
        stack[-1][1].extend([*_words(mark), *inner])


def _closing(mark: str) -> str:
    return _QUOTES.get(mark) or f"</{mark[1:-1].partition(' ')[0]}>"


def _styled(mark: str, inner: list[Node]) -> Node:
    if mark in _QUOTES:
        return {"t": "Quoted", "c": [{"t": "DoubleQuote"}, inner]}
    if mark[1:-1] in _INLINES:
        return {"t": _INLINES[mark[1:-1]], "c": inner}
    if "nocase" in mark:
        return {"t": "Span", "c": [["", ["nocase"], []], inner]}
    return {"t": "SmallCaps", "c": inner}


def _words(text: str) -> Iterator[Node]:
    for part in re.split(r"(\s+)", text):
        if part.isspace():
            yield {"t": "Space"}
        elif part:
            yield {"t": "Str", "c": part}
