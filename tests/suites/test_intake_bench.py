"""The intake benchmark's targets, on a sample of genuine works that is small and fixed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.intake.__main__ import Bench
from tests.bench.intake.pasted import style_path
from tests.bench.matching.records import WORKS

STYLES = ("apa", "ieee", "vancouver", "modern-language-association")


@pytest.fixture(scope="module")
def bench(shared: Path) -> Bench:
    """Return the benchmark over forty works."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    if not all(map(style_path, STYLES)):
        pytest.skip("the CSL styles of TeX Live are not installed")
    return Bench(shared / WORKS.relative_to(WORKS.parents[2]), count=40, seed=2027)


@pytest.mark.parametrize("style", STYLES)
def test_references_are_found_and_never_mistaken(bench: Bench, style: str) -> None:
    row, told = bench.measure(style)
    assert row.asked == 40
    assert (row.wrong, row.false) == (0, 0), told
    assert row.right >= 38, told


def test_no_decoy_is_taken(bench: Bench) -> None:
    count, told = bench.decoys("apa", every=8)
    assert count > 20
    assert told == []
