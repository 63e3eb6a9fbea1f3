"""From a preprint to its published version: on request only, on evidence only, both ids kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import refkit
from refkit.api.enriching import Enrichment
from refkit.config import SourceSettings
from refkit.model.entry import Origin
from refkit.model.evidence import Candidate, Verdict
from refkit.model.query import Query
from refkit.sources.crossref_record import read_record

WORK: dict[str, Any] = {
    "DOI": "10.1000/Meadow",
    "type": "journal-article",
    "title": ["Predicting meadow composition from satellite images of northern soils"],
    "author": [{"family": "Roe", "given": "Anna"}, {"family": "Berg", "given": "Jan"}],
    "container-title": ["Journal of Meadow Science"],
    "issued": {"date-parts": [[2021, 5]]},
    "volume": "12",
    "issue": "3",
    "page": "101-118",
}
POSTED = {
    **{name: WORK[name] for name in ("title", "author")},
    "DOI": "10.31234/osf.io/meadow",
    "type": "posted-content",
    "issued": {"date-parts": [[2019]]},
    "relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.1000/meadow"}]},
}
HEAD = """  author = {Roe, Anna and Berg, Jan},
  title = {Predicting meadow composition from satellite images of northern soils},
  year = {2019},
"""
MISC = "@misc{a,\n" + HEAD + "  eprint = {1901.00001},\n  archiveprefix = {arXiv},\n}\n"
ARTICLE = "@article{a,\n" + HEAD + "  journal = {arXiv preprint arXiv:1901.00001},\n}\n"
PSYARXIV = "@misc{a,\n" + HEAD + "  doi = {10.31234/osf.io/meadow},\n}\n"


class Shelf:
    """A source of a few records."""

    name = "shelf"
    batch = 50

    def __init__(self, works: Sequence[Mapping[str, Any]]) -> None:
        self.works = works

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        return {each.id: each for each in self.search(Query("")) if each.id in dois}

    def search(self, query: Query) -> Sequence[Candidate]:
        del query
        keyed = [(str(work["DOI"]).lower(), work) for work in self.works]
        return [Candidate(doi, read_record(work, Origin("shelf", doi))) for doi, work in keyed]


@pytest.fixture
def enrich(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(text: str, *works: Mapping[str, Any], published: bool = True) -> Enrichment:
        monkeypatch.setattr(
            "refkit.api.enriching.make_sources",
            lambda names, settings: ([Shelf(works)], []),
        )
        document = refkit.parse(text, "bibtex")
        return refkit.enrich(document, ["shelf"], settings=SourceSettings(), published=published)

    return run


def test_by_default_a_preprint_with_a_published_version_is_left_alone(enrich: Any) -> None:
    found = enrich(MISC, WORK, published=False)
    assert found.outcomes[0].verdict is Verdict.AMBIGUOUS
    assert found.text == MISC


def test_a_preprint_becomes_its_published_version_and_keeps_its_id(enrich: Any) -> None:
    found = enrich(MISC, WORK)
    assert found.outcomes[0].verdict is Verdict.MATCH
    (entry,) = refkit.parse(found.text, "bibtex").entries
    assert found.text.startswith("@article{a,\n")
    assert entry.text("DOI") == "10.1000/Meadow"
    assert entry.text("container-title") == "Journal of Meadow Science"
    assert (entry.text("volume"), entry.text("issue"), entry.text("page")) == (
        "12", "3", "101-118",
    )  # fmt: skip
    assert entry.date() == refkit.Date(2021)
    assert entry.beyond("eprint") == "1901.00001"
    assert "  eprint = {1901.00001},\n  archiveprefix = {arXiv},\n" in found.text


def test_a_preprints_id_in_a_place_that_is_overwritten_goes_into_the_url(enrich: Any) -> None:
    (entry,) = refkit.parse(enrich(ARTICLE, WORK).text, "bibtex").entries
    assert entry.text("container-title") == "Journal of Meadow Science"
    assert entry.text("URL") == "https://arxiv.org/abs/1901.00001"


def test_the_servers_name_is_no_publisher_of_the_published_version(enrich: Any) -> None:
    text = MISC.replace("  eprint", "  publisher = {arXiv},\n  eprint")
    (entry,) = refkit.parse(
        enrich(text, {**WORK, "publisher": "Meadow Press"}).text, "bibtex"
    ).entries
    assert entry.text("publisher") == "Meadow Press"


def test_the_published_version_that_the_preprints_record_names(enrich: Any) -> None:
    (entry,) = refkit.parse(enrich(PSYARXIV, POSTED, WORK).text, "bibtex").entries
    assert entry.text("DOI") == "10.1000/Meadow"
    assert entry.text("URL") == "https://doi.org/10.31234/osf.io/meadow"


def test_where_the_preprints_id_would_be_lost_nothing_is_written(enrich: Any) -> None:
    text = PSYARXIV.replace("  doi", "  url = {https://example.org/mine},\n  doi")
    assert enrich(text, POSTED, WORK).text == text


def test_a_record_that_names_another_work_is_not_believed(enrich: Any) -> None:
    other = {**WORK, "title": ["On bees"], "author": [{"family": "Wu", "given": "Li"}]}
    assert "10.1000/" not in enrich(PSYARXIV, POSTED, other).text


@pytest.mark.parametrize(
    "others",
    [
        [{**WORK, "DOI": "10.1000/twin"}],
        [{**WORK, "DOI": "10.1000/chapter", "type": "book-chapter"}],
    ],
    ids=["twin", "chapter"],
)
def test_of_two_published_versions_neither_is_taken(
    enrich: Any, others: list[dict[str, Any]]
) -> None:
    assert enrich(MISC, WORK, *others).text == MISC


@pytest.mark.parametrize(
    "changes",
    [
        {"title": [f"Correction: {WORK['title'][0]}"]},
        {"author": [{"family": "Wu", "given": "Li"}]},
        {"issued": {"date-parts": [[2012]]}},
        {"type": "peer-review"},
    ],
    ids=["notice", "other authors", "years before", "peer review"],
)
def test_a_decoy_is_no_published_version(enrich: Any, changes: dict[str, Any]) -> None:
    assert enrich(MISC, {**WORK, **changes}).text == MISC


def test_what_is_published_already_is_enriched_as_ever(enrich: Any) -> None:
    text = "@article{a,\n" + HEAD.replace("2019", "2021") + "  journal = {J. Meadow Sci.},\n}\n"
    assert enrich(text, WORK).text == enrich(text, WORK, published=False).text != text
