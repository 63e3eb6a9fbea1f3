"""Whatever an entry holds, it is made fit for each program, and none is lost on the way."""

from __future__ import annotations

import pytest
from formats_strategies import entries
from hypothesis import given, settings
from hypothesis import strategies as st

from refkit.adapt.consumers import CONSUMERS, fitted
from refkit.model.entry import Entry
from refkit.model.vocab import TYPES, VARIABLES
from refkit.normalise.latex_safe import for_bibtex, settable, tame

PAIRS = [(name, target) for name, each in CONSUMERS.items() for target in each.steps]
WORKS = entries(st.sampled_from(sorted(TYPES)), sorted(VARIABLES))
LATEX = st.text(alphabet="ab1 \\{}$&%#_^~é α", max_size=24)


@pytest.mark.parametrize(("name", "target"), PAIRS)
@given(works=WORKS)
@settings(max_examples=25)
def test_every_entry_is_kept_and_made_fit_once_for_all(
    name: str, target: str, works: list[Entry]
) -> None:
    done, told = fitted(works, name, target)
    assert len(done) == len(works)
    assert all(problem.code and problem.message for problem in told)
    again, _ = fitted(done, name, target)
    assert [each.key for each in again] == [each.key for each in done]
    assert [each.type for each in again] == [each.type for each in done]


@given(LATEX)
def test_tame_text_stays_as_it_is(text: str) -> None:
    assert tame(tame(text)) == tame(text)


@given(LATEX)
def test_text_for_bibtex_is_ascii_where_latex_has_a_command(text: str) -> None:
    assert for_bibtex(text).isascii()
    assert settable(settable(text)) == settable(text)
