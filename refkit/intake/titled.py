"""A title with no authors, perhaps with an abstract: which record bears it, and only one?

A title alone is weak evidence. So it has to be telling (`weights.SHORT_TITLE`) and the same but
for case, accents and punctuation; a long one (`weights.NEEDED`) may have typing faults or lack
one small part, if nothing else comes near. Abstracts decide where both have one. Records of
other kinds (a review, a correction), and several works of one title, are never taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.fuzz import token_sort_ratio

from refkit.match.features import Comparison, compare_authors, compare_profiles
from refkit.match.profile import Profile, profile
from refkit.match.weigh import Weighed, possible, weigh
from refkit.match.weights import NEEDED, SHORT_TITLE
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Evidence, Level, Match, Proposal, Verdict
from refkit.normalise.titles import fold

_SAME_ABSTRACT = 80.0
_OTHER_ABSTRACT = 45.0
"""Likeness of two abstracts' words in per cent: of one work, and of different ones."""
_ABSTRACT_POINTS = {Level.EXACT: 6.0, Level.MISSING: 0.0, Level.CONFLICT: -6.0}


class _Read(NamedTuple):
    """A candidate with its prepared form, its evidence, and how its abstract compares."""

    candidate: Candidate
    profile: Profile
    match: Match
    title: Level
    abstract: Level


def judge_title(entry: Entry, candidates: Sequence[Candidate]) -> Proposal:
    """Return the verdict on the candidates for an entry of a title and perhaps an abstract."""
    ours = profile(entry)
    most = possible(ours)
    unique = {each.id.lower(): each for each in reversed(candidates)}
    read = [_read(entry, ours, each, most) for _, each in sorted(unique.items())]
    read.sort(key=lambda each: (bool(each.match.veto), -each.match.score, each.candidate.id))
    verdict, reason, chosen = _verdict(ours, [each for each in read if not each.match.veto])
    ranked = [*chosen, *(each for each in read if each not in chosen)]
    return Proposal(verdict, reason or "no candidate", tuple(each.match for each in ranked))


def _read(entry: Entry, ours: Profile, candidate: Candidate, most: float) -> _Read:
    theirs = profile(candidate.entry)
    weighed = weigh(ours, theirs, candidate, most)
    abstract = _abstracts(entry.text("abstract"), candidate.entry.text("abstract"))
    match = _with_abstract(weighed, abstract, most)
    return _Read(candidate, theirs, match, weighed.found.title.level, abstract)


def _with_abstract(weighed: Weighed, abstract: Level, most: float) -> Match:
    old = weighed.match
    if abstract is Level.MISSING:
        return old
    points = _ABSTRACT_POINTS[abstract]
    row = Evidence("abstract", abstract, points)
    score = min(1.0, max(0.0, (weighed.found.points + points) / (most + points))) if most else 0.0
    other = "the abstracts differ" if abstract is Level.CONFLICT else ""
    return Match(old.candidate, (*old.evidence, row), round(score, 4), old.veto or other)


def _abstracts(ours: str, theirs: str) -> Level:
    """Compare two abstracts by their words; in between nothing is said."""
    if len(ours) < 100 or len(theirs) < 100:
        return Level.MISSING
    alike = token_sort_ratio(fold(ours), fold(theirs))
    if alike >= _SAME_ABSTRACT:
        return Level.EXACT
    return Level.CONFLICT if alike < _OTHER_ABSTRACT else Level.MISSING


def _verdict(ours: Profile, free: Sequence[_Read]) -> tuple[Verdict, str, list[_Read]]:
    for reason, chosen in (
        ("same abstract", [each for each in free if each.abstract is Level.EXACT]),
        ("title exact", [each for each in free if each.title is Level.EXACT]),
        ("title nearly exact", [each for each in free if each.title is Level.STRONG]),
    ):
        if not chosen:
            continue
        doubt = _doubt(ours, chosen, free)
        if doubt:
            return Verdict.AMBIGUOUS, f"{reason}, but {doubt}", chosen
        versions = _versions_first(chosen)
        said = f"{reason}; {len(chosen)} versions of one work" if len(chosen) > 1 else reason
        return Verdict.MATCH, said, versions
    near = [each for each in free if each.title is Level.WEAK]
    if near:
        return Verdict.AMBIGUOUS, "the titles are only alike", near
    return Verdict.NONE, "no candidate has the title", []


def _doubt(ours: Profile, chosen: Sequence[_Read], free: Sequence[_Read]) -> str:
    if not _one_work(chosen):
        return f"{len(chosen)} works bear it"
    if chosen[0].abstract is Level.EXACT:
        return ""
    if chosen[0].title is Level.EXACT:
        return "the title is too common to stand alone" if ours.title.points < SHORT_TITLE else ""
    if min(each.profile.title.points for each in chosen) < NEEDED:
        return "the title is too short for a difference"
    if any(each.title is Level.WEAK for each in free):
        return "another title is near as well"
    return "" if all(_whole(ours, each) for each in chosen) else "a part of the title is missing"


def _whole(ours: Profile, each: _Read) -> bool:
    """Tell whether a near title is so in whole: a lost subtitle may be another work's."""
    short, long = sorted((len(ours.title.solid), len(each.profile.title.solid)))
    return short >= 0.85 * long


def _one_work(chosen: Sequence[_Read]) -> bool:
    """Tell whether records of one title are versions of one work: their authors agree."""
    first, *others = chosen
    return all(_versions(first.profile, each.profile) for each in others)


def _versions(one: Profile, other: Profile) -> bool:
    """Tell whether two records are a preprint and its published form, or one record twice."""
    authors = compare_authors(one, other)
    if authors.first not in (Level.EXACT, Level.STRONG) or authors.every is Level.CONFLICT:
        return False
    found: Comparison = compare_profiles(one, other)
    if found.title.level is Level.CONFLICT:
        return False
    same_id = any(found.levels.get(name) is Level.EXACT for name in ("DOI", "arXiv", "PMID"))
    return same_id or bool(one.server) != bool(other.server)


def _versions_first(chosen: Sequence[_Read]) -> list[_Read]:
    """Put the published form before its preprint; else keep the order by score and id."""
    return sorted(chosen, key=lambda each: bool(each.profile.server))
