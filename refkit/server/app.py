"""A catalogue behind the requests and replies of Crossref's REST API.

The routes, envelopes, errors and headers follow https://api.crossref.org as it answers; what
only Crossref knows (facets, members, funders) is not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from refkit.net.httpd import Request, Response, plain
from refkit.server.faults import Faults
from refkit.server.params import Ask, Problem, read_works, write_cursor
from refkit.sources.catalogue import Catalogue, Filter
from refkit.sources.crossref_dates import read_date
from refkit.sources.crossref_record import TYPES

_JSON = {"content-type": "application/json"}
_MOST_SORTED = 10_000
_AGENCIES = {"10.48550": ("datacite", "DataCite"), "10.5281": ("datacite", "DataCite")}
_NOT_FOUND = plain(404, "Resource not found.")
_MAILTO = re.compile(r"mailto:\s*[^\s;,)]+@", re.IGNORECASE)


class Rate(NamedTuple):
    """So many requests a second, so many at a time."""

    requests: int
    at_once: int


# What the headers tell a client that paces itself: Crossref's own, or that there is no haste.
CROSSREF_RATES = {
    ("polite", "single"): Rate(10, 3), ("polite", "array"): Rate(3, 3),
    ("public", "single"): Rate(5, 1), ("public", "array"): Rate(1, 1),
}  # fmt: skip
LOCAL_RATES = dict.fromkeys(CROSSREF_RATES, Rate(500, 8))


class App:
    """Answers requests from a catalogue, or with the faults that were ordered."""

    def __init__(
        self,
        catalogue: Catalogue,
        faults: Faults | None = None,
        rates: Mapping[tuple[str, str], Rate] = LOCAL_RATES,
    ) -> None:
        self._catalogue = catalogue
        self._faults = faults or Faults()
        self._rates = rates
        self._needs_doi = catalogue.store.without_doi() > 0

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        fault = self._faults.next()
        if fault is not None:
            return fault
        response = self._route(request)
        return response._replace(headers={**response.headers, **self._limits(request)})

    def _route(self, request: Request) -> Response:
        path = request.path.rstrip("/").removeprefix("/v1")
        if path == "/works":
            return self._works(request.query)
        if path.startswith("/works/"):
            if _selects(request.query):
                return _failure([_NO_SELECT])
            return self._single(path.removeprefix("/works/"))
        if path == "/types":
            items = [_type_item(name) for name in TYPES]
            return _ok("type-list", {"total-results": len(items), "items": items})
        name = path.removeprefix("/types/")
        return _ok("type", _type_item(name)) if name in TYPES else _NOT_FOUND

    def _single(self, path: str) -> Response:
        bare = path.removesuffix("/agency")
        doi = unquote(bare).lower()
        work = self._catalogue.store.by_id([doi]).get(doi)
        if work is not None and "DOI" not in work:
            work = None
        if bare == path:
            return _ok("work", {**work, "score": 1}) if work is not None else _NOT_FOUND
        agency = _AGENCIES.get(doi.partition("/")[0])
        if work is None and agency is None:
            return _NOT_FOUND
        key, label = agency if work is None and agency else ("crossref", "Crossref")
        return _ok("work-agency", {"DOI": doi, "agency": {"id": key, "label": label}})

    def _works(self, query: str) -> Response:
        ask = read_works(query)
        if not isinstance(ask, Ask):
            return _failure(ask)
        hits, total = self._found(ask._replace(filter=self._served(ask.filter)))
        works = self._catalogue.store.by_number([number for number, _ in hits])
        items = [
            _selected({**work, "score": round(score, 5)}, ask.select)
            for (_, score), (_, work) in zip(hits, works, strict=True)
        ]
        message: dict[str, Any] = {
            "facets": {},
            "total-results": total,
            "items": items,
            "items-per-page": ask.sample or ask.rows,
            "query": {
                "start-index": 0 if ask.cursor else ask.offset,
                "search-terms": ask.text or None,
            },
        }
        if ask.cursor:
            message["next-cursor"] = write_cursor(ask.offset + len(items))
        return _ok("work-list", message)

    def _served(self, wanted: Filter) -> Filter:
        """Leave out works without a DOI, which no client of Crossref expects."""
        return wanted._replace(with_doi=True) if self._needs_doi else wanted

    def _found(self, ask: Ask) -> tuple[Sequence[tuple[int, float]], int]:
        """Return the numbers and scores of the page asked for, and how many hits there are."""
        store, index = self._catalogue.store, self._catalogue.index
        by_score = ask.sort in {"score", "relevance"} and ask.descending and not ask.sample
        if ask.clauses and by_score and ask.filter == Filter():
            found = index.find(ask.clauses, ask.rows, ask.offset)
            return found.hits, found.total
        hits: list[tuple[int, float]] = []
        passing = store.numbers(ask.filter)
        if ask.clauses:
            kept = frozenset(passing)
            hits += [
                hit for hit in index.find(ask.clauses, _MOST_SORTED).hits if hit.number in kept
            ]
        else:
            hits += [(number, 1.0) for number in passing]
        return self._page(ask, hits), len(hits)

    def _page(self, ask: Ask, hits: list[tuple[int, float]]) -> Sequence[tuple[int, float]]:
        if ask.sample:
            step = max(1, len(hits) // ask.sample)
            return hits[::step][: ask.sample]
        if ask.sort in {"score", "relevance"}:
            if not ask.descending:
                hits = sorted(hits, key=lambda hit: (hit[1], hit[0]))
        else:
            keys = self._sort_keys(ask.sort, [number for number, _ in hits])
            hits = sorted(hits, key=lambda hit: keys[hit[0]], reverse=ask.descending)
        return hits[ask.offset : ask.offset + ask.rows]

    def _sort_keys(self, name: str, numbers: Sequence[int]) -> dict[int, Any]:
        works = self._catalogue.store.by_number(numbers)
        return {
            number: _sort_key(work.get("indexed" if name == "updated" else name))
            for number, (_, work) in zip(numbers, works, strict=True)
        }

    def _limits(self, request: Request) -> dict[str, str]:
        polite = "mailto" in dict(parse_qsl(request.query)) or bool(
            _MAILTO.search(request.headers.get("user-agent", ""))
        )
        pool = "polite" if polite else "public"
        kind = "single" if request.path.startswith("/works/") else "array"
        rate = self._rates[pool, kind]
        return {
            "x-rate-limit-limit": str(rate.requests),
            "x-rate-limit-interval": "1s",
            "x-concurrency-limit": str(rate.at_once),
            "x-api-pool": f"{pool}-{kind}",
        }


_NO_SELECT = Problem("parameter-not-allowed", "select", "This route does not support select")


def _selects(query: str) -> bool:
    return any(name == "select" for name, _ in parse_qsl(query))


def _selected(work: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: work[name] for name in names if name in work} if names else work


def _sort_key(value: Any) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,)
    date = read_date(value)
    return (date.year or 0, date.month or 0, date.day or 0) if date is not None else ()


def _type_item(name: str) -> dict[str, str]:
    return {"id": name, "label": name.replace("-", " ").title()}


def _ok(kind: str, message: Mapping[str, Any]) -> Response:
    envelope = {"status": "ok", "message-type": kind, "message-version": "1.0.0"}
    return _json(200, {**envelope, "message": message})


def _failure(problems: Sequence[Problem]) -> Response:
    message = [problem._asdict() for problem in problems]
    return _json(
        400, {"status": "failed", "message-type": "validation-failure", "message": message}
    )


def _json(status: int, value: Mapping[str, Any]) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return Response(status, _JSON, body)
