"""The weights of the evidence, and the limits of the verdicts, each with its reason.

A point is a factor of ten in the odds that two records are the same work, so points add up.
The figures were set on one half of 14,803 Crossref records and proved on the other half
(`python -m tests.bench.matching`). None is delicate: the points of any one feature a quarter
higher or lower move recall there by half a hundredth, those of the title by little more than
one, and make nothing wrong.
"""

from __future__ import annotations

from typing import NamedTuple

from refkit.model.evidence import Level


class Weight(NamedTuple):
    """How many points a level of a feature adds, or a limit asks for, and why so many."""

    points: float
    why: str


_E, _S, _W, _C = Level.EXACT, Level.STRONG, Level.WEAK, Level.CONFLICT

WEIGHTS: dict[tuple[str, Level], Weight] = {
    ("DOI", _E): Weight(8, "a registered identifier of this very record"),
    ("DOI", _C): Weight(-8, "another registered work; also a veto"),
    ("arXiv", _E): Weight(8, "a registered identifier of the work"),
    ("arXiv", _C): Weight(-8, "another manuscript; also a veto"),
    ("PMID", _E): Weight(8, "a registered identifier of the work"),
    ("PMID", _C): Weight(-8, "another work; also a veto"),
    ("ISBN", _E): Weight(4, "the same book, but perhaps only one chapter of it"),
    ("ISBN", _C): Weight(-0.5, "often the same book's paperback or electronic edition"),
    ("title", _E): Weight(1, "for each telling word, at most TITLE_MOST in all"),
    ("title", _S): Weight(0.9, "the same but for typing faults or a lost subtitle"),
    ("title", _W): Weight(0.5, "near, but a word or a number is another one"),
    ("title", _C): Weight(-4, "another title is nearly always another work"),
    ("first author", _E): Weight(2, "the first of both, family name and initials"),
    ("first author", _S): Weight(1.6, "found, but not first, or the family name alone"),
    ("first author", _W): Weight(0.6, "a spelling apart, or other initials"),
    ("first author", _C): Weight(-4, "neither first author is in the other list; also a veto"),
    ("authors", _E): Weight(1.5, "all of both lists, in order"),
    ("authors", _S): Weight(1.2, "all of the shorter list, perhaps in another order"),
    ("authors", _W): Weight(0.4, "at least half of the shorter list"),
    ("authors", _C): Weight(-1.5, "less than half of the shorter list"),
    ("year", _E): Weight(1.2, "one of a dozen likely years; print and online both count"),
    ("year", _W): Weight(0.6, "off by one: half, since print, online and preprint years differ"),
    ("year", _C): Weight(-2, "true records are rarely two years off"),
    ("venue", _E): Weight(1.5, "one of some thirty likely venues"),
    ("venue", _S): Weight(1.3, "an abbreviation or a near spelling of it"),
    ("venue", _W): Weight(0.5, "shares most of its words"),
    ("venue", _C): Weight(-1, "perhaps an abbreviation that is not known"),
    ("volume", _E): Weight(1.3, "one of some twenty likely volumes"),
    ("volume", _W): Weight(0.5, "shares a number, as in a double volume"),
    ("volume", _C): Weight(-1.5, "rarely mistyped"),
    ("issue", _E): Weight(0.6, "one of four to twelve issues"),
    ("issue", _W): Weight(0.3, "shares a number, as in a double issue"),
    ("issue", _C): Weight(-0.9, "often another piece of the same volume"),
    ("page", _E): Weight(2, "one of hundreds of first pages, or an article number"),
    ("page", _S): Weight(1.2, "the first page agrees, the last does not"),
    ("page", _W): Weight(0.5, "the last page agrees, the first does not: one is mistyped"),
    ("page", _C): Weight(-1.5, "another place, or a paper's own pagination"),
    ("type", _E): Weight(0.2, "most records have the same type anyway"),
    ("type", _S): Weight(0.1, "types that are often used for each other"),
    ("type", _W): Weight(-0.3, "types that are sometimes used for each other"),
    ("type", _C): Weight(-4, "another kind of work; also a veto"),
    ("publisher", _E): Weight(0.5, "one of some ten likely publishers; books and reports only"),
    ("publisher", _S): Weight(0.4, "names share their words"),
    ("publisher", _C): Weight(-0.2, "imprints and owners change"),
    ("edition", _E): Weight(0.5, "the same edition, told by both"),
    ("edition", _C): Weight(-4, "another edition is another record; also a veto"),
}

LIMITS: dict[str, Weight] = {
    "TITLE_MOST": Weight(6, "points a title has at most: longer ones recur as replies and copies"),
    "SHORT_TITLE": Weight(2.5, "titles worth less are shared by unlike works (Deep learning)"),
    "COMMON_TITLE": Weight(1, "titles worth less are everybody's (Introduction)"),
    "SURE_TITLE": Weight(3.5, "titles worth as much may outweigh one slip in year, volume or page"),
    "NEEDED": Weight(5, "points for a match: five telling words, or two with author and year"),
    "AGREEMENT": Weight(0.55, "the least score: the share of what the entry could gain"),
    "GAP": Weight(0.04, "the least lead in score: half a year's worth on a full entry"),
    "NEAR": Weight(0.3, "below this score nothing is like the entry: none, not ambiguous"),
}
"""The limits of the verdicts, in points or as a score, each with its reason."""

TITLE_MOST = LIMITS["TITLE_MOST"].points
SHORT_TITLE = LIMITS["SHORT_TITLE"].points
COMMON_TITLE = LIMITS["COMMON_TITLE"].points
SURE_TITLE = LIMITS["SURE_TITLE"].points
NEEDED = LIMITS["NEEDED"].points
AGREEMENT = LIMITS["AGREEMENT"].points
GAP = LIMITS["GAP"].points
NEAR = LIMITS["NEAR"].points


def points(feature: str, level: Level) -> float:
    """Return the points of a feature at a level, 0 where the table has none."""
    found = WEIGHTS.get((feature, level))
    return found.points if found else 0.0
