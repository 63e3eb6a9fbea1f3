"""Asking several things at once, and taking the answers in the order of the asking."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_Answer = tuple[int, _Out | None, BaseException | None]


def in_order(
    ask: Callable[[_In], _Out], items: Sequence[_In], at_once: int
) -> Iterator[tuple[_In, _Out]]:
    """Yield each item with `ask` of it, in the order of the items, whichever comes first.

    At most `at_once` threads ask; the first item is asked for alone, so that what a source
    makes at its first use is made once. What `ask` raises is raised here. An interrupt ends the
    asking: no further item is begun, and what is under way is not waited for.
    """
    if at_once < 2 or len(items) < 3:
        yield from ((each, ask(each)) for each in items)
        return
    yield items[0], ask(items[0])
    yield from _threaded(ask, items[1:], at_once)


def _threaded(
    ask: Callable[[_In], _Out], items: Sequence[_In], at_once: int
) -> Iterator[tuple[_In, _Out]]:
    left: SimpleQueue[int | None] = SimpleQueue()
    done: SimpleQueue[_Answer[_Out]] = SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        while (place := left.get()) is not None and not stopped.is_set():
            try:
                done.put((place, ask(items[place]), None))
            except BaseException as error:  # raised again where the answers are taken
                done.put((place, None, error))

    workers = min(at_once, len(items))
    for place in [*range(len(items)), *[None] * workers]:
        left.put(place)
    for _ in range(workers):
        threading.Thread(target=work, name="refkit-ask", daemon=True).start()
    try:
        yield from _sorted(items, done)
    finally:
        stopped.set()


def _sorted(items: Sequence[_In], done: SimpleQueue[_Answer[_Out]]) -> Iterator[tuple[_In, _Out]]:
    """Take answers as they come, and yield them as soon as all before them are there."""
    early: dict[int, _Answer[_Out]] = {}
    for place, item in enumerate(items):
        while place not in early:
            answer = done.get()
            early[answer[0]] = answer
        _, found, error = early.pop(place)
        if error is not None:
            raise error
        yield item, found  # type: ignore[misc]  # there is an answer where there is no error
