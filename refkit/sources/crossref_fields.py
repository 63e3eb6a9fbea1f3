"""How the fields of a Crossref work record are read to values of an entry, and written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from refkit.model.entry import Date, Value
from refkit.model.updates import Update, updates_in, updates_text
from refkit.normalise.pages import clean_pages
from refkit.normalise.titles import fold
from refkit.sources.crossref_dates import read_date, write_date
from refkit.sources.crossref_names import read_names, write_names
from refkit.sources.crossref_text import clean_text, one_line, text_of

Work = Mapping[str, Any]

# Their "container" is the series that they appear in.
_IN_SERIES = frozenset(
    "book monograph edited-book reference-book proceedings book-set report".split()
)
# Where the publisher is the body that granted the degree, or runs the preprint server.
_BY_INSTITUTION = frozenset({"dissertation", "posted-content"})
# `created` is when the DOI was made, often decades after the work: never a year of the work.
_DATE_FALLBACKS = ("published", "published-print", "published-online", "posted", "approved",
                   "published-other")  # fmt: skip
# Book series by their names; a title with a year in it is a book's.
_SERIES = re.compile(
    r"""(?!.*\b(?:19|20)\d\d\b)
    (?:(?:Lecture\ Notes|Contemporary\ Mathematics|IFIP|Springer|NATO|ACM\ International)\b
    |(?:Communications|Studies|Advances|Methods|Progress|Topics)\ in\b
    |(?:Proceedings\ of\ SPIE|SPIE\ Proceedings|AIP\ Conference)\b
    |.*\ (?:Series|Library|Monographs)$
    |.*(?:Schriften|Beiträge|Studien)\b)""",
    re.VERBOSE,
)
ID_URL = re.compile(
    r"\Ahttps?://(?:dx\.)?(?:doi\.org|id\.crossref\.org)/(?:(?:issn|isbn|prefix)/)?"
)
_HEADING = re.compile(
    r"<(?:jats:)?title>\s*(?:Abstract|Summary)\s*</(?:jats:)?title>", re.IGNORECASE
)
_TAGS = re.compile(r"</?span\b[^>]*>")


class Kind(NamedTuple):
    """How one Crossref field is read (to a value and the text as written) and written."""

    read: Callable[[Work, str], tuple[Value, str] | None]
    write: Callable[[dict[str, Any], str, Value], None]


def type_of(work: Work) -> str:
    """Return a record's Crossref type, "other" where it has none."""
    kind = work.get("type")
    return kind.lower().replace("_", "-") if isinstance(kind, str) and kind else "other"


def _texts(value: Any) -> list[str]:
    """Return the texts of a field that is a list, or in old dumps one text."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str) and each.strip()]


def _found(raw: str) -> tuple[str, str]:
    text = clean_text(raw)
    return text, "" if text == raw else raw


def _read_text(work: Work, name: str) -> tuple[Value, str] | None:
    value = work.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return _found(value) if isinstance(value, str) else None


def _write_text(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, str):
        record[name] = value


def _read_first(work: Work, name: str) -> tuple[Value, str] | None:
    texts = _texts(work.get(name))
    return _found(texts[0]) if texts else None


def _write_first(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, str):
        record[name] = [_TAGS.sub("", value)]


def _read_id(work: Work, name: str) -> tuple[Value, str] | None:
    ids = dict.fromkeys(ID_URL.sub("", one_line(text)) for text in _texts(work.get(name)))
    return (", ".join(ids), "") if ids else None


def _write_id(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, str):
        record[name] = re.split(r"[,;\s]+", value.strip())


def _write_doi(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, str) and value:
        record[name] = value
        record.setdefault("URL", f"https://doi.org/{value}")


def _read_title(work: Work, name: str) -> tuple[Value, str] | None:
    """Join title and subtitle, unless the title already ends in it or holds it."""
    titles = _texts(work.get(name)) or _texts(work.get("original-title"))
    if not titles:
        return None
    title, raw = _found(titles[0])
    for each in _texts(work.get("subtitle"))[:1]:
        subtitle = clean_text(each).strip(" :")
        if subtitle and fold(subtitle) not in fold(title):
            joint = " " if title.endswith((":", "?", "!", "—", "-")) else ": "
            return f"{title}{joint}{subtitle}", raw
    return title, raw


def _read_abstract(work: Work, name: str) -> tuple[Value, str] | None:
    text = work.get(name)
    return (clean_text(_HEADING.sub(" ", text)), "") if isinstance(text, str) else None


def _read_url(work: Work, name: str) -> tuple[Value, str] | None:
    """Read a URL, unless it only says the DOI once more."""
    url = text_of(work.get(name))
    return None if ID_URL.match(url) else (url, "")


def _read_page(work: Work, name: str) -> tuple[Value, str] | None:
    """Read pages; "426-426" is one page."""
    raw = text_of(work.get(name))
    pages = clean_pages(raw)
    first, hyphen, last = pages.partition("-")
    return (first if hyphen and first == last else pages), raw if raw != pages else ""


def _read_number(work: Work, name: str) -> tuple[Value, str] | None:
    """Read the article number, unless the pages say it already."""
    number = text_of(work.get(name))
    return (number, "") if number != text_of(work.get("page")) else None


def _read_type(work: Work, name: str) -> tuple[Value, str] | None:
    return type_of(work), ""


def _read_people(work: Work, name: str) -> tuple[Value, str] | None:
    return read_names(work.get(name)), ""


def _write_people(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, tuple):
        record[name] = write_names(value)


def _containers(work: Work) -> tuple[str, str, str]:
    """Return the container's title, its series, and another name of it, as written.

    Of two titles the series usually comes first, then the book; where the second is a known
    series, or the first is the conference's own name, it is the other way round. A journal's
    two titles are its abbreviation and its full title. `write_record` says the series once
    more as `collection-title`, so that nothing need be guessed.
    """
    texts = _texts(work.get("container-title"))
    kind = type_of(work)
    own = text_of(work.get("collection-title"))
    if own:
        return next((text for text in texts if text_of(text) != own), ""), own, ""
    if kind in _IN_SERIES:
        return "", texts[0] if texts else "", ""
    if len(texts) < 2 or len(set(texts)) == 1:
        return texts[0] if texts else "", "", ""
    first, second = texts[:2]
    if kind == "journal-article":
        return second, "", first
    event = work.get("event")
    named = text_of(event.get("name")) if isinstance(event, Mapping) else ""
    reverse = _SERIES.match(second) and not _SERIES.match(first)
    return (first, second, "") if reverse or first == named else (second, first, "")


def _read_container(work: Work, name: str) -> tuple[Value, str] | None:
    return _found(_containers(work)[("container", "series", "other").index(name)])


def _read_short(work: Work, name: str) -> tuple[Value, str] | None:
    """Read the short title, unless it is no shorter than the title."""
    texts = _texts(work.get(name))
    title, _, other = _containers(work)
    found = _found(texts[0] if texts else other)
    return found if found[0] != clean_text(title) else None


def _write_container(record: dict[str, Any], name: str, value: Value) -> None:
    if not isinstance(value, str):
        return
    if name == "series":
        record["collection-title"] = _TAGS.sub("", value)
    titles = record.setdefault("container-title", [])
    titles.insert(0 if name == "series" else len(titles), _TAGS.sub("", value))


def _read_publisher(work: Work, name: str) -> tuple[Value, str] | None:
    institutions = work.get("institution")
    if type_of(work) in _BY_INSTITUTION and isinstance(institutions, list):
        for each in institutions:
            if isinstance(each, Mapping) and text_of(each.get("name")):
                return _found(each["name"])
    return _read_text(work, name)


def _read_nested(work: Work, name: str) -> tuple[Value, str] | None:
    """Read "event.name" and the like."""
    outer, inner = name.split(".")
    holder = work.get(outer)
    holder = holder[0] if isinstance(holder, list) and holder else holder
    return _read_text(holder, inner) if isinstance(holder, Mapping) else None


def _write_nested(record: dict[str, Any], name: str, value: Value) -> None:
    outer, inner = name.split(".")
    if isinstance(value, str):
        record.setdefault(outer, {})[inner] = value


def _read_event_date(work: Work, name: str) -> tuple[Value, str] | None:
    event = work.get(name)
    if not isinstance(event, Mapping):
        return None
    start, end = read_date(event.get("start")), read_date(event.get("end"))
    if start is None:
        return None
    return (Date(start.year, start.month, start.day, end=end) if end != start else start), ""


def _write_event_date(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, Date):
        event = record.setdefault(name, {})
        event["start"] = write_date(Date(value.year, value.month, value.day))
        if value.end is not None:
            event["end"] = write_date(value.end)


def _read_date(work: Work, name: str) -> tuple[Value, str] | None:
    date = read_date(work.get(name))
    return (date, "") if date is not None else None


def _read_issued(work: Work, name: str) -> tuple[Value, str] | None:
    for each in (name, *_DATE_FALLBACKS):
        found = _read_date(work, each)
        if found is not None:
            return found
    issue = work.get("journal-issue")
    return _read_issued(issue, "published-print") if isinstance(issue, Mapping) and issue else None


def _write_date(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, Date):
        record[name] = write_date(value)


def _read_pairs(work: Work, name: str) -> tuple[Value, str] | None:
    """Read updates as "type DOI by ASSERTER on DATE; ..." (see `refkit.model.updates`)."""
    updates = work.get(name)
    found = [_update(each) for each in (updates if isinstance(updates, list) else ())]
    return updates_text(each for each in found if each is not None), ""


def _update(each: object) -> Update | None:
    if not isinstance(each, Mapping):
        return None
    doi = ID_URL.sub("", text_of(each.get("DOI")))
    kind, source = (text_of(each.get(part)) for part in ("type", "source"))
    date = read_date(each.get("updated"))
    parts = (date.year, date.month, date.day) if date else ()
    day = "-".join(f"{part:02}" for part in parts if part is not None)
    return Update(kind, doi, source, day) if kind or doi else None


def _write_pairs(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, str):
        record[name] = [_written_update(each) for each in updates_in(value)]


def _written_update(update: Update) -> dict[str, Any]:
    parts = [int(part) for part in update.date.split("-") if part.isdigit()]
    written: dict[str, Any] = {"type": update.kind, "DOI": update.doi}
    if update.source:
        written["source"] = update.source
    if parts:
        written["updated"] = {"date-parts": [parts]}
    return written


def _read_relation(work: Work, name: str) -> tuple[Value, str] | None:
    """Read relations to other DOIs as "is-preprint-of DOI; is-review-of DOI"."""
    relation = work.get(name)
    pairs = [
        f"{kind} {ID_URL.sub('', text_of(each.get('id')))}"
        for kind, targets in sorted(relation.items() if isinstance(relation, Mapping) else ())
        if kind != "cites" and isinstance(targets, list)
        for each in targets
        if isinstance(each, Mapping) and each.get("id-type") == "doi" and text_of(each.get("id"))
    ]
    return "; ".join(dict.fromkeys(pairs)), ""


def _write_relation(record: dict[str, Any], name: str, value: Value) -> None:
    if isinstance(value, str):
        relation = record.setdefault(name, {})
        for pair in value.split("; "):
            kind, _, doi = pair.rpartition(" ")
            relation.setdefault(kind, []).append({"id-type": "doi", "id": doi})


def _never(_record: dict[str, Any], _name: str, _value: Value) -> None:
    """Write nothing: another row, or the record's own `type`, holds the value."""


TEXT = Kind(_read_text, _write_text)
FIRST = Kind(_read_first, _write_first)
ID = Kind(_read_id, _write_id)
PEOPLE = Kind(_read_people, _write_people)
DATE = Kind(_read_date, _write_date)
CONTAINER = Kind(_read_container, _write_container)
NESTED = Kind(_read_nested, _write_nested)
PAIRS = Kind(_read_pairs, _write_pairs)
TITLE = Kind(_read_title, _write_first)
SHORT = Kind(_read_short, _write_first)
ISSUED = Kind(_read_issued, _write_date)
PUBLISHER = Kind(_read_publisher, _write_text)
EVENT_DATE = Kind(_read_event_date, _write_event_date)
ABSTRACT = Kind(_read_abstract, _write_text)
DOI = Kind(_read_id, _write_doi)
URL = Kind(_read_url, _write_text)
RELATION = Kind(_read_relation, _write_relation)
TYPE = Kind(_read_type, _never)
PAGE = Kind(_read_page, _write_text)
NUMBER = Kind(_read_number, _write_text)
