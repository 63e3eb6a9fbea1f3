"""The catalogue behind Crossref's REST API: envelopes, errors, headers, and habanero itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import pytest
from habanero import Crossref
from habanero.exceptions import RequestError
from habanero.select import VALID_SELECTS

from refkit.errors import InputError
from refkit.net.httpd import Request, Response, Server, serve
from refkit.server.app import CROSSREF_RATES, App
from refkit.server.faults import KINDS, Fault, Faults, parse_fault
from refkit.server.params import SELECTS
from refkit.sources.catalogue import Catalogue, build, open_catalogue

Work = dict[str, Any]
DEEP = "10.1038/nature14539"
SICI = "10.1002/(sici)1097-461x(1998)66:4<261::aid-qua1>3.0.co;2-t"


@pytest.fixture(scope="module", params=["in memory", "built"])
def app(
    request: pytest.FixtureRequest,
    catalogue: Catalogue,
    works: list[Work],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[App]:
    if request.param == "in memory":
        yield App(catalogue)
        return
    path = tmp_path_factory.mktemp("served") / "built"
    build(works, path)
    with open_catalogue(path) as opened:
        yield App(opened)


def ask(app: App, path: str = "/works", **parameters: Any) -> Response:
    query = urlencode({name.replace("__", "."): value for name, value in parameters.items()})
    return app.handle(Request("GET", path, query))


def message(app: App, path: str = "/works", **parameters: Any) -> Any:
    response = ask(app, path, **parameters)
    assert response.status == 200, response.body
    assert response.headers["content-type"] == "application/json"
    envelope = json.loads(response.body)
    assert (envelope["status"], envelope["message-version"]) == ("ok", "1.0.0")
    return envelope["message"]


def dois(app: App, **parameters: Any) -> list[str]:
    return [item["DOI"] for item in message(app, **parameters)["items"]]


def problems(app: App, **parameters: Any) -> list[Any]:
    response = ask(app, **parameters)
    assert response.status == 400
    failure = json.loads(response.body)
    assert (failure["status"], failure["message-type"]) == ("failed", "validation-failure")
    return [(each["type"], each["value"]) for each in failure["message"]]


def test_every_work_by_its_doi(app: App, works: list[Work]) -> None:
    for work in works:
        for doi in (quote(work["DOI"], safe=""), quote(work["DOI"].upper(), safe="/")):
            assert message(app, f"/works/{doi}") == {**work, "score": 1}


def test_agencies(app: App) -> None:
    found = message(app, f"/works/{quote(DEEP, safe='')}/agency")
    assert found == {"DOI": DEEP, "agency": {"id": "crossref", "label": "Crossref"}}
    found = message(app, "/works/10.48550/arXiv.1706.03762/agency")
    assert found["agency"]["id"] == "datacite"


@pytest.mark.parametrize(
    "path",
    ["/works/10.5555/nowhere", "/works/10.5555/nowhere/agency", "/works/x", "/members", "/", "",
     "/types/nothing", "/works/10.1038%2Fnature14539/transform"],
)  # fmt: skip
def test_what_is_not_there(app: App, path: str) -> None:
    response = ask(app, path)
    assert (response.status, response.body) == (404, b"Resource not found.")
    assert response.headers["content-type"].startswith("text/plain")


def test_types(app: App) -> None:
    listed = message(app, "/types")
    assert listed["total-results"] == len(listed["items"]) > 25
    single = {"id": "journal-article", "label": "Journal Article"}
    assert message(app, "/types/journal-article") == single
    assert single in listed["items"]


def test_the_envelope_of_a_list(app: App, works: list[Work]) -> None:
    found = message(app, query__bibliographic="LeCun deep learning Nature 2015", rows=3, offset=1)
    assert set(found) == {"facets", "total-results", "items", "items-per-page", "query"}
    assert found["query"] == {"start-index": 1, "search-terms": "LeCun deep learning Nature 2015"}
    assert found["items-per-page"] == len(found["items"]) == 3
    assert found["total-results"] > 4
    assert message(app)["total-results"] == len(works)
    assert len(message(app)["items"]) == 20


def test_bibliographic_search(app: App) -> None:
    items = message(app, query__bibliographic="LeCun deep learning Nature 521 2015")["items"]
    assert items[0]["DOI"] == DEEP
    scores = [item["score"] for item in items]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1] > 0


def test_field_queries_are_all_to_be_met(app: App, works: list[Work]) -> None:
    by_author = dois(app, query__author="LeCun", rows=100)
    assert DEEP in by_author
    families = {w["DOI"]: [a.get("family", "") for a in w.get("author") or ()] for w in works}
    assert all(any("LeCun" in name for name in families[doi]) for doi in by_author)
    assert dois(app, query__author="LeCun", query__title="deep learning")[0] == DEEP
    assert dois(app, query__author="LeCun", query__title="zzxyq") == []
    assert DEEP in dois(app, **{"query.container-title": "Nature", "query.title": "deep"})


def test_known_dois_as_the_traps_have_it(app: App, works: list[Work]) -> None:
    known = [work["DOI"] for work in works if "," not in work["DOI"]][:40]
    joined = ",".join(f"doi:{doi}" for doi in [*reversed(known), "10.5555/nowhere"])
    assert len(dois(app, filter=joined)) == 20
    found = dois(app, filter=joined, rows=100)
    assert sorted(found) == sorted(known)
    assert found != list(reversed(known))
    assert dois(app, filter=f"doi:{quote(DEEP, safe='')}") == []
    assert dois(app, filter=f"doi:{DEEP.upper()}") == [DEEP]
    assert dois(app, filter=f"doi:{SICI}") == [SICI]
    assert problems(app, filter="doi:10.5555/a,b") == [("filter-not-available", "b")]


def test_filters(app: App, works: list[Work]) -> None:
    wanted = "type:book-chapter,type:monograph,from-pub-date:2000"
    found = message(app, filter=wanted, rows=100)["items"]
    assert {item["type"] for item in found} == {"book-chapter", "monograph"}
    assert all(item["issued"]["date-parts"][0][0] >= 2000 for item in found)
    assert DEEP in dois(app, filter="issn:0028-0836", rows=100)
    assert DEEP not in dois(app, filter="issn:0028-0836,until-pub-date:2014", rows=100)
    assert DEEP in dois(app, filter="prefix:10.1038,until-pub-date:2015-05", rows=100)
    assert dois(app, query="deep learning", filter="issn:0028-0836")[0] == DEEP


def test_select_rows_and_sort(app: App) -> None:
    items = message(app, query="learning", select="DOI,title,score", rows=2)["items"]
    assert [set(item) for item in items] == [{"DOI", "title", "score"}] * 2
    assert message(app, query="learning", rows=0)["items"] == []
    years = [
        item["issued"]["date-parts"][0][0] or 0
        for item in message(app, sort="issued", order="asc", rows=1000)["items"]
    ]
    assert years == sorted(years, key=int)
    best, worst = (message(app, query="learning", order=way, rows=1) for way in ("desc", "asc"))
    assert best["items"][0]["score"] > worst["items"][0]["score"]


def test_sample(app: App) -> None:
    found = dois(app, sample=5)
    assert len(set(found)) == 5
    assert found == dois(app, sample=5)


def test_a_cursor_walks_over_everything_once(app: App, works: list[Work]) -> None:
    cursor, met = "*", []
    while True:
        page = message(app, cursor=cursor, rows=30, select="DOI")
        if not page["items"]:
            break
        met += [item["DOI"] for item in page["items"]]
        cursor = page["next-cursor"]
    assert sorted(met) == sorted(work["DOI"] for work in works)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"rows": "x"}, [("integer-not-valid", "x")]),
        ({"rows": "1001"}, [("integer-not-valid", "1001")]),
        ({"rows": "-1", "offset": "10001"},
         [("integer-not-valid", "-1"), ("integer-not-valid", "10001")]),
        ({"rows": "9" * 5000}, [("integer-not-valid", "9" * 5000)]),
        ({"select": "DOI,doi"}, [("select-not-available", "doi")]),
        ({"filter": "color:red"}, [("filter-not-available", "color")]),
        ({"filter": "from-pub-date:May"}, [("date-not-valid", "May")]),
        ({"sort": "beauty"}, [("sort-not-available", "beauty")]),
        ({"order": "up"}, [("order-not-available", "up")]),
        ({"cursor": "abc"}, [("cursor-not-valid", "abc")]),
        ({"cursor": "é"}, [("cursor-not-valid", "é")]),
        ({"facet": "type-name:*"}, [("facet-not-available", "type-name:*")]),
        ({"query.firstpage": "1"}, [("field-query-not-available", "firstpage")]),
        ({"format": "bibtex"}, [("unknown-parameter", "format")]),
    ],
)  # fmt: skip
def test_what_is_not_valid(app: App, parameters: dict[str, str], expected: list[Any]) -> None:
    assert problems(app, **parameters) == expected


def test_select_is_for_lists(app: App) -> None:
    response = ask(app, f"/works/{DEEP}", select="DOI")
    assert response.status == 400
    assert json.loads(response.body)["message"][0]["type"] == "parameter-not-allowed"


def test_works_without_a_doi_are_not_served(works: list[Work]) -> None:
    own = {"key": "smith", "type": "book", "title": ["Deep learning at home"]}
    with Catalogue.in_memory([*works, own]) as made:
        app = App(made)
        assert message(app)["total-results"] == len(works)
        found = message(app, query="deep learning at home", rows=1000)
        assert found["total-results"] == len(found["items"])
        assert all("DOI" in item for item in found["items"])
        assert ask(app, "/works/key%3Asmith").status == 404


def test_rate_headers_by_pool(catalogue: Catalogue) -> None:
    app = App(catalogue, rates=CROSSREF_RATES)
    agent = {"user-agent": "tool/1 (mailto:me@example.org)"}
    cases = [
        (Request("GET", f"/works/{DEEP}"), ("5", "1", "public-single")),
        (Request("GET", "/works"), ("1", "1", "public-array")),
        (Request("GET", f"/works/{DEEP}", "", agent), ("10", "3", "polite-single")),
        (Request("GET", "/works", "mailto=me@example.org"), ("3", "3", "polite-array")),
    ]
    for request, expected in cases:
        headers = app.handle(request).headers
        names = ("x-rate-limit-limit", "x-concurrency-limit", "x-api-pool")
        assert tuple(headers[name] for name in names) == expected
        assert headers["x-rate-limit-interval"] == "1s"


def habanero(server: Server, path: str = "") -> Crossref:
    return Crossref(base_url=server.url + path, mailto="test@example.org", timeout=10)


def test_habanero_single_and_many_ids(crossref: Server, works: list[Work]) -> None:
    client = habanero(crossref)
    assert client.works(ids=DEEP)["message"]["title"] == ["Deep learning"]
    ids = [quote(work["DOI"], safe="") for work in works[:10]]
    found = client.works(ids=ids)
    assert [each["message"]["DOI"] for each in found] == [work["DOI"] for work in works[:10]]
    with pytest.raises(httpx2.HTTPStatusError, match="404"):
        client.works(ids="10.5555/nowhere")


def test_habanero_agency(crossref: Server) -> None:
    found = habanero(crossref).registration_agency(DEEP)
    assert found == ["Crossref"]


def test_habanero_queries_and_filters(crossref: Server) -> None:
    client = habanero(crossref)
    found = client.works(query_bibliographic="LeCun deep learning 2015", limit=5, select=["DOI"])
    assert found["message"]["items"][0] == {"DOI": DEEP}
    assert found["message-type"] == "work-list"
    found = client.works(filter={"doi": [DEEP, "10.5555/nowhere"]}, limit=50)
    assert [item["DOI"] for item in found["message"]["items"]] == [DEEP]
    found = client.works(query_author="LeCun", query_title="Deep learning", sort="score")
    assert found["message"]["items"][0]["DOI"] == DEEP
    assert client.works(query="", limit=1)["message"]["total-results"] > 100


def test_habanero_walks_with_a_cursor(crossref: Server, works: list[Work]) -> None:
    pages = habanero(crossref).works(cursor="*", cursor_max=1000, limit=50)
    met = [item["DOI"] for page in pages for item in page["message"]["items"]]
    assert sorted(met) == sorted(work["DOI"] for work in works)


def test_habanero_errors(crossref: Server) -> None:
    client = habanero(crossref)
    bad = httpx2.get(crossref.url + "/works", params={"select": "nothing"})
    assert (bad.status_code, bad.json()["message"][0]["value"]) == (400, "nothing")
    with pytest.raises(RequestError, match="must be a positive integer"):
        client.works(query="x", limit=5000)
    with pytest.raises(RequestError, match="no such filter"):
        client.works(filter={"color": "red"})


def test_habanero_knows_no_select_that_is_refused() -> None:
    assert set(VALID_SELECTS) <= SELECTS


def test_habanero_random_dois_and_types(crossref: Server, works: list[Work]) -> None:
    client = habanero(crossref)
    assert set(client.random_dois(sample=7)) <= {work["DOI"] for work in works}
    assert client.types()["message-type"] == "type-list"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("429", Fault("429")),
        ("429:3", Fault("429", first=3)),
        ("503:/4", Fault("503", every=4)),
        ("hang:25%", Fault("hang", share=0.25)),
        ("404:3+", Fault("404", after=3)),
        (" 429-Retry-After:1 ", Fault("429-retry-after", first=1)),
    ],
)
def test_faults_are_read(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    "text", ["", "418", "429:", "429:+", "429:x", "429:3%x", "html:/", "429 503"]
)
def test_faults_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match="is no fault; write KIND"):
        parse_fault(text)


def kinds(*specs: str, seed: int = 0, count: int = 12) -> list[int]:
    faults = Faults([parse_fault(spec) for spec in specs], seed)
    drawn = [faults.next() for _ in range(count)]
    return [200 if each is None else each.status for each in drawn]


def test_when_faults_come() -> None:
    assert kinds() == [200] * 12
    assert kinds("503") == [503] * 12
    assert kinds("429:2") == [429] * 2 + [200] * 10
    assert kinds("404:5+") == [200] * 5 + [404] * 7
    assert kinds("503:/3") == [200, 200, 503] * 4
    assert kinds("429:1", "503:/3", count=4) == [429, 200, 503, 200]
    by_chance = kinds("503:50%", seed=1, count=400)
    assert by_chance == kinds("503:50%", seed=1, count=400) != kinds("503:50%", seed=2, count=400)
    assert 120 < by_chance.count(503) < 280


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"hang", "drop", "text"}))
def test_faulty_answers(catalogue: Catalogue, kind: str) -> None:
    with serve(App(catalogue, Faults([Fault(kind, first=1)])).handle) as server:
        first = httpx2.get(server.url + "/works")
        assert first.status_code == KINDS[kind].status
        assert first.headers.get("retry-after") == ("1" if "retry" in kind else None)
        assert "x-rate-limit-limit" not in first.headers
        with pytest.raises(json.JSONDecodeError):
            first.json()
        assert httpx2.get(server.url + "/works").json()["status"] == "ok"


def test_json_that_says_it_is_text(catalogue: Catalogue) -> None:
    with serve(App(catalogue, Faults([Fault("text")])).handle) as server:
        answer = httpx2.get(server.url + "/works")
    assert (answer.headers["content-type"], answer.json()) == (
        "text/plain;charset=utf-8", {"status": "ok"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "error"), [("hang", httpx2.ReadTimeout), ("drop", httpx2.RemoteProtocolError)]
)
def test_no_answer(catalogue: Catalogue, kind: str, error: type[Exception]) -> None:
    with serve(App(catalogue, Faults([Fault(kind)])).handle) as server, pytest.raises(error):
        httpx2.get(server.url + "/works", timeout=0.2)
