"""How fast a service may be asked: requests spaced out evenly, and few of them at once."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

_INTERVAL = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_SLACK = 1e-6  # below this a wait is over: a clock need not be exact


class Limits(NamedTuple):
    """How many requests a second a service takes, and how many at the same time."""

    rate: float
    at_once: int = 1


class Pace:
    """Lets requests through no faster than its limits; safe for threads."""

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits
        self._clock = clock
        self._sleep = sleep
        self._state = threading.Condition()
        self._running = 0
        self._last = -math.inf  # when the last request began
        self._held = -math.inf  # until when none may begin

    @contextmanager
    def slot(self, check: Callable[[float], object] = lambda wait: None) -> Iterator[None]:
        """Wait for the next free place, and hold it for the length of one request.

        `check` is told the seconds of each wait before it, and may raise to end the waiting.
        """
        with self._state:
            self._state.wait_for(lambda: self._running < self.limits.at_once)
            self._running += 1
        try:
            self._await_turn(check)
            yield
        finally:
            with self._state:
                self._running -= 1
                self._state.notify_all()

    def _await_turn(self, check: Callable[[float], object]) -> None:
        while True:
            with self._state:
                wait = self.delay()
                if wait <= _SLACK:
                    self._last = self._clock()
                    return
            check(wait)
            self._sleep(wait)

    def delay(self) -> float:
        """Return for how many seconds no request may begin."""
        free = max(self._last + 1.0 / self.limits.rate, self._held)
        return max(0.0, free - self._clock())

    def hold(self, seconds: float, *, sooner: bool = False) -> None:
        """Let no request begin for so long; `sooner` also ends any wait that is longer."""
        with self._state:
            until = self._clock() + seconds
            self._held = until if sooner else max(self._held, until)
            if sooner:
                self._last = -math.inf

    def adapt(self, headers: Mapping[str, str]) -> None:
        """Take over the limits that an answer states, as Crossref does since 2015.

        Reads `x-rate-limit-limit`, `x-rate-limit-interval` ("1s") and `x-concurrency-limit`;
        what is absent or makes no sense changes nothing.
        """
        count = _number(headers.get("x-rate-limit-limit", ""))
        interval = parse_interval(headers.get("x-rate-limit-interval", "1s"))
        at_once = _number(headers.get("x-concurrency-limit", ""))
        with self._state:
            rate = count / interval if count and interval else self.limits.rate
            self.limits = Limits(rate, int(at_once) or self.limits.at_once)
            self._state.notify_all()


def parse_interval(text: str) -> float:
    """Return the seconds of "1s", "500ms", "1m" or a bare number; 0 for anything else."""
    found = _INTERVAL.fullmatch(text)
    return float(found[1]) * _SECONDS[found[2]] if found else 0.0


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"\s*\d{1,9}\s*", text) else 0.0
