"""Asking one of Zotero's HTTP services, and putting its refusals into words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from refkit import __version__
from refkit.errors import InputError, SourceError
from refkit.net.fetch import Call, Fetcher, Policy, Reply, Surroundings, json_fault
from refkit.net.pace import Limits

Item = dict[str, Any]
"""A Zotero item's editable JSON (`data` in the API's answers)."""

AGENT = {"user-agent": f"refkit/{__version__}", "zotero-api-version": "3"}
"""The headers of every request."""

KEY = re.compile(r"[A-Za-z0-9]{8,64}")
"""What an API key looks like."""

REFUSALS = {
    400: "the request was not understood",
    404: "there is no such library or collection",
    409: "the library is locked; try again later",
    412: "the library was changed since it was read, and left alone; run the command again",
    413: "that is more than Zotero takes at once",
    428: "Zotero wants to be told which version is to be changed",
}
"""What the API's refusals mean, wherever it is."""

ANSWERS = frozenset({401, 403, 409, 412, 413, 428, 501})
"""Statuses that are a service's last word."""

_KIND = "zotero"
_SHOWN = 200  # characters of a service's own words
_BUDGET = 120.0  # seconds: Zotero's servers ask for rests longer than Crossref's


class RefusedError(InputError):
    """Zotero was reached and said no; `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Manner:
    """How a service is asked: the headers of every request, seconds, requests a second.

    `meanings` say what its refusals mean, by status ("{doing}" is what was asked for);
    `unreached` is what to tell the user where there is no connection at all; `secret` is struck
    out of everything that the service says.
    """

    headers: Mapping[str, str]
    meanings: Mapping[int, str]
    timeout: float
    rate: float = 100.0
    unreached: str = ""
    secret: str = field(default="", repr=False)
    world: Surroundings | None = None


class Service:
    """One of Zotero's services, named in errors, at a base URL."""

    def __init__(self, name: str, base: str, manner: Manner) -> None:
        """Raises InputError for what is no address."""
        near = _is_near(base)
        if manner.secret and not near and not base.startswith("https://"):
            raise InputError(f"{base}: a key is sent over https:// only")
        self.name = name
        self.base = base.rstrip("/")
        self._manner = manner
        policy = Policy(
            manner.timeout,
            outage_budget=max(_BUDGET, manner.timeout),
            redirects=False,
            proxies=not near,
        )
        self._fetcher = Fetcher(name, {_KIND: Limits(manner.rate)}, policy, manner.world)

    def close(self) -> None:
        """Close the connections."""
        self._fetcher.close()

    def get(
        self,
        path: str,
        query: Mapping[str, object] | None = None,
        *,
        fault: Callable[[Reply], str] = json_fault,
        doing: str = "do this",
    ) -> Reply:
        """Get `path`; raises RefusedError for a refusal, SourceError where there is no answer.

        `doing` says in a refusal what was not allowed.
        """
        asked = f"?{urlencode(query)}" if query else ""
        call = Call("GET", path + asked, fault=fault, facts=ANSWERS)
        return self.accepted(self.send(call), doing)

    def send(self, call: Call) -> Reply:
        """Send a call, whose `url` is a path here; returns a refusal too.

        Raises SourceError where there is no answer.
        """
        headers = {**self._manner.headers, **call.headers}
        try:
            whole = replace(call, url=self.base + call.url, headers=headers)
            return self._fetcher.send(whole, _KIND)
        except SourceError as error:
            reason = self.without_secret(error.reason)
            if self._manner.unreached and not self._fetcher.connected:
                reason = f"{self._manner.unreached} ({reason})"
            raise SourceError(self.name, reason, final=error.final) from None

    def accepted(self, reply: Reply, doing: str = "do this") -> Reply:
        """Return a reply that is no refusal; raises RefusedError."""
        if 200 <= reply.status < 300:
            return reply
        raise self.refusal(reply, doing)

    def refusal(self, reply: Reply, doing: str = "do this") -> RefusedError:
        """Return a refusal as an error: what it means, the status, and the service's own words."""
        meaning = self._manner.meanings.get(reply.status, "the request was refused")
        meaning = meaning.replace("{doing}", doing)
        said = self.without_secret(words(reply))
        shown = f"status {reply.status}: {said}" if said else f"status {reply.status}"
        return RefusedError(f"{self.name}: {meaning} ({shown})", reply.status)

    def without_secret(self, text: str) -> str:
        """Return a text with the secret struck out."""
        secret = self._manner.secret
        return text.replace(secret, "***") if secret else text


def words(reply: Reply) -> str:
    """Return what a service says in plain text or JSON, on one line and cut; "" for a page."""
    if "html" in reply.content_type:
        return ""
    text = " ".join(reply.body.decode("utf-8", "replace").split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def listing_fault(reply: Reply) -> str:
    """Say why an answer is no JSON list of objects ("" if it is one, or a plain 404)."""
    if reply.status == 404:
        return ""
    try:
        found = json.loads(reply.body)
    except ValueError:
        return f"status {reply.status} with what is no JSON"
    whole = isinstance(found, list) and all(isinstance(each, dict) for each in found)
    return "" if whole else "JSON that is no list of items"


def no_fault(_: Reply) -> str:
    """Take any answer."""
    return ""


def _is_near(base: str) -> bool:
    """Tell whether a service is on this machine; raises InputError for what is no address."""
    try:
        parts = urlsplit(base)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no number
        whole = False
    if not whole:
        raise InputError(f"{base}: this is no address of a service; it begins with http://")
    return parts.hostname in ("localhost", "127.0.0.1", "::1")
