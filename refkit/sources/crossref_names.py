"""Crossref's contributors as names: organisations, suffixes inside family names, ALL CAPS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from refkit.model.entry import OTHERS, Name
from refkit.sources.crossref_text import clean_text

_GENERATION = re.compile(r"[,\s]\s*((?:Jr|Sr)\b\.?|(?:II|III|IV)\b)\.?$", re.IGNORECASE)
_LETTERS = re.compile(r",\s*([A-Z][A-Za-z.]{1,7})$")
_INITIALS_FIRST = re.compile(r"((?:[^\W\d_]\.[\s-]*)+)\s*([^\W\d_][^.,]+)$")
_WORD = re.compile(r"[^\W\d_]+")
_NOTE_MARKS = " *†‡§,;"
_PLACEHOLDERS = frozenset({"na", "n/a", "none", "null", "not available", "[no author]"})
_SCOTS = re.compile(r"\bMc([a-z])")


def read_names(people: Any) -> tuple[Name, ...]:
    """Return the names of a Crossref contributor list; what holds no name at all is left out.

    A family name alone is kept whole (as a literal if it has several words, since it may be an
    organisation); a suffix inside the family name is taken out; lower-case words in front of the
    family name become the particle; if all names are in capitals, they are recased.
    """
    if not isinstance(people, list):
        return ()
    parts = [_parts(each) for each in people if isinstance(each, Mapping)]
    if _shouting(family for _, family, _, _ in parts):
        parts = [(_recase(given), _recase(family), sfx, name) for given, family, sfx, name in parts]
    return tuple(name for name in (_name(*each) for each in parts) if name is not None)


def write_names(names: Iterable[Name]) -> list[dict[str, Any]]:
    """Return names as Crossref contributors; `OTHERS` has no place there and is left out."""
    return [
        {**_contributor(name), "sequence": "additional" if position else "first", "affiliation": []}
        for position, name in enumerate(each for each in names if each != OTHERS)
    ]


def _contributor(name: Name) -> dict[str, str]:
    if name.literal:
        return {"name": name.literal}
    family = " ".join(filter(None, (name.particle, name.family)))
    given = " ".join(filter(None, (name.given, name.dropping_particle)))
    parts = {"given": given, "family": family, "suffix": name.suffix}
    return {key: text for key, text in parts.items() if text}


def _parts(person: Mapping[str, Any]) -> tuple[str, str, str, str]:
    given, family, suffix, name = (
        _clean(person.get(key)) for key in ("given", "family", "suffix", "name")
    )
    return given, family, suffix, name


def _clean(text: Any) -> str:
    return clean_text(text).strip(_NOTE_MARKS) if isinstance(text, str) else ""


def _name(given: str, family: str, suffix: str, name: str) -> Name | None:
    if not family:
        literal = name or given
        return Name(literal=literal) if literal.casefold() not in _PLACEHOLDERS | {""} else None
    family, inner = _without_suffix(family, given)
    if not given:
        given, family = _split_lone(family)
    if not given and " " in family:
        return Name(literal=family)
    particle, family = _without_particle(family)
    return Name(family=family, given=given, particle=particle, suffix=suffix or inner)


def _without_suffix(family: str, given: str) -> tuple[str, str]:
    """Part "McAdams, III" and, where there is a given name, "Okure, SHCJ"."""
    match = _GENERATION.search(family) or (_LETTERS.search(family) if given else None)
    if match is None or not match.start():
        return family, ""
    return family[: match.start()].rstrip(" ,"), match.group(1)


def _split_lone(family: str) -> tuple[str, str]:
    """Part a whole name given as family: "BROWNE, CAROLYN S.", "G. S. Soreghan"."""
    match = _INITIALS_FIRST.match(family)
    if match:
        return match.group(1).strip(), match.group(2)
    last, comma, first = family.partition(",")
    if comma and " " not in last.strip() and "," not in first:
        return first.strip(), last.strip()
    return "", family


def _without_particle(family: str) -> tuple[str, str]:
    words = family.split(" ")
    lower = 0
    while lower < len(words) - 1 and words[lower].islower():
        lower += 1
    return " ".join(words[:lower]), " ".join(words[lower:])


def _shouting(families: Iterable[str]) -> bool:
    words = [word for family in families for word in _WORD.findall(family) if not word.islower()]
    return any(len(word) > 3 for word in words) and all(word.isupper() for word in words)


def _recase(text: str) -> str:
    """Recase words of three letters and more that are all capitals; initials stay."""
    cased = _WORD.sub(lambda match: _recased_word(match.group()), text)
    return _SCOTS.sub(lambda match: "Mc" + match.group(1).upper(), cased)


def _recased_word(word: str) -> str:
    if not word.isupper() or (len(word) < 3 and not _has_vowel(word)):
        return word
    return word.capitalize()


def _has_vowel(word: str) -> bool:
    return len(word) > 1 and any(letter in "AEIOUY" for letter in word)
