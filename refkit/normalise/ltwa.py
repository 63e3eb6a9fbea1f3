"""The List of Title Word Abbreviations (ISSN International Centre), as pyiso4 brings it.

A line of the list is a word, a stem (`crystallograph-`) or an ending (`-zeitung`), or several
words; its abbreviation, or "n.a." where it has none; and ISO 639-2 codes of languages, `mul`
for all. The package is an extra (`refkit-bib[journals]`); of it only the list is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from refkit.errors import InputError
from refkit.normalise.titles import fold

_COMMENT = re.compile(r"\s*\([^)]*\)")
_ENDINGS = ("s", "es", "e", "n", "en", "a", "i")
_SHORTEST = 4


class Row(NamedTuple):
    """An abbreviation ("" where the word has none), its languages, and the letters matched."""

    abbreviation: str
    languages: frozenset[str]
    matched: int = 0
    exact: bool = True
    ending: int = 0


class Words:
    """The list, by folded words, stems, endings and rows of words."""

    def __init__(self, lines: Iterator[str]) -> None:
        """Read the list's lines."""
        self.exact: dict[str, list[Row]] = {}
        self.stems: dict[str, list[Row]] = {}
        self.endings: dict[str, list[Row]] = {}
        self.bodies: set[str] = set()
        sets: dict[str, frozenset[str]] = {}
        for line in lines:
            parts = line.split("\t")
            if len(parts) != 3:
                continue
            word, short, languages = parts
            if languages not in sets:
                sets[languages] = frozenset(languages.replace(",", " ").split())
            if "(" in word:
                word = _COMMENT.sub("", word)
            self._add(word.strip(), short.strip(), sets[languages])

    def _add(self, word: str, short: str, languages: frozenset[str]) -> None:
        none = short.lower().replace(" ", "").startswith("n.a")
        row = Row("" if none else normalize("NFC", short), languages)
        table = self.exact
        if word.startswith("-"):
            table = self.endings
        elif word.endswith("-"):
            table = self.stems
        bare = word.strip("-")
        key = bare.lower() if bare.isascii() and bare.isalpha() else fold(word)
        if key and not (word.startswith("-") and word.endswith("-")):
            table.setdefault(key, []).append(row)
        if not none and table is not self.endings:
            body = short.rstrip(".")
            self.bodies.add(body.lower() if body.isascii() else fold(body))

    def rows(self, folded: str) -> Iterator[Row]:
        """Yield what the list says of a word, the nearest first: whole, by stem, by ending."""
        for row in self.exact.get(folded, ()):
            yield row._replace(matched=len(folded))
        inflected = [
            row._replace(matched=len(folded) - len(end), exact=False)
            for end in _ENDINGS
            if folded.endswith(end)
            for row in self.exact.get(folded[: -len(end)], ())
            if len(folded) - len(end) >= _SHORTEST
        ]
        stems = [
            row._replace(matched=size, exact=False)
            for size in range(len(folded), 1, -1)
            if size >= _SHORTEST or len(folded) == size
            for row in self.stems.get(folded[:size], ())
        ]
        yield from sorted([*stems, *inflected], key=lambda row: -row.matched)
        for size in range(len(folded) - 2, 2, -1):
            for row in self.endings.get(folded[-size:], ()):
                yield row._replace(matched=0, exact=False, ending=size)


@cache
def words() -> Words:
    """Return the list; raises InputError, with what to do, where it is not installed."""
    with _place().open(encoding="utf-8") as lines:
        return Words(line.rstrip("\n") for line in lines)


def installed() -> bool:
    """Tell whether the list is there."""
    return find_spec("pyiso4") is not None


def _place() -> Path:
    found = find_spec("pyiso4")
    folders = found.submodule_search_locations if found is not None else None
    places = sorted(Path(folders[0]).glob("LTWA_*.csv")) if folders else []
    if not places:
        raise InputError(
            "the list of journal words is not installed; run: pip install 'refkit-bib[journals]'"
        )
    return places[-1]
