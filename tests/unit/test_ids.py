"""Golden cases of identifiers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from refkit.normalise import ids

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "ids.toml"
CASES = [
    (name, text, expected)
    for name, cases in tomllib.loads(PATH.read_text(encoding="utf-8")).items()
    for text, expected in cases.items()
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_cleaning(name: str, text: str, expected: str) -> None:
    found = getattr(ids, name)(text)
    assert (found if found is None else str(found)) == (expected or None)


def test_doi_key_compares_without_case() -> None:
    assert ids.doi_key("10.1000/ABC") == ids.doi_key("10.1000/abc") == "10.1000/abc"
