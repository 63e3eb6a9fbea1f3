"""What the LaTeX text of a field stands for: one function per kind of field.

Shared by the reader, and by the writer, which gives back a field as it was written wherever
that text still stands for the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from refkit.formats.bibtex.localization import STRINGS, language_tag, ordinal
from refkit.normalise.ids import clean_doi, clean_pmcid, clean_pmid, clean_url
from refkit.normalise.latex import from_rich, to_plain, to_rich
from refkit.normalise.numbers import small_int
from refkit.normalise.pages import clean_pages

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_LIST_TOKEN = re.compile(r"[{}]|\s+and\s+", re.IGNORECASE)
_BIBSTRING = re.compile(r"\\(?:bibstring|bibsstring|biblstring|autocap)\s*\{([a-zA-Z]+)\}")
_ONLY_URL = re.compile(r"\\(?:url|path)\s*\{[^{}]*\}|https?://\S+")
_ENDED = (".", "?", "!", ":", "…")


def title(text: str) -> str:
    """Return a title in rich text, with the case that braces protect in `nocase` spans."""
    return to_rich(_localised(text) if "\\bib" in text or "\\auto" in text else text)


def plain_text(text: str) -> str:
    """Return text in which case needs no protection."""
    return to_rich(_localised(text) if "\\bib" in text or "\\auto" in text else text, protect=False)


def _localised(text: str) -> str:
    return _BIBSTRING.sub(lambda found: STRINGS.get(found[1], found[1]), text)


def full_title(main: str, subtitle: str = "", addon: str = "") -> str:
    """Join a title, its subtitle and its addition as CSL has them: "Title: Subtitle. Addition"."""
    out = title(main)
    if subtitle:
        out = _joined(out, title(subtitle), ": ")
    return _joined(out, title(addon), ". ") if addon else out


def leading_part(full: str, subtitle: str, addon: str) -> str:
    """Return a full title without the subtitle and addition that are known, as LaTeX."""
    tail = full_title("x", subtitle, addon)[1:]
    ends = tail and full.lower().endswith(tail.lower())
    return from_rich(full[: -len(tail)] if ends else full)


def _joined(left: str, right: str, mark: str) -> str:
    if not left or not right:
        return left or right
    ended = left.endswith(_ENDED) or left.removesuffix("</span>").endswith(_ENDED)
    return left + (" " if ended else mark) + right


def joined(name: str, text: str, other: str) -> str:
    """Join a field with the one that adds to it: `volume` and `part`, `note` and `addendum`."""
    first, second = plain_text(text), plain_text(other)
    if not second:
        return first
    if name == "volume":
        return f"{first}.{second}"
    if name == "number":
        return f"{first}, {second}"
    return _joined(first, second, ". ")


def list_items(text: str) -> list[str]:
    """Split a literal list at each `and` outside braces."""
    if "{" not in text:
        return _AND.split(text.strip())
    items: list[str] = []
    depth = start = 0
    for token in _LIST_TOKEN.finditer(text):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth -= 1
        elif depth == 0:
            items.append(text[start : token.start()])
            start = token.end()
    return [*items, text[start:]]


def literal_list(text: str) -> str:
    """Return a literal list as CSL has it: its items between semicolons."""
    if "and" not in text.lower():
        return plain_text(text)
    return "; ".join(plain_text(item) for item in list_items(text) if item.strip())


def places(text: str) -> str:
    """Return a list of places, which BibLaTeX may name by key ("countryde")."""
    return "; ".join(key_text(item) for item in list_items(text) if item.strip())


def key_text(text: str) -> str:
    """Return text that may be a localisation key ("phdthesis", "inpress", "countryde")."""
    known = STRINGS.get(text.strip())
    return known if known is not None else plain_text(text)


def series(text: str) -> str:
    """Return a journal's series: a number is the ordinal of a series, as BibLaTeX prints it."""
    bare = text.strip()
    number = small_int(bare) if bare.isdigit() else None
    if number is not None:
        return f"{ordinal(number)} series"
    return STRINGS.get(bare) or title(text)


def useprefix(options: str) -> bool:
    """Tell whether an entry's `options` make name prefixes a part of the family name."""
    joined_up = options.replace(" ", "")
    return "useprefix" in joined_up and "useprefix=false" not in joined_up


def url(text: str) -> str:
    """Return a web address free of LaTeX, or the text as it is where it is none."""
    return clean_url(text) or " ".join(text.split())


def doi(text: str) -> str:
    """Return a DOI without its prefix, or the text as it is where it is none."""
    return clean_doi(text) or " ".join(text.split())


def only_url(text: str) -> str:
    """Return the web address that a `howpublished` consists of, "" where it says more."""
    found = _ONLY_URL.fullmatch(text.strip())
    return clean_url(found[0]) or "" if found else ""


def _pmid(text: str) -> str:
    return clean_pmid(text) or to_plain(text)


def _pmcid(text: str) -> str:
    return clean_pmcid(text) or to_plain(text)


def _language(text: str) -> str:
    return language_tag(to_plain(text))


KINDS: dict[str, Callable[[str], str]] = {
    "text": plain_text,
    "title": title,
    "list": literal_list,
    "places": places,
    "address": places,
    "key": key_text,
    "series": series,
    "event": title,
    "howpublished": plain_text,
    "joined": plain_text,
    "pages": lambda text: clean_pages(to_plain(text)),
    "verbatim": to_plain,
    "url": url,
    "doi": doi,
    "pmid": _pmid,
    "pmcid": _pmcid,
    "language": _language,
}
"""The value of a text field, by the kind that its row names."""
