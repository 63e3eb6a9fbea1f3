"""Field values as written: their parts, and the text that they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from refkit.formats.bibtex.grammar import BRACE, BRACE_OR_QUOTE
from refkit.normalise.dates import MONTH_MACROS

_CONCAT = re.compile(r"\s*#\s*")
_BARE_END = re.compile(r"[#\"{]|$")


LONGEST = 1_000_000
"""The most characters that the macros of one value may come to."""


class OverlongError(ValueError):
    """The macros of a value come to more text than they may."""


class Part(NamedTuple):
    """One part of a value: its text without delimiters, and whether it names a macro."""

    text: str
    macro: bool


def split_value(raw: str) -> list[Part]:
    """Split a value as written at its `#` signs into parts."""
    parts: list[Part] = []
    at = 0
    raw = raw.strip()
    while at < len(raw):
        end = atom_end(raw, at)
        parts.append(_part(raw[at:end].strip()))
        joined = _CONCAT.match(raw, end)
        at = joined.end() if joined else end
    return parts


def atom_end(text: str, at: int) -> int:
    """Return where the atom that begins at `at` ends; the end of the text if it is never closed."""
    if text[at] == "{":
        return closing_brace(text, at) or len(text)
    if text[at] == '"':
        return closing_quote(text, at) or len(text)
    found = _BARE_END.search(text, at + 1)
    return found.start() if found else len(text)


def closing_brace(text: str, at: int, stop: int | None = None) -> int | None:
    """Return the offset behind the brace that closes the one at `at`, None if there is none."""
    depth = 0
    for mark in BRACE.finditer(text, at, len(text) if stop is None else stop):
        depth += 1 if mark[0] == "{" else -1
        if depth == 0:
            return mark.end()
    return None


def closing_quote(text: str, at: int, stop: int | None = None) -> int | None:
    """Return the offset behind the quote that closes the one at `at`, None if there is none."""
    depth = 0
    for mark in BRACE_OR_QUOTE.finditer(text, at + 1, len(text) if stop is None else stop):
        if mark[0] == '"':
            if depth == 0:
                return mark.end()
        else:
            depth += 1 if mark[0] == "{" else -1
            if depth < 0:
                return None
    return None


def _part(text: str) -> Part:
    if text[:1] == "{":
        return Part(_inside(text, closing_brace(text, 0)), macro=False)
    if text[:1] == '"':
        return Part(_inside(text, closing_quote(text, 0)), macro=False)
    return Part(text, macro=not text.isdigit() and not _holds_space(text))


def _inside(text: str, closed: int | None) -> str:
    """Return what is between the delimiters; a value that is never closed has only the first."""
    quotes = text[0] == '"' and len(text) > 1 and text[-1] == '"'
    return text[1:-1] if quotes or (closed == len(text) and text[0] == "{") else text[1:]


def _holds_space(text: str) -> bool:
    return any(char.isspace() for char in text)


def resolve(
    raw: str, strings: Mapping[str, str], room: int = LONGEST
) -> tuple[str, tuple[str, ...]]:
    """Return the text that a value stands for, and the names of macros that nothing defines.

    `strings` maps macro names in lower case to their texts; the month macros need not be in
    it. An undefined macro stands for its own name. Raises OverlongError where macros come to
    more than `room` characters: each of a few that double one another doubles the text.
    """
    if raw[:1] == "{" and "#" not in raw:
        return _inside(raw, closing_brace(raw, 0)), ()
    if raw.isdigit():
        return raw, ()
    if raw[:1] == '"' and "#" not in raw:
        return _inside(raw, len(raw)), ()
    texts: list[str] = []
    undefined: list[str] = []
    for part in split_value(raw):
        name = part.text.lower()
        known = strings.get(name, MONTH_MACROS.get(name)) if part.macro else part.text
        if known is None:
            undefined.append(part.text)
        elif part.macro:
            room -= len(known)
            if room < 0:
                raise OverlongError
        texts.append(part.text if known is None else known)
    return "".join(texts), tuple(undefined)
