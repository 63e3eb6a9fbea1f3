"""What speaks for and against a candidate record being the work that an entry means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from refkit.model.entry import Entry


class Verdict(StrEnum):
    """The outcome of a comparison; only MATCH ever writes anything."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    NONE = "none"
    UNCHECKED = "unchecked"


class Level(StrEnum):
    """How well one feature agrees, from the same to a contradiction."""

    EXACT = "exact"
    STRONG = "strong"
    WEAK = "weak"
    MISSING = "missing"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature compared: its level, the weight it adds (negative if it speaks against)."""

    feature: str
    level: Level
    weight: float
    ours: str = ""
    theirs: str = ""

    def row(self) -> dict[str, str | float]:
        """Return the evidence as reports have it, JSON-ready."""
        return {
            "feature": self.feature,
            "level": str(self.level),
            "weight": round(self.weight, 4),
            "ours": self.ours,
            "theirs": self.theirs,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a source offers; `entry.origin` says from where, `id` is its DOI or URL."""

    id: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with its evidence, a score in 0..1, and what forbids it ("" if nothing does)."""

    candidate: Candidate
    evidence: tuple[Evidence, ...]
    score: float
    veto: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """All candidates, best first, the verdict on them, and its reason in a sentence."""

    verdict: Verdict
    reason: str
    matches: tuple[Match, ...] = ()
