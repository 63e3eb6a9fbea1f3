from __future__ import annotations

import pytest
from refkit.model.entry import Entry, Field, Origin
from refkit.model.report import Document
from refkit.model.text import SourceText, Span

from refkit_sample.rule import TITLE_FULL_STOP


def _codes(title: str) -> list[str]:
    field = Field("title", title, Origin("test", "x", Span(3, 9)))
    document = Document(SourceText("x", ""), "test", (Entry("k", "book", (field,)),))
    found = list(TITLE_FULL_STOP.check(document))
    assert all(each.span == Span(3, 9) and each.key == "k" for each in found)
    return [each.code for each in found]


@pytest.mark.parametrize("title", ["On Fish.", "Deep learning. ", "SciPy 1.0."])
def test_a_full_stop_is_found(title: str) -> None:
    assert _codes(title) == ["SMP001"]


@pytest.mark.parametrize(
    "title", ["On Fish", "To be or not ...", "Microsoft Inc.", "Birds of the U.S.", "Why?", ""]
)
def test_other_ends_are_let_be(title: str) -> None:
    assert _codes(title) == []


def test_an_entry_without_a_title_is_let_be() -> None:
    document = Document(SourceText("x", ""), "test", (Entry("k", "book"),))
    assert list(TITLE_FULL_STOP.check(document)) == []


def test_it_has_a_page_of_documentation() -> None:
    assert TITLE_FULL_STOP.code == "SMP001"
    assert TITLE_FULL_STOP.doc.startswith("Titles end without")
