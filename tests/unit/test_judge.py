"""Verdicts on genuine works: golden cases, and what must hold for every judgement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refkit.match.judge import agrees, confirm, judge
from refkit.model.entry import OTHERS, Date, Entry, Field, Name, Origin
from refkit.model.evidence import Candidate, Verdict
from refkit.sources.crossref_record import read_record

CASES = Path(__file__).parent.parent / "cases" / "match"
GOLDEN = json.loads((CASES / "judge.json").read_text(encoding="utf-8"))
CONFIRMED = json.loads((CASES / "confirm.json").read_text(encoding="utf-8"))


def _name(text: str) -> Name:
    if text == "others":
        return OTHERS
    if text.startswith("{"):
        return Name(literal=text.strip("{}"))
    family, _, given = text.partition(", ")
    return Name(family, given)


def entry_of(case: dict[str, Any]) -> Entry:
    """Build an entry from a case's short form."""
    values = {name: value for name, value in case.items() if name not in ("type", "extra")}
    made = {"author": lambda names: tuple(map(_name, names)), "issued": Date}
    fields = tuple(Field(name, made.get(name, str)(value)) for name, value in values.items())
    extra = tuple(Field(name, value) for name, value in case.get("extra", {}).items())
    return Entry("key", case["type"], fields, extra)


def candidate(doi: str) -> Candidate:
    """Return the candidate of that DOI."""
    record = read_record(GOLDEN["records"][doi], Origin("crossref", doi))
    return Candidate(record.key, record)


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden_verdicts(case: dict[str, Any]) -> None:
    proposal = judge(entry_of(case["entry"]), [candidate(doi) for doi in case["candidates"]])

    assert proposal.verdict == case["verdict"], proposal.reason
    if proposal.verdict is Verdict.MATCH:
        assert proposal.matches[0].candidate.id == case["id"]
        assert not proposal.matches[0].veto
    assert case.get("says", "") in proposal.reason
    assert len(proposal.matches) == len(case["candidates"])


@pytest.mark.parametrize("case", CONFIRMED, ids=lambda case: case["name"])
def test_golden_confirmations(case: dict[str, Any]) -> None:
    proposal = confirm(entry_of(case["entry"]), candidate(case["candidate"]))

    assert proposal.verdict == case["verdict"], proposal.reason
    assert case.get("says", "") in proposal.reason


def test_the_reason_says_what_agrees_and_how_far_the_next_is() -> None:
    case = GOLDEN["cases"][1]

    reason = judge(entry_of(case["entry"]), [candidate(d) for d in case["candidates"]]).reason

    assert reason == (
        "title exact, 3 of 3 authors, year, venue, volume and first page; no other candidate"
    )


def test_every_record_is_its_own_match() -> None:
    for doi in GOLDEN["records"]:
        own = candidate(doi)

        assert confirm(own.entry, own).verdict is Verdict.MATCH
        assert agrees(own.entry, own.entry).score > 0.9


def test_a_candidate_that_comes_twice_is_no_rival_of_itself() -> None:
    case = GOLDEN["cases"][1]
    twice = [candidate(doi) for doi in case["candidates"] * 2]

    proposal = judge(entry_of(case["entry"]), twice)

    assert proposal.verdict is Verdict.MATCH
    assert len(proposal.matches) == 2


PAPER = {
    "type": "article-journal",
    "title": "Thresholds and breakpoints in ecosystems with a multiplicity of stable states",
    "author": ["May, Robert M."],
    "container-title": "Nature",
    "issued": 1977,
    "volume": "269",
    "issue": "5628",
    "page": "471-477",
    "ISSN": "0028-0836",
}
SLIPS = {
    "a mistyped year": {"issued": 1967},
    "a wrong volume": {"volume": "296"},
    "a wrong issue": {"issue": "12"},
    "volume and issue exchanged": {"volume": "5628", "issue": "269"},
    "the issue in the volume": {"volume": "269(5628)", "issue": ""},
    "a wrong venue": {"container-title": "Physical Review Letters"},
    "the ISSN for the venue": {"container-title": "ISSN 0028-0836", "ISSN": ""},
    "the publisher in the venue": {"container-title": "Nature, Macmillan"},
    "a mistyped first page": {"page": "481-477"},
    "the manuscript's own pages": {"page": "1-14"},
    "shortened pages": {"page": "471-7"},
    "wrong year and issue": {"issued": 1967, "issue": "12"},
    "a title cut short": {"title": "Thresholds and breakpoints in..."},
    "a web page's title": {"title": "(PDF) {} | Nature"},
    "a word written twice": {"title": "Thresholds and and breakpoints breakpoints in ecosystems "
                             "with a multiplicity of stable states"},
    "two words exchanged": {"title": "Thresholds and breakpoints with ecosystems in a multiplicity "
                            "of stable states"},
    "et al. for a name": {"author": ["al., Robert M. May et"]},
    "a degree": {"author": ["May, PhD, Robert M."]},
}  # fmt: skip
OTHERS_OF_THE_TITLE = {
    "another year, volume and pages": {"issued": 1981, "volume": "290", "page": "12-19"},
    "another venue, volume and pages": {"container-title": "Cell", "volume": "3", "page": "12-19"},
    "another year and venue, no more said": {
        "container-title": "Cell", "issued": 1981, "volume": "", "issue": "", "page": "",
    },
    "another issue and page of the volume": {"issue": "5630", "page": "699"},
    "another first author": {"author": ["Holling, C. S."]},
    "a preprint": {"type": "article", "container-title": "bioRxiv", "volume": "", "issue": "",
                   "page": ""},
    "a thesis": {"type": "thesis", "container-title": "", "volume": "", "issue": "", "page": ""},
    "a correction": {"title": "Correction: {}"},
    "a reply": {"title": "{}: reply"},
    "part two": {"title": "{} II", "page": "478-481"},
}  # fmt: skip


def _varied(change: dict[str, Any]) -> dict[str, Any]:
    title = str(change.get("title", "{}")).replace("{}", PAPER["title"])
    return {name: value for name, value in (PAPER | change | {"title": title}).items() if value}


@pytest.mark.parametrize("change", SLIPS.values(), ids=SLIPS)
def test_one_slip_does_not_hide_the_paper(change: dict[str, Any]) -> None:
    record = Candidate("10.1038/269471a0", entry_of(PAPER))

    proposal = judge(entry_of(_varied(change)), [record])

    assert proposal.verdict is Verdict.MATCH, proposal.reason


@pytest.mark.parametrize("change", OTHERS_OF_THE_TITLE.values(), ids=OTHERS_OF_THE_TITLE)
def test_another_work_of_the_title_is_not_the_paper(change: dict[str, Any]) -> None:
    other = Candidate("10.1000/other", entry_of(_varied(change)))
    right = Candidate("10.1038/269471a0", entry_of(PAPER))

    alone = judge(entry_of(PAPER), [other])
    beside = judge(entry_of(PAPER), [other, right])

    assert alone.verdict is not Verdict.MATCH, alone.reason
    assert (beside.verdict, beside.matches[0].candidate) == (Verdict.MATCH, right), beside.reason
