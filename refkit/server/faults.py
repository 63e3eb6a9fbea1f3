"""Faults on order: what a service in trouble answers, so that clients can be tested against it."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Sequence
from typing import NamedTuple

from refkit.errors import InputError
from refkit.net.httpd import Response, plain

_HANG_SECONDS = 3600.0
_SPEC = re.compile(
    r"(?P<kind>[a-z0-9-]+?)"
    r"(?::(?:(?P<first>\d+)|(?P<after>\d+)\+|/(?P<every>\d+)|(?P<share>\d+)%))?"
)
_PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body></html>"
_HTML = {"content-type": "text/html;charset=utf-8"}

KINDS: dict[str, Response] = {
    "403": plain(403, "Blocked"),
    "404": plain(404, "Resource not found."),
    "429": Response(429, {}, b""),
    "429-retry-after": Response(429, {"retry-after": "1"}, b""),
    "500": plain(500, "Internal Server Error"),
    "502": Response(502, _HTML, _PAGE),
    "503": Response(503, _HTML, _PAGE),
    "504": Response(504, _HTML, _PAGE),
    "drop": Response(200, {}, b"", drop=True),
    "hang": Response(200, {}, b"", delay=_HANG_SECONDS, drop=True),
    "html": Response(200, _HTML, _PAGE),
    "text": plain(200, '{"status":"ok"}'),
    "truncated": Response(200, {"content-type": "application/json"}, b'{"status":"ok","mess'),
}


class Fault(NamedTuple):
    """A kind of fault and when it comes: the `first` requests, each `every`th, or a `share`.

    With none of the three it comes at every request, but for the first `after` ones.
    """

    kind: str
    first: int = 0
    every: int = 0
    share: float = 0.0
    after: int = 0


def parse_fault(text: str) -> Fault:
    """Read a fault: KIND (every request), KIND:3 (the first 3), KIND:/3 (each third), KIND:20%.

    KIND:3+ comes at every request after the third. Raises InputError, naming the kinds, for
    anything else.
    """
    match = _SPEC.fullmatch(text.strip().lower())
    if match is None or match["kind"] not in KINDS:
        raise InputError(
            f"{text!r} is no fault; write KIND, KIND:N (the first N requests), KIND:N+ (all after"
            f" the first N), KIND:/N (each Nth) or KIND:N% (by chance), where KIND is one of"
            f" {', '.join(KINDS)}"
        )
    parts = ("first", "every", "share", "after")
    first, every, share, after = (int(match[name] or 0) for name in parts)
    return Fault(match["kind"], first, every, share / 100, after)


class Faults:
    """Deals out faults, request by request; the same seed and order give the same faults."""

    def __init__(self, faults: Sequence[Fault] = (), seed: int = 0) -> None:
        self._faults = tuple(faults)
        self._seen = 0
        self._chance = random.Random(seed)  # noqa: S311 (no secret depends on it)
        self._lock = threading.Lock()

    def next(self) -> Response | None:
        """Return the faulty answer to the next request, None if it is to be answered."""
        if not self._faults:
            return None
        with self._lock:
            self._seen += 1
            drawn = [(fault, self._chance.random()) for fault in self._faults]
            seen = self._seen
        return next((KINDS[fault.kind] for fault, luck in drawn if _due(fault, seen, luck)), None)


def _due(fault: Fault, seen: int, luck: float) -> bool:
    if fault.first:
        return seen <= fault.first
    if fault.every:
        return seen % fault.every == 0
    return luck < fault.share if fault.share else seen > fault.after
