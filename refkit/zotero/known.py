"""Which item of a library an entry is already: by citation key, DOI, ISBN, or all it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from refkit.normalise.ids import clean_doi, clean_isbn, doi_key
from refkit.normalise.titles import fold
from refkit.zotero.service import Item

# Zotero keeps what it has no field for as lines of "extra"; Better BibTeX pins keys there.
_LINE = re.compile(r"^(citation key|doi|isbn)\s*:\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_SAYING = (
    *("itemType", "date", "publicationTitle", "bookTitle", "proceedingsTitle"),
    *("volume", "issue", "pages", "edition"),
)
_ALIKE = 50.0  # of 100: titles below this are of two works


class Same(NamedTuple):
    """The item that an entry is, and by what it is known ("the same DOI")."""

    item: Item
    why: str


class Known:
    """The items of a library, found by what they say; the first of several stands."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        """Take items as the API gives them, with `key`, `version` and `data`."""
        self._places: dict[tuple[str, str], Item] = {}
        for each in items:
            self.add(each)

    def add(self, item: Item) -> None:
        """Add an item."""
        for mark in _marks(item["data"]):
            self._places.setdefault(mark, item)

    def find(self, data: Item) -> Same | None:
        """Return the item that is the same work, or None.

        Two DOIs that differ are two works, and so are two titles that have little in common,
        whatever their citation keys.
        """
        for kind, value in _marks(data):
            found = self._places.get((kind, value))
            if found is not None and not _contradict(data, found["data"]):
                return Same(found, f"the same {kind}")
        return None


def citation_key(data: Item) -> str:
    """Return an item's citation key, from its field (Zotero 8) or from a line of "extra"."""
    return str(data.get("citationKey") or _beyond(data).get("citation key", ""))


def title_of(data: Item) -> str:
    """Return an item's title as titles are compared, whatever its type calls it."""
    names = ("title", "caseName", "nameOfAct", "subject")
    return fold(str(next((data[name] for name in names if data.get(name)), "")))


def _marks(data: Item) -> Iterator[tuple[str, str]]:
    """Yield what tells a work from others, the strongest first."""
    doi = _doi(data)
    if doi:
        yield "DOI", doi
    key = citation_key(data)
    if key:
        yield "citation key", key
    isbn = clean_isbn(str(data.get("ISBN") or _beyond(data).get("isbn", "")))
    if isbn and data.get("itemType") == "book":  # a chapter shares its book's
        yield "ISBN", f"{_isbn_core(isbn)} {data.get('volume') or ''}"
    if title_of(data):
        said = [title_of(data), *(fold(str(data.get(name) or "")) for name in _SAYING)]
        yield "title, authors, date and place", "\n".join([*said, _people(data)])


def _beyond(data: Item) -> dict[str, str]:
    return {name.lower(): value for name, value in _LINE.findall(str(data.get("extra", "")))}


def _doi(data: Item) -> str:
    doi = clean_doi(str(data.get("DOI") or _beyond(data).get("doi", "")))
    return doi_key(doi) if doi else ""


def _contradict(one: Item, other: Item) -> bool:
    first, second = _doi(one), _doi(other)
    if first and second:
        return first != second
    titles = title_of(one), title_of(other)
    return all(titles) and fuzz.token_set_ratio(*titles) < _ALIKE


def _isbn_core(isbn: str) -> str:
    """Return the part of an ISBN that its forms of 10 and 13 digits share."""
    return isbn[-10:-1] if len(isbn) == 10 or isbn.startswith("978") else isbn


def _people(data: Item) -> str:
    creators: Any = data.get("creators")
    people = [each for each in creators if isinstance(each, dict)] if creators else []
    names = [each.get("lastName") or each.get("name") or "" for each in people]
    return ";".join(fold(str(each)) for each in names)
