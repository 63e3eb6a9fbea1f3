"""An entry whose DOI is known: is the record behind the DOI the work that the entry means?"""

from __future__ import annotations

from rapidfuzz.fuzz import token_set_ratio

from refkit.match.decoys import Kind
from refkit.match.features import Comparison
from refkit.match.profile import Profile, profile
from refkit.match.weigh import GOOD, Weighed, agreement, possible, weigh
from refkit.match.weights import SHORT_TITLE
from refkit.match.wording import compare_titles, wording
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Level, Match, Proposal, Verdict

_PLACE = ("year", "venue", "volume", "page")


def agrees(ours: Entry, theirs: Entry) -> Match:
    """Return the evidence and the score of one pair of records."""
    mine, yours = profile(ours), profile(theirs)
    candidate = Candidate(theirs.text("DOI") or theirs.key, theirs)
    return weigh(mine, yours, candidate, possible(mine)).match


def confirm(entry: Entry, candidate: Candidate) -> Proposal:
    """Return whether the record behind an entry's own id is the work that the entry means.

    MATCH if they are compatible; NONE if they contradict each other, so that the id is of
    something else; AMBIGUOUS if there is too little to tell, or if the record is another
    version or form of the work, from which nothing must be copied.
    """
    ours, theirs = profile(entry), profile(candidate.entry)
    weighed = weigh(ours, theirs, candidate, possible(ours))
    verdict, reason = _confirmed(ours, theirs, weighed)
    return Proposal(verdict, reason, (weighed.match,))


def _confirmed(ours: Profile, theirs: Profile, weighed: Weighed) -> tuple[Verdict, str]:
    found = weighed.found
    title = found.title.level
    if _whole_book(ours, theirs):
        return Verdict.AMBIGUOUS, "the record is of the whole book, the entry of a part of it"
    if title in GOOD or title is Level.WEAK:
        return _titled_alike(ours, theirs, weighed)
    if title is Level.MISSING:
        return _untitled(ours, found)
    return _titled_otherwise(ours, theirs, found)


def _whole_book(ours: Profile, theirs: Profile) -> bool:
    if theirs.family != "book" or ours.family == "book":
        return False
    book = theirs.title
    return any(compare_titles(wording(venue), book).level in GOOD for venue in ours.venues)


def _titled_alike(ours: Profile, theirs: Profile, weighed: Weighed) -> tuple[Verdict, str]:
    found = weighed.found
    said = agreement(found)
    first = found.levels.get("first author", Level.MISSING)
    if ours.kind is not theirs.kind and weighed.match.veto.endswith(str(theirs.kind)):
        return Verdict.NONE, f"the record is a {theirs.kind} about the work"
    if first is Level.CONFLICT:
        placed = found.levels.get("page") in GOOD and found.levels.get("volume") in GOOD
        verdict = Verdict.AMBIGUOUS if placed else Verdict.NONE
        return verdict, f"{said}, but the authors differ"
    if weighed.match.veto or weighed.match.version:
        return Verdict.AMBIGUOUS, f"{said}, but {weighed.match.veto or weighed.match.version}"
    against = _against(found)
    if len(against) > _allowed(found):
        return Verdict.AMBIGUOUS, f"{said}, but {' and '.join(against)} contradict"
    if not _told(found):
        return Verdict.AMBIGUOUS, f"too little to tell: {said}"
    return Verdict.MATCH, said


def _against(found: Comparison) -> list[str]:
    names = (*_PLACE, "issue")
    return [name for name in names if found.levels.get(name) is Level.CONFLICT]


def _allowed(found: Comparison) -> int:
    """Return how many places may contradict: one, if title and first author agree well."""
    exact = found.title.level is Level.EXACT and found.title.points >= SHORT_TITLE
    named = found.title.level in GOOD and found.levels.get("first author") in GOOD
    return 1 if exact or named else 0


def _told(found: Comparison) -> bool:
    """Tell whether the title, or what stands beside it, is telling enough."""
    support = sum(found.levels.get(name) in GOOD for name in ("first author", *_PLACE))
    if found.title.level is Level.WEAK:
        return any(found.levels.get(name) in GOOD for name in ("first author", "page"))
    return support > 0 or found.title.points >= SHORT_TITLE


def _untitled(ours: Profile, found: Comparison) -> tuple[Verdict, str]:
    said = agreement(found)
    if found.levels.get("first author") is Level.CONFLICT:
        return Verdict.NONE, f"the authors differ ({said} agree)"
    if _against(found):
        return Verdict.AMBIGUOUS, f"no title to compare, and {' and '.join(_against(found))} differ"
    if not (ours.title.solid or ours.authors.persons or ours.venues):
        return Verdict.MATCH, "the entry says nothing that the record contradicts"
    support = sum(found.levels.get(name) in GOOD for name in ("first author", *_PLACE))
    if support >= 2:
        return Verdict.MATCH, said
    return Verdict.AMBIGUOUS, f"too little to tell: {said}"


def _titled_otherwise(ours: Profile, theirs: Profile, found: Comparison) -> tuple[Verdict, str]:
    """A title that differs is another work, or the same at the same place under another title."""
    said = agreement(found)
    levels = found.levels
    same_place = levels.get("page") in GOOD and levels.get("volume") in GOOD
    if same_place and levels.get("first author") is not Level.CONFLICT:
        return Verdict.AMBIGUOUS, said
    if theirs.kind is not Kind.WORK and ours.kind is Kind.WORK:
        return Verdict.NONE, f"the record is a {theirs.kind}, titled {theirs.raw_title!r}"
    if token_set_ratio(ours.title.full, theirs.title.full) >= 80:
        return Verdict.AMBIGUOUS, "the titles share their words, but not all"
    both = bool(ours.authors.persons and theirs.authors.persons)
    if not both and _foreign(ours, theirs):
        return Verdict.AMBIGUOUS, "the titles are in different scripts, and nothing else tells"
    return Verdict.NONE, f"the record is another work, titled {theirs.raw_title!r}"


def _foreign(ours: Profile, theirs: Profile) -> bool:
    return ours.title.full.isascii() != theirs.title.full.isascii()
