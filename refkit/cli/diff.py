"""Unified diffs of bibliographies, in time that grows with their length.

difflib compares every line with every other that is like it, and in a bibliography very many
are. Neither enriching nor formatting adds, drops or moves an entry, so the lines that begin
entries pair up, and only what is between two of them is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from refkit.model.text import SourceText

_NO_NEWLINE = "\n\\ No newline at end of file\n"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CONTEXT = 3

Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]


class _Known(SequenceMatcher[str]):
    """A matcher that is told the outcome; what is wanted of it is the grouping into hunks."""

    def __init__(self, opcodes: list[Opcode]) -> None:
        super().__init__()
        self._known = opcodes

    def get_opcodes(self) -> list[Opcode]:
        """Return the opcodes that were given."""
        return self._known


def _joined(old: list[str], new: list[str]) -> Iterator[Opcode]:
    """Yield the opcodes of every pair of blocks, equal neighbours made one."""
    last: Opcode | None = None
    for (a, c), (b, d) in pairwise(_corners(old, new)):
        for tag, a1, a2, b1, b2 in _block(old[a:b], new[c:d]):
            here = (tag, a + a1, a + a2, c + b1, c + b2)
            if last is None:
                last = here
            elif last[0] == tag:
                last = (tag, last[1], here[2], last[3], here[4])
            else:
                yield last
                last = here
    if last is not None:
        yield last


def _block(old: list[str], new: list[str]) -> list[Opcode]:
    if old == new:
        return [("equal", 0, len(old), 0, len(new))] if old else []
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _corners(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return the places in both lists between which lines are compared."""
    heads = [n for n, line in enumerate(old) if line.lstrip().startswith("@")]
    others = [n for n, line in enumerate(new) if line.lstrip().startswith("@")]
    pairs = zip(heads, others, strict=True) if len(heads) == len(others) else ()
    return list(dict.fromkeys([(0, 0), *pairs, (len(old), len(new))]))


def unified(source: SourceText, new: str) -> bytes:
    """Return a unified diff from a file's text to a new one, in the file's encoding."""
    before, after = _LINE.findall(source.text), _LINE.findall(new)
    groups = list(_Known(list(_joined(before, after))).get_grouped_opcodes(_CONTEXT))
    if before == after:
        return b""
    name = source.path + "\t" if " " in source.path else source.path  # as GNU diff ends it
    lines = [f"--- {name}\n", f"+++ {name}\n"]
    for group in groups:
        lines += _hunk(group, before, after)
    ended = (line if line.endswith("\n") else f"{line}{_NO_NEWLINE}" for line in lines)
    return "".join(ended).encode(source.encoding, _errors(source.encoding))


def _hunk(
    group: Sequence[tuple[str, int, int, int, int]], before: list[str], after: list[str]
) -> Iterator[str]:
    first, last = group[0], group[-1]
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
    for tag, a1, a2, b1, b2 in group:
        if tag == "equal":
            yield from (" " + line for line in before[a1:a2])
            continue
        yield from ("-" + line for line in before[a1:a2])
        yield from ("+" + line for line in after[b1:b2])


def _range(start: int, stop: int) -> str:
    """Return a range of lines as unified diffs write it (1-based; 0-based where it is empty)."""
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _errors(encoding: str) -> str:
    """A diff is only looked at, or applied to what is there: letters may be escaped in it."""
    return "surrogateescape" if encoding == "utf-8" else "backslashreplace"
