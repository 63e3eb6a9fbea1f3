"""Names, dates and keys as plain-text formats (RIS, PubMed, EndNote) write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from refkit.model.entry import OTHERS, Date, Entry, Name
from refkit.normalise.dates import parse_date

_ET_AL = frozenset({"others", "et al", "et al.", "and others"})
_SPACES = re.compile(r"\s+")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SLASHED = re.compile(r"(-?[0-9]{1,4})[/.]([0-9]{1,2})(?:[/.]([0-9]{1,2}))?")
_INITIALS_FIRST = re.compile(r"((?:[^\W\d_]\.[ -]?)+) ?((?:[^\W\d_]+ )*)([^\W\d_][\w'’-]+)")
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=65536)
def read_name(text: str) -> Name:
    """Read "Family, Given, Suffix"; a text without a comma is a literal, but for "A. B. Family".

    Lower-case words before the family name are its particle, those after the given name a
    dropping particle (CSL 1.0.2, "Name Particles"). EndNote's two ways of writing an
    organisation are known: a comma at the end, and a doubled one for a comma in the name.
    """
    text = _SPACES.sub(" ", text).strip()
    if text.casefold() in _ET_AL:
        return OTHERS
    if "," not in text.replace(",,", "").rstrip(","):
        bare = text.rstrip(",").rstrip().replace(",,", ",")
        return (_initials_first(text) if bare == text else None) or Name(literal=bare)
    family, given, *suffix = (part.strip() for part in text.split(","))
    particle, family = _leading_particle(family)
    given, dropping = _trailing_particle(given)
    return Name(family, given, particle, dropping, ", ".join(filter(None, suffix)))


def _initials_first(text: str) -> Name | None:
    """Read "A. B. van Family", as IEEE writes it; with a given name in full it may be a body's."""
    found = _INITIALS_FIRST.fullmatch(text)
    if found is None or not (found[2] == "" or found[2].islower()):
        return None
    return Name(found[3], found[1].strip(), found[2].strip())


def _leading_particle(family: str) -> tuple[str, str]:
    words = family.split(" ")
    count = 0
    while count < len(words) - 1 and words[count].islower():
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _trailing_particle(given: str) -> tuple[str, str]:
    words = given.split(" ")
    count = len(words)
    while count > 1 and words[count - 1].islower():
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])


def write_name(name: Name) -> str:
    """Write a name so that `read_name` gives it back.

    An organisation of several words ends in a comma, without which EndNote, Zotero and pandoc
    take it for a person.
    """
    if name.literal:
        apart = " " in name.literal and "," not in name.literal
        return f"{name.literal}," if apart else name.literal.replace(",", ",,")
    family = " ".join(filter(None, (name.particle, name.family)))
    given = " ".join(filter(None, (name.given, name.dropping_particle)))
    if name.suffix:
        return f"{family}, {given}, {name.suffix}"
    return f"{family}, {given}" if given else family


@lru_cache(maxsize=65536)
def read_date(text: str) -> Date:
    """Read a date in words or numbers; what cannot be read is a literal.

    Beside what `parse_date` knows, this is "20100512", "2010.5.12" and "2010/5".
    """
    text = _SPACES.sub(" ", text).strip()
    found = _COMPACT.fullmatch(text) or _SLASHED.fullmatch(text)
    if found is None:
        return parse_date(text)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if month > 12 or day > 31:
        return Date(literal=text)
    return Date(year, month or None, (day or None) if month else None)


def fill_keys(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Give entries without a key one made of the first name and the year: "Shannon1948b"."""
    kept = tuple(entries)
    taken = {entry.key for entry in kept}
    numbers: dict[str, int] = {}
    return tuple(entry if entry.key else _keyed(entry, taken, numbers) for entry in kept)


def _keyed(entry: Entry, taken: set[str], numbers: dict[str, int]) -> Entry:
    """Give an entry a key that is not taken; `numbers` holds each base's last number."""
    base = _base_key(entry)
    number = numbers.get(base, 0)
    key = base + letters(number)
    while key in taken:
        number += 1
        key = base + letters(number)
    numbers[base] = number
    taken.add(key)
    return replace(entry, key=key)


def _base_key(entry: Entry) -> str:
    names = entry.names("author") or entry.names("editor")
    date = entry.date()
    year = str(date.year) if date is not None and date.year is not None else ""
    name = (names[0].family or names[0].literal) if names else entry.text("title")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = _UNSAFE.sub(" ", plain).split()
    first = "".join(words[:1] if not names or names[0].literal else words)
    return (first or "ref") + year


def letters(number: int) -> str:
    """Return a number as letters: "" for 0, then a to z, aa, ab ..."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("a") + rest) + found
    return found
