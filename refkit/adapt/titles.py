"""Titles as CSL wants them: English ones in sentence case, the rest as they are.

CSL styles turn sentence case into title case, never the reverse, so CSL data should hold
titles in sentence case (CSL 1.0.2, "Title Case Conversion"); BibTeX's convention is the
opposite one. Journals keep their names.
"""

from __future__ import annotations

from dataclasses import replace

from refkit.model.entry import Entry, Field
from refkit.normalise.titles import csl_case

_CASED = frozenset(
    "title title-short volume-title container-title collection-title original-title".split()
)
_JOURNALS = frozenset(
    """article article-journal article-magazine article-newspaper periodical review
    review-book""".split()
)


def csl_titles(entry: Entry) -> Entry:
    """Return an entry read from BibTeX or BibLaTeX with its English titles in sentence case.

    A title counts as English where the entry names English, or no language, as in pandoc.
    `nocase` spans stay only where CSL needs them: before a small letter.
    """
    if entry.origin.source not in ("bibtex", "biblatex"):
        return entry
    english = entry.text("language").lower().startswith("en") or not entry.text("language")
    names = _CASED - {"container-title"} if entry.type in _JOURNALS else _CASED
    return entry.with_fields(
        _titled(field, english and field.name in names) for field in entry.fields
    )


def _titled(field: Field, cased: bool) -> Field:
    value = field.value
    if not isinstance(value, str) or not (cased or "nocase" in value):
        return field
    text = csl_case(value, cased=cased)
    return field if text == value else replace(field, value=text)
