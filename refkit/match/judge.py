"""The verdict: is one of the candidates, and only one, the work that an entry means?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refkit.match import weights
from refkit.match.confirm import agrees, confirm
from refkit.match.profile import profile
from refkit.match.weigh import GOOD, IDS, Weighed, agreement, possible, weigh
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Level, Proposal, Verdict

__all__ = ["agrees", "confirm", "judge"]


def judge(entry: Entry, candidates: Sequence[Candidate]) -> Proposal:
    """Return the verdict on the candidates of a search, with all of them, best first.

    The order in which the candidates come makes no difference. A match is one candidate that
    nothing forbids or makes doubtful, that agrees in enough points, and that leads the next
    by a clear gap; see `refkit.match.weights` for the limits.
    """
    ours = profile(entry)
    most = possible(ours)
    weighed = [weigh(ours, profile(each.entry), each, most) for each in _unique(candidates)]
    weighed.sort(key=_rank)
    verdict, reason = _verdict(weighed)
    return Proposal(verdict, reason, tuple(each.match for each in weighed))


def _unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return one candidate for each id, the first that is offered for it."""
    found: dict[str, Candidate] = {}
    for each in candidates:
        found.setdefault(each.id.lower(), each)
    return list(found.values())


def _rank(each: Weighed) -> tuple[bool, bool, float, str]:
    return (
        bool(each.match.veto),
        bool(each.match.version),
        -each.match.score,
        each.match.candidate.id,
    )


def _verdict(weighed: list[Weighed]) -> tuple[Verdict, str]:
    free = [each for each in weighed if not each.match.veto and not each.match.version]
    if free:
        verdict, reason = _free_verdict(free)
        if verdict is not Verdict.NONE:
            return verdict, reason
    for each in weighed:
        if each.match.version and not each.match.doubt and _enough(each):
            return Verdict.AMBIGUOUS, f"{each.match.candidate.id}: {each.match.version}"
    return Verdict.NONE, _why_none(weighed)


def _free_verdict(free: list[Weighed]) -> tuple[Verdict, str]:
    best = free[0]
    if best.match.score < weights.NEAR or best.found.title.level is Level.CONFLICT:
        return Verdict.NONE, ""
    said = agreement(best.found)
    if best.match.doubt:
        return Verdict.AMBIGUOUS, f"{said}, but {best.match.doubt}"
    if not _enough(best):
        return Verdict.AMBIGUOUS, f"too little agrees: {said}"
    lead = best.match.score - free[1].match.score if len(free) > 1 else None
    if lead is not None and lead < weights.GAP and not _by_id(best, free[1]):
        other = free[1].match.candidate.id
        return Verdict.AMBIGUOUS, f"{said}, but {other} agrees as well (only {lead:.2f} lower)"
    after = f"next candidate {lead:.2f} lower" if lead is not None else "no other candidate"
    return Verdict.MATCH, f"{said}; {after}"


def _enough(each: Weighed) -> bool:
    found = each.found
    return found.points >= weights.NEEDED and each.match.score >= weights.AGREEMENT


def _by_id(best: Weighed, other: Weighed) -> bool:
    """Tell whether an identifier of the work itself parts two candidates of like score."""
    return any(
        best.found.levels.get(name) is Level.EXACT and other.found.levels.get(name) is None
        for name in IDS
    )


def _why_none(weighed: list[Weighed]) -> str:
    if not weighed:
        return "no candidate"
    near = [each for each in weighed if each.match.veto and _near(each)]
    if near:
        best = max(near, key=lambda each: (each.match.score, each.match.candidate.id))
        title = "has the title" if best.found.title.level in GOOD else "is alike"
        return f"{best.match.candidate.id} {title}, but {best.match.veto}"
    return f"no candidate is near: the best scores {weighed[0].match.score:.2f}"


def _near(each: Weighed) -> bool:
    return each.found.title.level not in (Level.CONFLICT, Level.MISSING)
