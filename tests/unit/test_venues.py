"""Venues that are the same stand far above venues that are not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from refkit.normalise.venues import venue_similarity

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "venues.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("a", "b"), CASES["same"])
def test_one_venue(a: str, b: str) -> None:
    assert venue_similarity(a, b) >= 0.8
    assert venue_similarity(b, a) == venue_similarity(a, b)


@pytest.mark.parametrize(("a", "b"), CASES["different"])
def test_two_venues(a: str, b: str) -> None:
    assert venue_similarity(a, b) <= 0.5
    assert venue_similarity(b, a) == venue_similarity(a, b)
