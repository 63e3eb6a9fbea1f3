"""The machine-readable report of an enrichment: one object per entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from refkit.enrichment.engine import Outcome
from refkit.enrichment.ledger import row
from refkit.model.evidence import Match
from refkit.model.report import Applied


def report(outcomes: Sequence[Outcome], applied: Iterable[Applied]) -> list[dict[str, Any]]:
    """Return a JSON-ready object per entry, in file order.

    Each has key, verdict, matched_id, source, score, reason, flagged, decided (by the user),
    evidence, changes (field, old, new, source, record, fetched, reason) and the candidates that
    were not taken.
    """
    by_entry: dict[int, list[dict[str, object]]] = {}
    for each in applied:
        told = row(each.change, each.field, each.old, each.new)
        by_entry.setdefault(each.change.index, []).append(told)
    return [_entry(outcome, by_entry.get(outcome.task.index, [])) for outcome in outcomes]


def _entry(outcome: Outcome, changes: list[dict[str, object]]) -> dict[str, Any]:
    match = outcome.match
    return {
        "key": outcome.task.entry.key,
        "verdict": str(outcome.verdict),
        "matched_id": match.candidate.id if match else None,
        "source": outcome.source or None,
        "score": round(match.score, 4) if match else None,
        "reason": outcome.reason,
        "flagged": outcome.flagged,
        "decided": outcome.decided,
        "evidence": [each.row() for each in match.evidence] if match else [],
        "changes": changes,
        "candidates": [candidate_row(each) for each in outcome.others[:5]],
    }


def candidate_row(match: Match) -> dict[str, Any]:
    """Return a candidate that was not taken as a JSON-ready object."""
    return {
        "id": match.candidate.id,
        "source": match.candidate.entry.origin.source,
        "title": match.candidate.entry.text("title"),
        "score": round(match.score, 4),
        "veto": match.veto or None,
    }
