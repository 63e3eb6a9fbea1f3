"""Properties of asking Crossref, over real HTTP on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.config import SourceSettings
from refkit.model.query import Query
from refkit.net.cache import canonical_url
from refkit.net.fetch import retry_after
from refkit.net.httpd import Request, Response, serve
from refkit.sources.crossref import CrossrefSource, create

SUFFIXES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
HEADERS = {"content-type": "application/json", "x-rate-limit-limit": "100000"}


def spelt(text: str) -> str:
    return f"10.1/{text.encode().hex()}"


def echo(request: Request) -> Response:
    """Answer a DOI with a work of that DOI, and a search with one whose DOI spells the query."""
    if request.path == "/works":
        text = parse_qs(request.query)["query.bibliographic"][0]
        message: object = {"items": [{"DOI": spelt(text)}], "total-results": 1}
    else:
        message = {"DOI": unquote(request.path.removeprefix("/works/")), "title": ["x"]}
    return Response(200, HEADERS, json.dumps({"status": "ok", "message": message}).encode())


@pytest.fixture(scope="module")
def source() -> Iterator[CrossrefSource]:
    with serve(echo) as server:
        asking = create(SourceSettings(urls={"crossref": server.url}, use_cache=False))
        yield asking
        asking.close()


@given(suffix=SUFFIXES)
def test_every_doi_reaches_the_service_as_it_is(source: CrossrefSource, suffix: str) -> None:
    doi = f"10.1000/{suffix}".lower()
    assert source.lookup([doi])[doi].id == doi


@given(title=SUFFIXES, author=SUFFIXES)
def test_every_query_reaches_the_service_as_it_is(
    source: CrossrefSource, title: str, author: str
) -> None:
    words = f"{title} {author}".split()
    found = source.search(Query(title, (author,)))
    assert [each.id for each in found] == ([spelt(" ".join(words))] if words else [])


@given(text=st.text(max_size=60), now=st.floats(0, 4e9))
def test_any_retry_after_header_is_a_wait(text: str, now: float) -> None:
    assert retry_after(text, now) >= 0


@given(pairs=st.lists(st.tuples(SUFFIXES, SUFFIXES), max_size=4))
def test_the_kept_form_of_a_url_is_stable(pairs: list[tuple[str, str]]) -> None:
    once = canonical_url(f"http://a.org/works?{urlencode(pairs)}")
    assert canonical_url(once) == once
    assert canonical_url(f"http://a.org/works?{urlencode(pairs[::-1])}") == once
