"""Ids of all kinds, each to the sources that know it, against services on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit import plugins
from refkit.enrichment.ask import ask
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.net.httpd import Server
from tests.services import FAULTS, Services, addresses, services

MIXED = (
    "isbn:978-0-262-04630-5",
    "doi:10.1000/X",
    "arxiv:1706.03762",
    "https://doi.org/10.1000/x",
    "doi:10.5438/0012",
    "pmid:2231712",
    "doi:10.5438/none",
    "arxiv:1706.03762",
)


@pytest.fixture
def running() -> Iterator[tuple[Services, Server]]:
    with services() as both:
        yield both


def settings(server: Server, tmp_path: Path, **more: Any) -> refkit.SourceSettings:
    cache = str(tmp_path / "cache.sqlite")
    return refkit.SourceSettings(urls=addresses(server), cache_path=cache, timeout=0.5, **more)


def texts(ids: Any) -> list[str]:
    return [str(each) for each in ids]


def test_each_id_goes_to_its_source_once_and_order_is_kept(
    running: tuple[Services, Server], tmp_path: Path
) -> None:
    handler, server = running
    found = refkit.resolve(MIXED, settings=settings(server, tmp_path))
    assert [(str(k), v.entry.origin.source) for k, v in found.found.items()] == [
        ("isbn:9780262046305", "openlibrary"),
        ("doi:10.1000/x", "crossref"),
        ("arxiv:1706.03762", "arxiv"),
        ("doi:10.5438/0012", "datacite"),
        ("pmid:2231712", "pubmed"),
    ]
    assert {str(k): v for k, v in found.unknown.items()} == {
        "doi:10.5438/none": "not known to crossref or datacite or arxiv"
    }
    assert found.unchecked == {}
    counts = dict(handler.counts)
    assert counts["arxiv"] == counts["openlibrary"] == counts["pubmed"] == 1
    assert counts["datacite"] == 2
    assert counts["crossref"] <= 3
    again = refkit.resolve(MIXED, settings=settings(server, tmp_path))
    assert again == found
    assert dict(handler.counts) == counts


def test_another_sources_record_counts_where_one_cannot_answer(
    running: tuple[Services, Server], tmp_path: Path
) -> None:
    handler, server = running
    handler.faults["crossref"] = FAULTS["403"]
    asked = ["doi:10.5438/0012", "doi:10.5438/none", "isbn:9780262046305"]
    found = refkit.resolve(asked, settings=settings(server, tmp_path))
    assert texts(found.found) == ["doi:10.5438/0012", "isbn:9780262046305"]
    assert not found.unknown
    assert texts(found.unchecked) == ["doi:10.5438/none"]
    assert "crossref: status 403" in next(iter(found.unchecked.values()))


def test_an_id_that_no_chosen_source_takes_is_unchecked(
    running: tuple[Services, Server], tmp_path: Path
) -> None:
    found = refkit.resolve(["pmid:1"], ["crossref"], settings=settings(running[1], tmp_path))
    assert list(found.unchecked.values()) == ["no source was asked that takes ids of the kind pmid"]
    assert not running[0].counts


def test_a_catalogue_answers_without_a_network(samples: Path) -> None:
    chosen = refkit.SourceSettings(catalogue=str(samples / "catalogue.jsonl"))
    found = refkit.resolve(["doi:10.1038/269471a0", "doi:10.1000/no", "pmid:1"], settings=chosen)
    assert texts(found.found) == ["doi:10.1038/269471a0"]
    assert list(found.unknown.values()) == ["not known to catalogue"]
    assert texts(found.unchecked) == ["pmid:1"]


def test_a_source_of_a_plugin_that_knows_dois_only_is_asked_for_dois() -> None:
    pytest.importorskip("refkit_sample", reason="the sample plugin is not installed")
    found = refkit.resolve(["doi:10.1007/B97636", "isbn:9780521270878"], ["shelf"])
    assert texts(found.found) == ["doi:10.1007/b97636"]
    assert texts(found.unchecked) == ["isbn:9780521270878"]


def test_a_text_that_is_no_id_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(refkit.InputError, match="'may1977' is no id; give one such as doi:"):
        refkit.resolve(["may1977"])
    assert refkit.resolve([]) == refkit.Resolution({}, {}, {})


def test_arxiv_preprints_can_be_found_by_title(
    running: tuple[Services, Server], tmp_path: Path
) -> None:
    text = (
        "@misc{a,\n title = {Attention Is All You Need},\n"
        " author = {Vaswani, Ashish and Shazeer, Noam},\n year = 2017\n}\n"
    )
    document = refkit.parse(text, "bibtex")
    found = refkit.enrich(document, ["arxiv"], settings=settings(running[1], tmp_path))
    assert found.outcomes[0].verdict is refkit.Verdict.MATCH
    assert "10.48550/arXiv.1706.03762" in found.text


def test_a_source_by_id_leaves_dois_to_those_that_take_them(
    running: tuple[Services, Server], tmp_path: Path
) -> None:
    document = refkit.parse("@book{a,\n title = {A},\n doi = {10.1000/no}\n}\n", "bibtex")
    found = refkit.enrich(document, ["openlibrary"], settings=settings(running[1], tmp_path))
    outcome = found.outcomes[0]
    assert outcome.verdict is refkit.Verdict.UNCHECKED
    assert outcome.reason == "no source was asked that takes DOIs"
    assert not running[0].counts


class Manuscripts:
    """A source of a third party that knows ids of other kinds."""

    name = "manuscripts"
    batch = 10
    kinds = frozenset({"isbn"})

    def lookup(self, dois: Sequence[str]) -> dict[str, refkit.Candidate]:
        raise AssertionError(dois)

    def search(self, query: Query) -> list[refkit.Candidate]:
        raise AssertionError(query)

    def resolve(self, ids: Sequence[Id]) -> dict[Id, refkit.Candidate]:
        return {each: refkit.Candidate(each.value, refkit.Entry("a", "book")) for each in ids[:1]}


def test_a_source_says_which_kinds_of_ids_it_takes() -> None:
    source = Manuscripts()
    ids = [Id("isbn", "9780262046305"), Id("isbn", "9780306406157")]
    assert plugins.kinds(source) == {"isbn"}
    answers = ask(source, ids)
    assert [type(each) for each in answers.values()] == [refkit.Candidate, type(None)]
