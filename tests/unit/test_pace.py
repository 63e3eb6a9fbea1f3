"""Waiting for a turn ends when there is nothing more to wait for."""

from __future__ import annotations

import threading
import time

import pytest

from refkit.errors import SourceError
from refkit.net.fetch import Call, Fetcher, Policy
from refkit.net.pace import Limits, Pace


def test_a_wait_is_told_before_it_and_may_be_refused() -> None:
    slept: list[float] = []
    pace = Pace(Limits(0.1, 1), clock=lambda: 0.0, sleep=slept.append)
    with pace.slot():
        pass
    told: list[float] = []

    def refuse(wait: float) -> None:
        told.append(wait)
        raise TimeoutError

    with pytest.raises(TimeoutError), pace.slot(refuse):
        pytest.fail("no turn was due")
    assert (told, slept) == ([10.0], [])
    assert pace._running == 0  # the place is free again


def test_many_that_wait_for_a_service_that_is_given_up_wait_no_longer() -> None:
    """Each of eight would wait ten seconds for its turn, one after another."""
    fetcher = Fetcher("slow", {"all": Limits(0.1, 1)}, Policy(deadline=2.0, timeout=0.2, tries=1))
    errors: list[SourceError] = []

    def ask() -> None:
        try:
            fetcher.send(Call("GET", "http://127.0.0.1:9/"), "all")
        except SourceError as error:
            errors.append(error)

    begun = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    fetcher.close()
    assert len(errors) == 8
    assert time.monotonic() - begun < 5
