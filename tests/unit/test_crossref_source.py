"""The Crossref source against small servers on loopback that speak Crossref's protocol."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from refkit.config import SourceSettings
from refkit.errors import InputError, SourceError
from refkit.model.query import Query
from refkit.net.fetch import Surroundings
from refkit.net.httpd import Request, Response, Server, serve
from refkit.sources.crossref import MAX_URL, SELECT, CrossrefSource, create

START = 1_790_000_000.0
Handle = Callable[[Request], Response]
Make = Callable[..., CrossrefSource]

ODD = (
    "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
    "10.1000/with#hash",
    "10.1000/with?mark=1&more",
    "10.1000/trailing/",
    "10.1000/comma,within",
    "10.1000/percent%2Fsign",
    "10.1000/a blank",
    "10.1000/back\\slash",
    "10.1000/été",
    "10.1000/plus+sign",
    "10.1000/../up",
)


def work(doi: str, title: str = "A Title", **more: Any) -> dict[str, Any]:
    return {"DOI": doi, "title": [title], "type": "journal-article", **more}


def envelope(kind: str, message: object) -> Response:
    said = {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}
    return as_json(200, said)


def as_json(status: int, value: object, **headers: str) -> Response:
    limits = {"x-rate-limit-limit": "10000", "x-rate-limit-interval": "1s"}
    said = {"content-type": "application/json;charset=utf-8", **limits, **headers}
    return Response(status, said, json.dumps(value).encode())


def work_list(works: Sequence[Mapping[str, Any]], total: int | None = None) -> Response:
    count = len(works) if total is None else total
    return envelope("work-list", {"total-results": count, "items": list(works)})


def not_found() -> Response:
    said = {"content-type": "text/plain", "x-api-pool": "public-single"}
    return Response(404, said, b"Resource not found.")


def bad_request(message: str) -> Response:
    fault = {"type": "filter-not-available", "value": "doi", "message": message}
    said = {"status": "failed", "message-type": "validation-failure", "message": [fault]}
    return as_json(400, said)


class Works:
    """A tiny Crossref: filter by DOI, single records, and a search that counts shared words."""

    def __init__(self, *works: dict[str, Any]) -> None:
        self.works = {each["DOI"].lower(): each for each in works}
        self.seen: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.seen.append(request)
        _, _, doi = request.path.removeprefix("/works").partition("/")
        if doi:
            found = self.works.get(unquote(doi).lower())
            return envelope("work", found) if found else not_found()
        asked = {name: values[0] for name, values in parse_qs(request.query).items()}
        return self.listed(asked, asked["select"].split(","), int(asked.get("rows", 20)))

    def listed(self, asked: dict[str, str], select: list[str], rows: int) -> Response:
        if "filter" in asked:
            dois = [each.removeprefix("doi:").lower() for each in asked["filter"].split(",")]
            found = [self.works[doi] for doi in reversed(dois) if doi in self.works]
        else:
            found = self.ranked(asked["query.bibliographic"].lower().split())
        chosen = [{name: each[name] for name in select if name in each} for each in found]
        return work_list(chosen[:rows], len(found))

    def ranked(self, words: list[str]) -> list[dict[str, Any]]:
        scores = {
            doi: sum(word in each["title"][0].lower().split() for word in words)
            for doi, each in self.works.items()
        }
        return [{**self.works[doi], "score": scores[doi]} for doi in scores if scores[doi]]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "responses.sqlite"


@pytest.fixture
def make(cache: Path) -> Iterator[Make]:
    """Make sources that wait in no real time, and close them at the end."""
    made: list[CrossrefSource] = []

    def making(url: str, now: float = 0.0, **settings: Any) -> CrossrefSource:
        time = [now]

        def sleep(seconds: float) -> None:
            time[0] += seconds

        world = Surroundings(
            clock=lambda: time[0], sleep=sleep, now=lambda: START + time[0], chance=lambda: 0.5
        )
        options = {"urls": {"crossref": url}, "cache_path": str(cache), **settings}
        made.append(CrossrefSource(SourceSettings(**options), world))
        return made[-1]

    yield making
    for source in made:
        source.close()


@contextmanager
def always(response: Response) -> Iterator[Server]:
    with serve(lambda _: response) as server:
        yield server


def fifty() -> list[dict[str, Any]]:
    return [work(f"10.1016/j.artint.2009.{number:05}.X", f"Title {number}") for number in range(50)]


def test_fifty_known_dois_cost_at_most_two_requests(make: Make) -> None:
    works = fifty()
    with serve(Works(*works)) as server:
        found = make(server.url).lookup([each["DOI"] for each in works])
        assert server.requests <= 2
    assert list(found) == [each["DOI"].lower() for each in works]
    assert [each.entry.text("title") for each in found.values()] == [
        each["title"][0] for each in works
    ]


def test_a_second_run_asks_nothing(make: Make) -> None:
    works = fifty()
    dois = [each["DOI"] for each in works] + ["10.1016/unknown", "10.48550/arXiv.1706.03762"]
    query = Query("Title 7", ("Doe",), 2009)
    with serve(Works(*works)) as server:
        first = make(server.url)
        answers = (first.lookup(dois), first.search(query), first.search(Query("zzz")))
        asked = server.requests
        second = make(server.url, now=86_400.0)
        assert (second.lookup(dois), second.search(query), second.search(Query("zzz"))) == answers
        assert (server.requests, second.requests) == (asked, 0)


def test_a_record_of_a_search_answers_a_later_look_up(make: Make) -> None:
    with serve(Works(*fifty())) as server:
        source = make(server.url)
        candidates = source.search(Query("Title 7"))
        assert len(candidates) == 20
        found = source.lookup([each.id for each in candidates])
        assert list(found.values()) == candidates
        assert server.requests == 1


def test_records_are_the_same_by_every_way(make: Make, tmp_path: Path) -> None:
    records = [
        work("10.1/a", "On graphs", volume="7", abstract="Long", license=[{"URL": "x"}]),
        work("10.1/b", "Other", page="1-9", subject=["Maths"]),
    ]
    with serve(Works(*records)) as server:
        options = {"use_cache": False}
        listed = make(server.url, **options).lookup(["10.1/a", "10.1/b"])["10.1/a"]
        single = make(server.url, **options).lookup(["10.1/a"])["10.1/a"]
        searched = make(server.url, **options).search(Query("graphs"))
    assert [listed] == [single] == searched
    assert not (tmp_path / "responses.sqlite").exists()


def test_candidates_say_where_and_when_they_come_from(make: Make) -> None:
    with serve(Works(work("10.1/Ab"))) as server:
        make(server.url).lookup(["10.1/AB"])
        again = make(server.url, now=5000.0).lookup(["10.1/aB"])["10.1/ab"]
    assert again.id == "10.1/ab"
    origin = again.entry.origin
    assert (origin.source, origin.ref) == ("crossref", "10.1/ab")
    assert origin.fetched == "2026-09-21T14:13:20Z"


@pytest.mark.parametrize("doi", ODD)
def test_odd_dois_are_asked_for_unharmed(make: Make, doi: str) -> None:
    handle = Works(work(doi), work("10.1000/with"), work("10.1000/plain"), work("10.1000/comma"))
    with serve(handle) as server:
        found = make(server.url).lookup(["10.1000/plain", doi])
        assert list(found) == ["10.1000/plain", doi.lower()]
        assert found[doi.lower()].id == doi.lower()
        assert server.requests <= 2


@pytest.mark.parametrize("doi", ["", "10.1/", "11.1/x", "doi:10.1/x", "10.1/\udcff"])
def test_what_is_no_doi_is_never_asked_for(make: Make, doi: str) -> None:
    with serve(Works()) as server:
        assert make(server.url).lookup([doi]) == {}
        assert server.requests == 0


def test_long_lists_are_divided_by_number_and_length(make: Make) -> None:
    works = [work(f"10.1016/{'long-' * 40}{number}") for number in range(30)]
    works += [work(f"10.1016/{number}") for number in range(120)]
    handle = Works(*works)
    with serve(handle) as server:
        assert len(make(server.url).lookup([each["DOI"] for each in works])) == 150
        longest = max(len(f"{server.url}{each.path}?{each.query}") for each in handle.seen)
        assert 3 <= server.requests <= 6
    assert longest <= MAX_URL


def test_a_doi_absent_from_the_list_is_asked_for_once_more_and_then_known(make: Make) -> None:
    with serve(Works(work("10.1/a"), work("10.1/b"))) as server:
        source = make(server.url)
        assert list(source.lookup(["10.1/a", "10.1/x", "10.1/b"])) == ["10.1/a", "10.1/b"]
        assert server.requests == 2
        assert source.lookup(["10.1/x"]) == {}
        assert server.requests == 2


def test_an_unknown_doi_is_asked_for_again_after_a_week(make: Make) -> None:
    with serve(Works()) as server:
        for day, requests in ((0, 1), (6.9, 1), (7.1, 2)):
            assert make(server.url, now=day * 86_400.0).lookup(["10.1/x"]) == {}
            assert server.requests == requests


def test_a_search_without_hits_is_made_again_after_a_week_one_with_hits_after_a_month(
    make: Make,
) -> None:
    with serve(Works(work("10.1/a", "Graphs"))) as server:
        for day, requests in ((0, 2), (6.9, 2), (7.1, 3), (15.0, 4), (29.0, 5), (30.1, 6)):
            source = make(server.url, now=day * 86_400.0)
            assert [each.id for each in source.search(Query("Graphs"))] == ["10.1/a"]
            assert source.search(Query("Unheard")) == []
            assert server.requests == requests


def test_dois_of_another_agency_cost_no_request_of_their_own(make: Make) -> None:
    with serve(Works(work("10.1/a"))) as server:
        source = make(server.url)
        assert list(source.lookup(["10.48550/arxiv.1", "10.5281/zenodo.1", "10.1/a"])) == ["10.1/a"]
        assert server.requests == 1


def test_an_aliased_doi_brings_the_one_that_replaces_it(make: Make) -> None:
    works = Works(work("10.1/new", "The same"), work("10.1/b"))

    def handle(request: Request) -> Response:
        if request.path == "/works/10.1%2Fold":
            return Response(301, {"location": "/works/10.1%2Fnew"}, b"")
        return works(request)

    with serve(handle) as server:
        source = make(server.url)
        found = source.lookup(["10.1/old", "10.1/b"])
        assert (found["10.1/old"].id, found["10.1/old"].entry.key) == ("10.1/new", "10.1/new")
        asked = server.requests
        assert source.lookup(["10.1/old", "10.1/new"])["10.1/old"] == found["10.1/old"]
        assert server.requests == asked


def test_a_work_that_names_the_doi_as_its_alias_is_taken(make: Make) -> None:
    with always(envelope("work", work("10.1/new", aliases=["10.1/OLD"]))) as server:
        assert make(server.url).lookup(["10.1/old"])["10.1/old"].id == "10.1/new"


def test_another_work_than_asked_for_is_no_answer(make: Make) -> None:
    with always(envelope("work", work("10.1/other"))) as server:
        source = make(server.url)
        with pytest.raises(SourceError, match=r"asked for 10\.1/mine.*10\.1/other"):
            source.lookup(["10.1/mine"])


def test_a_service_that_ignores_the_filter_is_not_believed(make: Make) -> None:
    works = Works(work("10.1/a"), work("10.1/b"))
    strangers = work_list([work(f"10.9/{number}") for number in range(20)], 150_000_000)

    def handle(request: Request) -> Response:
        return strangers if request.path == "/works" else works(request)

    with serve(handle) as server:
        assert list(make(server.url).lookup(["10.1/a", "10.1/b"])) == ["10.1/a", "10.1/b"]


def test_one_bad_doi_does_not_lose_the_list(make: Make) -> None:
    works = Works(*(work(f"10.1/{number}") for number in range(8)))

    def handle(request: Request) -> Response:
        if request.path == "/works" and "10.1/bad" in request.query:
            return bad_request("10.1/bad is not a DOI")
        return works(request)

    with serve(handle) as server:
        dois = [f"10.1/{number}" for number in range(8)]
        assert list(make(server.url).lookup([*dois[:5], "10.1/bad", *dois[5:]])) == dois


def test_a_refusal_gives_the_service_s_words(make: Make) -> None:
    with always(bad_request("Unknown thing")) as server:
        source = make(server.url)
        for ask in (lambda: source.search(Query("x")), lambda: source.lookup(["10.1/a#"])):
            with pytest.raises(SourceError, match="status 400: Unknown thing") as error:
                ask()
            assert not error.value.final


def test_a_json_error_whose_message_is_a_text_is_understood(make: Make) -> None:
    with (
        always(as_json(400, {"status": "error", "message": "broken"})) as server,
        pytest.raises(SourceError, match="status 400: broken"),
    ):
        make(server.url).search(Query("x"))


def test_a_search_is_ordered_by_score_and_doi(make: Make) -> None:
    works = [work("10.1/c", score=2), work("10.1/B", score=9.5), work("10.1/a", score=2)]
    with always(work_list(works)) as server:
        assert [each.id for each in make(server.url).search(Query("x"))] == [
            "10.1/b",
            "10.1/a",
            "10.1/c",
        ]


def test_a_search_asks_for_twenty_rows_of_text(make: Make) -> None:
    handle = Works()
    query = Query("Über\n“graphs” & trees + 50% #1", ("José Díaz",), 1999, "J. ACM")
    with serve(handle) as server:
        make(server.url).search(query)
    asked = parse_qs(handle.seen[0].query)
    assert asked["query.bibliographic"] == ["Über “graphs” & trees + 50% #1 José Díaz J. ACM 1999"]
    assert asked["rows"] == ["20"]
    assert asked["select"][0].split(",") == list(SELECT)


def test_an_empty_query_asks_nothing(make: Make) -> None:
    with serve(Works()) as server:
        assert make(server.url).search(Query(" \n", ())) == []
        assert server.requests == 0


@pytest.mark.parametrize("word", ["word ", "語の ", "x"])
def test_a_long_query_is_cut(make: Make, word: str) -> None:
    handle = Works()
    with serve(handle) as server:
        make(server.url).search(Query("Start " + word * 5000 + "\udcff"))
    assert all(len(each.query) < MAX_URL - 100 for each in handle.seen)
    assert parse_qs(handle.seen[0].query)["query.bibliographic"][0].startswith("Start")


def test_works_that_are_no_works_are_passed_over(make: Make) -> None:
    with always(work_list([None, {}, {"DOI": 7}, work("10.1/a")])) as server:  # type: ignore[list-item]
        assert [each.id for each in make(server.url).search(Query("x"))] == ["10.1/a"]


@pytest.mark.parametrize(
    "response",
    [
        Response(503, {}, b""),
        Response(429, {}, b""),
        Response(429, {"retry-after": "1"}, b""),
        Response(500, {"content-type": "text/html"}, b"<html>"),
        Response(200, {"content-type": "text/html"}, b"<html>"),
        Response(200, {"content-type": "application/json"}, b"{"),
        as_json(200, {"status": "ok", "message": "text"}),
        as_json(200, {"status": "ok"}),
        Response(200, {}, b"", drop=True),
        Response(403, {}, b""),
        Response(404, {"content-type": "text/html"}, b"<html>"),
    ],
    ids=lambda response: f"{response.status}-{response.body.decode()[:8]}",
)
def test_a_service_in_trouble_leaves_everything_unchecked(make: Make, response: Response) -> None:
    with always(response) as server:
        source = make(server.url)
        errors = [raised(lambda doi=doi: source.lookup([doi])) for doi in ("10.1/a", "10.1/b")]
        errors.append(raised(lambda: source.search(Query("x"))))
        asked = server.requests
        assert errors[-1].final
        assert raised(lambda: source.search(Query("y"))).final
        assert server.requests == asked <= 8


def test_an_envelope_that_habanero_cannot_read_is_an_error(make: Make) -> None:
    for message, reason in (
        ({"items": []}, "habanero: KeyError"),
        ({"total-results": 1, "items": None}, "without items"),
    ):
        with always(envelope("work-list", message)) as server:
            error = raised(lambda: make(server.url).search(Query("x")))
        assert (error.final, reason in error.reason) == (False, True)


@pytest.mark.parametrize("status", [401, 405, 413])
def test_other_refusals_leave_the_list_unchecked(make: Make, status: int) -> None:
    with always(Response(status, {"content-type": "text/plain"}, b"No.")) as server:
        error = raised(lambda: make(server.url).lookup(["10.1/a", "10.1/b"]))
        assert server.requests == 1
    assert (error.final, error.reason) == (False, f"status {status}: No.")


def test_a_list_that_is_not_found_is_no_crossref(make: Make) -> None:
    with always(not_found()) as server:
        error = raised(lambda: make(server.url).lookup(["10.1/a", "10.1/b"]))
    assert "no Crossref service" in error.reason


def test_faults_are_never_kept(make: Make) -> None:
    for fault in (Response(429, {}, b""), Response(503, {}, b""), bad_request("no")):
        works = Works(work("10.1/a", "Graphs"))
        trouble = [True]

        def handle(request: Request, fault: Response = fault) -> Response:
            return fault if trouble[0] else works(request)  # noqa: B023

        with serve(handle) as server:
            source = make(server.url)
            raised(lambda: source.lookup(["10.1/a"]))  # noqa: B023
            trouble[0] = False
            assert list(source.lookup(["10.1/a"])) == ["10.1/a"]
            assert [each.id for each in source.search(Query("graphs"))] == ["10.1/a"]


def test_what_was_answered_before_a_failure_is_not_lost(make: Make) -> None:
    works = Works(*fifty())

    def handle(request: Request) -> Response:
        return works(request) if request.path == "/works" else Response(500, {}, b"")

    dois = [each["DOI"] for each in fifty()]
    with serve(handle) as server:
        source = make(server.url)
        raised(lambda: source.lookup([*dois, "10.1/od#d"]))
        asked = server.requests
        assert len(source.lookup(dois)) == 50
        assert server.requests == asked


def test_a_refused_connection_leaves_everything_unchecked(make: Make) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        source = make(f"http://127.0.0.1:{closed.getsockname()[1]}")
        assert not raised(lambda: source.lookup(["10.1/a"])).final
        assert raised(lambda: source.lookup(["10.1/a"])).final
        assert raised(lambda: source.search(Query("x"))).final


def test_the_mail_address_goes_into_the_user_agent(make: Make) -> None:
    handle = Works(work("10.1/a"))
    with serve(handle) as server:
        source = make(server.url, mailto="me@example.org")
        source.lookup(["10.1/a"])
        source.search(Query("x"))
        make(server.url, use_cache=False).lookup(["10.1/a"])
    agents = [request.headers["user-agent"] for request in handle.seen]
    assert all("(mailto:me@example.org)" in agent for agent in agents[:2])
    assert "mailto" not in agents[2]
    assert all("habanero/" in agent and "refkit/" in agent for agent in agents)


def test_the_address_decides_on_the_pool(make: Make) -> None:
    public, polite = make("http://x.org"), make("http://x.org", mailto="a@b.org")
    assert [public.fetcher.limits(kind) for kind in ("single", "list")] == [(5, 1), (1, 1)]
    assert [polite.fetcher.limits(kind) for kind in ("single", "list")] == [(10, 3), (3, 3)]


@pytest.mark.parametrize(
    "address",
    [
        "me", "me@host", "a b@c.org", "me@x.org)\r\nX: y", "a@b.c,d",
        "mü@example.org", "me@exämple.org", "me@x\udcff.org",
    ],
)  # fmt: skip
def test_a_bad_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="mailto"):
        create(SourceSettings(mailto=address))


@pytest.mark.parametrize(
    "url",
    [
        "", "api.crossref.org", "ftp://x.org", "https://", "http://a b", "http://[::1",
        "http://h:abc", "http://h:99999", "http://h:-1", "http://h:0", "http://:80", "http://h\x7f",
    ],
)  # fmt: skip
def test_a_bad_url_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="URL"):
        create(SourceSettings(urls={"crossref": url}))


@pytest.mark.parametrize("tail", ["", "/", "/v1", "/v1/"])
def test_a_url_may_have_a_path(make: Make, tail: str) -> None:
    works = Works(work("10.1/a"))

    def handle(request: Request) -> Response:
        prefix = tail.rstrip("/")
        assert request.path.startswith(f"{prefix}/works")
        return works(request._replace(path=request.path.removeprefix(prefix)))

    with serve(handle) as server:
        assert "10.1/a" in make(server.url + tail).lookup(["10.1/a", "10.1/b"])


def test_a_broken_cache_file_costs_a_warning(
    make: Make, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_bytes(b"garbage" * 1000)
    with serve(Works(work("10.1/a"))) as server:
        assert list(make(server.url).lookup(["10.1/a"])) == ["10.1/a"]
        assert list(make(server.url).lookup(["10.1/a"])) == ["10.1/a"]
        assert server.requests == 1
    assert [record.levelno for record in caplog.records if "refkit" in record.name] == [
        logging.WARNING
    ]


def test_another_process_profits_from_the_cache(cache: Path, root: Path) -> None:
    script = """
import sys
from refkit.config import SourceSettings
from refkit.sources.crossref import create
source = create(SourceSettings(urls={"crossref": sys.argv[1]}, cache_path=sys.argv[2]))
print(sorted(source.lookup(["10.1/a", "10.1/b"])), source.requests)
"""
    with serve(Works(work("10.1/a"), work("10.1/b"))) as server:
        command = [sys.executable, "-c", script, server.url, str(cache)]
        said = [
            subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout
            for _ in range(2)
        ]
        assert server.requests == 1
    assert said == ["['10.1/a', '10.1/b'] 1\n", "['10.1/a', '10.1/b'] 0\n"]


def raised(ask: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as error:
        ask()
    return error.value
