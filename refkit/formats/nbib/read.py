"""NBIB text to a `Document`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from refkit.formats.nbib import eric
from refkit.formats.nbib.tables import KEYWORDS, NAMES, TEXTS, TYPES
from refkit.formats.plain import fill_keys, read_date, read_name
from refkit.formats.tagged import Claimed, Tagged, join_keywords, read_lines, unfold
from refkit.model.entry import OTHERS, Date, Entry, Field, Name, Origin
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText
from refkit.normalise.dates import year_of
from refkit.normalise.ids import clean_doi, clean_isbn, clean_issn, clean_pmcid, doi_key
from refkit.normalise.pages import clean_pages, expanded_pages

TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}-(?: |$|(?=\r))", re.MULTILINE)

_LINE_OUTSIDE = "SYN022"
_INITIALS = re.compile(r"(?<![\w.])([A-Z])(?=$|[ -])")
_LABELLED = re.compile(r"(.*\S)\s*\[(\w+)\]", re.DOTALL)
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,3}\d{1,9}")
_SERIAL = re.compile(r"\d[\d-]{6,}[\dXx]")


def read(source: SourceText) -> Document:
    """Read NBIB, as PubMed and ERIC export it; a record begins at `PMID` or after a blank line."""
    problems: list[Diagnostic] = []
    entries = []
    for record in _records(source.text, read_lines(source.text, TAG)):
        if not record[0].tag:
            stray = record.pop(0)
            message = "text outside any record"
            problems.append(
                Diagnostic(_LINE_OUTSIDE, message, stray.span, severity=Severity.WARNING)
            )
        if record:
            entries.append(read_record(record, source.path))
    return Document(source, "nbib", fill_keys(entries), tuple(problems))


def _records(text: str, values: Iterable[Tagged]) -> Iterator[list[Tagged]]:
    record: list[Tagged] = []
    for value in values:
        if record and (value.tag == "PMID" or _blank_before(text, record[-1], value)):
            yield record
            record = []
        record.append(value)
    if record:
        yield record


def _blank_before(text: str, previous: Tagged, value: Tagged) -> bool:
    between = text[previous.span.end : value.span.start]
    return between.replace("\r", "").replace(" ", "").count("\n") > 1


def read_record(values: list[Tagged], path: str = "") -> Entry:
    """Read one record, given its tagged values."""
    span = values[0].span._replace(end=values[-1].span.end)
    claimed = Claimed(values, Origin("nbib", path, span))
    is_eric = claimed.peek("OWN") == "ERIC"
    kind, native = eric.type_of(values) if is_eric else _type_of(values)
    if is_eric:
        eric.read(claimed, kind)
    else:
        _read_containers(claimed, kind)
    _read_ids(claimed)
    for name, tags in NAMES.items():
        _read_names(claimed, name, tags)
    for name, tags in TEXTS.items():
        value = claimed.first(*tags) if not claimed.has(name) else None
        if value is not None:
            claimed.set(name, unfold(value.value), value)
    _read_numbers(claimed)
    keywords = claimed.all(*KEYWORDS)
    claimed.set("keyword", join_keywords(unfold(each.value) for each in keywords), *keywords)
    extra = tuple(_extras(claimed, native))
    return Entry("", kind, tuple(claimed.fields), extra, native, claimed.origin)


def _type_of(values: Iterable[Tagged]) -> tuple[str, str]:
    """Return the CSL type, and the publication type that told it."""
    given = {value.value for value in values if value.tag == "PT"}
    for native, kind in TYPES.items():
        if native in given:
            return kind, native
    return "article-journal", ""


def _read_containers(claimed: Claimed, kind: str) -> None:
    """Take the book's title: it holds a chapter, and is the title of a book."""
    book = claimed.first("BTI")
    if book is not None:
        title = unfold(book.value)
        own = unfold(claimed.peek("TI"))
        if own == title or (not own and kind != "chapter"):
            claimed.set("title", title, *(each for each in (claimed.first("TI"), book) if each))
        else:
            claimed.set("container-title", title, book)
    if kind in ("book", "chapter"):
        place = claimed.first("PL")
        if place is not None:
            claimed.set("publisher-place", unfold(place.value), place)


def _read_ids(claimed: Claimed) -> None:
    for name, tag in (("PMID", "PMID"), ("PMCID", "PMC")):
        value = claimed.first(tag)
        if value is not None:
            number = clean_pmcid(value.value) if tag == "PMC" else None
            claimed.set(name, number or value.value, value)
    numbers: dict[str, Tagged] = {}
    for value in claimed.all("LID", "AID"):
        found = _LABELLED.fullmatch(value.value)
        label, number = (found[2], found[1]) if found else ("", value.value)
        if label == "doi" and not claimed.has("DOI"):
            claimed.set("DOI", clean_doi(number) or number, value)
        elif label == "pii":
            numbers.setdefault(number, value)
        elif label != "doi" or not _same_doi(number, claimed):
            claimed.give_back(value)
    _read_pii(claimed, numbers)


def _same_doi(text: str, claimed: Claimed) -> bool:
    """Tell whether this is the DOI that was read already, given a second time as usual."""
    known = next(str(field.value) for field in claimed.fields if field.name == "DOI")
    return doi_key(clean_doi(text) or text) == doi_key(known)


def _read_pii(claimed: Claimed, numbers: dict[str, Tagged]) -> None:
    """Take a publisher's item id: short ones are article numbers, given in place of pages."""
    for number, value in numbers.items():
        if _ARTICLE_NUMBER.fullmatch(number) and not claimed.peek("PG"):
            claimed.set("number", number, value)
        else:
            claimed.give_back(value)


def _read_names(claimed: Claimed, name: str, tags: tuple[str, ...]) -> None:
    """Read full names, in order with organisations; abbreviated ones only where no full one is."""
    full, group = tags[0], tags[2] if len(tags) > 2 else ""
    found = claimed.all(*tags)
    families = {_family(_personal(unfold(each.value))) for each in found if each.tag == full}
    names: list[Name] = []
    used: list[Tagged] = []
    before = ""
    for value in found:
        text = unfold(value.value)
        given = _named(value.tag, text, full, group)
        follows, before = before == full, value.tag
        if value.tag not in (full, group) and _family(given) in families:
            continue
        if value.tag not in (full, group) and follows and given != OTHERS:
            # The short form of the full name before it, though spelt otherwise.
            claimed.give_back(value)
            continue
        names.append(given)
        used.append(value)
    if names:
        claimed.set(name, tuple(names), *used)


def _named(tag: str, text: str, full: str, group: str) -> Name:
    if tag == group:
        return Name(literal=text)
    return _personal(text) if tag == full or "," in text else _initialled(text)


def _family(name: Name) -> str:
    """Return what full and abbreviated forms of a name have in common."""
    if name == OTHERS:
        return ""
    return " ".join(filter(None, (name.particle, name.family or name.literal))).casefold()


def _personal(text: str) -> Name:
    """Read "van Raaij, M J": single letters are initials."""
    name = read_name(text)
    if not name.given:
        return name
    given = _INITIALS.sub(r"\1.", name.given)
    return Name(name.family, given, name.particle, name.dropping_particle, name.suffix)


def _initialled(text: str) -> Name:
    """Read "van Raaij MJ" and "Smith JA Jr"."""
    words = text.split()
    for at in (len(words) - 1, len(words) - 2):
        if at > 0 and words[at].isupper() and words[at].isalpha() and len(words[at]) < 4:
            initials = " ".join(f"{letter}." for letter in words[at])
            suffix = "".join(f", {word}" for word in words[at + 1 :])
            return read_name(f"{' '.join(words[:at])}, {initials}{suffix}")
    return read_name(text)


def _read_numbers(claimed: Claimed) -> None:
    pages = claimed.first("PG")
    if pages is not None:
        claimed.set("page", expanded_pages(clean_pages(unfold(pages.value))), pages)
    _read_dates(claimed)
    _read_serials(claimed, "ISBN", _isbn, ("ISBN",))
    _read_serials(claimed, "ISSN", clean_issn, ("IS", "ISSN"))


def _read_dates(claimed: Claimed) -> None:
    """Read the date; of one in other words the year, while the words stay as they are."""
    date, early = claimed.first("DP"), claimed.first("DEP")
    if date is not None:
        issued = read_date(unfold(date.value))
        year = year_of(issued) if issued.literal else None
        if year is not None:
            issued = Date(year)
            claimed.give_back(date)
        claimed.set("issued", issued, date)
    if early is not None:
        claimed.set("available-date", read_date(unfold(early.value)), early)


def _read_serials(
    claimed: Claimed, name: str, clean: Callable[[str], str | None], tags: tuple[str, ...]
) -> None:
    """Read the numbers; where more is written, such as "(Print)", that is kept as well."""
    found = claimed.all(*tags)
    numbers = [clean(each.value) or _serial(each.value) for each in found]
    claimed.set(name, " ".join(dict.fromkeys(filter(None, numbers))), *found)
    for value, number in zip(found, numbers, strict=True):
        if _bare(value.value) != _bare(number):
            claimed.give_back(value)


def _isbn(text: str) -> str | None:
    """Return an ISBN as it is written where nothing else is, for its hyphens are right."""
    found = clean_isbn(text)
    return text if found and _bare(text) == found else found


def _bare(number: str) -> str:
    return number.replace("-", "").replace(" ", "").upper()


def _serial(text: str) -> str:
    found = _SERIAL.search(text)
    return found[0] if found else ""


def _extras(claimed: Claimed, native: str) -> Iterator[Field]:
    for value in claimed.rest():
        if value.tag == "PT" and value.value == native:
            continue
        yield Field(value.tag, unfold(value.value), claimed.origin_of(value))
