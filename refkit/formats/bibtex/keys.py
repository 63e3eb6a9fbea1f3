"""Citation keys for the writer: fit for both dialects, and each used once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refkit.formats.bibtex.types import Dialect
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Severity
from refkit.normalise.keys import SMALL_WORDS, UNFIT
from refkit.normalise.titles import fold

_BROKEN = re.compile(r"[\s\",{}%#~\\]+")


def make_keys(entries: Sequence[Entry], dialect: Dialect) -> tuple[list[str], list[Diagnostic]]:
    """Return a key for each entry, and a diagnostic for each that is not the entry's own.

    An entry's own key stays if it is fit and not used before; BibTeX takes keys that differ in
    case only for the same.
    """
    keys: list[str] = []
    problems: list[Diagnostic] = []
    used: set[str] = set()
    numbers: dict[str, int] = {}
    for entry in entries:
        key = _unique(_fit(entry), used, numbers, dialect)
        keys.append(key)
        if key != entry.key:
            was = f"{entry.key!r} is written as {key!r}" if entry.key else f"{key!r} is made up"
            message = f"the key {was}"
            problems.append(Diagnostic("KEY002", message, key=key, severity=Severity.WARNING))
    return keys, problems


def _folded(key: str, dialect: Dialect) -> str:
    return key.lower() if dialect == "bibtex" else key


def _fit(entry: Entry) -> str:
    ours = entry.origin.source in ("bibtex", "biblatex")
    key = (_BROKEN if ours else UNFIT).sub("_", entry.key).strip("_")
    if key == entry.key.strip():
        return key or made_key(entry)
    return key if any(char.isalnum() for char in key) else made_key(entry)


def made_key(entry: Entry) -> str:
    """Make a key of author, year and title: "doe2020spooky"."""
    people = entry.names("author") or entry.names("editor")
    who = fold(people[0].family or people[0].literal) if people else ""
    date = entry.date()
    year = str(date.year) if date is not None and date.year is not None else ""
    words = [word for word in fold(entry.text("title")).split() if word not in SMALL_WORDS]
    made = "".join(who.split()) + year + (words[0] if words else "")
    made = "".join(char for char in made if char.isascii() and char.isalnum())
    return made or "entry"


def _unique(key: str, used: set[str], numbers: dict[str, int], dialect: Dialect) -> str:
    """Return a key that is not used, and add it to those that are.

    `numbers` holds the last number that each repeated key was given.
    """
    base = _folded(key, dialect)
    found = base
    if found in used:
        number = numbers.get(base, 1)
        while found in used:
            number += 1
            found = f"{base}-{number}"
        numbers[base] = number
        key = f"{key}-{number}"
    used.add(found)
    return key
