"""One candidate weighed: points, score, and what stands between it and a match."""

from __future__ import annotations

from typing import NamedTuple

from refkit.match.caps import doubt, version_doubt, veto
from refkit.match.features import Comparison, compare_profiles, pages, types
from refkit.match.profile import Profile
from refkit.match.weights import points
from refkit.model.evidence import Candidate, Level, Match

GOOD = (Level.EXACT, Level.STRONG)
IDS = ("DOI", "arXiv", "PMID")


class Weighed(NamedTuple):
    """A candidate weighed: the match, and the comparison that it comes from."""

    match: Match
    found: Comparison


def weigh(ours: Profile, theirs: Profile, candidate: Candidate, most: float) -> Weighed:
    """Weigh one candidate; `most` is what `possible` gives for the entry."""
    found = compare_profiles(ours, theirs)
    score = round(min(1.0, max(0.0, found.points / most)), 4) if most else 0.0
    forbidden = veto(ours, theirs, found)
    version = "" if forbidden else version_doubt(ours, theirs, found)
    doubtful = "" if forbidden else doubt(ours, theirs, found)
    return Weighed(Match(candidate, found.evidence, score, forbidden, version, doubtful), found)


def possible(ours: Profile) -> float:
    """Return the points that an entry gains from a record that agrees in all that it says."""
    has = {
        "title": bool(ours.title.solid),
        "first author": bool(ours.authors.persons or ours.editors.persons),
        "authors": len(ours.authors.persons) > 1,
        "year": bool(ours.years),
        "venue": bool(ours.venues),
        "volume": bool(ours.volume),
        "issue": bool(ours.issue),
        "page": pages(ours, ours) is not Level.MISSING,
        "type": types(ours, ours) is Level.EXACT,
    }
    worth = {name: points(name, Level.EXACT) for name, there in has.items() if there}
    if "title" in worth:
        worth["title"] = ours.title.points
    return sum(worth.values())


def agreement(found: Comparison) -> str:
    """Return in words what agrees, as "title exact, 3 of 3 authors, year and volume agree"."""
    levels = found.levels
    said = [name for name in IDS if levels.get(name) is Level.EXACT]
    title = levels["title"]
    if title is not Level.MISSING:
        said.append(f"title {_TITLE_WORDS[title]}")
    if found.people.asked:
        said.append(f"{found.people.found} of {found.people.asked} authors")
    said += [
        _SAID.get(name, name)
        for name in ("year", "venue", "volume", "issue", "page", "ISBN")
        if levels.get(name) in GOOD
    ]
    if levels.get("year") is Level.WEAK:
        said.append("year off by one")
    if len(said) < 2:
        return "".join(said) or "nothing"
    return f"{', '.join(said[:-1])} and {said[-1]}"


_SAID = {"page": "first page"}
_TITLE_WORDS = {
    Level.EXACT: "exact",
    Level.STRONG: "nearly exact",
    Level.WEAK: "alike",
    Level.CONFLICT: "different",
}
