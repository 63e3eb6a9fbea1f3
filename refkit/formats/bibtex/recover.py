r"""What bibtexparser's splitter makes of a block that refkit's own scanner finds broken.

The splitter takes `\{` as escaped and lets quotes toggle, so it reads values whose braces or
quotes do not balance, and it has its own words for what is wrong.
"""

from __future__ import annotations

import logging
import re
from typing import NamedTuple

from refkit.formats.bibtex.tree import RawField

_SWALLOWED_FIELD = re.compile(r"[}\"\d]\s+[\w-]+\s*=\s*[{\"\d]")


class Recovered(NamedTuple):
    """The fields of the block, if the splitter reads it whole, and why it does not."""

    fields: tuple[RawField, ...]
    reason: str


def recover(text: str, offset: int) -> Recovered:
    """Read one broken block; `offset` is where `text` begins in its file."""
    from bibtexparser.model import Entry, ParsingFailedBlock
    from bibtexparser.splitter import Splitter

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    try:
        library = Splitter(text).split()
    except Exception as error:
        return Recovered((), str(error))
    for block in library.blocks:
        inner = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(inner, Entry):
            return Recovered(_walk(text, offset, [(f.key, f.value) for f in inner.fields]), "")
        if isinstance(block, ParsingFailedBlock):
            return Recovered((), str(getattr(block.error, "abort_reason", block.error)))
    return Recovered((), "")


def _walk(text: str, offset: int, pairs: list[tuple[str, str]]) -> tuple[RawField, ...]:
    """Find the spans of the splitter's fields by walking through the text in their order."""
    fields: list[RawField] = []
    pos = 0
    for name, value in pairs:
        start = text.find(name, pos)
        value_start = text.find(value, start + len(name)) if start >= 0 else -1
        if value_start < 0 or not name or _SWALLOWED_FIELD.search(value):
            break
        pos = value_start + len(value)
        spans = (start, start + len(name), value_start, pos)
        fields.append(RawField(name.lower(), *(offset + each for each in spans)))
    return tuple(fields)
