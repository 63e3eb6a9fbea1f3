"""The ways of others, to compare with: each returns the DOI that it would write, or ""."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.fuzz import ratio

from refkit.match.judge import judge
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Verdict
from refkit.normalise.pages import bibtex_pages
from refkit.normalise.titles import fold


def first_hit(_: Entry, candidates: Sequence[Candidate]) -> str:
    """Take what the search puts first."""
    return candidates[0].id if candidates else ""


def title_only(entry: Entry, candidates: Sequence[Candidate]) -> str:
    """Take the likest title, if it is like by .70."""
    scored = _by_title(entry, candidates)
    return scored[0][1].id if scored and scored[0][0] >= 0.7 else ""


def four_fields(entry: Entry, candidates: Sequence[Candidate]) -> str:
    """Take a title alike by .70 whose author, year and pages do not contradict; refuse ties."""
    good = [
        (score, each)
        for score, each in _by_title(entry, candidates)
        if score >= 0.7 and _agree(entry, each.entry)
    ]
    if not good or (len(good) > 1 and good[0][0] - good[1][0] < 0.02):
        return ""
    return good[0][1].id


def ours(entry: Entry, candidates: Sequence[Candidate]) -> str:
    """Take what refkit calls a match."""
    proposal = judge(entry, candidates)
    return proposal.matches[0].candidate.id if proposal.verdict is Verdict.MATCH else ""


def _by_title(entry: Entry, candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
    title = fold(entry.text("title"))
    scored = [(ratio(title, fold(c.entry.text("title"))) / 100, c) for c in candidates]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].id))


def _agree(entry: Entry, other: Entry) -> bool:
    mine, yours = _families(entry), _families(other)
    if mine and yours and not mine & yours:
        return False
    a, b = entry.date(), other.date()
    if a and b and a.year and b.year and abs(a.year - b.year) > 1:
        return False
    page, place = _first_page(entry), _first_page(other)
    return not (page and place) or page == place


def _first_page(entry: Entry) -> str:
    return re.split(r"--|[,;&\s]", bibtex_pages(entry.text("page")), maxsplit=1)[0]


def _families(entry: Entry) -> set[str]:
    return {fold(name.family or name.literal) for name in entry.names("author")}


METHODS = {
    "first hit": first_hit,
    "title similarity .70": title_only,
    "title, author, year, page": four_fields,
    "refkit": ours,
}
