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
    own = [each for each in entry.fields if _own_line(text, each)]
    indents = Counter(text[_line_start(text, each.start) : each.start] for each in own)
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
    columns = {each.value_start - _line_start(text, each.start) for each in fields}
    lengths = {each.end - each.start for each in fields}
    return columns.pop() if len(columns) == 1 and len(lengths) > 1 else 0


def _case(text: str, entry: RawEntry) -> str:
    names = [text[each.start : each.end] for each in entry.fields]
    if names and all(name.isupper() for name in names):
        return "upper"
    if names and all(name[:1].isupper() for name in names):
        return "title"
    return "lower"


def _own_line(text: str, each: RawField) -> bool:
    return not text[_line_start(text, each.start) : each.start].strip(" \t")


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def render(style: Style, new: NewField) -> str:
    """Return `name = {text}` in that style, without a comma."""
    cases = {"upper": new.name.upper(), "title": new.name.capitalize()}
    named = cases.get(style.case, new.name)
    value = new.text if new.macro else delimit(new.text, quoted=style.quoted)
    return named + _between(style, named) + value


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
    if not fields:
        return []
    style = style_of(tree, entry)
    rendered = [render(style, each) for each in fields]
    text = tree.source.text
    if not entry.fields:
        return [_after_key(tree.source, entry, style, rendered)]
    last = entry.fields[-1]
    lead = text[_line_start(text, last.start) : last.start]
    if lead.strip() == "," and lead.startswith((" ", "\t", ",")):
        return [_comma_first(tree.source, last, lead, rendered)]
    if not _own_line(text, last):
        return [_inline(text, entry, last, rendered)]
    return [_on_lines(tree.source, entry, style, rendered)]


def _after_key(source: SourceText, entry: RawEntry, style: Style, rendered: list[str]) -> Edit:
    text = source.text
    comma = _comma_after(text, entry.key_end, entry.end)
    at = entry.key_end if comma is None else comma + 1
    lead = "," if comma is None else ""
    lines = "".join(f"{source.newline}{style.indent}{each}," for each in rendered)
    tail = "" if "\n" in text[at : entry.end] else source.newline
    return Edit(Span(at, at), lead + lines + tail)


def _comma_first(source: SourceText, last: RawField, lead: str, rendered: list[str]) -> Edit:
    lines = "".join(f"{source.newline}{lead}{each}" for each in rendered)
    return _insert(last.value_end, lines)


def _inline(text: str, entry: RawEntry, last: RawField, rendered: list[str]) -> Edit:
    joined = ", ".join(rendered)
    comma = _comma_after(text, last.value_end, entry.end)
    if comma is None:
        return Edit(Span(last.value_end, last.value_end), f", {joined}")
    return Edit(Span(comma + 1, comma + 1), f" {joined},")


def _comma_after(text: str, at: int, end: int) -> int | None:
    rest = text[at:end]
    stripped = rest.lstrip()
    return at + len(rest) - len(stripped) if stripped.startswith(",") else None


def _on_lines(source: SourceText, entry: RawEntry, style: Style, rendered: list[str]) -> Edit:
    text, last, newline = source.text, entry.fields[-1], source.newline
    comma = _comma_after(text, last.value_end, entry.end)
    if comma is not None:
        line_end = text.find("\n", comma)
        rest = text[comma + 1 : line_end] if line_end >= 0 else ""
        if 0 <= line_end < entry.end and not rest.split("%")[0].strip():
            at = line_end - 1 if text[line_end - 1] == "\r" else line_end
            return _insert(at, "".join(f"{newline}{style.indent}{each}," for each in rendered))
        return _insert(comma + 1, "".join(f"{newline}{style.indent}{each}," for each in rendered))
    at = _line_start(text, last.start)
    return _insert(at, "".join(f"{style.indent}{each},{newline}" for each in rendered))


def _insert(at: int, text: str) -> Edit:
    return Edit(Span(at, at), text)
