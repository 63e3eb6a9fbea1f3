"""Explaining: the evidence for and against the candidates of an entry, as enrichment weighs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refkit.api import documents
from refkit.api.enriching import open_sources
from refkit.api.shelves import places_of
from refkit.config import SourceSettings
from refkit.enrichment import engine
from refkit.enrichment.plan import Task, plan
from refkit.errors import InputError
from refkit.manuscripts.choice import Place, Shelf
from refkit.match.profile import profile
from refkit.match.weigh import possible
from refkit.match.weights import LIMITS, WEIGHTS
from refkit.model.entry import Entry
from refkit.model.evidence import Match, Verdict
from refkit.model.report import Diagnostic
from refkit.model.text import SourceText


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an entry has its verdict: its candidates with their evidence, best first.

    `possible` are the points that a record would gain that agrees in all that the entry says;
    `flagged` tells that the entry's own DOI is another work's.
    """

    entry: Entry
    verdict: Verdict
    reason: str
    matches: tuple[Match, ...]
    possible: float
    flagged: bool = False

    @property
    def gap(self) -> float | None:
        """The best candidate's lead in score over the next, None where no two are free of caps."""
        free = [each.score for each in self.matches if not each.veto and not each.version]
        return round(free[0] - free[1], 4) if len(free) > 1 else None

    def data(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "key": self.entry.key,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "flagged": self.flagged,
            "possible": round(self.possible, 2),
            "gap": self.gap,
            "candidates": [_candidate(each) for each in self.matches],
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation for each entry, in the order asked for, and what is to be said besides."""

    explanations: tuple[Explanation, ...]
    warnings: tuple[str, ...] = ()
    told: tuple[tuple[Diagnostic, SourceText], ...] = ()


def explain(
    keys: Sequence[str],
    libraries: Sequence[str | Path],
    sources: Sequence[str] = ("crossref",),
    *,
    settings: SourceSettings | None = None,
    everything: bool = False,
) -> Explained:
    """Look the entries with these keys up as `enrich` does, and say why it decides as it does.

    With `everything` all entries are explained. Nothing is written. Raises InputError for
    unknown keys and files that cannot be read, PluginError for unknown sources; a source that
    cannot answer leaves its entries unchecked.
    """
    shelf = Shelf([documents.read(each) for each in libraries], "biblatex")
    places = places_of(shelf, keys, everything=everything)
    tasks = _tasks(shelf, places)
    with open_sources(sources, settings or SourceSettings()) as (made, warnings):
        outcomes = engine.run(tasks, made)
    told = tuple((each, shelf.libraries[n].source) for n, each in shelf.problems(places))
    return Explained(tuple(map(_explanation, outcomes)), tuple(warnings), told)


def points(match: Match) -> float:
    """Return the points that speak for a candidate, less those that speak against it."""
    return round(sum(each.weight for each in match.evidence), 2)


def weights() -> list[tuple[str, str, float, str]]:
    """Return the table of weights: feature, level, points, and why so many."""
    return [(name, str(level), each.points, each.why) for (name, level), each in WEIGHTS.items()]


def limits() -> list[tuple[str, float, str]]:
    """Return the limits of the verdicts: name, figure, and why."""
    return [(name, each.points, each.why) for name, each in LIMITS.items()]


def _tasks(shelf: Shelf, places: Sequence[Place]) -> list[Task]:
    planned = {
        Place(number, task.index): task
        for number, library in enumerate(shelf.libraries)
        for task in plan(library)
    }
    for place in places:
        if place not in planned:
            path, entry = shelf.libraries[place.library].source.path, shelf.entry(place)
            kind = entry.native_type
            raise InputError(f"{path}: {entry.key} is a @{kind} and stands for no work of its own")
    return [planned[place] for place in places]


def _explanation(outcome: engine.Outcome) -> Explanation:
    matches = (*((outcome.match,) if outcome.match else ()), *outcome.others)
    most = possible(profile(outcome.task.entry))
    return Explanation(
        outcome.task.entry, outcome.verdict, outcome.reason, matches, most, outcome.flagged
    )


def _candidate(match: Match) -> dict[str, Any]:
    return {
        "id": match.candidate.id,
        "source": match.candidate.entry.origin.source,
        "score": match.score,
        "points": points(match),
        "veto": match.veto or None,
        "version": match.version or None,
        "doubt": match.doubt or None,
        "evidence": [each.row() for each in match.evidence],
    }
