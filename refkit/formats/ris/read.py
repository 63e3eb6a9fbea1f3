"""RIS text to a `Document`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from refkit.formats.plain import fill_keys, read_name
from refkit.formats.ris import beyond
from refkit.formats.ris.dates import read_date, read_issued
from refkit.formats.ris.procite import is_procite, translated
from refkit.formats.ris.tables import CONFERENCES, Profile, is_known, profile
from refkit.formats.tagged import Claimed, Tagged, join_keywords, read_lines, unfold
from refkit.model.entry import Entry, Field, Origin
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span
from refkit.model.vocab import NAMES
from refkit.normalise.ids import clean_doi, clean_isbn, clean_issn, clean_pmcid, clean_pmid
from refkit.normalise.pages import clean_pages

TAG = re.compile(r"(?:^|(?<=\r))[ \t]*([A-Z][A-Z0-9]) {0,2}-(?: |$|(?=\r))", re.MULTILINE)
_LOWER = re.compile(r"(?:^|(?<=\r))[ \t]*([A-Za-z][A-Za-z0-9])  ?-(?: |$|(?=\r))", re.MULTILINE)
_LOWER_TYPE = re.compile(r"^[ \t]*ty {1,2}- ", re.MULTILINE)

_LINE_OUTSIDE = "SYN022"
_NOT_ENDED = "SYN021"
_NO_TYPE = "SYN023"
_TYPE_UNKNOWN = "VAL001"

_ISSN = re.compile(r"(?<!\d)\d{4}-?\d{3}[\dXx](?!\d)")
_ISBN = re.compile(r"97[89][- ]?\d|(?:\d[- ]?){9}[\dXx]")
_NAME_ENDS = re.compile(r"\s*(?:[\r\n]|;\s)\s*")
_LABEL = re.compile(r"\(([^)]*)\)|^(?:[ep]-?)?(?:ISSN|ISBN)(?:-1[03])?:?\s", re.IGNORECASE)
_IN_JOURNALS = frozenset(
    {"article-journal", "article-magazine", "article-newspaper", "periodical", "document"}
)
_LINES_KEPT = frozenset({"abstract", "note"})


def read(source: SourceText) -> Document:
    """Read RIS; a record that is never closed, or has no type, is told and read all the same."""
    problems: list[Diagnostic] = []
    entries: list[Entry] = []
    for record in _records(_lines(source.text), problems):
        entry = read_record(record, source.path)
        kind = entry.native_type
        if kind and not is_known(kind):
            message = f"RIS has no type {kind!r}; it is read as a generic one"
            problems.append(_problem(_TYPE_UNKNOWN, message, record[0].span))
        entries.append(entry)
    return Document(source, "ris", fill_keys(entries), tuple(problems))


def _lines(text: str) -> Iterator[Tagged]:
    """Yield the tagged values; tags in lower case are taken for such only in a file of them."""
    if _LOWER_TYPE.search(text) is None:
        return read_lines(text, TAG)
    return (value._replace(tag=value.tag.upper()) for value in read_lines(text, _LOWER))


def _records(values: Iterable[Tagged], problems: list[Diagnostic]) -> Iterator[list[Tagged]]:
    record: list[Tagged] = []
    for value in values:
        if value.tag == "ER":
            if value.value:
                problems.append(_problem(_LINE_OUTSIDE, "text outside any record", value.span))
            if record:
                yield record
            record = []
        elif value.tag == "TY" and any(each.tag == "TY" for each in record):
            message = "this record has no end (ER) before the next one"
            problems.append(_problem(_NOT_ENDED, message, record[0].span))
            yield record
            record = [value]
        elif not value.tag:
            problems.append(_problem(_LINE_OUTSIDE, "text outside any record", value.span))
        else:
            if not record and value.tag != "TY":
                message = "this record does not begin with its type (TY)"
                problems.append(_problem(_NO_TYPE, message, value.span))
            record.append(value)
    if record:
        problems.append(_problem(_NOT_ENDED, "the last record has no end (ER)", record[0].span))
        yield record


def _problem(code: str, message: str, span: Span) -> Diagnostic:
    return Diagnostic(code, message, span, severity=Severity.WARNING)


def read_record(values: list[Tagged], path: str = "", source: str = "ris") -> Entry:
    """Read one record, given its tagged values; EndNote XML is read by this too."""
    kind = next((value.value.upper() for value in values if value.tag == "TY"), "")
    body = [value for value in values if value.tag != "TY"]
    if is_procite(body):
        body = translated(kind, body)
    span = Span(values[0].span.start, values[-1].span.end)
    claimed = Claimed(body, Origin(source, path, span))
    meaning = profile(kind, with_event=_names_event(claimed, kind))
    key = claimed.first("ID")
    _read_doi(claimed)
    _read_pubmed(claimed, meaning)
    if meaning.csl in _IN_JOURNALS:
        _read_journal(claimed, meaning.csl)
    _read_pages(claimed, meaning)
    _read_serials(claimed, meaning)
    _read_dates(claimed)
    for name, tags in meaning.tags.items():
        if claimed.holds(tags):
            _read_variable(claimed, name, tags)
    csl, bib = beyond.read(claimed)
    extra = (*bib, *_extras(claimed, meaning))
    csl = csl or _type(claimed, kind, meaning.csl)
    fields = tuple(claimed.fields)
    return Entry(key.value if key else "", csl, fields, extra, kind, claimed.origin)


def _names_event(claimed: Claimed, kind: str) -> bool:
    if kind not in CONFERENCES or not claimed.peek("T2"):
        return False
    return kind == "CPAPER" or bool(claimed.peek("C3"))


def _type(claimed: Claimed, kind: str, csl: str) -> str:
    """Judge what the type alone leaves open.

    A record of type `GEN` in a volume or issue of something is an article; an unpublished work
    that has a DOI or stands on arXiv is a preprint.
    """
    texts = {field.name: field.value for field in claimed.fields}
    if kind in ("GEN", ""):
        numbered = "volume" in texts or "issue" in texts
        return "article-journal" if numbered and "container-title" in texts else csl
    if kind in ("UNPB", "UNPD") and ("DOI" in texts or "//arxiv.org/" in str(texts.get("URL"))):
        return "article"
    return csl


def _read_variable(claimed: Claimed, name: str, tags: tuple[str, ...]) -> None:
    if name in NAMES:
        found = claimed.all(*tags)
        names = tuple(
            read_name(line)
            for each in found
            for line in _NAME_ENDS.split(each.value.strip("; "))
            if line
        )
        claimed.set(name, names, *found)
    elif name == "keyword":
        found = claimed.all(*tags)
        claimed.set(name, join_keywords(each.value for each in found), *found)
    elif name == "note":
        found = claimed.all(*tags)
        claimed.set(name, "\n".join(unfold(each.value, "\n") for each in found), *found)
    elif not claimed.has(name):
        value = claimed.first(*tags)
        if value is not None:
            claimed.set(name, unfold(value.value, "\n" if name in _LINES_KEPT else " "), value)


def _read_doi(claimed: Claimed) -> None:
    """Read the DOI from its own tag, or from those where older programs put it."""
    for tag in ("DO", "M3", "N1", "L3"):
        doi = clean_doi(claimed.peek(tag))
        if doi is None or " " in claimed.peek(tag).removeprefix("doi: "):
            continue
        value = claimed.first(tag)
        if value is not None and not claimed.has("DOI"):
            claimed.set("DOI", doi, value)


def _read_pubmed(claimed: Claimed, meaning: Profile) -> None:
    """Read the custom tag of EndNote's PMCID, in which Scopus puts the PMID."""
    for value in claimed.all(*meaning.tags.get("PMCID", ())):
        name = "PMCID" if clean_pmcid(value.value) and "C" in value.value.upper() else "PMID"
        number = clean_pmcid(value.value) if name == "PMCID" else clean_pmid(value.value)
        if number and not claimed.has(name):
            claimed.set(name, number, value)
        else:
            claimed.give_back(value)


def _read_journal(claimed: Claimed, csl: str) -> None:
    """Tell a journal's name from its abbreviation, and from the title of a special issue.

    ScienceDirect gives that title in `T2` and the journal in `JO` or `JF`. A journal of which
    there is an abbreviation alone is named by it.
    """
    second, full, other = (claimed.peek(tag) for tag in ("T2", "JF", "JO"))
    tag = "JF" if full else "JO"
    own = full or (other if _is_name(other) else "")
    if second and own and csl != "document" and not _abbreviates(own, second):
        claimed.set("container-title", unfold(own), *filter(None, [claimed.first(tag)]))
    elif not second and not full and not claimed.peek("BT"):
        short = claimed.first("J2", "JA", "J1", "JI", "J9") if not other else None
        short = short or (claimed.first("JO") if other.endswith(".") else None)
        if short is not None:
            claimed.set("container-title", unfold(short.value), short)
            claimed.set("container-title-short", unfold(short.value), short)


def _is_name(journal: str) -> bool:
    return bool(journal) and "." not in journal and not journal.isupper()


def _abbreviates(short: str, full: str) -> bool:
    """Tell whether the letters of `short` stand in `full` in the same order, or the reverse."""
    less, more = sorted((_letters(short), _letters(full)), key=len)
    rest = iter(more)
    return all(letter in rest for letter in less)


def _letters(text: str) -> list[str]:
    return [letter for letter in text.casefold() if letter.isalnum()]


def _read_pages(claimed: Claimed, meaning: Profile) -> None:
    """Join first and last page; a lone `SP` may be a number of pages or a size."""
    taken = any("SP" in tags for tags in meaning.tags.values())
    if not claimed.peek("EP") and (taken or not claimed.peek("SP")):
        return
    ends = [value for value in (claimed.first("SP"), claimed.first("EP")) if value is not None]
    first, last = ends[0].value, ends[-1].value
    single = len(ends) == 1 or last in first.split("-")
    joined = unfold(first if single else f"{first}-{last}")
    # A word, such as "Pages" or "online", is no range to be cleaned.
    claimed.set("page", joined if joined.isalpha() else clean_pages(joined), *ends)


def _read_serials(claimed: Claimed, meaning: Profile) -> None:
    """Sort each number in `SN` by what it is, or else by the record's type."""
    found: dict[str, list[Tagged]] = {}
    texts: dict[str, list[str]] = {}
    for value in claimed.all("SN"):
        for text in re.split(r"[;,]\s+", unfold(value.value)):
            name, number = serial(text, meaning)
            found.setdefault(name, []).append(value)
            texts.setdefault(name, []).append(number)
    for name, values in found.items():
        claimed.set(name, " ".join(texts[name]), *values)


def serial(text: str, meaning: Profile) -> tuple[str, str]:
    """Tell a serial number's variable; a label such as "(ISSN)" or "(Print)" tells it too."""
    bare = _LABEL.sub("", text).strip()
    number = text if " " in bare else bare
    is_sure = meaning.serial != "number" or number != text
    if clean_isbn(number) and (is_sure or _ISBN.match(number)):
        return "ISBN", number
    if clean_issn(number) and (is_sure or "-" in number):
        return "ISSN", number
    if meaning.serial != "number" and _ISBN.match(text):
        return "ISBN", text
    return (meaning.serial if not _ISSN.search(text) or not is_sure else "ISSN"), text


def _read_dates(claimed: Claimed) -> None:
    given = {tag: claimed.first(tag) for tag in ("PY", "DA", "Y1")}
    texts = {tag: unfold(value.value) if value else "" for tag, value in given.items()}
    date, used = read_issued(texts)
    values = [value for value in given.values() if value is not None]
    if date is not None:
        sources = [value for value in values if value.tag in used] or values
        claimed.set("issued", date, *sorted(sources, key=lambda each: each.span))
    accessed = claimed.first("Y2")
    if accessed is not None and accessed.value.strip("0/ "):
        date, is_whole = read_date(unfold(accessed.value))
        claimed.set("accessed", date, accessed)
        values.append(accessed)
        used = (*used, "Y2") if is_whole else used
    for value in values:
        if value.tag not in used:
            claimed.give_back(value)


def _extras(claimed: Claimed, meaning: Profile) -> Iterator[Field]:
    """Yield what no variable claimed, but for the same thing said again under another tag."""
    texts = {field.name: field.value for field in claimed.fields}
    for value in claimed.rest():
        text = unfold(value.value, "\n")
        said = any(texts.get(name) == text for name, tags in meaning.tags.items()
                   if value.tag in tags)  # fmt: skip
        if not said:
            yield Field(value.tag, text, claimed.origin_of(value))
