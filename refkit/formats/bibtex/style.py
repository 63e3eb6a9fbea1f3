"""The house style of `refkit format`, as edits on the gaps between an entry's parts.

Only white space, delimiters and the case of names change, and values by safe rules (`CLEANERS`).
A gap that holds anything else, such as a comment, stays as it is, and so does a broken entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from refkit.formats.bibtex.tree import Block, RawBroken, RawEntry, RawField, Tree
from refkit.formats.bibtex.values import closing_quote
from refkit.model.text import Edit, Span
from refkit.normalise.ids import clean_doi
from refkit.normalise.pages import bibtex_pages

_COMMA = re.compile(r"\s*,\s*")
_CLOSING = re.compile(r"\s*,?\s*")
_BLANK = re.compile(r"\s*")
_OPENING = re.compile(r"@\s*\S+?\s*[{(]\s*")
_PAGES = re.compile(r"[\w.:]+\s*(?:-+|[\u2010-\u2015])\s*[\w.:]+(?:\s*,\s*[\w.:]+\s*(?:-+|[\u2010-\u2015])\s*[\w.:]+)*")


@dataclass(frozen=True, slots=True)
class Style:
    """What `format` makes of an entry: blanks before a field, aligned `=`, braces for quotes."""

    indent: int = 2
    align: bool = False
    braces: bool = True


def _doi(value: str) -> str:
    return clean_doi(value) or value


def _pages(value: str) -> str:
    return bibtex_pages(value) if _PAGES.fullmatch(value.strip()) else value


CLEANERS: dict[str, Callable[[str], str]] = {"doi": _doi, "pages": _pages}
"""Fields whose values are cleaned: a bare DOI, and `--` between page numbers."""


def style_edits(tree: Tree, style: Style) -> list[Edit]:
    """Return the edits that bring a file into the style; [] when it is so already."""
    found = [edit for entry in tree.entries() if entry.complete for edit in _entry(tree, entry, style)]
    found += _between_blocks(tree)
    text = tree.source.text
    return [edit for edit in found if tree.source.slice(edit.span) != edit.text and text]


def _entry(tree: Tree, entry: RawEntry, style: Style) -> Iterator[Edit]:
    text, newline = tree.source.text, tree.source.newline
    yield from _gap(text, entry.start, entry.key_start, _OPENING, "@" + entry.type + "{")
    if not entry.fields:
        yield from _gap(text, entry.key_end, entry.end - 1, _CLOSING, "")
        yield Edit(Span(entry.end - 1, entry.end), "}")
        return
    lead = "," + newline + " " * style.indent
    if entry.key:
        yield from _gap(text, entry.key_end, entry.fields[0].start, _COMMA, lead)
    width = max(each.end - each.start for each in entry.fields) if style.align else 0
    for each in entry.fields:
        yield from _field(tree, each, width, style)
    for one, two in pairwise(entry.fields):
        yield from _gap(text, one.value_end, two.start, _COMMA, lead)
        yield from _indent(text, one.value_end, two.start, " " * style.indent)
    yield from _gap(text, entry.fields[-1].value_end, entry.end - 1, _CLOSING, "," + newline)
    yield Edit(Span(entry.end - 1, entry.end), "}")


def _gap(text: str, start: int, end: int, shape: re.Pattern[str], new: str) -> Iterator[Edit]:
    if shape.fullmatch(text, start, end):
        yield Edit(Span(start, end), new)


def _indent(text: str, start: int, end: int, indent: str) -> Iterator[Edit]:
    """Behind a comment, which stays as it is, the next field is still brought to its place."""
    line = text.rfind("\n", start, end) + 1
    if line > start and "%" in text[start:line] and not text[line:end].strip(" \t"):
        yield Edit(Span(line, end), indent)


def _field(tree: Tree, each: RawField, width: int, style: Style) -> Iterator[Edit]:
    text = tree.source.text
    yield Edit(Span(each.start, each.end), each.name)
    if not text[each.end : each.value_start].replace("=", "", 1).strip():
        pad = " " * max(0, width - len(each.name))
        yield Edit(Span(each.end, each.value_start), pad + " = ")
    raw = text[each.value_start : each.value_end]
    yield Edit(Span(each.value_start, each.value_end), _value(each.name, raw, style))


def _value(name: str, raw: str, style: Style) -> str:
    quoted = raw[0] == '"' and closing_quote(raw, 0) == len(raw)
    braced = raw[0] == "{" and "#" not in raw
    if not quoted and not braced:
        return raw
    inner = raw[1:-1]
    cleaned = CLEANERS[name](inner) if name in CLEANERS else inner
    return f'"{cleaned}"' if quoted and not style.braces else "{" + cleaned + "}"


def _between_blocks(tree: Tree) -> Iterator[Edit]:
    text, newline = tree.source.text, tree.source.newline
    for one, two in pairwise(tree.blocks):
        if isinstance(one, RawBroken) or isinstance(two, RawBroken):
            continue
        lines = 2 if _apart(one, two) else min(2, max(1, text.count("\n", one.end, two.start)))
        yield from _gap(text, one.end, two.start, _BLANK, newline * lines)
    if tree.blocks:
        yield from _gap(text, tree.blocks[-1].end, len(text), _BLANK, newline)


def _apart(one: Block, two: Block) -> bool:
    return isinstance(one, RawEntry) or isinstance(two, RawEntry)
