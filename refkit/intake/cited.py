"""A reference read with a candidate record in hand: what of the record stands in its text?

A formatted reference is not parsed. What it says is found by looking for what the record says,
and becomes an entry, which the match engine compares with the record. Where the reference says
something else in the same place (other pages, another first author, "Reply to" before the
title) the entry holds that, and the engine sees the contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.intake import place
from refkit.intake.words import Words
from refkit.match.decoys import Kind, family_of, kind_of_title, texts_of
from refkit.model.entry import Date, Entry, Field, Name, Value
from refkit.model.text import Span
from refkit.normalise.dates import year_of
from refkit.normalise.ids import find_doi
from refkit.normalise.latex import strip_markup
from refkit.normalise.titles import fold, main_title

_YEAR = re.compile(r"(?<![\d.\-\u2013/])(1[5-9]\d\d|20\d\d)[a-z]?(?![\d/])")
_STRONG_END = re.compile(r"[.?!;\"\u201c\u201d\u00ab\u00bb]")
_SUBTITLE = re.compile(r"\s*:\s")
_ANY_SUBTITLE = re.compile(r"\s*[:?!\u2013\u2014]\s*(?=\w)|\s-\s")
_QUOTES = re.compile('["\u201c\u201d\u201e]')
_EDGE = re.compile(r"[^\w\s'\u2019-]")
_INITIALS_BEFORE = re.compile(r"((?:[^\W\d_a-z]\.[\s-]?){1,4})$")
_INITIALS_AFTER = re.compile(r",?\s+((?:[^\W\d_a-z](?:\.[\s-]?|-)?){1,4})(?![\w'\u2019])")
_ET_AL = re.compile(r"\bet\s+al\b|\band others\b|\bu\.\s?a\.|\u2026|\.\.\.", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_NOT_NAMES = frozenset(
    """and und et y e the in ed eds editor editors anonymous al others von van de der den del
    di da la le jr sr ii iii retrieved from available""".split()
)
_IN = re.compile(r"\b(?:in|en|dans)\b\W*(?:the\W+)?$", re.IGNORECASE)
_TITLE_WORDS = 3
"""How many small words make a title of what stands before one."""
_FAR = 3
"""How many words that are no initials may stand before the first author."""


def cited(text: str, record: Entry) -> Entry | None:
    """Return what a reference says, as an entry to be compared with the record.

    None where the record's title is not in the text, unless the text has no room for a title.
    """
    words = Words(text)
    title = strip_markup(record.text("title"))
    span = _title_span(words, title)
    if span is None or _elsewhere(words, record, span):
        return _untitled(words, record)
    return _entry(words, record, _whole_title(text, span, title), span)


def _title_span(words: Words, title: str) -> Span | None:
    found = words.find(title)
    if found is None and len(fold(main_title(title)).split()) >= 2:
        found = words.find(main_title(title))
    return found or words.find_like(title)


def _elsewhere(words: Words, record: Entry, span: Span) -> bool:
    """Tell whether the record's title stands where a reference names the book or series.

    That is behind "In", or behind people or a whole title that are not the record's.
    """
    head = words.text[: span.start]
    if _IN.search(head):
        return True
    if any(_names(words, record, Span(0, span.start))):
        return False
    if family_of(texts_of(record)) not in ("paper", "preprint") and _strangers(head):
        return True
    lower = [word for word in re.findall(r"[^\W\d_]{3,}", head) if word.islower()]
    return len([word for word in lower if word not in _NOT_NAMES]) >= _TITLE_WORDS


def _whole_title(text: str, span: Span, title: str) -> str:
    """Return the title as the text has it: with the words that go on before and behind it.

    What a colon, bracket or full stop parts from it belongs to it only where it makes a decoy
    of the work ("Correction to: ...", "... [Erratum]").
    """
    start, end = span
    while start > 0 and not _EDGE.match(text[start - 1]):
        start -= 1
    while end < len(text) and not _EDGE.match(text[end]):
        end += 1
    if Words(text[start:end]).find(title) is None:
        end = _with_subtitle(text, end, _ANY_SUBTITLE)
    elif ":" not in title:
        end = _with_subtitle(text, end, _SUBTITLE)
    found = text[start:end].strip()
    if kind_of_title(found)[0] is not Kind.WORK:
        return found
    before = _STRONG_END.split(text[:start])[-1].strip()
    behind = _STRONG_END.split(text[end:], maxsplit=1)[0].strip()
    for wider in (f"{before} {found}", f"{found} {behind}"):
        if before + behind and kind_of_title(wider.strip())[0] is not Kind.WORK:
            return wider.strip()
    return found


def _with_subtitle(text: str, end: int, mark: re.Pattern[str]) -> int:
    """Go on over the text's own subtitle, to the next full stop or quote."""
    found = mark.match(text, end)
    if found is None:
        return end
    rest = _STRONG_END.search(text, found.end())
    return rest.start() if rest else len(text)


def _untitled(words: Words, record: Entry) -> Entry | None:
    """Read a reference that gives no title, as physicists do: all of its words are explained."""
    names = list(_names(words, record, Span(0, len(words.text))))
    container = place.container(words.text, record)
    known = {word for _, name in names for word in fold(f"{name.family} {name.literal}").split()}
    known |= _NOT_NAMES | set(fold(container).split())
    left = [word for word in words.words if word.isalpha() and len(word) > 3 and word not in known]
    if not names or len(left) > 1 or not container:
        return None
    return _entry(words, record, "", Span(0, 0))


def _entry(words: Words, record: Entry, title: str, span: Span) -> Entry:
    text = words.text
    rest = f"{text[: span.start]} \u00b6 {text[span.end :]}" if span.end else text
    tail = text[span.end :]
    quoted = bool(
        _QUOTES.search(text[max(0, span.start - 1) : span.start]) and _QUOTES.search(tail[:2])
    )
    values: dict[str, Value | None] = {
        "title": title or None,
        "author": _people(words, record, span),
        "issued": _issued(rest, record),
        "container-title": place.container(tail, record),
        "volume": place.volume(tail, record),
        "issue": place.issue(tail, record),
        "page": place.pages(tail, record),
        "publisher": place.named_in(tail, record.text("publisher")),
        "edition": place.edition(tail),
        "DOI": _doi(words, record),
    }
    fields = (Field(name, value) for name, value in values.items() if value)
    return Entry("", place.type_of(tail, record, quoted=quoted), tuple(fields))


def _people(words: Words, record: Entry, span: Span) -> tuple[Name, ...]:
    """Return the record's people that the reference names, in the order of the reference.

    They stand before the title, or behind it where nothing stands before. Where others come
    first, or nobody of the record is there, the first one is named as the text has it: but
    behind a title stands the container, too.
    """
    region = _region(words, span)
    found = sorted(_names(words, record, region), key=lambda each: each[0])
    start = found[0][0] if found else region.end
    headed = region.start < span.start or not span.end
    strange = _strangers(words.text[region.start : start]) if headed else []
    names = [name for _, name in found]
    if strange and (not found or len(strange) > _FAR):
        names.insert(0, Name(family=strange[0]))
    if names and _ET_AL.search(words.text[region.start : region.end]):
        names.append(Name(literal="others"))
    return tuple(names)


def _region(words: Words, span: Span) -> Span:
    head = words.text[: span.start]
    if span.end and not re.search(r"[^\W\d_]{2}", head):
        return Span(span.end, len(words.text))
    return Span(0, span.start) if span.end else Span(0, len(words.text))


def _strangers(text: str) -> list[str]:
    """Return the words of a text that may be family names."""
    words = re.findall(r"[^\W\d_][\w'\u2019-]+", text)
    return [each for each in words if fold(each) not in _NOT_NAMES and not each.islower()]


def _names(words: Words, record: Entry, region: Span) -> Iterator[tuple[int, Name]]:
    for name in record.names("author") or record.names("editor"):
        family = name.family or name.literal
        spellings = (family, family.translate(_UMLAUTS), family.split("-")[-1])
        found = (words.find(each, *region) for each in dict.fromkeys(spellings))
        at = next((each for each in found if each is not None), None)
        if at is not None:
            given = _given(words.text, at) if name.family else ""
            yield at.start, Name(name.family, given, literal=name.literal)


def _given(text: str, name: Span) -> str:
    """Return the initials beside a family name, before it or behind it."""
    before = _INITIALS_BEFORE.search(text[: name.start])
    if before:
        return before.group(1).strip()
    after = _INITIALS_AFTER.match(text, name.end)
    return after.group(1).strip() if after else ""


def _issued(rest: str, record: Entry) -> Date | None:
    """Return the year that the record has, if the text has it, else the nearest that it has."""
    years = [int(each) for each in _YEAR.findall(rest)]
    if not years:
        return None
    own = {year for date in _dates(record) if (year := year_of(date)) is not None}
    nearest = min(years, key=lambda year: min((abs(year - each) for each in own), default=0))
    return Date(year=nearest)


def _dates(record: Entry) -> Iterator[Date]:
    issued = record.date("issued")
    if issued is not None:
        yield issued
    for each in record.extra:
        if each.name.startswith("published") and isinstance(each.value, Date):
            yield each.value


def _doi(words: Words, record: Entry) -> str:
    """Return the record's DOI if the text has it, however a line's end broke it, else its own."""
    own = record.text("DOI")
    if own and "".join(fold(own).split()) in words.solid:
        return own
    return find_doi(words.text) or ""
