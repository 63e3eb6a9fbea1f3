from __future__ import annotations

import pytest
from refkit.config import SourceSettings
from refkit.model.entry import Name
from refkit.model.query import Query
from refkit.plugins import Source

from refkit_sample.shelf import create


@pytest.fixture
def shelf() -> Source:
    return create(SourceSettings())


def test_looks_up_by_doi_whatever_its_case(shelf: Source) -> None:
    found = shelf.lookup(["10.1007/B97636", "10.1000/not-there"])
    assert list(found) == ["10.1007/b97636"]
    entry = found["10.1007/b97636"].entry
    assert entry.names("author")[1] == Name("Anderson", "David R.")
    assert entry.text("DOI") == "10.1007/b97636"
    assert entry.origin.source == shelf.name


def test_a_book_without_a_doi_claims_none(shelf: Source) -> None:
    (book,) = shelf.search(Query("The background of ecology: concept and theory"))
    assert book.id == "urn:isbn:9780521270878"
    assert book.entry.text("DOI") == ""
    assert book.entry.text("ISBN") == "9780521270878"


def test_searches_by_title_nearest_first(shelf: Source) -> None:
    found = shelf.search(Query("Markov Decision Processes", ("Puterman",), 1994))
    assert found[0].id == "10.1002/9780470316887"
    assert shelf.search(Query("Xylophoria of late antiquity")) == []
    assert shelf.search(Query("")) == []
