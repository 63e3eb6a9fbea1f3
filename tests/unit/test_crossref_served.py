"""The Crossref source against refkit's own server, with genuine records and ordered faults."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from habanero.select import VALID_SELECTS

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.entry import NOWHERE, Entry
from refkit.model.evidence import Candidate
from refkit.model.query import Query
from refkit.net.fetch import Surroundings
from refkit.net.httpd import Server, serve
from refkit.server.app import CROSSREF_RATES, App
from refkit.server.faults import KINDS, Faults, parse_fault
from refkit.sources.catalogue import Catalogue
from refkit.sources.crossref import SELECT, CrossrefSource
from refkit.sources.crossref_record import read_record

Make = Callable[..., CrossrefSource]


@dataclass
class Time:
    """A clock that stands still but for the sleeping, which takes no time."""

    at: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def surroundings(self) -> Surroundings:
        return Surroundings(clock=lambda: self.at, sleep=self.sleep, chance=lambda: 0.5)


@pytest.fixture(scope="module")
def records(samples: Path) -> list[dict[str, Any]]:
    lines = (samples / "catalogue.jsonl").read_text("utf-8").splitlines()
    return [work for work in map(json.loads, lines) if "DOI" in work]


@pytest.fixture(scope="module")
def catalogue(records: list[dict[str, Any]]) -> Iterator[Catalogue]:
    with Catalogue.in_memory(records) as opened:
        yield opened


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[CrossrefSource] = []

    def making(server: Server, time: Time | None = None, **settings: Any) -> CrossrefSource:
        options = {"cache_path": str(tmp_path / "responses.sqlite"), **settings}
        world = (time or Time()).surroundings()
        made.append(CrossrefSource(SourceSettings(urls={"crossref": server.url}, **options), world))
        return made[-1]

    yield making
    for source in made:
        source.close()


@contextmanager
def troubled(catalogue: Catalogue, *faults: str) -> Iterator[Server]:
    with serve(App(catalogue, Faults([parse_fault(each) for each in faults])).handle) as server:
        yield server


def values(entry: Entry) -> dict[str, object]:
    return {field.name: field.value for field in (*entry.fields, *entry.extra)}


def test_fifty_known_dois_cost_two_requests_and_then_none(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]]
) -> None:
    dois = [work["DOI"] for work in records[:50]]
    with troubled(catalogue) as server:
        first = make(server).lookup(dois)
        assert server.requests <= 2
        asked = server.requests
        assert make(server).lookup(dois) == first
        assert server.requests == asked
    assert list(first) == [doi.lower() for doi in dois]


def test_records_hold_all_that_crossref_lets_a_client_select(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]]
) -> None:
    with troubled(catalogue) as server:
        served = make(server).lookup([work["DOI"] for work in records])
    assert len(served) == len(records)
    for work in records:
        selectable = {name: work[name] for name in VALID_SELECTS if name in work}
        expected = read_record(selectable, NOWHERE)
        assert values(served[work["DOI"].lower()].entry) == values(expected)


def test_nothing_that_is_read_is_missing_from_what_is_asked_for(shared: Path) -> None:
    with gzip.open(shared / "data" / "crossref" / "works.jsonl.gz", "rt", "utf-8") as lines:
        for line in lines:
            work = json.loads(line)
            asked, selectable = (
                read_record({name: work[name] for name in names if name in work}, NOWHERE)
                for names in (SELECT, VALID_SELECTS)
            )
            assert values(asked) == values(selectable)


def test_a_search_finds_the_work_and_keeps_its_record(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]]
) -> None:
    work = next(each for each in records if len(each["title"][0]) > 60 and each.get("author"))
    query = Query(work["title"][0], (work["author"][0]["family"],))
    with troubled(catalogue) as server:
        source = make(server)
        found = source.search(query)
        assert work["DOI"].lower() in [each.id for each in found[:3]]
        assert make(server).search(query) == found
        assert list(make(server).lookup([work["DOI"]])) == [work["DOI"].lower()]
        assert server.requests == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "hang"])
def test_a_lasting_fault_leaves_everything_unchecked(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]], kind: str
) -> None:
    time = Time()
    with troubled(catalogue, kind) as server:
        source = make(server, time)
        with pytest.raises(SourceError):
            source.lookup([records[0]["DOI"], records[1]["DOI"]])
        with pytest.raises(SourceError) as error:
            source.search(Query(records[2]["title"][0]))
        assert error.value.final
        asked = server.requests
        with pytest.raises(SourceError):
            source.lookup([records[3]["DOI"]])
        assert server.requests == asked == source.requests
    assert time.at <= 30.0


def test_a_server_that_hangs_leaves_everything_unchecked(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]]
) -> None:
    with troubled(catalogue, "hang") as server:
        source = CrossrefSource(
            SourceSettings(
                urls={"crossref": server.url}, use_cache=False, timeout=0.1, outage_budget=0.3
            )
        )
        with pytest.raises(SourceError, match="no answer within") as error:
            source.lookup([records[0]["DOI"]])
        source.close()
    assert error.value.final


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"hang", "403"}))
def test_a_passing_fault_costs_a_wait_only(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]], kind: str
) -> None:
    dois = [work["DOI"] for work in records]
    with troubled(catalogue, f"{kind}:2") as server:
        found = make(server).lookup(dois)
        assert server.requests <= len(dois) // 50 + 1 + 2
    assert list(found) == [doi.lower() for doi in dois]


def test_every_third_request_may_fail(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]]
) -> None:
    with troubled(catalogue, "503:/3") as server:
        source = make(server)
        for work in records[:40]:
            assert source.lookup([work["DOI"]])


@pytest.mark.parametrize(("mailto", "least"), [("", 19 * 1.0), ("me@example.org", 19 / 3)])
def test_searches_keep_to_crossref_s_own_pace(
    make: Make, catalogue: Catalogue, mailto: str, least: float
) -> None:
    time = Time()
    with serve(App(catalogue, rates=CROSSREF_RATES).handle) as server:
        source = make(server, time, mailto=mailto)
        for number in range(20):
            source.search(Query(f"Number {number}"))
    assert least - 0.001 <= time.at <= least + 0.001


def test_threads_may_share_a_source(
    make: Make, catalogue: Catalogue, records: list[dict[str, Any]]
) -> None:
    queries = list(dict.fromkeys(Query(work["title"][0]) for work in records[:40]))
    with troubled(catalogue) as server:
        alone = make(server, use_cache=False)
        expected = [ids(alone.search(query)) for query in queries]
        shared = make(server, mailto="me@example.org")
        with ThreadPoolExecutor(4) as pool:
            assert [ids(found) for found in pool.map(shared.search, queries)] == expected
    assert shared.requests == alone.requests == len(queries)


def ids(candidates: Sequence[Candidate]) -> list[str]:
    return [each.id for each in candidates]
