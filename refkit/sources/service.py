"""What sources over HTTP share: settings proved, one cache, ids asked for in batches."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from refkit import __version__
from refkit.config import SourceSettings
from refkit.errors import InputError, SourceError
from refkit.model.entry import Entry, Field, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.cache import Cache, Stored, default_path
from refkit.net.fetch import Fetcher, Policy, Reply, Surroundings, json_fault
from refkit.net.pace import Limits
from refkit.normalise.names import parse_names
from refkit.sources.crossref_text import one_line

_ADDRESS = re.compile(r"[^@\s<>();:,]+@[^@\s<>();:,]+\.[^@\s<>();:,]+")
_BASE = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|team|group|committee|institute|university|project|association|"
    r"society|network|organi[sz]ation|foundation)\b",
    re.IGNORECASE,
)
_KIND = "all"

Record = Mapping[str, Any]
Fault = Callable[[Reply], str]


def fields_of(values: Mapping[str, Value | None], origin: Origin) -> tuple[Field, ...]:
    """Make fields of the values that are there."""
    return tuple(Field(name, value, origin) for name, value in values.items() if value)


def whole_name(text: str) -> Name | None:
    """Read a name that is given in one piece, "Vincent van Gogh"; a group's is a literal."""
    name = one_line(text)
    if not name or _GROUP.search(name):
        return Name(literal=name) if name else None
    found = parse_names(name.replace(" and ", " & "), useprefix=True)
    return found[0] if len(found) == 1 else Name(literal=name)


def check_settings(settings: SourceSettings, source: str, title: str) -> None:
    """Raise InputError for a bad address or URL in the settings."""
    if settings.mailto and not _ADDRESS.fullmatch(settings.mailto):
        raise InputError(f"{settings.mailto!r} is no e-mail address (mailto)")
    if not settings.mailto.isascii():
        raise InputError(f"{settings.mailto!r} cannot be sent: mailto has to be in ASCII")
    url = settings.url(source)
    if not _BASE.fullmatch(url) or not _names_a_host(url):
        raise InputError(f"{url!r} is no http(s) URL of a {title} service")


def _names_a_host(url: str) -> bool:
    """Tell whether a URL has a host, and a port that there can be if it has one."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        return False


def open_cache(settings: SourceSettings, now: Callable[[], float]) -> Cache:
    """Open the response cache of the settings."""
    if not settings.use_cache:
        return Cache(None, now=now)
    return Cache(Path(settings.cache_path) if settings.cache_path else default_path(), now=now)


class Service(ABC):
    """A source (`refkit.plugins.Source` and `Resolver`) that asks one web service for ids.

    A record is kept in the cache as JSON, an id that the service does not know as unknown.
    Whatever is no answer raises SourceError, so that it is never taken for "unknown".
    """

    name: ClassVar[str]
    title: ClassVar[str]
    kinds: ClassVar[frozenset[str]]
    batch: ClassVar[int] = 1
    at_once = 8

    def __init__(self, settings: SourceSettings, surroundings: Surroundings | None = None) -> None:
        """Take the settings, and nothing is opened or asked yet; raises InputError."""
        check_settings(settings, self.name, self.title)
        world = surroundings or Surroundings()
        self.mailto = settings.mailto
        self.base = settings.url(self.name).rstrip("/")
        self._settings = settings
        self._now = world.now
        policy = Policy(
            timeout=settings.timeout,
            deadline=settings.deadline,
            outage_budget=settings.outage_budget,
        )
        self.fetcher = Fetcher(self.name, {_KIND: self.limits()}, policy, world)

    @abstractmethod
    def limits(self) -> Limits:
        """Return how fast the service may be asked."""

    @abstractmethod
    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for at most `batch` ids: the records of those that are known, and the reply."""

    @abstractmethod
    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read a record that `ask` gave."""

    @abstractmethod
    def identity(self, record: Record) -> str:
        """Return what a record is known by: its DOI in lower case, or its URL."""

    def takes(self, each: Id) -> bool:
        """Tell whether the service may know an id of one of its `kinds`."""
        return each.kind in self.kinds

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent."""
        return self.fetcher.requests

    def close(self) -> None:
        """Close connections and the cache file."""
        self.fetcher.close()
        if "cache" in self.__dict__:
            self.cache.close()

    @cached_property
    def cache(self) -> Cache:
        """The response cache, opened when it is first needed."""
        return open_cache(self._settings, self._now)

    def resolve(self, ids: Sequence[Id]) -> Mapping[Id, Candidate]:
        """Return the records of the ids that the service has. Raises SourceError."""
        wanted = {each: str(each) for each in ids if self.takes(each)}
        kept = self.cache.records(self.base, list(wanted.values()))
        missing = [each for each in wanted if wanted[each] not in kept]
        for start in range(0, len(missing), self.batch):
            kept.update(self._ask(missing[start : start + self.batch]))
        found = {each: self._candidate(kept[key]) for each, key in wanted.items()}
        return {each: candidate for each, candidate in found.items() if candidate is not None}

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the records of the DOIs that the service has, by DOI in lower case."""
        found = self.resolve([Id("doi", doi.lower()) for doi in dois])
        return {each.value: candidate for each, candidate in found.items()}

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return no candidates: the service is asked for ids only."""
        del query
        return []

    def _ask(self, ids: Sequence[Id]) -> dict[str, Stored]:
        records, reply = self.ask(ids)
        stored = {str(each): _stored(records.get(each), reply) for each in ids}
        self.cache.put_records(self.base, stored)
        return stored

    def _candidate(self, stored: Stored) -> Candidate | None:
        return None if stored.body is None else self._made(json.loads(stored.body), stored.fetched)

    def _made(self, record: Record, fetched: str) -> Candidate:
        identity = self.identity(record)
        origin = Origin(self.name, ref=identity, fetched=fetched)
        return Candidate(identity, self.entry(record, origin))

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        fault: Fault = json_fault,
        answers: Sequence[int] = (),
    ) -> Reply:
        """Get `path` below the service's address; any 4xx but 404 is a SourceError.

        `answers` are other statuses that may be an answer: there `fault` decides.
        """
        reply = self._get(self._address(path, params), fault)
        if reply.status not in (200, 404, *answers) or (reply.status in answers and fault(reply)):
            raise SourceError(self.name, f"status {reply.status}: {_words(reply)}")
        return reply

    def searched(
        self,
        path: str,
        params: Mapping[str, str],
        fault: Fault,
        records: Callable[[Reply], Sequence[Record]],
    ) -> list[Candidate]:
        """Return a search's candidates, each once, from the cache if it was made before."""
        url = self._address(path, params)
        kept = self.cache.reply(url)
        reply = kept or self.get(path, params, fault)
        found = records(reply)
        if kept is None:
            self.cache.put_reply(url, reply, negative=not found)
        made = (self._made(record, reply.fetched) for record in found)
        return list({each.id: each for each in made}.values())

    def _address(self, path: str, params: Mapping[str, str] | None) -> str:
        query = f"?{urlencode(params, quote_via=quote, safe=':,/')}" if params else ""
        return f"{self.base}/{path}{query}"

    def _get(self, url: str, fault: Fault) -> Reply:
        contact = f" (mailto:{self.mailto})" if self.mailto else ""
        headers = {"user-agent": f"refkit/{__version__}{contact}"}
        return self.fetcher.get(url, _KIND, headers=headers, fault=fault)


def _stored(record: Record | None, reply: Reply) -> Stored:
    if record is None:
        return Stored(None, reply.fetched)
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return Stored(text.encode("utf-8", "replace"), reply.fetched)


def _words(reply: Reply) -> str:
    return " ".join(reply.body.decode("utf-8", "replace").split())[:200]
