"""What holds for every judgement, on entries made by hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from refkit.match.features import compare_profiles
from refkit.match.judge import confirm, judge
from refkit.match.profile import profile
from refkit.match.wording import compare_titles, wording
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.evidence import Candidate, Level, Verdict

WORDS = st.sampled_from(
    "deep learning of the gravitational waves from binary black holes in mice II Größe α 12".split()
)
TITLES = st.lists(WORDS, min_size=0, max_size=12).map(" ".join)
ANY_TEXT = st.text(max_size=40)
NAMES = st.builds(
    Name,
    family=st.sampled_from(["Smith", "Müller", "Zhang", "de la Cruz", "O'Neil", "", "李"]),
    given=st.sampled_from(["", "J.", "Jane", "JA", "Wei-Lin", "Ö."]),
)
TYPES = st.sampled_from(["article-journal", "book", "chapter", "article", "document", "thesis"])


@st.composite
def records(draw: st.DrawFn, titles: st.SearchStrategy[str] = TITLES) -> Entry:
    """Make an entry of any fields."""
    fields = [Field("title", draw(titles))]
    fields.append(Field("author", tuple(draw(st.lists(NAMES, max_size=4)))))
    if draw(st.booleans()):
        fields.append(Field("issued", Date(draw(st.integers(1990, 2000)))))
    for name in ("container-title", "volume", "issue", "page", "number", "edition"):
        text = draw(st.sampled_from(["", "", "1", "12-18", "Nature", "xii", "e12"]))
        if text:
            fields.append(Field(name, text))
    return Entry("key", draw(TYPES), tuple(fields))


def offered(entries: list[Entry]) -> list[Candidate]:
    """Number entries as candidates."""
    return [Candidate(f"10.1000/{number}", entry) for number, entry in enumerate(entries)]


@given(records(), st.lists(records(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_candidates_makes_no_difference(ours, others, dice) -> None:
    candidates = offered(others)
    shuffled = dice.sample(candidates, len(candidates))

    assert judge(ours, candidates) == judge(ours, shuffled)


@given(records(), st.lists(records(), max_size=6))
def test_scores_are_shares_and_only_a_free_candidate_matches(ours, others) -> None:
    proposal = judge(ours, offered(others))

    assert all(0 <= each.score <= 1 for each in proposal.matches)
    assert proposal.reason
    if proposal.verdict is Verdict.MATCH:
        assert not proposal.matches[0].veto


@given(records())
def test_twins_are_never_chosen_between(ours) -> None:
    assert judge(ours, offered([ours, ours])).verdict is not Verdict.MATCH


@given(records(), records())
def test_another_doi_is_never_a_match(ours, theirs) -> None:
    mine = replace(ours, fields=(*ours.fields, Field("DOI", "10.1000/mine")))
    yours = replace(theirs, fields=(*theirs.fields, Field("DOI", "10.1000/yours")))

    assert judge(mine, offered([yours])).verdict is not Verdict.MATCH


@given(records())
def test_an_entry_never_contradicts_itself(ours) -> None:
    mine = profile(ours)
    assert Level.CONFLICT not in compare_profiles(mine, mine).levels.values()
    assert confirm(ours, Candidate("10.1000/1", ours)).verdict is not Verdict.NONE


@given(TITLES, TITLES)
def test_titles_compare_alike_both_ways(ours, theirs) -> None:
    mine, yours = wording(ours), wording(theirs)

    assert compare_titles(mine, yours) == compare_titles(yours, mine)


@given(records(ANY_TEXT), records(ANY_TEXT))
def test_any_text_is_judged_without_a_fault(ours, theirs) -> None:
    assert judge(ours, offered([theirs])).reason
    assert confirm(ours, Candidate("10.1000/1", theirs)).reason
