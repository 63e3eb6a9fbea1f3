"""What holds for every judgement, on entries made by hypothesis."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given, settings
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


MESS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["{\\'", "10.1000/", "978-", "e", "-", "12--", "ISSN 0000-000X", "&#x;", "\x00", "…"]
    ),
)
MESSY_NAMES = st.builds(Name, MESS, MESS, MESS, MESS, MESS, MESS)
MESSY_DATES = st.builds(
    Date,
    year=st.none() | st.integers(-9999, 9999),
    month=st.none() | st.integers(1, 12),
    literal=MESS,
)
NAMED = st.sampled_from(
    """title container-title event-title volume issue page number edition publisher DOI ISBN ISSN
    PMID eprint eprinttype URL note genre update-to crossref-type""".split()
)


@st.composite
def messy(draw: st.DrawFn) -> Entry:
    """Make an entry of any values at all, also of kinds that do not belong there."""
    values = st.one_of(MESS, st.lists(MESSY_NAMES, max_size=3).map(tuple), MESSY_DATES)
    fields = draw(st.lists(st.builds(Field, NAMED, values), max_size=8))
    fields.append(Field("author", draw(st.lists(MESSY_NAMES, max_size=4).map(tuple) | MESS)))
    fields.append(Field("issued", draw(MESSY_DATES | MESS)))
    return Entry("key", draw(TYPES | MESS), tuple(fields), tuple(draw(st.permutations(fields))[:3]))


@given(messy(), st.lists(messy(), max_size=3))
def test_whatever_an_entry_holds_it_is_judged(ours, others) -> None:
    proposal = judge(ours, offered(others))

    assert len(proposal.matches) == len(others)
    assert proposal == judge(ours, offered(others))
    for each in offered(others):
        assert confirm(ours, each).reason


SYMMETRIC = ("DOI", "title", "first author", "venue", "volume", "issue", "type", "edition")


@given(records(), records())
@settings(max_examples=500)
def test_what_knows_no_direction_compares_alike_both_ways(ours, theirs) -> None:
    mine, yours = profile(ours), profile(theirs)

    there = compare_profiles(mine, yours).levels
    back = compare_profiles(yours, mine).levels

    assert {name: there.get(name) for name in SYMMETRIC} == {n: back.get(n) for n in SYMMETRIC}


def test_very_long_values_cost_little_more_than_long_ones() -> None:
    names = tuple(Name(f"Family{n}", "A. B.") for n in range(5000))
    words = " ".join(f"word{n}" for n in range(100_000))
    long = Entry(
        "key",
        "article-journal",
        (Field("title", words), Field("author", names), Field("container-title", words)),
    )
    other = replace(long, fields=(Field("title", words[9:]), *long.fields[1:]))
    started = time.process_time()

    judge(long, offered([other] * 3))

    assert time.process_time() - started < 5
