"""A citation key where a manuscript names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SEPARATED = re.compile(r"[^\s,]+(?:[^\S\n]+[^\s,]+)*")
_ODD = re.compile(r"[#\\{}*]")


class Citation(NamedTuple):
    """A citation key and its half-open range of character offsets in the manuscript's text."""

    key: str
    start: int
    end: int


def listed(text: str, start: int, end: int) -> Iterator[Citation]:
    """Yield the keys of a list with commas; what a macro's parameter or command makes is left."""
    for found in _SEPARATED.finditer(text, start, end):
        if not _ODD.search(found[0]):
            yield Citation(found[0], *found.span())


def blanked(text: str, regions: re.Pattern[str]) -> str:
    """Return a text of the same length in which blanks stand for what the pattern matches.

    Where the pattern's group `kept` takes part, that match stays as it is.
    """
    return regions.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    if found.groupdict().get("kept") is not None:
        return found[0]
    return "".join(char if char == "\n" else " " for char in found[0])
