"""Where a reference says that a work was published: container, volume, issue, pages, type.

As everywhere in `refkit.intake.cited` it is what the record says that is looked for; where the
text says something else in its place, that is returned, for the match engine to see.
"""

from __future__ import annotations

import re

from refkit.intake.words import Words
from refkit.match.decoys import family_of, texts_of
from refkit.model.entry import Entry
from refkit.normalise.latex import strip_markup
from refkit.normalise.venues import venue_similarity

_CONTAINERS = ("container-title", "container-title-short", "event-title")
_VOLUME = re.compile(
    r"\b(?:vol(?:ume)?|band|bd|v)\b\.?\s*(\d{1,4})\b|\b(\d{1,4})\s*\(\s*(?!(?:1[5-9]|20)\d\d\b)[\w\u2013/-]+\s*\)",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"\d\s*\(\s*(?!(?:1[5-9]|20)\d\d\b)([\w\u2013/-]{1,7})\s*\)|\b(?:no|nr|issue|heft)\b\.?\s*(\d+)",
    re.IGNORECASE,
)
_PAGES = re.compile(
    r"(?<![\w/.-])([A-Za-z]{0,2}\d{1,6}[a-z]?)\s*[-\u2010-\u2015]{1,2}\s*([A-Za-z]{0,2}\d{1,6}[a-z]?)(?![\w/-])"
)
_EDITION = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th)|second|third|fourth|fifth|revised|[2-9]\.)\s+(?:ed(?:ition|n)?|aufl(?:age)?)\b",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"\b(?:arxiv|(?:bio|med|chem|soc|psy|eco)rxiv|psyarxiv|socarxiv|ssrn|research square|osf|corr|"
    r"pre-?print)\b[^,;.()]*",
    re.IGNORECASE,
)
# "Journal of Lists 12", "Journal of Lists, 12(3)": a name, and right behind it a number.
_JOURNAL = re.compile(
    r"\W*((?:[^\W\d_][\w'\u2019&-]*\W{1,2}){1,10}?),?\s*(?:vol\.?\s*)?(\d{1,4})(?=\s*[,.;:(]|\s*$)"
)
_DATED = re.compile(r"^\W*\((?:1[5-9]|20)\d\d[^()]*\)")
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\W*$", re.IGNORECASE
)
_IN_BOOK = re.compile(r"^\W*[Ii]n\b\W*(?=\w)")
_PART = re.compile(r"\bpp?\.\s*\d|\bS\.\s*\d|\bpages?\s+\d")
_STANDS_ALONE = frozenset(("book", "thesis", "report", "dataset", "standard"))
_LIKE = 0.6
"""The least similarity of a name to the record's container at which it is taken for it."""


def container(tail: str, record: Entry) -> str:
    """Return the record's container if the text names it, else what stands in its place."""
    for name in _CONTAINERS:
        if found := named_in(tail, strip_markup(record.text(name))):
            return found
    own = strip_markup(record.text("container-title"))
    best = _likest(tail, own) if own else ""
    if best:
        return best
    server = _SERVER.search(tail)
    if server:
        return server.group().strip()
    journal = _journal(tail, record)
    return journal.group(1).strip(" ,.") if journal else ""


def _journal(tail: str, record: Entry) -> re.Match[str] | None:
    """Return a name with a number behind it, unless that is a date or the publisher's year."""
    found = _JOURNAL.match(_DATED.sub("", tail, count=1))
    if found is None or _YEARS.fullmatch(found.group(2)) or _MONTH.search(found.group(1)):
        return None
    by = venue_similarity(found.group(1), record.text("publisher"))
    return None if by >= _LIKE else found


def _likest(tail: str, own: str) -> str:
    parts = [part.strip() for part in re.split(_BETWEEN, tail)]
    named = [re.sub(r"^\W*(?:in\b\W*)?", "", part, flags=re.IGNORECASE) for part in parts]
    named = [part for part in named if re.search(r"[^\W\d_]{2}", part)]
    best = max(named, key=lambda part: venue_similarity(part, own), default="")
    return best if best and venue_similarity(best, own) >= _LIKE else ""


_BETWEEN = r"[,;(\[\"\u201d]|\d{2,}|(?<=[^\W\d_]{5})\.\s"


def type_of(tail: str, record: Entry, *, quoted: bool) -> str:
    """Return what the text makes of the work where the record stands alone: a part, an article.

    A reference to a book, report or thesis has no "In" behind its title, and no journal with a
    volume; one to a book has neither pages nor its title in quotes.
    """
    family = family_of(texts_of(record))
    if family not in _STANDS_ALONE:
        return "document"
    inside = _IN_BOOK.match(_DATED.sub("", tail, count=1))
    if inside or (family == "book" and (quoted or _PART.search(tail))):
        return "chapter"
    series = named_in(tail, strip_markup(record.text("collection-title")))
    return "article-journal" if _journal(tail, record) and not series else "document"


def named_in(text: str, phrase: str) -> str:
    """Return a phrase of the record if the text has its words, with the record's own marks."""
    return phrase if phrase and Words(text).find(phrase) else ""


def volume(tail: str, record: Entry) -> str:
    """Return the record's volume if the text has it, else the one that the text has."""
    own = record.text("volume")
    marked = [next(filter(None, each.groups())) for each in _VOLUME.finditer(tail)]
    if own in marked or (not marked and _has_number(tail, own)):
        return own
    return marked[0] if marked and own else ""


def issue(tail: str, record: Entry) -> str:
    """Return the record's issue if the text marks it as one, else the one that it marks."""
    own = record.text("issue")
    marked = [next(filter(None, each.groups())) for each in _ISSUE.finditer(tail)]
    if own in marked:
        return own
    return marked[0] if marked and own else ""


def pages(tail: str, record: Entry) -> str:
    """Return the record's pages or number if the text has them, else the pages that it has."""
    own = record.text("page") or record.text("number")
    first = re.split(r"[-\u2010-\u2015]", own)[0].strip()
    for found in _PAGES.finditer(tail):
        if found.group(1).lower() == first.lower():
            return found.group()
    if _has_number(tail, first):
        return first
    ranges = [each for each in _PAGES.finditer(tail) if not _YEARS.fullmatch(each.group(1))]
    return ranges[0].group() if ranges and own else ""


_YEARS = re.compile(r"1[5-9]\d\d|20\d\d")


def _has_number(tail: str, number: str) -> bool:
    return bool(number) and bool(re.search(rf"(?<!\w){re.escape(number)}(?!\w)", tail))


def edition(tail: str) -> str:
    """Return the edition that the text names, "" if it names none."""
    found = _EDITION.search(tail)
    return found.group() if found else ""
