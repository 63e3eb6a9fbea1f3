"""The parameters of Crossref's `/works`, read and validated as the REST API does."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from refkit.sources.catalogue import Clause, Filter, terms_in

MAX_ROWS = 1000
MAX_OFFSET = 10_000
MAX_SAMPLE = 100
_DEFAULT_ROWS = 20

SELECTS = frozenset(
    """DOI ISBN ISSN URL abstract accepted alternative-id approved archive article-number
    assertion author chair clinical-trial-number container-title content-created content-domain
    contributor created degree deposited editor event funder group-title indexed institution
    is-referenced-by-count issn-type issue issued language license link member original-title
    page posted prefix published published-online published-print publisher publisher-location
    reference reference-count references-count relation resource score short-container-title
    short-title source standards-body subject subtitle subtype title translator type
    update-policy update-to updated-by volume""".split()
)
SORTS = frozenset(
    """score relevance issued published published-print published-online created deposited
    indexed updated is-referenced-by-count references-count""".split()
)
QUERIES: dict[str, tuple[str, ...]] = {
    "query": ("title", "author", "container", "year", "number"),
    "query.bibliographic": ("title", "author", "container", "year", "number"),
    "query.title": ("title",),
    "query.author": ("author",),
    "query.editor": ("author",),
    "query.contributor": ("author",),
    "query.container-title": ("container",),
}
FILTERS = ("doi", "type", "issn", "isbn", "prefix", "from-pub-date", "until-pub-date")
_OTHERS = frozenset("filter rows offset select sort order cursor sample mailto facet".split())
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class Problem(NamedTuple):
    """One message of a validation failure."""

    type: str
    value: Any
    message: str


class Ask(NamedTuple):
    """What a request for `/works` asks for."""

    text: str
    clauses: tuple[Clause, ...]
    filter: Filter
    rows: int
    offset: int
    select: tuple[str, ...]
    sort: str
    descending: bool
    cursor: bool
    sample: int


class _Reader:
    """Reads parameters one by one and gathers what is wrong with them."""

    def __init__(self, query: str) -> None:
        self.given = dict(parse_qsl(query, keep_blank_values=True))
        self.problems: list[Problem] = []

    def wrong(self, kind: str, value: Any, message: str) -> None:
        self.problems.append(Problem(kind, value, message))

    def integer(self, name: str, default: int, most: int) -> int:
        text = self.given.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and int(text[:9]) <= most and len(text) < 9):
            self.wrong(
                "integer-not-valid", text,
                f"Integer specified as {text} but must be a positive integer less than or equal"
                f" to {most}.",
            )  # fmt: skip
            return default
        return int(text)

    def chosen(self, name: str, default: str, known: Iterable[str]) -> str:
        text = self.given.get(name, default)
        if text not in known:
            self.not_available(name, text, known)
        return text

    def not_available(self, what: str, value: str, known: Iterable[str]) -> None:
        self.wrong(
            f"{what}-not-available", value,
            f"{what.capitalize()} {value} specified but there is no such {what} for this route."
            f" Valid {what}s for this route are: {', '.join(sorted(known))}",
        )  # fmt: skip


def read_works(query: str) -> Ask | Sequence[Problem]:
    """Read the query string of `/works`, or say what is wrong with it."""
    reader = _Reader(query)
    _check_names(reader)
    texts = [(name, reader.given[name]) for name in QUERIES if reader.given.get(name)]
    cursor = reader.given.get("cursor", "")
    rows = reader.integer("rows", _DEFAULT_ROWS, MAX_ROWS)
    offset = reader.integer("offset", 0, MAX_OFFSET)
    ask = Ask(
        text=" ".join(text for _, text in texts),
        clauses=tuple(terms_in(text, QUERIES[name]) for name, text in texts),
        filter=_filter(reader),
        rows=rows,
        offset=_from_cursor(reader, cursor) if cursor else offset,
        select=_select(reader),
        sort=reader.chosen("sort", "score", SORTS),
        descending=reader.chosen("order", "desc", ("asc", "desc")) == "desc",
        cursor=bool(cursor),
        sample=reader.integer("sample", 0, MAX_SAMPLE),
    )
    return reader.problems or ask


def _check_names(reader: _Reader) -> None:
    for name in reader.given:
        if name.startswith("query.") and name not in QUERIES:
            field = name.removeprefix("query.")
            reader.wrong(
                "field-query-not-available", field,
                f"Field query '{field}' specified but there is no such field query for this"
                f" route. Valid field queries for this route are:"
                f" {', '.join(sorted(each[6:] for each in QUERIES if '.' in each))}",
            )  # fmt: skip
        elif name not in QUERIES and name not in _OTHERS:
            reader.wrong(
                "unknown-parameter", name,
                f"Parameter {name} specified but there is no such parameter available on any route",
            )  # fmt: skip
    if reader.given.get("facet"):
        reader.wrong("facet-not-available", reader.given["facet"], "A catalogue has no facets")


def _select(reader: _Reader) -> tuple[str, ...]:
    text = reader.given.get("select", "")
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in SELECTS:
            reader.not_available("select", name, SELECTS)
    return names


def _filter(reader: _Reader) -> Filter:
    """Read the filter; a comma always parts two filters, even inside a DOI, as at Crossref."""
    values: dict[str, list[str]] = {name: [] for name in FILTERS}
    for part in filter(None, reader.given.get("filter", "").split(",")):
        name, colon, value = part.partition(":")
        if not colon or name not in values:
            reader.not_available("filter", name, FILTERS)
        elif name.endswith("pub-date") and not _DATE.fullmatch(value):
            reader.wrong("date-not-valid", value, f"Date specified as {value} is not valid")
        else:
            values[name].append(value.strip())
    since, until = values["from-pub-date"], values["until-pub-date"]
    codes: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("issn", str.upper), ("isbn", lambda isbn: isbn.replace("-", "")), ("prefix", str.lower)
    )  # fmt: skip
    return Filter(
        ids=tuple(doi.lower() for doi in values["doi"]),
        types=tuple(values["type"]),
        codes=tuple((kind, clean(value)) for kind, clean in codes for value in values[kind]),
        since=max(since, default=""),
        until=min(until, default=""),
    )


def write_cursor(offset: int) -> str:
    """Return the mark that stands for going on at `offset`."""
    return base64.urlsafe_b64encode(f"refkit:{offset}".encode()).decode()


def _from_cursor(reader: _Reader, cursor: str) -> int:
    if cursor == "*":
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode("ascii")
        return int(text.removeprefix("refkit:"))
    except (ValueError, binascii.Error):
        reader.wrong("cursor-not-valid", cursor, "Cursor specified is not valid")
        return 0
