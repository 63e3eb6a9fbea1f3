"""What verification says of an entry and its record: each status, and what counts as differing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import refkit
from refkit.match.judge import confirm, judge
from refkit.model.entry import Origin
from refkit.model.evidence import Candidate, Verdict
from refkit.sources.crossref_record import read_record
from refkit.verification.notices import Notice, notices
from refkit.verification.verdicts import Finding, Looked, Status, finding

WORK: dict[str, Any] = {
    "DOI": "10.1000/soil",
    "type": "journal-article",
    "title": ["The hidden life of soils: a survey of northern meadows"],
    "author": [
        {"family": "Müller", "given": "Anna Katharina"},
        {"family": "van der Berg", "given": "Jan"},
        {"family": "O'Neil", "given": "Siobhan"},
    ],
    "container-title": ["Journal of Meadow Science"],
    "short-container-title": ["J. Meadow Sci."],
    "issued": {"date-parts": [[2014, 12, 20]]},
    "published-print": {"date-parts": [[2015, 2]]},
    "published-online": {"date-parts": [[2014, 12, 20]]},
    "volume": "12",
    "issue": "3",
    "page": "101-118",
}
FIELDS = {
    "author": "Anna Katharina Müller and Jan van der Berg and Siobhan O'Neil",
    "title": "The hidden life of soils: a survey of northern meadows",
    "journal": "Journal of Meadow Science",
    "year": "2015",
    "volume": "12",
    "number": "3",
    "pages": "101--118",
}


def entry(kind: str = "article", **changes: str) -> refkit.Entry:
    values = {**FIELDS, **changes}
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items() if value)
    return refkit.parse(f"@{kind}{{soil,\n{body}}}\n", "bibtex").entries[0]


def candidate(**changes: Any) -> Candidate:
    work = {**WORK, **changes}
    doi = work["DOI"].lower()
    return Candidate(
        doi, read_record(work, Origin("crossref", doi, fetched="2026-01-02T03:04:05Z"))
    )


def by_id(ours: refkit.Entry, record: Candidate | None = None) -> Finding:
    proposal = confirm(ours, record or candidate())
    return finding(ours, Looked(proposal.verdict, proposal.reason, proposal.matches, by_id=True))


def searched(ours: refkit.Entry, *records: Candidate) -> Finding:
    proposal = judge(ours, records)
    return finding(ours, Looked(proposal.verdict, proposal.reason, proposal.matches))


def odd(found: Finding) -> Mapping[str, tuple[str, str]]:
    return {each.field: (each.ours, each.theirs) for each in found.differences}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"author": "M{\\\"u}ller, A. K. and van der Berg, J. and O'Neil, S."},
        {"author": "Mueller, Anna and Berg, Jan van der and O'Neil, S."},
        {"author": "Müller, Anna Katharina and others"},
        {"journal": "J. Meadow Sci."},
        {"title": "{The Hidden Life of Soils}: A Survey of Northern Meadows."},
        {"title": "The hidden life of soils"},
        {"year": "2014"},
        {"pages": "101"},
        {"pages": "101-18"},
        {"volume": "", "number": ""},
        {"number": "03"},
    ],
    ids=str,
)
def test_formatting_abbreviations_and_initials_are_no_difference(changes: dict[str, str]) -> None:
    found = by_id(entry(**changes))
    assert (found.status, found.differences) == (Status.VERIFIED, ())


@pytest.mark.parametrize(
    ("changes", "field", "both"),
    [
        ({"year": "2013"}, "year", ("2013", "2014/2015")),
        ({"year": "2016"}, "year", ("2016", "2014/2015")),
        ({"volume": "21"}, "volume", ("21", "12")),
        ({"number": "4"}, "issue", ("4", "3")),
        ({"pages": "101--119"}, "page", ("101-119", "101-118")),
        ({"pages": "201--218"}, "page", ("201-218", "101-118")),
        ({"journal": "Annals of Astronomy"}, "venue",
         ("Annals of Astronomy", "Journal of Meadow Science")),
        ({"author": "Müller, Anna and O'Neil, Siobhan"}, "author",
         ("2, no other", "3, with van der Berg, Jan")),
        ({"author": FIELDS["author"] + " and Xaver Zweistein"}, "author",
         ("4, with Zweistein, Xaver", "3, no other")),
        ({"author": "Anna Müller and Jan van der Berg and Karl Klein"}, "author",
         ("3, with Klein, Karl", "3, with O'Neil, Siobhan")),
        ({"author": "Jan van der Berg and Anna Katharina Müller and Siobhan O'Neil"},
         "author order",
         ("van der Berg, Jan; Müller, Anna Katharina; O'Neil, Siobhan",
          "Müller, Anna Katharina; van der Berg, Jan; O'Neil, Siobhan")),
        ({"title": "A history of cartography in the Alps"}, "title",
         ("A history of cartography in the Alps", WORK["title"][0])),
        ({"title": "The hidden death of soils: a survey of northern meadows"}, "title",
         ("The hidden death of soils: a survey of northern meadows", WORK["title"][0])),
    ],
    ids=str,
)  # fmt: skip
def test_what_differs_is_told_with_both_values(
    changes: dict[str, str], field: str, both: tuple[str, str]
) -> None:
    found = by_id(entry(doi="10.1000/soil", **changes))
    assert (found.status, dict(odd(found))) == (Status.DIFFERS, {field: both})


def test_a_wrong_year_is_told_of_an_entry_that_was_searched_for_too() -> None:
    found = searched(entry(year="2016"), candidate())
    assert (found.status, dict(odd(found))) == (Status.DIFFERS, {"year": ("2016", "2014/2015")})


def test_a_doi_of_another_work_is_a_difference() -> None:
    other = candidate(DOI="10.1000/other", title=["On bees"], author=[{"family": "Wu"}])
    found = by_id(entry(doi="10.1000/other"), other)
    assert found.status is Status.DIFFERS
    assert "another work" in found.reason or "authors differ" in found.reason
    assert {"title", "author"} <= set(odd(found))


def test_an_unknown_doi_whose_work_has_another_one() -> None:
    ours = entry(doi="10.1000/soli")
    proposal = judge(entry(), [candidate()])
    looked = Looked(Verdict.MATCH, "unknown", proposal.matches, doi_unknown="10.1000/soli")
    found = finding(ours, looked)
    assert odd(found)["DOI"] == ("10.1000/soli", "10.1000/soil")
    assert found.status is Status.DIFFERS


UPDATES = [
    {"type": "correction", "DOI": "10.1000/c", "source": "publisher",
     "updated": {"date-parts": [[2016, 1, 1]]}},
    {"type": "retraction", "DOI": "10.1000/R", "source": "publisher",
     "updated": {"date-parts": [[2017, 5, 4]]}},
    {"type": "retraction", "DOI": "10.1000/r", "source": "retraction-watch",
     "updated": {"date-parts": [[2017, 5, 3]]}},
    {"type": "new_version", "DOI": "10.1000/soil", "source": "publisher"},
]  # fmt: skip


def test_a_notice_is_told_once_with_both_asserters() -> None:
    found = by_id(entry(), candidate(**{"updated-by": UPDATES}))
    assert found.status is Status.RETRACTED
    assert found.notices == (
        Notice("retraction", "10.1000/R", ("publisher", "retraction-watch"), "2017-05-03"),
        Notice("correction", "10.1000/c", ("publisher",), "2016-01-01"),
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("retraction", Status.RETRACTED),
        ("withdrawal", Status.RETRACTED),
        ("removal", Status.RETRACTED),
        ("partial_retraction", Status.RETRACTED),
        ("correction", Status.CORRECTED),
        ("erratum", Status.CORRECTED),
        ("expression_of_concern", Status.CORRECTED),
        ("new_version", Status.CORRECTED),
    ],
)
def test_kinds_of_notices(kind: str, status: Status) -> None:
    update = {"type": kind, "DOI": "10.1000/n", "source": "retraction-watch"}
    found = by_id(entry(), candidate(**{"updated-by": [update]}))
    assert (found.status, found.notices[0].kind) == (status, kind)


def test_a_retracted_work_stays_so_whatever_else_differs() -> None:
    found = by_id(entry(year="1999"), candidate(**{"updated-by": UPDATES}))
    assert found.status is Status.RETRACTED
    assert "year" in odd(found)


def test_a_title_may_tell_a_retraction() -> None:
    record = candidate(title=[f"RETRACTED ARTICLE: {WORK['title'][0]}"])
    found = by_id(entry(), record)
    assert (found.status, found.notices) == (
        Status.RETRACTED, (Notice("retraction", "", ("title",)),)
    )  # fmt: skip


def test_a_title_about_retractions_is_none() -> None:
    assert notices(candidate(title=["Retracted papers: a review"]).entry) == ()


def test_what_says_too_little_or_ties_is_ambiguous() -> None:
    twin = candidate(DOI="10.1000/twin")
    found = searched(entry(), candidate(), twin)
    assert found.status is Status.AMBIGUOUS
    assert len(found.others) == 1


def test_nothing_near_is_not_found_and_an_outage_is_unchecked() -> None:
    other = candidate(DOI="10.1000/other", title=["On bees"], author=[{"family": "Wu"}])
    assert searched(entry(), other).status is Status.NOT_FOUND
    assert searched(entry()).status is Status.NOT_FOUND
    looked = Looked(Verdict.UNCHECKED, "crossref: down", judge(entry(), [candidate()]).matches)
    found = finding(entry(), looked)
    assert (found.status, found.reason, found.record) == (Status.UNCHECKED, "crossref: down", None)


PREPRINT = {"journal": "", "volume": "", "number": "", "pages": "", "eprint": "1401.00001",
            "archiveprefix": "arXiv", "year": "2013"}  # fmt: skip


def test_a_preprint_with_a_published_version_is_superseded() -> None:
    found = searched(entry("misc", **PREPRINT), candidate())
    assert found.status is Status.SUPERSEDED
    assert found.published is not None
    assert found.published.doi == "10.1000/soil"


def test_two_published_versions_are_none() -> None:
    twin = candidate(DOI="10.1000/twin")
    assert searched(entry("misc", **PREPRINT), candidate(), twin).published is None


@pytest.mark.parametrize(
    "named",
    [
        {"relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.1000/Soil"}]}},
        {"updated-by": []},
    ],
    ids=["named", "not named"],
)
def test_the_preprints_own_record_names_the_published_version(named: dict[str, Any]) -> None:
    posted = {"DOI": "10.31234/osf.io/abc", "type": "posted-content", "subtype": "preprint",
              "container-title": [], "volume": None, "issue": None, "page": None,
              "issued": {"date-parts": [[2015]]}}  # fmt: skip
    ours = entry("misc", journal="", volume="", number="", pages="", doi="10.31234/osf.io/abc")
    found = by_id(ours, candidate(**posted, **named))
    if "relation" in named:
        assert found.published is not None
        assert (found.status, found.published.doi) == (Status.SUPERSEDED, "10.1000/soil")
    else:
        assert (found.status, found.published) == (Status.VERIFIED, None)


def test_the_word_is_never_used() -> None:
    assert not [status for status in Status if "fake" in status or "hallucinat" in status]
