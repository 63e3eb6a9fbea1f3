"""Lists of ids and web addresses, as people keep them in a text file or give them in a command."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.intake.items import Item, Kind
from refkit.model.ids import Id
from refkit.normalise.ids import clean_arxiv, clean_doi, clean_isbn, clean_url, find_doi, parse_id

_COMMENT = re.compile(r"(?:^|\s)#.*")
_PARTS = re.compile(r"[^\s,;]+(?:,[^\s,;]+)*")
_MARK = re.compile(r"(doi|arxiv|isbn|pmid|pmcid|pmc):", re.IGNORECASE)
_ISBN = re.compile(r"97[89][\d-]{10,14}|\d[\d-]{8,11}[\dXx]")
_PMC = re.compile(r"PMC\d+", re.IGNORECASE)


def read_ids(text: str) -> list[Item]:
    """Read ids and addresses, parted by line ends, blanks or commas; `#` begins a comment.

    What is no id becomes an item without ids, so that it can be told of.
    """
    return [
        item_of(part, number)
        for number, line in enumerate(text.split("\n"), 1)
        for part in _parts(_COMMENT.sub("", line))
    ]


def _parts(line: str) -> Iterator[str]:
    """Yield the parts of a line; a mark that stands alone ("PMID: 123") goes with the next."""
    mark = ""
    for part in _split(line):
        if _MARK.fullmatch(part):
            mark = part
            continue
        yield mark + part
        mark = ""
    if mark:
        yield mark


def _split(line: str) -> Iterator[str]:
    """Part a line at blanks and semicolons, and at commas unless the whole is one DOI."""
    for found in _PARTS.finditer(line):
        whole = found.group()
        pieces = [each for each in whole.split(",") if each]
        if len(pieces) > 1 and (id_in(whole) is None or all(map(id_in, pieces))):
            yield from pieces
        else:
            yield whole


def item_of(text: str, line: int) -> Item:
    """Return the item that an id, an address or any other text without blanks is."""
    found = id_in(text)
    if found is not None:
        return Item(line, text, Kind.ID, (found,))
    kind = Kind.ADDRESS if is_address(text) else Kind.ID
    return Item(line, text, kind)


def is_address(text: str) -> bool:
    """Tell whether a text is a web address."""
    url = clean_url(text) if not re.search(r"\s", text) else None
    return url is not None and url.startswith(("http://", "https://"))


def id_in(text: str) -> Id | None:
    """Return the id that a text is, as `parse_id`, or that a web address leads to.

    Taken without a mark, too: an arXiv id of the form 2502.08640, an ISBN whose check digit is
    right, and a PMCID. A DOI in a publisher's address is that of the page.
    """
    found = parse_id(text)
    if found is not None:
        return found
    if is_address(text):
        doi = find_doi(text)
        arxiv = clean_arxiv(text) if "arxiv.org" in text.lower() else None
        return _doi(doi) or (Id("arxiv", arxiv) if arxiv else None)
    if _ISBN.fullmatch(text):
        return parse_id(f"isbn:{text}") if clean_isbn(text) else None
    if _PMC.fullmatch(text):
        return parse_id(f"pmc:{text}")
    return parse_id(f"arxiv:{text}") if clean_arxiv(text) else None


def _doi(text: str | None) -> Id | None:
    doi = clean_doi(text) if text else None
    return Id("doi", doi.lower()) if doi else None
