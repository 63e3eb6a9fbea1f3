"""The machine-readable report of a verification: one object per entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from refkit.model.evidence import Match
from refkit.verification.verdicts import Finding


def report(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return a JSON-ready object per entry, in file order.

    Each has key, verdict, reason, record (id, source, fetched, score; None where there is
    none), evidence (feature, level, weight, ours, theirs), differences, notices, published and
    the other candidates.
    """
    return [_row(each) for each in findings]


def _row(finding: Finding) -> dict[str, Any]:
    record = finding.record
    return {
        "key": finding.entry.key,
        "verdict": str(finding.status),
        "reason": finding.reason,
        "record": _record(record) if record else None,
        "differences": [each._asdict() for each in finding.differences],
        "notices": [{**each._asdict(), "asserters": [*each.asserters]} for each in finding.notices],
        "published": finding.published._asdict() if finding.published else None,
        "evidence": [each.row() for each in record.evidence] if record else [],
        "candidates": [_record(each) for each in finding.others[:5]],
    }


def _record(match: Match) -> dict[str, Any]:
    entry = match.candidate.entry
    return {
        "id": match.candidate.id,
        "title": entry.text("title"),
        "source": entry.origin.source,
        "fetched": entry.origin.fetched or None,
        "score": round(match.score, 4),
    }
