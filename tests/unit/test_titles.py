"""Golden cases of comparison keys and sentence case."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from refkit.normalise import titles

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "titles.toml"
CASES = [
    (name, text, expected)
    for name, cases in tomllib.loads(PATH.read_text(encoding="utf-8")).items()
    for text, expected in cases.items()
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_titles(name: str, text: str, expected: str | bool) -> None:
    assert getattr(titles, name)(text) == expected


def test_a_shouted_title_is_lowered_only_when_asked() -> None:
    title = 'THE <span class="nocase">DNA</span> OF <i>MICE</i>: A $O(N)$ STUDY'
    assert titles.sentence_case(title) == title
    assert titles.sentence_case(title, shouted=True) == (
        'The <span class="nocase">DNA</span> of <i>mice</i>: A $O(N)$ study'
    )
