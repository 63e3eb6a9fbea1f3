"""Authors compared: in order and free of order, by family name, initials, or organisation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio, token_set_ratio

from refkit.match.spelling import ground, latin, mended
from refkit.model.entry import OTHERS, Name
from refkit.model.evidence import Level
from refkit.normalise.titles import fold

MOST = 60
"""No more authors than these are compared: a collaboration's first sixty tell enough."""

SAME, LIKELY, NEAR, NAMESAKE = 1.0, 0.8, 0.6, 0.3


class Person(NamedTuple):
    """A name in the forms that are compared; an organisation has no family name.

    `foreign` tells that the name is written in another script than Latin.
    """

    family: str
    spelt: str
    words: frozenset[str]
    initials: str
    given: str
    whole: str
    bag: frozenset[str]
    foreign: bool = False


class People(NamedTuple):
    """An entry's authors; `cut` tells that the list ends in "and others"."""

    persons: tuple[Person, ...]
    cut: bool = False


class PeopleResult(NamedTuple):
    """How two lists agree: the first author, all of them, and `found` of `asked`."""

    first: Level
    every: Level
    found: int
    asked: int


_DEGREES = frozenset("dr prof phd md jr sr".split())
_AND_OTHERS = ("et al", "al", "others", "and others", "et alii", "u a")
NOBODY = PeopleResult(Level.MISSING, Level.MISSING, 0, 0)


@lru_cache(maxsize=1 << 14)
def _ground_words(whole: str) -> frozenset[str]:
    return frozenset(map(ground, whole.split()))


def people(names: Sequence[Name]) -> People:
    """Return the comparable form of a list of names."""
    persons = [person(name) for name in names[:MOST] if name != OTHERS]
    known = tuple(p for p in persons if p.whole and p.whole not in _AND_OTHERS)
    return People(known, len(known) < len(names))


@lru_cache(maxsize=1 << 16)
def person(name: Name) -> Person:
    """Return the comparable form of a name; particles and suffixes do not count."""
    if name.literal and not name.family:
        return _unparted(fold(latin(mended(name.literal))))
    family = mended(name.family)
    words = fold(latin(family)).split()
    given = fold(latin(_parted(mended(name.given)))).split()
    words, given = _without_et_al(name, *_without_degrees(words, given))
    if _initials_first(name, words, given):
        words, given = given, list("".join(words))
    if len(words) > 1 and not given and not name.particle:
        words, given = words[-1:], words[:-1]
    whole = " ".join(given + words)
    return Person(
        ground("".join(words)),
        "".join(words),
        frozenset(map(ground, words)),
        "".join(word[0] for word in given),
        ground("".join(given)),
        whole,
        _ground_words(whole),
        latin(family) != family,
    )


def _without_degrees(words: list[str], given: list[str]) -> tuple[list[str], list[str]]:
    """Drop "Dr", "PhD" and "Jr" from a family name that has other words, and from given names."""
    return [w for w in words if w not in _DEGREES] or words, [w for w in given if w not in _DEGREES]


def _without_et_al(name: Name, words: list[str], given: list[str]) -> tuple[list[str], list[str]]:
    """Read "J. Smith et al.", which BibTeX takes for a family named Al, "et" for a particle."""
    particle = name.particle or name.dropping_particle
    rest = given[:-1] if given[-1:] == ["et"] else given if particle.lower() == "et" else []
    return (rest[-1:], rest[:-1]) if words == ["al"] and rest else (words, given)


def _initials_first(name: Name, words: list[str], given: list[str]) -> bool:
    """Tell whether the family name is a family's initials, as "Smith JA" is read without comma."""
    if not given or not words or max(map(len, given)) < 3:
        return False
    capitals = len(words) == 1 and len(words[0]) <= 3 and name.family.isupper()
    return max(map(len, words)) < 2 or (capitals and not name.given.isupper())


def _unparted(words: str) -> Person:
    """Return a literal: an organisation, or a person whom nobody has taken apart."""
    bag = _ground_words(words)
    return Person("", "", bag, "", "", words, bag)


def _parted(given: str) -> str:
    """Part initials that stand together: "J.R." and "JR" are "J R"."""
    given = given.replace(".", ". ")
    if given.isupper() and given.isalpha() and len(given) <= 3:
        return " ".join(given)
    return given


def alike(a: Person, b: Person) -> float:
    """Return how sure it is, from 0 to 1, that two names are one person's."""
    if not (a.family and b.family):
        return _literals_alike(a, b)
    if a.family == b.family:
        return _same_family(a, b)
    if a.bag.isdisjoint(b.bag):
        return NEAR if _mistyped(a, b) else 0.0
    return _likely(a, b)


def _likely(a: Person, b: Person) -> float:
    """Weigh two names that share a word: part of a family name, or parts in other fields."""
    if _swapped(a, b) or _swapped(b, a) or _rearranged(a, b):
        return LIKELY
    if not a.words.isdisjoint(b.words):
        return LIKELY if _initials_agree(a, b) or a.given == "" or b.given == "" else 0.0
    return NEAR if _mistyped(a, b) else 0.0


def _swapped(a: Person, b: Person) -> bool:
    """Tell whether the given name of `a` is the family name of `b`, and the other way."""
    return bool(a.given and b.initials) and a.given == b.family and a.family[0] == b.initials[0]


def _same_family(a: Person, b: Person) -> float:
    if not a.initials or not b.initials:
        return LIKELY + 0.1
    return SAME if _initials_agree(a, b) else NAMESAKE


def _initials_agree(a: Person, b: Person) -> bool:
    """Tell whether the initials can be one person's: a middle name may stand first or lack."""
    if not a.initials or not b.initials:
        return False
    if a.initials[0] == b.initials[0]:
        return True
    short, long = sorted((a.initials, b.initials), key=len)
    return len(long) > 1 and short[0] in long


def _mistyped(a: Person, b: Person) -> bool:
    longest = max(len(a.spelt), len(b.spelt))
    allowed = 0 if longest < 4 else 1 if longest < 9 else 2
    apart = min(OSA.distance(a.spelt, b.spelt), OSA.distance(a.family, b.family))
    if apart > allowed:
        return False
    if longest < 6:
        return bool(a.initials) and a.initials == b.initials
    return not a.initials or not b.initials or _initials_agree(a, b)


def _rearranged(a: Person, b: Person) -> bool:
    """Tell whether two names share two words, in whatever fields these stand."""
    return sum(len(word) > 2 for word in a.bag & b.bag) >= 2


def _literals_alike(a: Person, b: Person) -> float:
    if a.whole == b.whole or _acronym(a.whole, b.whole) or _acronym(b.whole, a.whole):
        return SAME
    if a.family or b.family:
        human, literal = (a, b) if a.family else (b, a)
        return LIKELY if human.words <= literal.words else 0.0
    close = max(ratio(a.whole, b.whole), token_set_ratio(a.whole, b.whole) - 5)
    return LIKELY if close >= 85 else 0.0


def _acronym(short: str, long: str) -> bool:
    if " " in short or not 2 <= len(short) <= 8 or " " not in long:
        return False
    words = long.split()
    telling = [word for word in words if word not in ("of", "the", "for", "and", "on", "in")]
    return short in ("".join(w[0] for w in words), "".join(w[0] for w in telling))


def compare_people(ours: People, theirs: People) -> PeopleResult:
    """Compare two lists of authors; MISSING where one is empty."""
    mine, yours = ours.persons, theirs.persons
    if not mine or not yours:
        return NOBODY
    pairs = _paired(mine, yours)
    found = sum(1 for _, sure in pairs.values() if sure >= NEAR)
    asked = min(len(mine), len(yours))
    first = _first(mine, yours)
    return PeopleResult(first, _every(ours, theirs, pairs, found), found, asked)


def _paired(mine: tuple[Person, ...], yours: tuple[Person, ...]) -> dict[int, tuple[int, float]]:
    """Pair each of ours with the likest of theirs that is still free, the same place first."""
    pairs: dict[int, tuple[int, float]] = {}
    free = dict.fromkeys(range(len(yours)))
    for at, one in enumerate(mine):
        best, sure = -1, 0.0
        if at in free:
            best, sure = at, alike(one, yours[at])
        if sure < SAME:
            for other in free:
                now = alike(one, yours[other])
                if now > sure:
                    best, sure = other, now
        if sure:
            pairs[at] = (best, sure)
            del free[best]
    return pairs


def _first(mine: tuple[Person, ...], yours: tuple[Person, ...]) -> Level:
    """Compare the two first authors, else look for each of them in the other list."""
    direct = alike(mine[0], yours[0])
    if direct >= SAME:
        return Level.EXACT
    elsewhere = max(
        *(alike(mine[0], other) for other in yours),
        *(alike(other, yours[0]) for other in mine),
    )
    if direct and direct >= elsewhere:
        return _level(direct)
    if elsewhere >= NEAR:
        return Level.STRONG
    if elsewhere >= NAMESAKE:
        return Level.WEAK
    if _mentions(mine, yours[0]) or _mentions(yours, mine[0]):
        return Level.WEAK
    organisation = bool(mine[0].family) != bool(yours[0].family)
    initials_only = min(len(mine[0].spelt), len(yours[0].spelt)) < 2
    scripts = mine[0].foreign is not yours[0].foreign  # there are many ways to transliterate
    untold = organisation or initials_only or scripts
    return Level.MISSING if untold else Level.CONFLICT


def _mentions(persons: tuple[Person, ...], other: Person) -> bool:
    """Tell whether a family name stands in names that were badly parted ("A. Lee, B. Wu")."""
    return len(other.spelt) > 2 and any(other.words <= p.bag for p in persons)


def _level(sure: float) -> Level:
    if sure >= SAME:
        return Level.EXACT
    if sure >= LIKELY:
        return Level.STRONG
    return Level.WEAK


def _every(ours: People, theirs: People, pairs: dict[int, tuple[int, float]], found: int) -> Level:
    mine, yours = len(ours.persons), len(theirs.persons)
    shorter = min(mine, yours)
    in_order = all(at == other and sure >= LIKELY for at, (other, sure) in pairs.items())
    if found == mine == yours or (found == shorter and (ours.cut or theirs.cut)):
        return Level.EXACT if in_order else Level.STRONG
    if found == shorter:
        return Level.STRONG
    if not found and ours.persons[0].foreign is not theirs.persons[0].foreign:
        return Level.MISSING
    return Level.WEAK if found * 2 >= shorter else Level.CONFLICT
