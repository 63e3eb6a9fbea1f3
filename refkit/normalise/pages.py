"""Page ranges, between CSL ("12-34") and BibTeX ("12--34")."""

from __future__ import annotations

import re

from refkit.normalise.latex import to_plain

_MARKER = re.compile(
    r"^(?:(?:pages?|pp?|Seiten?)(?:\.\s*|\s+|(?=\d))|S\.\s*)(?=[\dA-Za-z])", re.IGNORECASE
)
_RANGE = re.compile(r"\s*[-\u2010-\u2015\u2212](?:\s*[-\u2010-\u2015\u2212])*\s*")
_TRAILING = re.compile(r"[\s,;.-]+$")
_LIST = re.compile(r"\s*([,;&])\s*")
_ABBREVIATED = re.compile(r"(.*?)(\d+)-(\d+)")
_ROMAN = re.compile(r"[ivxlcdm]+", re.IGNORECASE)


def clean_pages(text: str) -> str:
    """Return pages as CSL writes them: "12-34", several parts as "12-15, 20"."""
    if any(mark in text for mark in "\\{}$~"):
        text = to_plain(text)
    text = _MARKER.sub("", text.strip())
    text = _RANGE.sub("-", text)
    text = _LIST.sub(lambda found: found.group(1) + " ", text).replace("& ", " & ")
    return _TRAILING.sub("", " ".join(text.split()))


def expanded_pages(pages: str) -> str:
    """Write out the last page of "6913-7", which PubMed abbreviates."""
    found = _ABBREVIATED.fullmatch(pages)
    if found is None or len(found[3]) >= len(found[2]):
        return pages
    prefix, first, last = found.groups()
    return f"{prefix}{first}-{prefix}{first[: -len(last)]}{last}"


def bibtex_pages(text: str) -> str:
    """Return pages as BibTeX writes them: every range with two hyphens."""
    parts = re.split(r"([,;&]\s*)", clean_pages(text))
    return "".join("--".join(end for end in _ends(part) if end) for part in parts)


def _ends(pages: str) -> tuple[str, str]:
    """Part a range at the hyphen that is not inside a page's own number ("A-1", "1-12")."""
    parts = pages.split("-")
    if len(parts) % 2 or not all(parts):
        return pages, ""
    half = len(parts) // 2
    first, last = "-".join(parts[:half]), "-".join(parts[half:])
    roman = _ROMAN.fullmatch(first) and (first.islower() or _ROMAN.fullmatch(last))
    return (first, last) if roman or any(c.isdigit() for c in first) else (pages, "")
