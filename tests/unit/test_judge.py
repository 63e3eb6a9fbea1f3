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
