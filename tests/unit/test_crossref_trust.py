"""What Crossref's source believes: "not found", from whom, and which agency has a DOI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.query import Query
from refkit.net.fetch import Surroundings
from refkit.net.httpd import Request, Response, Server, plain, serve
from refkit.server.app import App
from refkit.sources.catalogue import Catalogue
from refkit.sources.crossref import CrossrefSource

WORK = {"DOI": "10.1000/x", "type": "journal-article", "title": ["A Title"]}


class Gate:
    """A Crossref whose gate may say 404 to everything, as a proxy in front of it does."""

    def __init__(self) -> None:
        self.app = App(Catalogue.in_memory([WORK]))
        self.shut = False
        self.headers = True

    def __call__(self, request: Request) -> Response:
        if self.shut:
            return plain(404, "Resource not found.")
        answer = self.app.handle(request)
        return answer if self.headers else answer._replace(headers=_bare(answer))


def _bare(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if not name.startswith("x-")}


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def server(gate: Gate) -> Iterator[Server]:
    with serve(gate) as running:
        yield running


@pytest.fixture
def source(server: Server, tmp_path: Path) -> Iterator[CrossrefSource]:
    made = make(server, tmp_path)
    yield made
    made.close()


def make(server: Server, tmp_path: Path) -> CrossrefSource:
    at = [0.0]

    def sleep(seconds: float) -> None:
        at[0] += seconds

    settings = SourceSettings(urls={"crossref": server.url}, cache_path=str(tmp_path / "c.sqlite"))
    return CrossrefSource(settings, Surroundings(clock=lambda: at[0], sleep=sleep))


@pytest.mark.parametrize("dois", [["10.1000/x"], ["10.1000/x", "10.1000/y"]])
def test_a_gate_that_says_404_to_all_is_no_answer_and_poisons_no_later_run(
    gate: Gate, server: Server, source: CrossrefSource, tmp_path: Path, dois: list[str]
) -> None:
    gate.shut = True
    for asked in (dois, *([doi] for doi in dois)):
        with pytest.raises(SourceError, match="this is no Crossref service"):
            source.lookup(asked)
    assert server.requests <= 6
    gate.shut = False
    later = make(server, tmp_path)
    assert list(later.lookup(dois)) == ["10.1000/x"]
    later.close()


def test_a_gate_that_shuts_midway_is_no_answer_either(gate: Gate, source: CrossrefSource) -> None:
    assert source.lookup(["10.1000/x"])
    source.search(Query("A Title"))
    gate.shut = True
    with pytest.raises(SourceError, match="this is no Crossref service"):
        source.lookup(["10.1000/y", "10.1000/z"])
    with pytest.raises(SourceError, match="this is no Crossref service"):
        source.lookup(["10.1000/y"])


def test_crossrefs_own_404_is_believed_at_once(server: Server, source: CrossrefSource) -> None:
    assert source.lookup(["10.1000/none"]) == {}
    assert server.requests == 1


def test_a_404_without_crossrefs_headers_is_believed_after_one_list(
    gate: Gate, server: Server, source: CrossrefSource
) -> None:
    gate.headers = False
    assert source.lookup(["10.1000/none"]) == source.lookup(["10.1000/nil"]) == {}
    assert server.requests == 3


def test_agencies(server: Server, source: CrossrefSource) -> None:
    for _ in range(2):
        assert source.agency("10.1000/x") == "Crossref"
        assert source.agency("10.48550/arXiv.1706.03762") == "DataCite"
        assert source.agency("10.1000/none") == ""
    assert server.requests == 3


def test_an_agency_that_cannot_be_asked_for(gate: Gate, source: CrossrefSource) -> None:
    gate.app.handle = lambda request: plain(503, "busy")  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="503"):
        source.agency("10.1000/x")
