"""Preprints and what became of them: the published version of a work that an entry cites early."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from refkit.match.judge import agrees, judge
from refkit.match.profile import profile
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Level, Match, Verdict
from refkit.normalise.dates import year_of
from refkit.normalise.ids import clean_doi, doi_key

_GOOD = (Level.EXACT, Level.STRONG)
_YEARS = range(-1, 7)
"""How many years after the preprint a work that is told by title and authors may appear."""


class Published(NamedTuple):
    """The published version of a preprint: its DOI, and how it is known."""

    doi: str
    how: str


def is_preprint(entry: Entry) -> bool:
    """Tell whether an entry or record says that it is on a preprint server, and nowhere else."""
    return bool(profile(entry).server)


def named(record: Entry) -> Published | None:
    """Return the published version that a preprint's own record names.

    Crossref's records do by the relation `is-preprint-of`, arXiv's by the DOI that the authors
    gave later.
    """
    for pair in record.beyond("relation").split("; "):
        kind, _, doi = pair.partition(" ")
        if kind == "is-preprint-of" and clean_doi(doi):
            return Published(doi_key(doi), "the preprint's record says is-preprint-of")
    later = clean_doi(record.beyond("arxiv-doi"))
    return Published(doi_key(later), "arXiv has this DOI for it") if later else None


def likely(entry: Entry, candidates: Sequence[Candidate]) -> Match | None:
    """Return the one published candidate that has a preprint's title and authors.

    Two that agree equally well are none, and so are a common title and a year out of reach.
    """
    open_ = [each for each in candidates if not is_preprint(each.entry)]
    in_reach = [each for each in open_ if _in_reach(entry, each.entry)]
    proposal = judge(_bare(entry), in_reach)
    return proposal.matches[0] if proposal.verdict is Verdict.MATCH else None


def confirmed(entry: Entry, record: Entry) -> bool:
    """Tell whether a published record that was named for a preprint can be of its work."""
    match = agrees(_bare(entry), record)
    levels = {each.feature: each.level for each in match.evidence}
    if match.veto or is_preprint(record) or not _in_reach(entry, record):
        return False
    return levels.get("title") in (*_GOOD, Level.WEAK) and levels.get("first author") in _GOOD


def _bare(entry: Entry) -> Entry:
    """Return title and authors alone: where and when a preprint appeared says nothing here."""
    kept = [each for each in entry.fields if each.name in ("title", "author")]
    return Entry(entry.key, "", tuple(kept), origin=entry.origin)


def _in_reach(entry: Entry, record: Entry) -> bool:
    ours, theirs = entry.date(), record.date()
    first = year_of(ours) if ours else None
    later = year_of(theirs) if theirs else None
    return first is None or later is None or later - first in _YEARS
