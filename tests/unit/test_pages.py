"""Golden cases of page ranges."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from refkit.normalise import pages

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "pages.toml"
CASES = [
    (name, text, expected)
    for name, cases in tomllib.loads(PATH.read_text(encoding="utf-8")).items()
    for text, expected in cases.items()
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_pages(name: str, text: str, expected: str) -> None:
    assert getattr(pages, name)(text) == expected
