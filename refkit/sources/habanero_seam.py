"""The seam in habanero: its requests go through a getter of ours for the time of a block.

habanero opens a client for every request, and has no public way to hand it one (2.9.2). It
calls `httpx2.get` in two modules; while a block of `through` runs anywhere, both find a
stand-in there, which calls the getter of the current thread's block, or else httpx2 itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import habanero
import habanero.request
import habanero.request_class
import httpx2

Get = Callable[[str, Mapping[str, str], Mapping[str, str]], httpx2.Response]

_MODULES = (habanero.request, habanero.request_class)
_lock = threading.Lock()
_blocks = 0
_getter: ContextVar[Get | None] = ContextVar("_getter", default=None)


class _StandIn:
    """What habanero takes for the module httpx2."""

    def __getattr__(self, name: str) -> Any:
        return getattr(httpx2, name)

    def get(self, url: str, **options: Any) -> httpx2.Response:
        getter = _getter.get()
        if getter is None:
            return httpx2.get(url, **options)
        return getter(url, options.get("params") or {}, options.get("headers") or {})


@contextmanager
def through(getter: Get) -> Iterator[None]:
    """Send habanero's requests, from this thread and in this block, to `getter`.

    `getter` takes the URL, its parameters and the headers, and returns the response. Raises
    RuntimeError if habanero is no longer built in the way that this relies on.
    """
    _enter()
    token = _getter.set(getter)
    try:
        yield
    finally:
        _getter.reset(token)
        _leave()


def _enter() -> None:
    global _blocks  # noqa: PLW0603  the modules are global too
    with _lock:
        if _blocks == 0:
            _put_in()
        _blocks += 1


def _put_in() -> None:
    if any(vars(module).get("httpx2") is not httpx2 for module in _MODULES):
        raise RuntimeError(f"habanero {habanero.__version__} does not ask in the way known here")
    for module in _MODULES:
        module.httpx2 = _StandIn()


def _leave() -> None:
    global _blocks  # noqa: PLW0603
    with _lock:
        _blocks -= 1
        if _blocks == 0:
            for module in _MODULES:
                module.httpx2 = httpx2
