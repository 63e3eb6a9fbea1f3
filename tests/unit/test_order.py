"""Asking several at once: the answers come in the order of the questions."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.enrichment.order import in_order


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 5))
def test_answers_come_in_order_whoever_is_first(pauses: list[int], at_once: int) -> None:
    def ask(item: tuple[int, int]) -> int:
        time.sleep(item[1] / 1000)
        return item[0]

    items = list(enumerate(pauses))
    assert list(in_order(ask, items, at_once)) == [(item, item[0]) for item in items]


def test_no_more_ask_at_once_than_may_and_that_many_do() -> None:
    running, most, lock, gate = 0, 0, threading.Lock(), threading.Barrier(3, timeout=10)

    def ask(item: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        if 1 <= item <= 3:
            gate.wait()  # passes only if three are here together
        with lock:
            running -= 1
        return item

    assert [found for _, found in in_order(ask, range(20), 3)] == list(range(20))
    assert most == 3


def test_what_is_raised_is_raised_at_its_place() -> None:
    def ask(item: int) -> int:
        if item == 4:
            raise ValueError("four")
        return item

    asked = in_order(ask, range(9), 3)
    assert [next(asked)[1] for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="four"):
        next(asked)


def test_leaving_off_ends_the_asking() -> None:
    asked = []

    def ask(item: int) -> int:
        asked.append(item)
        time.sleep(0.01)
        return item

    for each, _ in in_order(ask, range(1000), 2):
        if each == 3:
            break
    time.sleep(0.1)
    count = len(asked)
    time.sleep(0.1)
    assert len(asked) == count < 20
