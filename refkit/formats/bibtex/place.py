"""Where and how a new field is written into an entry: in the entry's own style.

A field that is added touches no other line: where the last field lacks its comma, the new one
goes before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from refkit.formats.bibtex.tree import RawEntry, RawField, Tree
from refkit.formats.bibtex.values import closing_quote
from refkit.model.report import Inserted
from refkit.model.text import Edit, SourceText, Span


class Style(NamedTuple):
    """How an entry writes its fields.

    `column` is the column (0-based, from the line's start) at which values begin where they
    are aligned, else 0; `between` the text from a name to its value where they are not.
    """

    indent: str
    between: str
    column: int
    quoted: bool
    case: str


class NewField(NamedTuple):
    """A field to be written: its text without delimiters; a macro (`macro`) gets none."""

    name: str
    text: str
    macro: bool = False


class Insertion(NamedTuple):
    """New fields of one entry: where they go, what is written for each, and their values.

    `lead` and `tail` are what the entry gets before and behind them: a comma, a line end.
    """

    at: int
    pieces: tuple[str, ...]
    values: tuple[str, ...]
    lead: str = ""
    tail: str = ""

    def edit(self) -> Edit:
        """Return all of it as one edit."""
        return Edit(Span(self.at, self.at), self.lead + "".join(self.pieces) + self.tail)

    def inserted(self) -> list[Inserted]:
        """Return what is written for each field, as a ledger keeps it."""
        return [Inserted(each, self.lead, self.tail) for each in self.pieces]


DEFAULT_STYLE = Style("  ", " = ", 0, quoted=False, case="lower")


def style_of(tree: Tree, entry: RawEntry) -> Style:
    """Read the style of an entry from its own fields, else from the file's first entry."""
    if entry.fields:
        return _read_style(tree.source.text, entry)
    for other in tree.blocks:
        if isinstance(other, RawEntry) and len(other.fields) > 1:
            return _read_style(tree.source.text, other)
    return DEFAULT_STYLE


def _read_style(text: str, entry: RawEntry) -> Style:
    own = [each for each in entry.fields if own_line(text, each)]
    indents = Counter(text[line_start(text, each.start) : each.start] for each in own)
    betweens = Counter(text[each.end : each.value_start] for each in own or entry.fields)
    quotes = sum(text[each.value_start] == '"' for each in entry.fields)
    braces = sum(text[each.value_start] == "{" for each in entry.fields)
    return Style(
        indent=indents.most_common(1)[0][0] if indents else "  ",
        between=_one_line(betweens.most_common(1)[0][0]),
        column=_aligned_column(text, own),
        quoted=quotes > braces,
        case=_case(text, entry),
    )


def _one_line(between: str) -> str:
    return between if "\n" not in between and "%" not in between else " = "


def _aligned_column(text: str, fields: Sequence[RawField]) -> int:
    columns = {each.value_start - line_start(text, each.start) for each in fields}
    lengths = {each.end - each.start for each in fields}
    return columns.pop() if len(columns) == 1 and len(lengths) > 1 else 0


def _case(text: str, entry: RawEntry) -> str:
    names = [text[each.start : each.end] for each in entry.fields]
    if names and all(name.isupper() for name in names):
        return "upper"
    if names and all(name[:1].isupper() for name in names):
        return "title"
    return "lower"


def own_line(text: str, each: RawField) -> bool:
    """Tell whether nothing but blanks stands before a field on its line."""
    return not text[line_start(text, each.start) : each.start].strip(" \t")


def line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def render(style: Style, new: NewField) -> str:
    """Return `name = {text}` in that style, without a comma."""
    cases = {"upper": new.name.upper(), "title": new.name.capitalize()}
    named = cases.get(style.case, new.name)
    return named + _between(style, named) + _value(style, new)


def _value(style: Style, new: NewField) -> str:
    return new.text if new.macro else delimit(new.text, quoted=style.quoted)


def _between(style: Style, name: str) -> str:
    if not style.column:
        return style.between
    if style.between.lstrip(" \t").startswith("=") and style.between.endswith("="):
        return " " * max(0, style.column - len(style.indent) - len(name) - 1) + "="
    tail = style.between[style.between.index("=") :]
    if style.between.startswith(" ") or style.between.startswith("\t"):
        room = style.column - len(style.indent) - len(name) - len(tail)
        return " " * max(1, room) + tail
    return "=" + " " * max(1, style.column - len(style.indent) - len(name) - 1)


def delimit(value: str, *, quoted: bool) -> str:
    """Put a value in quotes where that is asked for and possible, else in braces."""
    candidate = f'"{value}"'
    if quoted and closing_quote(candidate, 0) == len(candidate):
        return candidate
    return "{" + value + "}"


def replace_value(tree: Tree, field: RawField, new: NewField) -> Edit:
    """Replace a field's value, keeping its kind of delimiters."""
    quoted = tree.source.text[field.value_start] == '"'
    value = new.text if new.macro else delimit(new.text, quoted=quoted)
    return Edit(Span(field.value_start, field.value_end), value)


def insert_fields(tree: Tree, entry: RawEntry, fields: Sequence[NewField]) -> list[Edit]:
    """Insert new fields into an entry, in that order, touching no other line."""
    return [insertion(tree, entry, fields).edit()] if fields else []


def insertion(tree: Tree, entry: RawEntry, fields: Sequence[NewField]) -> Insertion:
    """Return where and how new fields are written into an entry; see `insert_fields`."""
    style = style_of(tree, entry)
    at, before, behind, lead, tail = _place(tree.source, entry, style)
    pieces = tuple(before + render(style, each) + behind for each in fields)
    return Insertion(at, pieces, tuple(_value(style, each) for each in fields), lead, tail)


class _Place(NamedTuple):
    """Where new fields go, and what stands around each of them and around all."""

    at: int
    before: str
    behind: str
    lead: str = ""
    tail: str = ""


def _place(source: SourceText, entry: RawEntry, style: Style) -> _Place:
    if not entry.fields:
        return _after_key(source, entry, style)
    text, last = source.text, entry.fields[-1]
    lead = text[line_start(text, last.start) : last.start]
    if lead.strip() == "," and lead.startswith((" ", "\t", ",")):
        return _Place(last.value_end, source.newline + lead, "")
    if not own_line(text, last):
        comma = comma_after(text, last.value_end, entry.end)
        return _Place(last.value_end, ", ", "") if comma is None else _Place(comma + 1, " ", ",")
    return _on_lines(source, entry, style)


def _after_key(source: SourceText, entry: RawEntry, style: Style) -> _Place:
    text = source.text
    comma = comma_after(text, entry.key_end, entry.end)
    at = entry.key_end if comma is None else comma + 1
    lead = "," if comma is None else ""
    tail = "" if "\n" in text[at : entry.end] else source.newline
    return _Place(at, source.newline + style.indent, ",", lead, tail)


def comma_after(text: str, at: int, end: int) -> int | None:
    """Return where a comma stands if nothing but blanks goes before it, else None."""
    rest = text[at:end]
    stripped = rest.lstrip()
    return at + len(rest) - len(stripped) if stripped.startswith(",") else None


def _on_lines(source: SourceText, entry: RawEntry, style: Style) -> _Place:
    text, last = source.text, entry.fields[-1]
    comma = comma_after(text, last.value_end, entry.end)
    if comma is None:
        return _Place(line_start(text, last.start), style.indent, "," + source.newline)
    at, line_end = comma + 1, text.find("\n", comma)
    rest = text[comma + 1 : line_end] if line_end >= 0 else ""
    if 0 <= line_end < entry.end and not rest.split("%")[0].strip():
        at = line_end - 1 if text[line_end - 1] == "\r" else line_end
    return _Place(at, source.newline + style.indent, ",")
