"""Which entries of which libraries a paper gets, and in which order."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document, Severity

# BibTeX knows crossref alone ("BibTeXing", 2.1); the rest is biblatex's manual, 2.2.3 and 2.3.
_LINKS = {
    "bibtex": ("crossref",),
    "biblatex": ("crossref", "xref", "xdata", "related", "entryset"),
}


class Place(NamedTuple):
    """An entry's place: of which library, and which entry there."""

    library: int
    entry: int


@dataclass(slots=True)
class Choice:
    """The entries chosen, parents behind their children, and what could not be chosen.

    `missing` are keys that no library has; `broken_links` pairs of a chosen entry and a parent
    that its library lacks; `differing` those chosen whose key another library gives to an
    entry that says something else.
    """

    places: list[Place] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    broken_links: list[tuple[Place, str]] = field(default_factory=list)
    differing: list[tuple[Place, Place]] = field(default_factory=list)


class Shelf:
    """Libraries, searched in their order."""

    def __init__(
        self, libraries: Sequence[Document], dialect: str, alone: Container[int] = ()
    ) -> None:
        """Take the libraries; `alone` are those whose entries will stand without parents."""
        self.libraries = libraries
        self._alone = alone
        self.links = _LINKS[dialect]
        self._indexes = [_index(each, dialect) for each in libraries]
        self._folds = dialect == "bibtex"

    def entry(self, place: Place) -> Entry:
        """Return the entry at a place."""
        return self.libraries[place.library].entries[place.entry]

    def problems(self, places: Iterable[Place]) -> Iterator[tuple[int, Diagnostic]]:
        """Yield, with the number of its library, what is wrong with the entries at places.

        An error that is of no entry counts too, and a guessed encoding where entries are taken.
        """
        taken = {(place.library, self.entry(place).key) for place in places}
        used = {number for number, _ in taken}
        for number, library in enumerate(self.libraries):
            for each in library.problems:
                guessed = each.code == "TXT001" and number in used
                error = not each.key and each.severity is Severity.ERROR
                if guessed or error or (number, each.key) in taken:
                    yield number, each

    def find(self, key: str) -> list[Place]:
        """Return the places where a key stands, one for each library that has it.

        BibTeX takes keys that differ in case only for the same; BibLaTeX knows aliases (`ids`).
        """
        wanted = key.lower() if self._folds else key
        return [
            Place(number, index[wanted])
            for number, index in enumerate(self._indexes)
            if wanted in index
        ]

    def parents(self, place: Place) -> Iterator[tuple[str, Place | None]]:
        """Yield the keys that an entry points at, and where each is: at home before elsewhere."""
        entry = self.entry(place)
        for name in self.links if place.library not in self._alone else ():
            for key in filter(None, map(str.strip, entry.beyond(name).split(","))):
                found = self.find(key)
                at_home = [each for each in found if each.library == place.library]
                yield key, next(iter((*at_home, *found)), None)


def _index(document: Document, dialect: str) -> dict[str, int]:
    """Return the first place of each key, in BibTeX of each key in lower case."""
    index: dict[str, int] = {}
    for number, entry in enumerate(document.entries):
        if entry.key:
            index.setdefault(entry.key.lower() if dialect == "bibtex" else entry.key, number)
    for number, entry in enumerate(document.entries if dialect == "biblatex" else ()):
        for name in filter(None, map(str.strip, entry.beyond("ids").split(","))):
            index.setdefault(name, number)
    return index


def choose(shelf: Shelf, keys: Iterable[str], *, everything: bool) -> Choice:
    """Choose the entries that have these keys, or all, with the parents that they need."""
    chosen, choice = dict[Place, int](), Choice()
    wanted = list(dict.fromkeys(keys))
    if everything:
        firsts = (each.key for library in shelf.libraries for each in library.entries if each.key)
        wanted = list(dict.fromkeys((*wanted, *firsts)))
    for key in wanted:
        found = shelf.find(key)
        if not found:
            choice.missing.append(key)
            continue
        chosen[found[0]] = 0
        differs = (each for each in found[1:] if _said(shelf, each) != _said(shelf, found[0]))
        choice.differing += [(found[0], each) for each in differs]
    _add_parents(shelf, chosen, choice)
    choice.places = sorted(chosen, key=lambda each: (chosen[each], each))
    return choice


def _add_parents(shelf: Shelf, chosen: dict[Place, int], choice: Choice) -> None:
    """Add parents, deeper than each of their children; a circle ends at the number of entries."""
    deepest = sum(len(each.entries) for each in shelf.libraries)
    waiting = deque(sorted(chosen))
    while waiting:
        place = waiting.popleft()
        for key, parent in shelf.parents(place):
            if parent is None:
                if (place, key) not in choice.broken_links:
                    choice.broken_links.append((place, key))
            elif parent != place and chosen.get(parent, -1) <= chosen[place] < deepest:
                chosen[parent] = chosen[place] + 1
                waiting.append(parent)


def _said(shelf: Shelf, place: Place) -> object:
    entry = shelf.entry(place)
    return entry.type, {each.name: each.value for each in entry.fields}
