"""Crossref: records of known DOIs and candidates for unknown ones, asked for with habanero.

Facts about the service: the REST API's documentation (https://api.crossref.org) and its limits
since 2025-12-01; aliased DOIs answer by a redirect, to single requests only (since 2025-02).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from refkit import __version__
from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.entry import Origin
from refkit.model.evidence import Candidate
from refkit.model.query import Query
from refkit.net.cache import Cache, Stored
from refkit.net.fetch import Fetcher, Policy, Reply, Surroundings, json_fault
from refkit.net.pace import Limits
from refkit.sources.crossref_record import read_record
from refkit.sources.service import check_settings, open_cache

if TYPE_CHECKING:
    import habanero
    import httpx2

NAME = "crossref"
BATCH = 50
ROWS = 20
MAX_URL = 3800
MAX_QUERY = 1500  # characters of the encoded query
SELECT = tuple(
    """DOI type title subtitle short-title original-title author editor translator chair
    container-title short-container-title group-title issued published published-print
    published-online posted approved volume issue page article-number publisher
    publisher-location ISSN issn-type ISBN event standards-body degree update-to updated-by
    relation URL score""".split()
)
POLITE = {"single": Limits(10, 3), "list": Limits(3, 3)}
PUBLIC = {"single": Limits(5, 1), "list": Limits(1, 1)}

_ELSEWHERE = ("10.48550/", "10.5281/")  # arXiv and Zenodo: registered with DataCite
_DOI = re.compile(r"10\.[0-9.]+/[^\ud800-\udfff]+")  # half a surrogate pair cannot be sent
_PLAIN = re.compile(r"10\.[0-9.]+/[0-9a-z._();:/-]*[0-9a-z)]")  # what the doi filter takes

_OWN_HEADERS = frozenset({"x-api-pool", "x-rate-limit-limit"})  # of every answer of Crossref's
_NO_SERVICE = "status 404 for /works: this is no Crossref service"

_Get = Callable[[str, Mapping[str, str]], Reply]


class _Message(NamedTuple):
    """The message of an answer, and the reply that it came in."""

    content: dict[str, Any]
    reply: Reply


class _RefusedError(Exception):
    """The service refuses the request itself (4xx)."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"status {reply.status}: {_complaint(reply)}")
        self.status = reply.status
        self.fetched = reply.fetched
        self.own = not _OWN_HEADERS.isdisjoint(reply.headers)


def create(settings: SourceSettings) -> CrossrefSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    check_settings(settings, NAME, "Crossref")
    return CrossrefSource(settings)


class CrossrefSource:
    """The source `crossref`; every method that asks may raise SourceError.

    A failed `lookup` loses nothing: what was answered before the failure is in the cache, so
    asking again for single DOIs tells which of them are unchecked.
    """

    name = NAME
    batch = BATCH
    at_once = 8

    def __init__(self, settings: SourceSettings, surroundings: Surroundings | None = None) -> None:
        """Take settings as `create` checked them; nothing is opened or asked yet."""
        world = surroundings or Surroundings()
        self._settings = settings
        self._base = settings.url(NAME).rstrip("/")
        self._now = world.now
        policy = Policy(
            timeout=settings.timeout,
            deadline=settings.deadline,
            outage_budget=settings.outage_budget,
        )
        limits = POLITE if settings.mailto else PUBLIC
        self.fetcher = Fetcher(NAME, limits, policy, world)
        self._proved = False

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent."""
        return self.fetcher.requests

    def close(self) -> None:
        """Close connections and the cache file."""
        self.fetcher.close()
        if "_cache" in self.__dict__:
            self._cache.close()

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the records of the DOIs that Crossref has, by DOI in lower case.

        An aliased DOI brings the candidate of the DOI that replaces it. Raises SourceError.
        """
        wanted = list(dict.fromkeys(doi.lower() for doi in dois if _DOI.fullmatch(doi)))
        found = self._cache.records(self._base, wanted)
        for doi, stored in self._ask_for([doi for doi in wanted if doi not in found]):
            found[doi] = stored
        return {doi: _candidate(found[doi]) for doi in wanted if found[doi].body is not None}

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return at most 20 candidates, by score and then DOI. Raises SourceError."""
        text = _clipped(query.text())
        if not text:
            return []
        try:
            message = self._message(
                self._kept_list, query_bibliographic=text, limit=ROWS, select=list(SELECT)
            )
        except _RefusedError as error:
            raise SourceError(NAME, str(error)) from error
        works = _works(message)
        records = {doi: _stored(work, message.reply) for doi, work in works.items()}
        if not message.reply.kept:
            self._cache.put_records(self._base, records)
        ranked = sorted(works, key=lambda doi: (-_score(works[doi]), doi))
        return [_candidate(records[doi]) for doi in ranked]

    def agency(self, doi: str) -> str:
        """Return with which agency a DOI is registered, "" if with none. Raises SourceError."""
        url = f"{self._base}/works/{quote(doi, safe='')}/agency"
        reply = self._cache.reply(url)
        if reply is None:
            contact = f"; mailto:{self._settings.mailto}" if self._settings.mailto else ""
            headers = {"user-agent": f"refkit/{__version__}{contact}"}
            reply = self.fetcher.get(url, "single", headers=headers, fault=_fault)
            if reply.status not in (200, 404):
                raise SourceError(NAME, f"{doi}: status {reply.status}: {_complaint(reply)}")
            if reply.status == 404 and _OWN_HEADERS.isdisjoint(reply.headers):
                self._prove(doi)
            self._cache.put_reply(url, reply, negative=True)
        if reply.status == 404:
            return ""
        found = reply.json()["message"].get("agency")
        return str(found.get("label") or found.get("id") or "") if isinstance(found, dict) else ""

    @cached_property
    def _cache(self) -> Cache:
        return open_cache(self._settings, self._now)

    @cached_property
    def _api(self) -> habanero.Crossref:
        import habanero

        return habanero.Crossref(
            base_url=self._base,
            mailto=self._settings.mailto or None,
            ua_string=f"refkit/{__version__}",
        )

    def _ask_for(self, dois: Sequence[str]) -> Iterator[tuple[str, Stored]]:
        """Ask for DOIs, many at once where the filter takes them."""
        for group in self._groups([doi for doi in dois if _PLAIN.fullmatch(doi)]):
            yield from self._listed(group)
        for doi in dois:
            if not _PLAIN.fullmatch(doi):
                yield doi, self._single(doi)

    def _groups(self, dois: Sequence[str]) -> Iterator[list[str]]:
        """Divide DOIs so that each group's request keeps to `BATCH` and to `MAX_URL`."""
        frame = f"{self._base}/works?filter=&rows={BATCH}&select={','.join(SELECT)}"
        group: list[str] = []
        used = len(frame)
        for doi in dois:
            size = len(_encoded(f"doi:{doi},"))
            if group and (len(group) == BATCH or used + size > MAX_URL):
                yield group
                group, used = [], len(frame)
            group.append(doi)
            used += size
        if group:
            yield group

    def _listed(self, dois: list[str]) -> Iterator[tuple[str, Stored]]:
        """Ask for DOIs by one filter, and again singly for those that are not in the answer.

        An absent DOI may be an alias, or the service may have cut its answer short.
        """
        if len(dois) == 1:
            yield dois[0], self._single(dois[0])
            return
        try:
            message = self._message(
                self._list, filter={"doi": list(dois)}, limit=len(dois), select=list(SELECT)
            )
        except _RefusedError as error:
            yield from self._divided(dois, error)
            return
        works = _works(message)
        found = {doi: _stored(works[doi], message.reply) for doi in dois if doi in works}
        absent = [doi for doi in dois if doi not in works]
        nothing = Stored(None, message.reply.fetched)
        found.update({doi: nothing for doi in absent if doi.startswith(_ELSEWHERE)})
        self._cache.put_records(self._base, found)
        yield from found.items()
        for doi in absent:
            if doi not in found:
                yield doi, self._single(doi)

    def _divided(self, dois: list[str], error: _RefusedError) -> Iterator[tuple[str, Stored]]:
        """Ask by halves after a refusal, which one bad DOI brings on a whole list."""
        if error.status not in (400, 414):
            raise SourceError(NAME, str(error)) from error
        middle = len(dois) // 2
        yield from self._listed(dois[:middle])
        yield from self._listed(dois[middle:])

    def _single(self, doi: str) -> Stored:
        try:
            message = self._message(self._one, ids=[quote(doi, safe="")])
        except _RefusedError as error:
            if error.status != 404:
                raise SourceError(NAME, f"{doi}: {error}") from error
            if not error.own:
                self._prove(doi)
            return self._keep_single({doi: Stored(None, error.fetched)})
        work = message.content
        own = work.get("DOI")
        if not isinstance(own, str) or not _answers(work, own, doi, message.reply):
            raise SourceError(NAME, f"asked for {doi}, it answered with {own}")
        stored = _stored(work, message.reply)
        return self._keep_single({own.lower(): stored, doi: stored})

    def _prove(self, doi: str) -> None:
        """Believe a bare "not found" only of a service that answers lists: a proxy says so, too."""
        if not self._proved:
            wanted = doi if _PLAIN.fullmatch(doi) else "10.5555/none"
            try:
                self._message(self._list, filter={"doi": [wanted]}, limit=1, select=["DOI"])
            except _RefusedError as error:
                raise SourceError(NAME, str(error)) from error

    def _keep_single(self, records: dict[str, Stored]) -> Stored:
        self._cache.put_records(self._base, records)
        return next(iter(records.values()))

    def _message(self, get: _Get, **request: Any) -> _Message:
        """Let habanero ask, through `get`; its five kinds of errors become ours."""
        from refkit.sources.habanero_seam import through

        replies: list[Reply] = []

        def getter(
            url: str, params: Mapping[str, str], headers: Mapping[str, str]
        ) -> httpx2.Response:
            replies.append(get(f"{url}?{_encoded_query(params)}" if params else url, headers))
            return replies[-1].response()

        try:
            with through(getter):
                answer = self._api.works(**request)
        except SourceError:
            raise
        except Exception as error:
            if replies and replies[-1].status >= 400:
                raise _RefusedError(replies[-1]) from error
            raise SourceError(NAME, f"habanero: {type(error).__name__}: {error}") from error
        return _Message(answer["message"], replies[-1])

    def _one(self, url: str, headers: Mapping[str, str]) -> Reply:
        return self.fetcher.get(url, "single", headers=headers, fault=_fault)

    def _list(self, url: str, headers: Mapping[str, str]) -> Reply:
        try:
            reply = self.fetcher.get(url, "list", headers=headers, fault=_list_fault)
        except SourceError as error:
            self._proved = False
            if error.reason.startswith(_NO_SERVICE):
                raise self.fetcher.give_up(error.reason) from error
            raise
        self._proved = self._proved or reply.status == 200
        return reply

    def _kept_list(self, url: str, headers: Mapping[str, str]) -> Reply:
        kept = self._cache.reply(url)
        if kept is not None:
            return kept
        reply = self._list(url, headers)
        if reply.status == 200:
            self._cache.put_reply(url, reply, negative=not reply.json()["message"].get("items"))
        return reply


def _fault(reply: Reply) -> str:
    """Say what is wrong with an answer that ought to be Crossref's envelope ("" if nothing)."""
    wrong = json_fault(reply)
    if wrong or reply.status != 200:
        return wrong
    return "" if isinstance(reply.json().get("message"), dict) else "JSON without a message"


def _list_fault(reply: Reply) -> str:
    """As `_fault`; a list is never "not found" on a service that is Crossref's."""
    if reply.status == 404:
        return _NO_SERVICE
    wrong = _fault(reply)
    if wrong or reply.status != 200:
        return wrong
    items = reply.json()["message"].get("items")
    return "" if isinstance(items, list) else "a list of works without items"


def _works(message: _Message) -> dict[str, dict[str, Any]]:
    """Return the works of a list by DOI in lower case."""
    items = message.content["items"]
    works = (work for work in items if isinstance(work, dict) and isinstance(work.get("DOI"), str))
    return {work["DOI"].lower(): work for work in works}


def _answers(work: dict[str, Any], own: str, asked: str, reply: Reply) -> bool:
    """Tell whether a work is that of the DOI asked for, or the one which replaces it."""
    aliases = work.get("aliases")
    known = isinstance(aliases, list) and asked in [str(each).lower() for each in aliases]
    return own.lower() == asked or reply.redirected or known


def _stored(work: dict[str, Any], reply: Reply) -> Stored:
    """Reduce a work to what `SELECT` gives, so that it does not matter how it was asked for."""
    kept = {name: work[name] for name in SELECT if name in work and name != "score"}
    return Stored(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace"), reply.fetched)


def _candidate(stored: Stored) -> Candidate:
    work = json.loads(stored.body or b"{}")
    doi = work["DOI"].lower()
    return Candidate(doi, read_record(work, Origin(NAME, ref=doi, fetched=stored.fetched)))


def _score(work: dict[str, Any]) -> float:
    score = work.get("score")
    return float(score) if isinstance(score, (int, float)) else 0.0


def _complaint(reply: Reply) -> str:
    """Return the words of an error answer: Crossref's messages are a list, a text, or no JSON."""
    try:
        message = reply.json()["message"]
        first = message[0] if isinstance(message, list) else message
        said = first["message"] if isinstance(first, dict) else first
    except (ValueError, LookupError, TypeError):
        said = reply.body.decode("utf-8", "replace")
    return " ".join(str(said).split())[:200]


def _clipped(text: str) -> str:
    """Return a query on one line, cut between words where it would make the URL too long."""
    words = text.encode("utf-8", "ignore").decode().split()
    while words and len(_encoded(" ".join(words))) > MAX_QUERY:
        words = words[: len(words) * 3 // 4]
    return " ".join(words)


def _encoded(text: str) -> str:
    return quote(text, safe=":/,", errors="replace")


def _encoded_query(params: Mapping[str, str]) -> str:
    return urlencode(params, safe=":/,", quote_via=quote)
