"""The seam in habanero: these tests fail when habanero is no longer built in the way it needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from types import SimpleNamespace

import habanero
import habanero.request
import habanero.request_class
import httpx2
import pytest
from habanero.select import validate_select

from refkit.net.httpd import Response, serve
from refkit.sources import habanero_seam
from refkit.sources.crossref import SELECT
from refkit.sources.habanero_seam import Get, through

WORK = {"status": "ok", "message": {"DOI": "10.1/a", "total-results": 0, "items": []}}


def recording(calls: list[tuple[str, dict[str, str], dict[str, str]]]) -> Get:
    def get(url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> httpx2.Response:
        calls.append((url, dict(params), dict(headers)))
        return httpx2.Response(200, json=WORK, request=httpx2.Request("GET", url))

    return get


def is_whole() -> bool:
    return habanero.request.httpx2 is habanero.request_class.httpx2 is httpx2


def test_both_ways_of_asking_go_through_the_getter() -> None:
    calls: list[tuple[str, dict[str, str], dict[str, str]]] = []
    api = habanero.Crossref(base_url="http://127.0.0.1:9/base", mailto="me@example.org")
    with through(recording(calls)):
        api.works(ids=["10.1%2Fa%23b"])
        api.works(query_bibliographic="some words", limit=20, select=["DOI", "title"])
        api.works(filter={"doi": ["10.1/a", "10.1/b"]}, limit=2)
    assert [(url, params) for url, params, _ in calls] == [
        ("http://127.0.0.1:9/base/works/10.1%2Fa%23b", {}),
        (
            "http://127.0.0.1:9/base/works",
            {"query.bibliographic": "some words", "rows": "20", "select": "DOI,title"},
        ),
        ("http://127.0.0.1:9/base/works", {"filter": "doi:10.1/a,doi:10.1/b", "rows": "2"}),
    ]
    assert all("(mailto:me@example.org)" in headers["User-Agent"] for _, _, headers in calls)


def test_habanero_takes_every_name_that_is_selected() -> None:
    validate_select(list(SELECT))
    assert len(set(SELECT)) == len(SELECT)


def test_habanero_is_whole_again_after_every_block() -> None:
    assert is_whole()
    with through(recording([])):
        assert not is_whole()
        with through(recording([])):
            pass
        assert not is_whole()
    assert is_whole()
    with pytest.raises(KeyError), through(recording([])):
        raise KeyError
    assert is_whole()


def test_an_inner_block_is_the_one_that_counts() -> None:
    outer: list[tuple[str, dict[str, str], dict[str, str]]] = []
    inner: list[tuple[str, dict[str, str], dict[str, str]]] = []
    api = habanero.Crossref(base_url="http://127.0.0.1:9")
    with through(recording(outer)):
        with through(recording(inner)):
            api.works(ids=["10.1/a"])
        api.works(ids=["10.1/b"])
    assert (inner[0][0][-1], outer[0][0][-1], len(inner), len(outer)) == ("a", "b", 1, 1)


def test_every_thread_has_its_own_getter_and_others_have_httpx2_itself() -> None:
    calls: list[list[tuple[str, dict[str, str], dict[str, str]]]] = [[], []]
    everyone = threading.Barrier(3, timeout=10)
    answer = Response(200, {"content-type": "application/json"}, json.dumps(WORK).encode())

    def asks(number: int) -> None:
        api = habanero.Crossref(base_url="http://127.0.0.1:9")
        with through(recording(calls[number])):
            everyone.wait()
            api.works(ids=[f"10.1/{number}"])
            everyone.wait()

    with serve(lambda _: answer) as server:
        threads = [threading.Thread(target=asks, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        everyone.wait()
        habanero.Crossref(base_url=server.url).works(ids=["10.1/outside"])
        assert server.requests == 1
        everyone.wait()
        for thread in threads:
            thread.join()
    assert [call[0][0][-1] for call in calls] == ["0", "1"]
    assert is_whole()


def test_a_habanero_of_another_build_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = SimpleNamespace(requests=None)
    monkeypatch.setattr(habanero_seam, "_MODULES", (habanero.request, other))
    with pytest.raises(RuntimeError, match="does not ask"), through(recording([])):
        pass
    assert is_whole()
