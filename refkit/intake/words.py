"""Where a record's words stand in a text: folded letters with their places in the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from rapidfuzz.fuzz import partial_ratio_alignment

from refkit.model.text import Span
from refkit.normalise.titles import fold

_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc\u2032][^\W\d_]+)*")
_ALIKE = 88.0
"""The least likeness, in per cent, at which a title is taken for found though mistyped."""


class Words:
    """A text's words, folded, with their places; phrases are found whatever parts their letters."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [
            (fold(each.group()).replace(" ", ""), each.span()) for each in _WORD.finditer(text)
        ]
        self.words = [word for word, _ in found if word]
        self._spans = [span for word, span in found if word]
        self._starts: list[int] = []
        at = 0
        for word in self.words:
            self._starts.append(at)
            at += len(word)
        self.solid = "".join(self.words)
        self._ends = {start + len(w) for start, w in zip(self._starts, self.words, strict=True)}

    @cached_property
    def _spaced(self) -> str:
        return " ".join(self.words)

    def find(self, phrase: str, start: int = 0, end: int | None = None) -> Span | None:
        """Return the place of a phrase that begins and ends with words, None if it is not there.

        Blanks and hyphens do not count: "data base", "data-base" and "database" are one.
        """
        wanted = "".join(Words(phrase).words) if phrase else ""
        at = self.solid.find(wanted) if wanted else -1
        while at >= 0:
            span = self._span(at, at + len(wanted))
            if span and span.start >= start and (end is None or span.end <= end):
                return span
            at = self.solid.find(wanted, at + 1)
        return None

    def _span(self, first: int, last: int) -> Span | None:
        word = bisect_right(self._starts, first) - 1
        if self._starts[word] != first or last not in self._ends:
            return None
        final = bisect_right(self._starts, last - 1) - 1
        return Span(self._spans[word][0], self._spans[final][1])

    def find_like(self, phrase: str) -> Span | None:
        """Return the place of the words that are nearest to a phrase, None if none are near."""
        wanted = fold(phrase)
        if len(wanted) < 12 or len(wanted) > 1.2 * len(self._spaced):
            return None
        found = partial_ratio_alignment(wanted, self._spaced, score_cutoff=_ALIKE)
        if found is None:
            return None
        first = self._spaced.count(" ", 0, found.dest_start + 1)
        last = self._spaced.count(" ", 0, max(found.dest_end - 1, found.dest_start))
        return Span(self._spans[first][0], self._spans[last][1]) if first <= last else None
