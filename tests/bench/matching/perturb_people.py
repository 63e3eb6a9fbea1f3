"""What forms, catalogues and copying do to a list of authors."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace

from refkit.model.entry import Name
from refkit.normalise.names import parse_names

_OTHERS = (Name("Smith", "John"), Name("Wang", "Li"), Name("García", "Ana"), Name("Kim", "S."))
_MARKS = {
    "\u0301": "\\'",
    "\u0300": "\\`",
    "\u0302": "\\^",
    "\u0308": '\\"',
    "\u0303": "\\~",
    "\u0327": "\\c ",
    "\u030c": "\\v ",
}


def _text(name: Name) -> str:
    return name.literal or " ".join(filter(None, (name.particle, name.family)))


def _shortened(name: Name, point: str = ".") -> str:
    return " ".join(part[0] + point for part in name.given.split() if part)


def in_one_string(names: list[Name], dice: random.Random) -> list[Name]:
    """Give all authors as one text, parted by commas or semicolons, which BibTeX does not."""
    made = dice.choice(
        (
            ", ".join(f"{name.given} {_text(name)}".strip() for name in names),
            ", ".join(f"{_text(name)} {_shortened(name, '')}".strip() for name in names),
            "; ".join(f"{_text(name)}, {name.given}".strip(", ") for name in names),
            ", ".join(f"{_text(name)}, {_shortened(name)}".strip(", ") for name in names),
            ", ".join(f"{_shortened(name)} {_text(name)}".strip() for name in names),
        )
    )
    return list(parse_names(made)) or names


def et_al(names: list[Name], dice: random.Random) -> list[Name]:
    """Name the first alone, with "et al." as a text."""
    first = names[0]
    return list(
        parse_names(
            dice.choice(
                (
                    f"{_text(first)}, {first.given} et al.",
                    f"{_text(first)} et al.",
                    f"{_text(first)}, {first.given} and et al.",
                    f"{first.given} {_text(first)}, et al.",
                )
            )
        )
    )


def capitals(names: list[Name], dice: random.Random) -> list[Name]:
    """Write the names in capitals, or the family names only."""
    both = dice.random() < 0.6
    return [
        replace(
            name,
            family=name.family.upper(),
            literal=name.literal.upper(),
            given=name.given.upper() if both else name.given,
        )
        for name in names
    ]


def latex_names(names: list[Name], _: random.Random) -> list[Name]:
    """Leave LaTeX's accents in the names."""

    def written(text: str) -> str:
        out: list[str] = []
        for char in unicodedata.normalize("NFD", text):
            mark = _MARKS.get(char)
            if mark and out:
                out[-1] = f"{{{mark}{out[-1]}}}"
            else:
                out.append(char)
        return "".join(out)

    return [replace(n, family=written(n.family), given=written(n.given)) for n in names]


def bare_names(names: list[Name], _: random.Random) -> list[Name]:
    """Drop the names' diacritics."""

    def bare(text: str) -> str:
        parted = unicodedata.normalize("NFKD", text)
        return "".join(char for char in parted if not unicodedata.combining(char))

    return [
        replace(n, family=bare(n.family), given=bare(n.given), literal=bare(n.literal))
        for n in names
    ]


def mojibake_names(names: list[Name], _: random.Random) -> list[Name]:
    """Decode the names wrongly."""

    def wrong(text: str) -> str:
        return text.encode().decode("latin-1")

    return [replace(n, family=wrong(n.family), given=wrong(n.given)) for n in names]


def families_only(names: list[Name], _: random.Random) -> list[Name]:
    """Give no given names."""
    return [replace(name, given="") if name.family else name for name in names]


def first_lost(names: list[Name], _: random.Random) -> list[Name]:
    """Lose the first author."""
    return names[1:] or names


def one_too_many(names: list[Name], dice: random.Random) -> list[Name]:
    """Add an author who is none, last or among the others."""
    at = dice.randrange(1, len(names) + 1)
    return [*names[:at], dice.choice(_OTHERS), *names[at:]]


def last_first(names: list[Name], _: random.Random) -> list[Name]:
    """Put the last author first."""
    return [names[-1], *names[:-1]]


def no_comma(names: list[Name], _: random.Random) -> list[Name]:
    """Write "Smith JA", as MEDLINE does, where BibTeX takes JA for the family name."""
    text = " and ".join(f"{_text(name)} {_shortened(name, '').replace(' ', '')}" for name in names)
    return list(parse_names(text)) or names


def half_a_name(names: list[Name], dice: random.Random) -> list[Name]:
    """Lose a part of each double name, and the middle names."""
    return [
        replace(
            name,
            family=dice.choice(name.family.replace("-", " ").split() or [""]),
            given=" ".join(name.given.split()[:1]),
        )
        if name.family
        else name
        for name in names
    ]


def with_suffix(names: list[Name], dice: random.Random) -> list[Name]:
    """Add titles and suffixes."""
    return [
        replace(
            name, family=dice.choice(("{}, PhD", "{} Jr.", "Dr. {}", "{}*")).format(name.family)
        )
        if name.family
        else name
        for name in names
    ]
