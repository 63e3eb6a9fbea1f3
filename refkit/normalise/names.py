"""Names of persons and organisations, between BibTeX's name lists and CSL."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from refkit.model.entry import OTHERS, Name
from refkit.normalise.latex import from_rich, to_plain

_AND = re.compile(r" and ", re.IGNORECASE)
_ANDS = re.compile(r"(?: and)+ ", re.IGNORECASE)
_EDGE_AND = re.compile(r"^(?:and )+|(?: and)+$", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\{}$~\"]|--|''|``")
# "JR" and "IV" alone may be initials: only what cannot be one is taken for a suffix there.
_SURE_SUFFIX = re.compile(r"(?:[Jj]r|[Ss]r|[Jj]nr|[Ss]nr|III)\.?")
_SUFFIX = re.compile(r"(?:jr|sr|jnr|snr|iii|ii|iv|ph\.?\s?d|m\.?d|esq)\.?", re.IGNORECASE)
_EXTENDED = re.compile(
    r"^\s*\"?\s*(?:family|given|prefix|suffix|useprefix|id)(?:-i)?\s*=", re.IGNORECASE
)
_ET_AL = re.compile(r"(?:others|et\.? al\.?)", re.IGNORECASE)


def parse_names(latex: str, *, useprefix: bool = False) -> tuple[Name, ...]:
    """Read a BibTeX or BibLaTeX name list; never raises.

    "and others" becomes `OTHERS`, a name wholly in braces or with too many commas a literal.
    A "von" part is CSL's dropping particle, or with `useprefix` (BibLaTeX's option of that
    name) the non-dropping one.
    """
    text = " ".join(latex.split()) if not latex.isprintable() or "  " in latex else latex.strip()
    if not text:
        return ()
    parsed = [_parse(part, useprefix) for part in _split(text)]
    return tuple(name for name in parsed if name != Name())


def _split(text: str) -> list[str]:
    if "{" not in text:
        return _ANDS.split(_EDGE_AND.sub("", text))
    from pybtex.bibtex.utils import split_name_list

    return [_EDGE_AND.sub("", part) for part in split_name_list(text)]


@lru_cache(maxsize=65536)
def _parse(text: str, useprefix: bool) -> Name:
    text = text.strip()
    if _SPECIAL.search(text) is None:
        plain = _plain_name(text)
        if plain is not None:
            return plain
    if _is_group(text):
        return Name(literal=_decode(text))
    if _EXTENDED.match(text):
        return _extended(text, useprefix)
    return _by_pybtex(text, useprefix)


def _plain_name(text: str) -> Name | None:
    """Read "Last, First" and "First Last" where no word can be a "von"; None elsewhere."""
    family, comma, given = text.partition(",")
    if "," in given or "=" in text:
        return None
    words = family.split()
    if not words or not all(word[0].isupper() for word in words):
        return None
    if comma:
        if len(words) > 1 and _SURE_SUFFIX.fullmatch(given.strip()):
            return None
        return Name(" ".join(words), " ".join(given.split()))
    if len(words) == 1 and _ET_AL.fullmatch(text):
        return OTHERS
    return Name(words[-1], " ".join(words[:-1]))


def _is_group(text: str) -> bool:
    """Tell whether one pair of braces holds the whole text."""
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for at, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return at == len(text) - 1
    return False


def _by_pybtex(text: str, useprefix: bool) -> Name:
    from pybtex.bibtex.utils import split_tex_string

    if _ET_AL.fullmatch(text):
        return OTHERS
    parts: list[str] = split_tex_string(text, ",")
    if not any(parts):
        return Name()
    if len(parts) > 3:
        return Name(literal=_decode(text))
    suffix = ""
    if len(parts) == 2 and " " in parts[0] and _SURE_SUFFIX.fullmatch(parts[1]):
        text, suffix = parts
    elif len(parts) == 3 and _SUFFIX.fullmatch(parts[2]) and not _SUFFIX.fullmatch(parts[1]):
        text = f"{parts[0]}, {parts[2]}, {parts[1]}"
    try:
        name = _from_person(text, useprefix)
    except Exception:  # pybtex raises several kinds; a name must never stop a file
        return Name(literal=_decode(text))
    return replace(name, suffix=_decode(suffix)) if suffix else name


def _from_person(text: str, useprefix: bool) -> Name:
    from pybtex.database import Person

    person: Any = Person(text)
    family = _join(person.last_names)
    given = _join(person.bibtex_first_names)
    von = _join(person.prelast_names)
    suffix = _join(person.lineage_names)
    if not family:
        return Name(family=given, suffix=suffix)
    if useprefix:
        return Name(family, given, particle=von, suffix=suffix)
    return Name(family, given, dropping_particle=von, suffix=suffix)


def _join(words: list[str]) -> str:
    return _decode(" ".join(words))


def _decode(latex: str) -> str:
    return " ".join(to_plain(latex).split())


def _extended(text: str, useprefix: bool) -> Name:
    """Read BibLaTeX's extended format, "family=van Gogh, given=Vincent" (its manual, 2.3.3)."""
    from pybtex.bibtex.utils import split_tex_string

    parts: dict[str, str] = {}
    for item in split_tex_string(text, ","):
        name, _, value = item.partition("=")
        parts[name.strip().strip('"').lower()] = _decode(value.strip().strip('"'))
    if "useprefix" in parts:
        useprefix = parts["useprefix"].lower() == "true"
    prefix = parts.get("prefix", "")
    return Name(
        family=parts.get("family", ""),
        given=parts.get("given", ""),
        particle=prefix if useprefix else "",
        dropping_particle="" if useprefix else prefix,
        suffix=parts.get("suffix", ""),
    )


def format_names(names: tuple[Name, ...], *, ascii: bool = False) -> str:
    """Write a name list as "von Last, Jr, First and ...", literals in braces, in LaTeX."""
    return " and ".join(_format(name, ascii) for name in names)


def format_extended(names: tuple[Name, ...]) -> str:
    """Write a name list for BibLaTeX with labelled parts wherever a name has a prefix.

    There each name tells by its own `useprefix` whether the prefix is a part of the family name.
    """
    return " and ".join(
        _extended_form(name) if name.particle or name.dropping_particle else _format(name, False)
        for name in names
    )


def _extended_form(name: Name) -> str:
    parts = {
        "family": name.family,
        "given": name.given,
        "suffix": name.suffix,
        "prefix": name.particle or name.dropping_particle,
    }
    labelled = [f"{label}={{{from_rich(part)}}}" for label, part in parts.items() if part]
    return ", ".join([*labelled, f"useprefix={'true' if name.particle else 'false'}"])


def _format(name: Name, ascii: bool) -> str:
    if name == OTHERS:
        return "others"
    if name.literal:
        return f"{{{from_rich(name.literal, ascii=ascii)}}}"
    von = " ".join(part for part in (name.dropping_particle, name.particle) if part)
    given, suffix = (_part(part, ascii) for part in (name.given, name.suffix))
    if not given and not suffix and not von:
        # Without a comma the last word alone would be the family name.
        written = from_rich(name.family, ascii=ascii)
        return written.replace(" ", "{ }").replace(",", "{,}")
    last = _family(name.family, ascii)
    if von:
        last = f"{from_rich(von, ascii=ascii)} {last}"
    if suffix:
        return f"{last}, {suffix}, {given}".rstrip()
    return f"{last}, {given}" if given else f"{last},"


def _family(family: str, ascii: bool) -> str:
    """Write a family name so that no word of it is read as a "von" part."""
    written = _part(family, ascii)
    words = family.split()
    plain = written.startswith("{") or all(word[0].isupper() for word in words[:-1])
    return written if plain else f"{{{written}}}"


def _part(part: str, ascii: bool) -> str:
    written = from_rich(part, ascii=ascii)
    return f"{{{written}}}" if "," in part or _AND.search(f" {part} ") else written
