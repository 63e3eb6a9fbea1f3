"""The line syntax that RIS and PubMed's NBIB share: a tag, a dash, a value that may go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from refkit.model.entry import Field, Origin, Value
from refkit.model.text import Span


class Tagged(NamedTuple):
    """A tag with its value as written, continuation lines included, and the value's place."""

    tag: str
    value: str
    span: Span


def read_lines(text: str, pattern: re.Pattern[str]) -> Iterator[Tagged]:
    """Yield the tagged values of a text; what stands before the first has the tag "".

    `pattern` matches from the start of a line to where the value begins; group 1 is the tag.
    """
    tag, begin = "", 0
    for found in pattern.finditer(text):
        value = _tagged(text, tag, begin, found.start())
        if value.tag or value.value:
            yield value
        tag, begin = found[1], found.end()
    last = _tagged(text, tag, begin, len(text))
    if last.tag or last.value:
        yield last


def _tagged(text: str, tag: str, begin: int, end: int) -> Tagged:
    raw = text[begin:end]
    value = raw.strip()
    start = begin + (len(raw) - len(raw.lstrip()) if value else 0)
    return Tagged(tag, value, Span(start, start + len(value)))


def unfold(value: str, joint: str = " ") -> str:
    """Join the lines of a value by `joint`, without the blanks around line ends."""
    if "\n" not in value and "\r" not in value:
        return value
    return joint.join(line.strip() for line in value.splitlines() if line.strip())


_KEYWORD_ENDS = re.compile(r"\s*(?:[\r\n]|;(?=\s|$))\s*")
_COMMA = re.compile(r",\s+")


def join_keywords(values: Iterable[str]) -> str:
    """Make one `keyword` of several values, each of one keyword or of a list in lines or by ";".

    A comma parts them, as CSL's other readers expect; where a keyword has a comma in it, such
    as "Neoplasms, Experimental", a semicolon does.
    """
    words = [word for value in values for word in _KEYWORD_ENDS.split(value) if word]
    return ("; " if any(_COMMA.search(word) for word in words) else ", ").join(words)


def split_keywords(text: str) -> list[str]:
    """Part a `keyword` into its words: at semicolons if it has any, else at commas."""
    ends = _KEYWORD_ENDS if _KEYWORD_ENDS.search(text) else _COMMA
    return [word for word in ends.split(text) if word]


class Claimed:
    """The values of one record, each to be claimed by one variable; the rest become extras."""

    def __init__(self, values: list[Tagged], origin: Origin) -> None:
        self.values = values
        self.origin = origin
        self.fields: list[Field] = []
        self._names: set[str] = set()
        self._places: dict[Tagged, int] = {}
        self._open: dict[str, list[int]] = {}
        for place, value in enumerate(values):
            if value.value:
                self._open.setdefault(value.tag, []).append(place)

    def first(self, *tags: str) -> Tagged | None:
        """Claim the first value of the first of these tags that has any left."""
        for tag in tags:
            if self._open.get(tag):
                places = self._open[tag]
                value = self.values[places.pop(0)]
                if not places:
                    del self._open[tag]
                return value
        return None

    def holds(self, tags: tuple[str, ...]) -> bool:
        """Tell whether any of these tags has a value left."""
        return not self._open.keys().isdisjoint(tags)

    def peek(self, *tags: str) -> str:
        """Return the value that `first` would claim, "" if there is none."""
        for tag in tags:
            if self._open.get(tag):
                return self.values[self._open[tag][0]].value
        return ""

    def all(self, *tags: str) -> list[Tagged]:
        """Claim every value of these tags, in the record's order."""
        places = sorted(place for tag in tags for place in self._open.pop(tag, ()))
        return [self.values[place] for place in places]

    def give_back(self, value: Tagged) -> None:
        """Let a claimed value become an extra after all."""
        if not self._places:
            self._places = {each: place for place, each in enumerate(self.values)}
        self._open.setdefault(value.tag, []).append(self._places[value])

    def add(self, value: Tagged) -> None:
        """Let a part of a claimed value become an extra."""
        self._open.setdefault(value.tag, []).append(len(self.values))
        self.values.append(value)

    def rest(self) -> Iterator[Tagged]:
        """Claim all that is left, in the record's order."""
        yield from self.all(*self._open)

    def set(self, name: str, value: Value, *sources: Tagged) -> None:
        """Add a field that was read from these values."""
        if value in ("", ()):
            return
        raw = sources[0].value if len(sources) == 1 and sources[0].value != value else ""
        self._names.add(name)
        self.fields.append(Field(name, value, self.origin_of(*sources), raw))

    def has(self, name: str) -> bool:
        """Tell whether a field of that name is there already."""
        return name in self._names

    def origin_of(self, *sources: Tagged) -> Origin:
        """Return the origin of what was read from these values."""
        if not sources:
            return self.origin
        span = Span(sources[0].span.start, sources[-1].span.end)
        return Origin(self.origin.source, self.origin.ref, span)
