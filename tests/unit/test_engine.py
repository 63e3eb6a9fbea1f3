"""The engine on sources that answer, do not know, tie, or fail."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

import refkit
from refkit.enrichment import engine, merge
from refkit.enrichment.plan import plan
from refkit.errors import InputError, SourceError
from refkit.model.entry import Origin
from refkit.model.evidence import Candidate, Verdict
from refkit.model.query import Query
from refkit.model.report import Document
from refkit.sources.crossref_record import read_record

WORK = {
    "DOI": "10.1038/nature14539",
    "type": "journal-article",
    "title": ["Deep learning"],
    "author": [
        {"family": "LeCun", "given": "Yann"},
        {"family": "Bengio", "given": "Yoshua"},
        {"family": "Hinton", "given": "Geoffrey"},
    ],
    "container-title": ["Nature"],
    "issued": {"date-parts": [[2015, 5, 27]]},
    "volume": "521",
    "issue": "7553",
    "page": "436-444",
}
ENTRY = """@article{lecun,
  author = {LeCun, Yann and Bengio, Yoshua and Hinton, Geoffrey},
  title = {Deep learning},
  journal = {Nature},
  year = {2015},
  volume = {521},
%s}
"""


@dataclass
class Shelf:
    """A source of a few records that counts what it is asked and may fail."""

    name: str = "shelf"
    works: Sequence[Mapping[str, object]] = ()
    fault: str = ""
    batch: int = 2
    asked: list[object] = field(default_factory=list)

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        self._ask(tuple(dois))
        return {c.id: c for c in self._candidates() if c.id in dois}

    def search(self, query: Query) -> Sequence[Candidate]:
        self._ask(query.title)
        return self._candidates()

    def _ask(self, what: object) -> None:
        self.asked.append(what)
        if self.fault:
            raise SourceError(self.name, self.fault)

    def _candidates(self) -> list[Candidate]:
        origins = ((w, Origin(self.name, str(w["DOI"]).lower())) for w in self.works)
        return [Candidate(origin.ref, read_record(work, origin)) for work, origin in origins]


def outcome(text: str, *sources: Shelf) -> engine.Outcome:
    (found,) = engine.run(plan(document(text)), sources)
    return found


def document(text: str) -> Document:
    return refkit.parse(text, "bibtex")


def test_a_match_stops_the_search() -> None:
    first, second = Shelf("first", [WORK]), Shelf("second", [WORK])
    found = outcome(ENTRY % "", first, second)
    assert (found.verdict, found.source) == (Verdict.MATCH, "first")
    assert second.asked == []


def test_another_source_may_know() -> None:
    found = outcome(ENTRY % "", Shelf("first"), Shelf("second", [WORK]))
    assert (found.verdict, found.source) == (Verdict.MATCH, "second")


def test_a_failure_is_made_up_for_by_a_match_only() -> None:
    broken = Shelf("broken", fault="it is down")
    assert outcome(ENTRY % "", broken, Shelf("second", [WORK])).verdict is Verdict.MATCH
    found = outcome(ENTRY % "", broken, Shelf("second"))
    assert found.verdict is Verdict.UNCHECKED
    assert found.reason == "broken: it is down"


def test_a_known_doi_is_looked_up_and_not_searched() -> None:
    shelf = Shelf(works=[WORK])
    found = outcome(ENTRY % "  doi = {https://doi.org/10.1038/NATURE14539},\n", shelf)
    assert found.verdict is Verdict.MATCH
    assert shelf.asked == [("10.1038/nature14539",)]


def test_a_doi_of_another_work_is_flagged() -> None:
    other = {**WORK, "DOI": "10.1000/other", "title": ["A history of cartography"]}
    other["author"] = [{"family": "Smith", "given": "Ann"}]
    found = outcome(ENTRY % "  doi = {10.1000/other},\n", Shelf(works=[other, WORK]))
    assert (found.verdict, found.flagged) == (Verdict.NONE, True)
    assert merge.changes(found, merge.policy()) == []


def test_an_unknown_doi_is_flagged_only_where_the_work_is_known_by_another() -> None:
    text = ENTRY % "  doi = {10.1038/nature14593},\n"
    known = outcome(text, Shelf(works=[WORK]))
    assert (known.verdict, known.flagged) == (Verdict.NONE, True)
    assert "the work seems to be 10.1038/nature14539" in known.reason
    unknown = outcome(text, Shelf())
    assert (unknown.verdict, unknown.flagged) == (Verdict.NONE, False)


def test_a_batch_that_fails_leaves_unchecked_only_what_fails_alone() -> None:
    class Picky(Shelf):
        def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
            if "10.1000/bad" in dois:
                raise SourceError("picky", "bad")
            return super().lookup(dois)

    text = ENTRY % "  doi = {10.1038/nature14539},\n" + "@misc{bad, doi = {10.1000/bad}}\n"
    found = engine.run(plan(document(text)), [Picky(works=[WORK])])
    assert [each.verdict for each in found] == [Verdict.MATCH, Verdict.UNCHECKED]


def test_each_doi_is_asked_for_once() -> None:
    text = (ENTRY % "  doi = {10.1038/nature14539},\n") * 3
    shelf = Shelf(works=[WORK])
    engine.run(plan(document(text)), [shelf])
    assert shelf.asked == [("10.1038/nature14539",)]


def test_without_title_and_doi_there_is_nothing_to_ask() -> None:
    shelf = Shelf(works=[WORK])
    assert outcome("@misc{a, author = {A}}", shelf).verdict is Verdict.NONE
    assert shelf.asked == []


def test_only_missing_fields_are_filled() -> None:
    found = outcome(ENTRY % "  pages = {436--440},\n", Shelf(works=[WORK]))
    filled = {change.name: change.new for change in merge.changes(found, merge.policy())}
    assert filled == {"issue": "7553", "DOI": "10.1038/nature14539"}


def test_overwriting_is_by_field() -> None:
    found = outcome(ENTRY % "  pages = {436--440},\n", Shelf(works=[WORK]))
    (change,) = merge.changes(found, merge.policy(["volume"], ["pages"]))
    assert (change.name, change.old, change.new) == ("page", "436-440", "436-444")


def test_a_doi_is_never_overwritten() -> None:
    with pytest.raises(InputError, match="never overwritten"):
        merge.policy([], ["doi"])


def test_a_damaged_value_is_not_taken() -> None:
    work = {**WORK, "container-title": ["Nat\ufffdre"]}
    text = (ENTRY % "").replace("  journal = {Nature},\n", "  pages = {436--444},\n")
    found = outcome(text, Shelf(works=[work]))
    assert "container-title" not in {c.name for c in merge.changes(found, merge.policy())}


def test_a_search_that_fails_leaves_an_unknown_doi_unchecked() -> None:
    class Half(Shelf):
        def search(self, query: Query) -> Sequence[Candidate]:
            raise SourceError("half", "it is down")

    found = outcome(ENTRY % "  doi = {10.1038/nature14593},\n", Half())
    assert (found.verdict, found.flagged) == (Verdict.UNCHECKED, False)


def test_fields_of_two_records_are_never_mixed() -> None:
    """Each source has half of the facts: one record is taken, and what it lacks stays lacking."""
    half = {name: value for name, value in WORK.items() if name not in ("page", "issue")}
    other = {**WORK, "DOI": "10.1000/other", "title": ["Deep learning methods"], "page": "1-9"}
    same = {**WORK, "issue": "7553", "page": "436-444"}
    for works in ([half, other], [half, same]):
        found = outcome(ENTRY % "", Shelf("first", works[:1]), Shelf("second", works[1:]))
        made = merge.changes(found, merge.policy())
        assert {change.origin.source for change in made} == {"first"}
        assert [change.name for change in made] == ["DOI"]


def test_two_sources_with_the_same_doi_are_one_candidate_the_first() -> None:
    bare = {**WORK, "author": [], "issued": None}
    found = outcome(ENTRY % "", Shelf("first", [bare]), Shelf("second", [WORK]))
    ids = [each.candidate.id for each in (*([found.match] if found.match else []), *found.others)]
    assert len(ids) == len(set(ids)) == 1


@pytest.mark.parametrize("seed", range(20))
def test_every_change_of_an_entry_comes_from_one_record(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    names = [name for name in WORK if name != "DOI"]

    def part(number: int) -> dict[str, object]:
        kept = chance.sample(names, chance.randint(4, len(names)))
        own = {"DOI": f"10.1000/{number}"} if chance.random() < 0.5 else {"DOI": WORK["DOI"]}
        return {**{name: WORK[name] for name in kept}, **own}

    shelves = [Shelf(f"s{n}", [part(n * 10 + m) for m in range(3)]) for n in range(3)]
    text = "@article{x, title = {Deep learning}, author = {LeCun, Yann and others}, year = 2015}"
    made = merge.changes(outcome(text, *shelves), merge.policy())
    assert len({(change.origin.source, change.origin.ref) for change in made}) <= 1


def test_sources_are_asked_in_their_order() -> None:
    asked: list[str] = []

    class Told(Shelf):
        def _ask(self, what: object) -> None:
            asked.append(self.name)

    shelves = [Told(name) for name in ("c", "a", "b")]
    outcome(ENTRY % "", *shelves)
    outcome(ENTRY % "  doi = {10.1000/none},\n", *shelves)
    assert asked == ["c", "a", "b"] * 3  # a search; the DOI, and what it may mean


def test_entries_that_say_the_same_are_searched_for_once() -> None:
    shelf = Shelf(works=[WORK])
    found = engine.run(plan(document((ENTRY % "") * 3)), [shelf])
    assert [each.verdict for each in found] == [Verdict.MATCH] * 3
    assert shelf.asked == ["Deep learning"]
