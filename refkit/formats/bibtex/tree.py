"""The loss-free view of a .bib file: blocks with exact spans into the source text.

Offsets are plain integers and the nodes are named tuples: a file of 100,000 entries has more
than a million fields, and this is the cheapest immutable shape that Python has for them.
"""

from __future__ import annotations

from typing import NamedTuple

from refkit.model.text import SourceText


class RawField(NamedTuple):
    """A field: its name in lower case, the name's span, and the span of the value as written."""

    name: str
    start: int
    end: int
    value_start: int
    value_end: int


class RawEntry(NamedTuple):
    """An entry from its `@` to behind its closing delimiter.

    `complete` is False where the entry is broken and only the fields before (or around) the
    fault could be read; such an entry is never edited.
    """

    type: str
    key: str
    start: int
    end: int
    key_start: int
    key_end: int
    fields: tuple[RawField, ...]
    complete: bool = True


class RawString(NamedTuple):
    """An @string definition."""

    name: str
    start: int
    end: int
    value_start: int
    value_end: int


class RawPreamble(NamedTuple):
    """An @preamble."""

    start: int
    end: int
    value_start: int
    value_end: int


class RawComment(NamedTuple):
    """An @comment block."""

    start: int
    end: int


class RawBroken(NamedTuple):
    """A block of which not even the key could be read."""

    start: int
    end: int
    message: str


Block = RawEntry | RawString | RawPreamble | RawComment | RawBroken


class Tree(NamedTuple):
    """All blocks in file order; the text between blocks is implicit in the source."""

    source: SourceText
    blocks: tuple[Block, ...]

    def entries(self) -> list[RawEntry]:
        """Return the entries, in file order."""
        return [block for block in self.blocks if isinstance(block, RawEntry)]

    def raw(self, field: RawField) -> str:
        """Return a field's value as written, with its delimiters."""
        return self.source.text[field.value_start : field.value_end]
