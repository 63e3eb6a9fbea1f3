"""ERIC's use of NBIB: other types, publishers in `JT`, addresses in `AID` and `LID`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from refkit.formats.nbib.tables import ERIC_TYPES
from refkit.formats.tagged import Claimed, Tagged, unfold
from refkit.normalise.ids import find_doi

_DISSERTATION = re.compile(r"(.*(?:Dissertation|Thesis)[^,]*),\s*(.+)", re.DOTALL)
_SERIAL_PARTS = ("VI", "IP", "ISSN", "IS")


def type_of(values: Iterable[Tagged]) -> tuple[str, str]:
    """Return the CSL type and what told it: with a volume or an ISSN it is an article."""
    listed = list(values)
    given = [value.value for value in listed if value.tag == "PT"]
    for start, kind in ERIC_TYPES:
        native = next((each for each in given if each.startswith(start)), "")
        if native and kind == "report" and any(each.tag in _SERIAL_PARTS for each in listed):
            return "article-journal", ""
        if native:
            return kind, native
    return "article-journal" if not given else "report", ""


def read(claimed: Claimed, kind: str) -> None:
    """Claim what ERIC writes otherwise than PubMed."""
    journal = claimed.peek("JT")
    if journal and kind == "thesis":
        _read_thesis(claimed)
    elif journal and kind != "article-journal":
        value = claimed.first("JT")
        if value is not None:
            claimed.set("publisher", unfold(value.value), value)
    for value in claimed.all("AID", "LID"):
        doi = find_doi(value.value)
        if doi and not claimed.has("DOI"):
            claimed.set("DOI", doi, value)
        elif not claimed.has("URL"):
            claimed.set("URL", value.value, value)
        else:
            claimed.give_back(value)


def _read_thesis(claimed: Claimed) -> None:
    """Read a thesis: `JT` holds the archive, `SO` the degree and the university."""
    archive, place = claimed.first("JT"), claimed.first("SO")
    if archive is not None:
        claimed.set("archive", unfold(archive.value), archive)
    found = _DISSERTATION.fullmatch(unfold(place.value)) if place is not None else None
    if found and place is not None:
        claimed.set("genre", found[1], place)
        claimed.set("publisher", found[2], place)
    elif place is not None:
        claimed.give_back(place)
