"""Notices in one line of text are read back as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refkit.model.updates import Update, updates_in, updates_text

words = st.from_regex(r"[a-z]{3,12}(_[a-z]{2,8})?", fullmatch=True)
dois = st.from_regex(r"10\.[0-9]{4,5}/[-a-zA-Z0-9._;()/<>]{1,30}[a-zA-Z0-9]", fullmatch=True)
dates = st.from_regex(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-[0-2][1-8])?)?", fullmatch=True)
nothing = st.just("")
updates = st.builds(Update, words, dois | nothing, words | nothing, dates | nothing)


@given(st.lists(updates, max_size=5, unique=True))
def test_notices_are_read_back(made: list[Update]) -> None:
    assert list(updates_in(updates_text(made))) == made


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for each in updates_in(text):
        assert isinstance(each, Update)
