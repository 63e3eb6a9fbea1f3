"""The house style of `refkit format`, as edits on the gaps between an entry's parts.

Only white space, delimiters and the case of names change, and values by safe rules (`CLEANERS`).
A gap that holds anything else, such as a comment, stays as it is, and so does a broken entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from refkit.formats.bibtex.tree import Block, RawBroken, RawEntry, RawField, Tree
from refkit.formats.bibtex.values import closing_quote
from refkit.model.text import Edit, SourceText, Span
from refkit.normalise.ids import clean_doi
from refkit.normalise.pages import bibtex_pages

_COMMA = re.compile(r"\s*,\s*")
_CLOSING = re.compile(r"\s*,?\s*")
_EQUALS = re.compile(r"\s*=\s*")
_BLANK = re.compile(r"\s*")
_OPENING = re.compile(r"@\s*\S+?\s*[{(]\s*")
_PAGES = re.compile(
    r"[\w.:]+\s*(?:-+|[\u2010-\u2015])\s*[\w.:]+(?:\s*,\s*[\w.:]+\s*(?:-+|[\u2010-\u2015])\s*[\w.:]+)*"
)


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
    work = _Work(tree.source, style)
    for entry in tree.entries():
        if entry.complete:
            work.entry(entry)
    work.between(tree.blocks)
    return work.edits


class _Work:
    """The edits of one file while they are collected."""

    def __init__(self, source: SourceText, style: Style) -> None:
        self.text = source.text
        self.newline = source.newline
        self.style = style
        self.indent = " " * style.indent
        self.edits: list[Edit] = []

    def set(self, start: int, end: int, new: str) -> None:
        """Note an edit where the text is not so already."""
        if self.text[start:end] != new:
            self.edits.append(Edit(Span(start, end), new))

    def gap(self, start: int, end: int, shape: re.Pattern[str], new: str) -> None:
        """Set a gap that is of the shape; one that holds anything else stays."""
        if self.text[start:end] != new and shape.fullmatch(self.text, start, end):
            self.edits.append(Edit(Span(start, end), new))

    def entry(self, entry: RawEntry) -> None:
        """Bring one entry into the style."""
        if _OPENING.fullmatch(self.text, entry.start, entry.key_start):
            self.set(entry.start, entry.key_start, "@" + entry.type + "{")
            self.set(entry.end - 1, entry.end, "}")
        if not entry.fields:
            self.gap(entry.key_end, entry.end - 1, _CLOSING, "")
            return
        lead = "," + self.newline + self.indent
        if entry.key:
            self.gap(entry.key_end, entry.fields[0].start, _COMMA, lead)
        align = self.style.align
        width = max(each.end - each.start for each in entry.fields) if align else 0
        for each in entry.fields:
            self.field(each, width)
        for one, two in pairwise(entry.fields):
            self.gap(one.value_end, two.start, _COMMA, lead)
            self.reindent(one.value_end, two.start)
        self.gap(entry.fields[-1].value_end, entry.end - 1, _CLOSING, "," + self.newline)

    def reindent(self, start: int, end: int) -> None:
        """Behind a comment, which stays as it is, the next field is still brought to its place."""
        line = self.text.rfind("\n", start, end) + 1
        if line > start and "%" in self.text[start:line] and not self.text[line:end].strip(" \t"):
            self.set(line, end, self.indent)

    def field(self, each: RawField, width: int) -> None:
        """Bring one field's name, equals sign and value into the style."""
        self.set(each.start, each.end, each.name)
        self.gap(each.end, each.value_start, _EQUALS, " " * (width - len(each.name)) + " = ")
        raw = self.text[each.value_start : each.value_end]
        if raw[0] == '"' or (raw[0] == "{" and each.name in CLEANERS):
            self.set(each.value_start, each.value_end, _value(each.name, raw, self.style))

    def between(self, blocks: Sequence[Block]) -> None:
        """Set blank lines: one between entries, at most one elsewhere, none at the end."""
        for one, two in pairwise(blocks):
            if _is_broken(one) or _is_broken(two):
                continue
            found = self.text.count("\n", one.end, two.start)
            lines = 2 if _apart(one, two) else min(2, max(1, found))
            self.gap(one.end, two.start, _BLANK, self.newline * lines)
        if blocks and not _is_broken(blocks[-1]):
            self.gap(blocks[-1].end, len(self.text), _BLANK, self.newline)


def _value(name: str, raw: str, style: Style) -> str:
    quoted = raw[0] == '"' and closing_quote(raw, 0) == len(raw)
    braced = raw[0] == "{" and "#" not in raw
    if not quoted and not braced:
        return raw
    inner = raw[1:-1]
    cleaned = CLEANERS[name](inner) if name in CLEANERS else inner
    return f'"{cleaned}"' if quoted and not style.braces else "{" + cleaned + "}"


def _is_broken(block: Block) -> bool:
    return isinstance(block, RawBroken) or (isinstance(block, RawEntry) and not block.complete)


def _apart(one: Block, two: Block) -> bool:
    return isinstance(one, RawEntry) or isinstance(two, RawEntry)
