"""The matching benchmark's targets, on a sample of genuine records that is small and fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.matching.__main__ import Bench, Case, tally
from tests.bench.matching.baselines import ours
from tests.bench.matching.records import WORKS


@pytest.fixture(scope="module")
def bench(shared: Path) -> Bench:
    """Return the benchmark over the half of the records that nothing was tuned on."""
    return Bench(shared / WORKS.relative_to(WORKS.parents[2]), half=1, seed=7)


def _answers(cases: list[Case]) -> list[str]:
    return [ours(case.entry, case.candidates) for case in cases]


def test_present_works_are_found_and_never_mistaken(bench: Bench) -> None:
    cases = bench.sample(300, removed=False)

    found = tally(cases, _answers(cases))

    assert found.precision >= 0.995
    assert found.recall >= 0.95


def test_works_that_are_not_there_get_nothing(bench: Bench) -> None:
    cases = bench.sample(300, removed=True)

    assert tally(cases, _answers(cases)).wrong <= 1


def test_no_decoy_is_taken(bench: Bench) -> None:
    cases = bench.decoys(every=4)

    assert len(cases) > 200
    assert tally(cases, _answers(cases)).wrong == 0
