"""What is compared of an entry, brought once into the forms in which it is compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from refkit.match.decoys import (
    Kind,
    Texts,
    family_of,
    kind_of,
    preprint_server,
    texts_of,
)
from refkit.match.people import People, people
from refkit.match.wording import Wording, wording
from refkit.model.entry import Date, Entry
from refkit.normalise.dates import year_of
from refkit.normalise.ids import clean_arxiv, clean_doi, clean_isbn, clean_pmid
from refkit.normalise.titles import fold

_NUMBER = re.compile(r"\d+")
_EDITION = re.compile(
    r"\b(\d+)(?:st|nd|rd|th)?\s+ed(?:ition|n)?\b|"
    r"\b(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|revised|new)\s+ed(?:ition|n)\b",
    re.IGNORECASE,
)
_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
    )
}
_PAGE = re.compile(
    r"\s*(?:(?:pp?|pages?|S|Seiten?|p[aá]gs?|str)\b\.?\s*)?([^\s\-\u2010-\u2015,;]+)(?:\s*[-\u2010-\u2015]+\s*([^\s\-,;]+))?"
)
_E_NUMBER = re.compile(r"^(?:e|s?article|art|no)?0*(?=\d)")
_ISSN = re.compile(r"\b(\d{4})-(\d{3}[\dXx])\b")
_ISSN_ALONE = re.compile(r"\s*(?:e-?|p-?)?(?:ISSN)?[\s:]*\d{4}-\d{3}[\dXx]\s*", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_VENUES = ("container-title", "container-title-short", "journalAbbreviation", "event-title")


LONGEST = 2000
"""No more letters of a text are compared: what is longer is an abstract or a mishap."""


class Profile(NamedTuple):
    """An entry made ready to be compared."""

    doi: str
    arxiv: str
    pmid: str
    isbn: frozenset[str]
    issn: frozenset[str]
    raw_title: str
    title: Wording
    authors: People
    editors: People
    years: tuple[int, ...]
    venues: tuple[str, ...]
    series: tuple[str, ...]
    volume: str
    issue: str
    page: tuple[str, str]
    number: str
    family: str
    kind: Kind
    server: str
    publisher: str
    edition: str


def profile(entry: Entry) -> Profile:
    """Return the comparable form of an entry."""
    texts = texts_of(entry)
    for name, text in texts.items():
        texts[name] = text[:LONGEST]
    title = texts["title"]
    doi = _doi(texts["DOI"])
    named = [texts[name] for name in _VENUES if texts[name]]
    venues = tuple([venue for venue in named if not _ISSN_ALONE.fullmatch(venue)])
    return Profile(
        doi,
        _arxiv(texts, doi),
        clean_pmid(texts["PMID"]) or "",
        _isbns(texts["ISBN"]),
        _issns(" ".join((texts["ISSN"], *named))),
        title,
        wording(title),
        people(entry.names("author")),
        people(entry.names("editor")),
        _years(entry),
        venues,
        (texts["collection-title"],) if texts["collection-title"] else (),
        _numbering(texts["volume"]),
        _numbering(texts["issue"]),
        _page(texts["page"]),
        _locator(texts["number"] or texts["eid"]),
        family_of(texts),
        kind_of(title, venues, texts),
        preprint_server(texts, venues, doi),
        texts["publisher"],
        _edition(texts["edition"], title),
    )


@lru_cache(maxsize=1 << 14)
def _doi(text: str) -> str:
    return (clean_doi(text) or "").lower() if text else ""


def _arxiv(texts: Texts, doi: str) -> str:
    if doi.startswith("10.48550/"):
        return clean_arxiv(doi) or ""
    eprint = texts["eprint"]
    if eprint:
        kind = (texts["eprinttype"] or texts["archiveprefix"] or "arxiv").lower()
        return (clean_arxiv(eprint) or "") if kind == "arxiv" else ""
    for name in ("number", "container-title", "URL", "note"):
        text = texts[name]
        if text and "arxiv" in text.lower():
            return clean_arxiv(text) or ""
    return ""


@lru_cache(maxsize=1 << 14)
def _isbns(text: str) -> frozenset[str]:
    found = (clean_isbn(part) for part in re.split(r"[,;\s]\s*(?=97[89]|\d)", text))
    return frozenset(_isbn13(isbn) for isbn in found if isbn)


@lru_cache(maxsize=1 << 14)
def _issns(text: str) -> frozenset[str]:
    return frozenset("".join(found).upper() for found in _ISSN.findall(text))


def _isbn13(isbn: str) -> str:
    """Return the first twelve digits that an ISBN of either length has in its long form."""
    return isbn[:12] if len(isbn) == 13 else f"978{isbn[:9]}"


def _years(entry: Entry) -> tuple[int, ...]:
    """Return the years that the record gives: issued, in print, online."""
    dates = [entry.date("issued")]
    for each in entry.extra:
        if each.name in ("published-print", "published-online") and isinstance(each.value, Date):
            dates.append(each.value)
    years = (year_of(date) for date in dates if date is not None)
    return tuple(sorted({year for year in years if year is not None}))


@lru_cache(maxsize=1 << 14)
def _numbering(text: str) -> str:
    """Return a volume or issue in its ground form: "Vol. 012" and "XII" are "12"."""
    folded = re.sub(r"^(?:volume|vol|number|no|nr|issue|iss|band|bd|jg) ", "", fold(text))
    if folded and all(char in _ROMAN for char in folded) and len(folded) < 8:
        return str(_roman(folded))
    return re.sub(r"\b0+(?=\d)", "", folded)


def _roman(text: str) -> int:
    values = [_ROMAN[char] for char in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


@lru_cache(maxsize=1 << 14)
def _page(text: str) -> tuple[str, str]:
    """Return the first and last page; an abbreviated last page ("123-8") is written out."""
    found = _PAGE.match(text)
    if found is None:
        return "", ""
    first, last = _locator(found.group(1)), _locator(found.group(2) or "")
    if last and first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first, last


@lru_cache(maxsize=1 << 14)
def _locator(text: str) -> str:
    """Return a page or article number in its ground form: "e00123" and "123" are one."""
    return _E_NUMBER.sub("", fold(text).replace(" ", ""))


@lru_cache(maxsize=1 << 14)
def _edition(edition: str, title: str) -> str:
    text = edition or title
    if not text:
        return ""
    if edition.isdigit():
        return edition
    found = _EDITION.search(text)
    if found is None:
        word = fold(edition).split(" ")[0]
        return _ORDINALS.get(word) or "".join(_NUMBER.findall(edition)[:1]) or word
    word = (found.group(1) or found.group(2)).lower()
    return _ORDINALS.get(word, word)
