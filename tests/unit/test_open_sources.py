"""OpenAlex, Semantic Scholar and DBLP: what their records say, and what is asked of them."""

from __future__ import annotations

import pytest

from refkit.errors import SourceError
from refkit.model.entry import OTHERS, Date, Entry, Name
from refkit.model.ids import Id
from refkit.model.query import Query
from tests.open_services import LEARNING, WORKS
from tests.unit.test_sources_by_id import World, an_id, facts, world

__all__ = ["world"]
AUTHORS = (Name("LeCun", "Yann"), Name("Bengio", "Yoshua"), Name("Hinton", "Geoffrey"))


def extra(entry: Entry) -> dict[str, object]:
    return {each.name: each.value for each in entry.extra}


def test_a_work_of_openalex(world: World) -> None:
    entry = world.entry("openalex", f"doi:{LEARNING}")
    assert (entry.key, entry.type, entry.origin.source) == (LEARNING, "article-journal", "openalex")
    assert facts(entry) == {
        "title": "Deep learning",
        "author": AUTHORS,
        "container-title": "Nature",
        "ISSN": "0028-0836",
        "volume": "521",
        "issue": "7553",
        "page": "436-444",
        "issued": Date(2015, 5, 26),
        "publisher": "Nature Portfolio",
        "language": "en",
        "DOI": LEARNING,
        "PMID": "26017442",
    }
    assert extra(entry) == {}


def test_openalex_tells_of_retractions_cut_lists_and_unknown_days(world: World) -> None:
    entry = world.entry("openalex", "doi:10.1000/withdrawn")
    assert extra(entry) == {"has-retraction": "yes"}
    assert entry.names("author") == (Name("Example", "Ann"), OTHERS)
    assert entry.date() == Date(1998)
    assert entry.text("page") == "637"


def test_openalex_is_asked_for_fifty_dois_at_once(world: World) -> None:
    dois = [f"10.1000/{number}" for number in range(75)]
    found = world.source("openalex").lookup([*dois, LEARNING, "10.1000/with,comma"])
    assert list(found) == [LEARNING]
    assert world.handler.counts == {"openalex": 2}


@pytest.mark.parametrize("text", [f"doi:{LEARNING}", "pmid:26017442"])
def test_a_paper_of_semantic_scholar(world: World, text: str) -> None:
    entry = world.entry("semanticscholar", text)
    assert facts(entry) == {
        "title": "Deep Learning",
        "author": AUTHORS,
        "container-title": "Nature",
        "volume": "521",
        "page": "436-444",
        "issued": Date(2015, 5, 27),
        "DOI": LEARNING,
        "PMID": "26017442",
        "URL": "https://www.semanticscholar.org/paper/2913c2bf3f92b5ae369400a42b2d27cc5bc05ecb",
    }


def test_a_paper_of_a_conference_that_has_an_arxiv_id(world: World) -> None:
    source = world.source("semanticscholar")
    asked = an_id("arxiv:1706.03762")
    found = source.resolve([asked])[asked]
    assert found.id == "10.48550/arxiv.1706.03762"
    assert found.entry.type == "paper-conference"
    assert found.entry.text("container-title") == "Neural Information Processing Systems"
    assert extra(found.entry) == {"eprint": "1706.03762", "eprinttype": "arxiv"}


def test_another_paper_than_asked_for_is_no_answer(world: World) -> None:
    from tests.open_services import semanticscholar

    fields = {"fields": "externalIds,title"}
    world.handler.faults["semanticscholar"] = semanticscholar(f"paper/DOI:{LEARNING}", fields)
    with pytest.raises(SourceError, match="it answered with"):
        world.source("semanticscholar").resolve([Id("doi", "10.1000/other")])


def test_a_record_of_dblp(world: World) -> None:
    entry = world.entry("dblp", f"doi:{LEARNING}")
    assert (entry.key, entry.type) == (LEARNING, "article-journal")
    assert facts(entry) == {
        "title": "Deep learning",
        "author": AUTHORS,
        "container-title": "Nat.",
        "volume": "521",
        "issue": "7553",
        "page": "436-444",
        "issued": Date(2015),
        "DOI": "10.1038/NATURE14539",
        "URL": "https://doi.org/10.1038/nature14539",
    }


def test_a_preprint_of_dblp_with_one_author_who_shares_a_name(world: World) -> None:
    entry = world.entry("dblp", "doi:10.48550/arXiv.2301.00001")
    assert entry.type == "article"
    assert entry.names("author") == (Name("Wang", "Wei"),)
    assert entry.text("container-title") == entry.text("volume") == ""
    assert extra(entry) == {"eprint": "2301.00001", "eprinttype": "arxiv"}


@pytest.mark.parametrize("name", ["openalex", "semanticscholar", "dblp"])
def test_titles_can_be_searched_and_are_asked_for_once(world: World, name: str) -> None:
    for _ in range(2):
        (found,) = world.source(name).search(Query("Deep learning:", ("LeCun",), 2015))
        assert found.id == LEARNING
        assert world.source(name).search(Query("!")) == []
        assert world.source(name).search(Query("Unheard of")) == []
    assert world.handler.counts == {name: 2}


@pytest.mark.parametrize(("name", "rate"), [("semanticscholar", 1), ("dblp", 1), ("openalex", 5)])
def test_services_are_asked_no_faster_than_they_allow(world: World, name: str, rate: int) -> None:
    source = world.source(name)
    for number in range(6):
        source.search(Query(f"Title {number}"))
    assert world.time >= 5 / rate - 1e-6


def test_values_of_unexpected_kinds_are_passed_over(world: World) -> None:
    odd = {**WORKS[0], "authorships": "x", "biblio": None, "primary_location": [], "ids": 1}
    entry = world.source("openalex").entry(odd, world.entry("openalex", f"doi:{LEARNING}").origin)
    assert entry.text("title") == "Deep learning"
    assert entry.names("author") == ()
