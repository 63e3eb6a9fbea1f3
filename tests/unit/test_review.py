"""Answers decide ambiguous outcomes, and nothing else."""

from __future__ import annotations

import pytest

from refkit.enrichment.engine import Outcome
from refkit.enrichment.merge import changes, policy
from refkit.enrichment.plan import Task
from refkit.enrichment.review import answered, choices, is_open, parse_answers, reviewed, understood
from refkit.errors import InputError
from refkit.model.entry import Entry, Field, Origin
from refkit.model.evidence import Candidate, Match, Verdict


def match(doi: str, score: float = 0.9) -> Match:
    origin = Origin("crossref", doi)
    fields = (Field("title", "T", origin), Field("DOI", doi, origin), Field("volume", "3", origin))
    return Match(Candidate(doi, Entry(doi, "article-journal", fields, origin=origin)), (), score)


def outcome(key: str, *others: Match, index: int = 0, doi: str = "") -> Outcome:
    fields = (Field("title", "T"), *([Field("DOI", doi)] if doi else []))
    task = Task(index, Entry(key, "article-journal", fields), doi)
    return Outcome(task, Verdict.AMBIGUOUS, "two agree", None, others)


TWO = outcome("a", match("10.1000/1"), match("10.1000/2"))
ONE = outcome("b", match("10.1000/3"), match("10.1000/4", 0.1), index=1)
SURE = Outcome(ONE.task, Verdict.MATCH, "sure", match("10.1000/5"), (match("10.1000/6"),))


def decide(text: str, *outcomes: Outcome) -> tuple[list[Outcome], list[str]]:
    return answered(outcomes, parse_answers(text, "answers"))


@pytest.mark.parametrize(
    ("answer", "doi"),
    [("y", "10.1000/1"), ("1", "10.1000/1"), (" 2 ", "10.1000/2"), ("YES", "10.1000/1")],
)
def test_a_chosen_candidate_is_a_match_on_the_users_word(answer: str, doi: str) -> None:
    [found], told = decide(answer, TWO)
    assert found.match is not None
    assert (found.verdict, found.match.candidate.id, found.source) == (Verdict.MATCH, doi, "user")
    assert found.reason.startswith("the user decided")
    assert not told
    written = changes(found, policy())
    assert {(each.name, each.origin.source, each.origin.ref) for each in written} == {
        ("DOI", "user", doi),
        ("volume", "user", doi),
    }
    assert all("crossref record" in each.why for each in written)


def test_no_answer_replaces_a_doi() -> None:
    [found], _ = decide("y", outcome("a", match("10.1000/1"), doi="10.1000/own"))
    assert [each.name for each in changes(found, policy())] == ["volume"]


@pytest.mark.parametrize("answer", ["n", "skip", "", "s", "q"])
def test_all_other_answers_write_nothing(answer: str) -> None:
    [found], _ = decide(f"{answer}\n", TWO)
    assert changes(found, policy()) == []
    assert found.verdict is (Verdict.NONE if answer == "n" else Verdict.AMBIGUOUS)
    assert found.decided is (answer == "n")


def test_only_ambiguous_outcomes_are_asked_about() -> None:
    asked: list[Outcome] = []
    empty = outcome("c")
    found = reviewed([SURE, TWO, empty], lambda each: asked.append(each) or "skip")
    assert asked == [TWO]
    assert found == [SURE, TWO, empty]
    assert [is_open(each) for each in (SURE, TWO, empty)] == [False, True, False]


def test_what_is_far_from_the_best_cannot_be_chosen() -> None:
    assert [each.candidate.id for each in choices(ONE)] == ["10.1000/3"]
    with pytest.raises(InputError, match=r"'2' is no answer for b"):
        understood("2", ONE)


def test_quitting_keeps_what_was_decided() -> None:
    found, told = decide("2\nq\ny", TWO, ONE, outcome("c", match("10.1000/7"), index=2))
    assert [each.verdict for each in found] == ["match", "ambiguous", "ambiguous"]
    assert not told


def test_missing_answers_are_skipped_and_told() -> None:
    found, told = decide("y\n", TWO, ONE)
    assert [each.verdict for each in found] == ["match", "ambiguous"]
    assert told == ["answers: no answer for b; skipped"]
    assert decide("", TWO)[1] == ["answers: no answer for a; skipped"]


def test_answers_by_key() -> None:
    found, told = decide('{"b": "n", "x": "y", "a": 2}', TWO, ONE)
    assert [(each.verdict, each.decided) for each in found] == [("match", True), ("none", True)]
    assert told == ["answers: nothing is asked of 'x'"]
    assert decide('{"b": "y"}', TWO, ONE)[1] == ["answers: no answer for a; skipped"]


def test_answers_that_are_too_many_are_told() -> None:
    assert decide("y\nn\n\nskip\n", TWO)[1] == ["answers: 2 more answers than questions"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y\n3", r"^answers:2:1: '3' is no answer for b"),
        ("maybe", r"^answers:1:1: 'maybe' is no answer for a"),
        ("0", "'0' is no answer"),
        ("9" * 5000, "is no answer"),
        ("²", "is no answer"),
        ('{"a": "perhaps"}', r"^answers: 'perhaps' is no answer for a"),
        ('{"a": ', "neither JSON nor one answer a line"),
        ('{"a": null}', "the answer for 'a' has to be"),
        ('{"a": true}', "the answer for 'a' has to be"),
        ("{" * 100_000, "neither JSON"),
    ],
)
def test_wrong_answers_are_refused_with_their_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decide(text, TWO, ONE)
