"""Source text, spans in it, and edits on it: the only way in which refkit changes a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range `[start, end)` of character offsets into a `SourceText`."""

    start: int
    end: int


class Position(NamedTuple):
    """A 1-based line and a 1-based column, both counted in characters."""

    line: int
    column: int


class Edit(NamedTuple):
    """Replace the characters of `span` by `text`; an empty span inserts before `span.start`."""

    span: Span
    text: str


@dataclass(frozen=True)
class SourceText:
    """The decoded text of one file, with what is needed to give back its very bytes.

    `text` keeps line ends as they are; `encoding` is a Python codec name; `bom` holds the
    byte order mark that was cut off; bytes in a UTF-8 file that are not UTF-8 are held as
    surrogate escapes (PEP 383), so that `data()` is always what was read.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bytes = b""

    def data(self, text: str | None = None) -> bytes:
        """Encode `text` (by default this source's own) as the file was encoded.

        Raises UnicodeEncodeError where the file's encoding lacks a character.
        """
        chosen = self.text if text is None else text
        # Only UTF-8 is read with escapes, and some codecs do not know them.
        errors = "surrogateescape" if self.encoding == "utf-8" else "strict"
        return self.bom + chosen.encode(self.encoding, errors)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def slice(self, span: Span) -> str:
        """Return the text of `span`."""
        return self.text[span.start : span.end]

    @cached_property
    def newline(self) -> str:
        """The line end of most of the file's lines, a line feed where neither has more."""
        return "\r\n" if 2 * self.text.count("\r\n") > self.text.count("\n") else "\n"


class EditConflictError(ValueError):
    """Two edits touch the same characters."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits whose spans refer to `text` and return the new text.

    Edits may come in any order; insertions at one place keep the order in which they came.
    Raises EditConflictError if two spans overlap, ValueError if one lies outside the text.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: e.span):
        start, end = edit.span
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"edit span {start}..{end} lies outside the text")
        if start < done:
            raise EditConflictError(f"edits overlap at offset {start}")
        parts += (text[done:start], edit.text)
        done = end
    parts.append(text[done:])
    return "".join(parts)
