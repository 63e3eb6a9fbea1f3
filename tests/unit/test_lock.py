"""The lock file: what is written is read back, sorted and stable, and edits are seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.errors import InputError
from refkit.pandoc.lock import Locked, digest, parse, render

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ITEMS = st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=2), max_size=3)
BOOKS = st.dictionaries(TEXT, st.builds(Locked, ITEMS, TEXT, TEXT, TEXT, TEXT), max_size=4)


@given(BOOKS)
def test_what_is_written_is_read_back_and_written_the_same(book: dict[str, Locked]) -> None:
    text = render(book)
    assert parse(text.encode(), "x.json") == book
    assert render(dict(reversed(book.items()))) == text


@given(ITEMS)
def test_an_edit_by_hand_is_seen(item: dict[str, object]) -> None:
    entry = Locked(item, "crossref", "10.1/x", "", digest(item))
    assert not entry.edited
    assert replace(entry, item={**item, "title": "another one"}).edited


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 1, "references": []}',
        '{"version": 1, "references": {"a": 1}}',
        '{"version": 1, "references": {"a": {"item": {}, "source": "x"}}}',
        '{"version": 1, "references": {"a": {"item": 1, "source": "", "record": "",'
        ' "fetched": "", "sha256": ""}}}',
        '{"version": 1, "references": {"a": {"item": {}, "source": 1, "record": "",'
        ' "fetched": "", "sha256": ""}}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_lock_file_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"x\.json: this is no lock file"):
        parse(text.encode(), "x.json")
