"""Asking a service over HTTP: one client, paced, retried, and given up on in good time."""

from __future__ import annotations

import json
import random
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from refkit.errors import SourceError
from refkit.net.pace import Limits, Pace

if TYPE_CHECKING:
    import httpx2

MAX_BYTES = 50_000_000
_RETRIED = frozenset({408, 425, 429})
_QUICK = 0.1  # seconds before a refused connection is tried again
_SLOW = 1.0  # seconds before a service in trouble is asked again
_LAST_FAILURES = 2  # so many requests in a row used up their tries: the service is down


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `url` is where it came from in the end, `fetched` ISO 8601 in UTC.

    `kept` says that it comes from the cache, `redirected` that another URL had been asked for.
    `headers` are those of the answer, named in lower case; a kept reply has none.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    fetched: str
    redirected: bool = False
    kept: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Return the body as JSON; raises ValueError if it is not."""
        return json.loads(self.body)

    def response(self) -> httpx2.Response:
        """Return this reply as httpx2's own kind of response."""
        import httpx2

        headers = {"content-type": self.content_type}
        request = httpx2.Request("GET", self.url)
        return httpx2.Response(self.status, headers=headers, content=self.body, request=request)


@dataclass(frozen=True, slots=True)
class Policy:
    """How long to try: seconds, but for `tries` (per request) and `max_bytes`.

    `redirects` says whether other addresses are followed, `proxies` whether those of the
    environment are used: neither where a key is sent along, or for this machine's own services.
    """

    timeout: float = 10.0
    tries: int = 4
    outage_budget: float = 30.0
    deadline: float | None = None
    max_bytes: int = MAX_BYTES
    redirects: bool = True
    proxies: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, so that tests need neither wait nor be lucky."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    chance: Callable[[], float] = field(default=random.random)


class _FaultError(Exception):
    """One try failed; `wait` is what the service asks for, `quick` that it was never reached.

    `undone` says that the request certainly had no effect.
    """

    def __init__(
        self, reason: str, *, wait: float = 0.0, quick: bool = False, undone: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.quick = quick
        self.undone = undone or quick


def json_fault(reply: Reply) -> str:
    """Say why an answer is no JSON object ("" if it is one); a plain 404 is a fact."""
    kind = reply.content_type.partition(";")[0].strip().lower()
    if reply.status == 404 and kind == "text/plain":
        return ""
    if not (kind.startswith("application/") and kind.endswith("json")):
        return f"status {reply.status} with {kind or 'no content type'} where JSON was expected"
    try:
        return "" if isinstance(reply.json(), dict) else "JSON that is not an object"
    except ValueError:
        return "JSON that cannot be read"


@dataclass(frozen=True, slots=True)
class Call:
    """A request: what is asked, and what counts as an answer to it.

    `fault` says what is wrong with a reply ("" for nothing); `facts` are statuses that are
    answers although they are tried again, or end the asking, by default. Only a call that is
    `repeatable` is sent again after it may have had an effect: a write is, where the service
    itself refuses the second of two (by a write token or a version).
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    fault: Callable[[Reply], str] = json_fault
    facts: frozenset[int] = frozenset()
    repeatable: bool = True


class Fetcher:
    """Asks one service; counts `requests`; remembers when the service is down.

    `connected` tells whether there was ever a connection to it.
    """

    def __init__(
        self,
        name: str,
        limits: Mapping[str, Limits],
        policy: Policy | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        """Name the service in errors, and give the limits of each kind of request to it."""
        self.name = name
        self.policy = policy or Policy()
        self.requests = 0
        self.connected = False
        self._world = surroundings or Surroundings()
        self._paces = {
            kind: Pace(each, clock=self._world.clock, sleep=self._world.sleep)
            for kind, each in limits.items()
        }
        self._lock = threading.Lock()
        self._made: httpx2.Client | None = None
        self._began = self._world.clock()
        self._silent_since: float | None = None
        self._failures = 0
        self._down = ""

    def give_up(self, reason: str) -> SourceError:
        """Ask nothing more in this run, and return the error that says so."""
        self._down = self._down or reason
        return SourceError(self.name, self._down, final=True)

    @property
    def _client(self) -> httpx2.Client:
        with self._lock:
            self._made = self._made or self._make_client()
            return self._made

    def _make_client(self) -> httpx2.Client:
        import httpx2

        try:
            client = httpx2.Client(
                follow_redirects=self.policy.redirects,
                max_redirects=5,
                trust_env=self.policy.proxies,
                limits=httpx2.Limits(max_connections=16, keepalive_expiry=60.0),
            )
        except Exception as error:  # a proxy or a certificate file of the environment
            raise self.give_up(f"no HTTP client can be made: {error}") from error
        weakref.finalize(self, client.close)
        return client

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        with self._lock:
            client, self._made = self._made, None
        if client is not None:
            client.close()

    def limits(self, kind: str) -> Limits:
        """Return the limits that requests of that kind are held to now."""
        return self._paces[kind].limits

    def get(
        self,
        url: str,
        kind: str,
        *,
        headers: Mapping[str, str] | None = None,
        fault: Callable[[Reply], str] = json_fault,
    ) -> Reply:
        """Get `url`: `send` for the plain case; `fault` says what is wrong with a reply."""
        return self.send(Call("GET", url, headers or {}, fault=fault), kind)

    def send(self, call: Call, kind: str) -> Reply:
        """Send a request, waiting and trying again as need be.

        Returns any answer that is a fact: success, 404, a refusal of the request itself (other
        4xx), and what the call names one. Raises SourceError otherwise: after `Policy.tries`,
        and at once (`final`) after a 403 or when the service is down.
        """
        if self._remaining() <= 0:  # spent while nobody asked: that is no sign of an outage
            self._silent_since = None
        left = self.policy.tries
        while True:
            left -= 1
            try:
                reply = self._once(call, kind)
            except _FaultError as error:
                if not (call.repeatable or error.undone):
                    reason = f"{error.reason}; it may have arrived: look before sending it again"
                    raise SourceError(self.name, reason) from error
                self._failed(error, kind, left)
            else:
                self._silent_since, self._failures = None, 0
                return reply

    def _remaining(self) -> float:
        """Return the seconds until the outage budget or the deadline ends."""
        now = self._world.clock()
        since = now if self._silent_since is None else self._silent_since
        ends = [since + self.policy.outage_budget]
        if self.policy.deadline is not None:
            ends.append(self._began + self.policy.deadline)
        return min(ends) - now

    def _check(self, wait: float = 0.0) -> None:
        """Raise if the service is down, or time is up, or would be after `wait` seconds."""
        if self._down:
            raise SourceError(self.name, self._down, final=True)
        deadline = self.policy.deadline
        if deadline is not None and self._world.clock() + wait >= self._began + deadline:
            raise self.give_up(f"the deadline of {deadline:g} s for this run has passed")

    def _once(self, call: Call, kind: str) -> Reply:
        pace = self._paces[kind]
        wait = pace.delay()
        self._check(wait)
        if wait > self.policy.outage_budget:
            raise self.give_up(f"it asks for {wait:.0f} s without requests")
        with pace.slot(self._check):
            self._check()
            if self._silent_since is None:
                self._silent_since = self._world.clock()
            reply = self._send(call)
            pace.adapt(reply.headers)
            pace.hold(retry_after(reply.headers.get("backoff", ""), self._world.now()))
        return self._judge(reply, call)

    def _send(self, call: Call) -> Reply:
        import httpx2

        timeout = max(0.05, min(self.policy.timeout, self._remaining()))
        client = self._client
        with self._lock:
            self.requests += 1
        try:
            with client.stream(
                call.method, call.url, headers=call.headers, content=call.body, timeout=timeout
            ) as response:
                self.connected = True
                body = self._body(response, self._world.clock() + timeout)
        except httpx2.TimeoutException as error:
            early = isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout)
            raise _FaultError(f"no answer within {timeout:g} s", undone=early) from error
        except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL) as error:
            raise SourceError(self.name, f"cannot ask {call.url}: {error}") from error
        except httpx2.TransportError as error:
            refused = isinstance(error, httpx2.ConnectError)
            raise _FaultError(f"no connection ({error})", quick=refused) from error
        except (httpx2.DecodingError, httpx2.TooManyRedirects) as error:
            raise _FaultError(f"an answer that cannot be read ({error})") from error
        return self._reply(response, body)

    def _reply(self, response: httpx2.Response, body: bytes) -> Reply:
        with self._lock:
            self.requests += len(response.history)
        return Reply(
            url=str(response.url),
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            body=body,
            fetched=iso(self._world.now()),
            redirected=bool(response.history),
            headers=dict(response.headers),
        )

    def _body(self, response: httpx2.Response, until: float) -> bytes:
        """Read the body piece by piece: a timeout of the client is one for each piece only."""
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > self.policy.max_bytes:
                limit = f"{self.policy.max_bytes / 1e6:g} MB"
                raise SourceError(self.name, f"an answer of more than {limit}")
            if self._world.clock() > until:
                raise _FaultError("an answer that does not come to its end")
        return b"".join(pieces)

    def _judge(self, reply: Reply, call: Call) -> Reply:
        fact = reply.status in call.facts
        if reply.status == 403 and not fact:
            raise self.give_up("status 403: access is blocked; nothing more was asked")
        if (reply.status in _RETRIED or reply.status >= 500) and not fact:
            wait = retry_after(reply.headers.get("retry-after", ""), self._world.now())
            raise _FaultError(f"status {reply.status}", wait=wait, undone=reply.status == 429)
        if 200 <= reply.status < 300 or reply.status == 404:
            wrong = call.fault(reply)
            if wrong:
                raise _FaultError(wrong)
        return reply

    def _failed(self, error: _FaultError, kind: str, left: int) -> None:
        """Hold the next try, of which `left` remain, or raise where there is none."""
        if self._silent_since is None:  # another thread's request got through meanwhile
            self._silent_since = self._world.clock()
        wait = error.wait or self._backoff(left, quick=error.quick)
        again = left > 0 or error.wait > 0
        if again and wait >= self._remaining():
            raise self.give_up(self._too_late(error)) from error
        if again:
            self._paces[kind].hold(wait, sooner=error.quick)
        if left <= 0:
            raise self._exhausted(error) from error

    def _too_late(self, error: _FaultError) -> str:
        remaining = max(0.0, self._remaining())
        if error.wait and remaining:
            asked = f"{error.wait:.0f} s, longer than the {remaining:.0f} s left for trying"
            return f"{error.reason} with the wish to wait {asked}"
        return f"nothing got through in time; last: {error.reason}"

    def _backoff(self, left: int, *, quick: bool) -> float:
        tried = self.policy.tries - 1 - left
        base = _QUICK if quick else _SLOW
        return float(base * 2.0**tried * (0.5 + self._world.chance()))

    def _exhausted(self, error: _FaultError) -> SourceError:
        self._failures += 1
        reason = f"{error.reason}, {self.policy.tries} times"
        if self._failures >= _LAST_FAILURES:
            return self.give_up(f"{reason}, for {self._failures} requests in a row")
        return SourceError(self.name, reason)


def retry_after(text: str, now: float) -> float:
    """Return the seconds to wait that a Retry-After header asks for, 0 where it says nothing.

    RFC 9110, 10.2.3: a number of seconds, or an HTTP date; `now` is the time as in time.time().
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, known.timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


def iso(moment: float) -> str:
    """Return a time in seconds since 1970 as ISO 8601 in UTC, in whole seconds."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
