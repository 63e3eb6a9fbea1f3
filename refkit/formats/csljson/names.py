"""Names in CSL-JSON: objects with name parts, and the plain texts that some programs give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refkit.formats.plain import read_name
from refkit.model.entry import OTHERS, Name

_PARTS = {
    "family": "family",
    "given": "given",
    "non-dropping-particle": "particle",
    "dropping-particle": "dropping_particle",
    "suffix": "suffix",
    "literal": "literal",
}
_OTHERS = frozenset({"others", "et al", "et al.", "and others"})
_KNOWN = frozenset(_PARTS) | {"name", "parse-names"}


def read_names(value: Any) -> tuple[tuple[Name, ...], bool]:
    """Read the names of a name variable, and tell whether all of it was understood."""
    if isinstance(value, str):
        parts = value.split(";") if ";" in value else value.split(" and ")
        return tuple(_read_text(part) for part in parts if part.strip()), False
    given: Sequence[Any] = value if isinstance(value, list) else [value]
    whole = isinstance(value, list) and all(_is_plain(each) for each in given)
    return tuple(name for each in given for name in _read_name(each)), whole


def _is_plain(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and _KNOWN.issuperset(value)
        and all(isinstance(each, str) for name, each in value.items() if name in _PARTS)
    )


def _read_name(value: Any) -> Iterator[Name]:
    if isinstance(value, str):
        if value.strip():
            yield _read_text(value)
    elif isinstance(value, Mapping):
        name = _read_parts(value)
        if name != Name():
            yield name


def _read_parts(value: Mapping[str, Any]) -> Name:
    parts = {
        slot: str(value[member]) for member, slot in _PARTS.items() if value.get(member)
    }  # a number or a list in a part is kept as its text
    if not parts and value.get("name"):
        return Name(literal=str(value["name"]))
    if parts.get("literal", "").casefold() in _OTHERS and len(parts) == 1:
        return OTHERS
    if parts.get("family"):
        parts.pop("literal", None)
    elif "literal" in parts:
        parts = {"literal": parts["literal"]}
    name = Name(**parts)
    return _split(name) if value.get("parse-names") is True else name


def _split(name: Name) -> Name:
    """Take the particles out of family and given name, as citeproc-js's `parse-names` asks."""
    found = read_name(f"{name.family}, {name.given}") if name.family and name.given else name
    return Name(
        found.family,
        found.given,
        name.particle or found.particle,
        name.dropping_particle or found.dropping_particle,
        name.suffix or found.suffix,
        found.literal,
    )


def _read_text(text: str) -> Name:
    """Read "Family, Given" or "Given Family"; one word is a literal."""
    if "," in text:
        return read_name(text)
    words = text.split()
    if len(words) < 2 or text.strip().casefold() in _OTHERS:
        return read_name(text)
    at = next((n for n, word in enumerate(words[1:-1], 1) if word.islower()), len(words) - 1)
    return read_name(f"{' '.join(words[at:])}, {' '.join(words[:at])}")


def write_names(names: Sequence[Name]) -> list[dict[str, str]]:
    """Write names; `OTHERS` is `{"literal": "others"}`, which pandoc renders as "et al."."""
    return [_write_name(name) for name in names]


def _write_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    return {member: getattr(name, slot) for member, slot in _PARTS.items() if getattr(name, slot)}
