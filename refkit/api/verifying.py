"""Verifying: is what each entry says what the record of its work says? Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refkit.api.enriching import open_sources
from refkit.config import SourceSettings
from refkit.enrichment import engine
from refkit.enrichment.agency import agencies
from refkit.enrichment.plan import plan
from refkit.model.evidence import Verdict
from refkit.model.report import Document
from refkit.verification.report import report
from refkit.verification.verdicts import Finding, Looked, Status, finding


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of a document's entries, in file order, and what is wrong with sources."""

    document: Document
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()

    def counts(self) -> Mapping[Status, int]:
        """Return how many entries have each status."""
        found = [each.status for each in self.findings]
        return {status: found.count(status) for status in Status}

    def report(self) -> list[dict[str, Any]]:
        """Return the report: one JSON-ready object per entry."""
        return report(self.findings)


def verify(
    document: Document,
    sources: Sequence[str] = ("crossref",),
    *,
    settings: SourceSettings | None = None,
    progress: engine.Progress = lambda done: None,
) -> Verification:
    """Compare a document's entries with the records of their works.

    `sources` are source names, asked in that order. A source that cannot answer leaves entries
    unchecked. Raises InputError and PluginError.
    """
    with open_sources(sources, settings or SourceSettings()) as (made, warnings):
        outcomes = engine.run(plan(document), made, progress)
        elsewhere = agencies(outcomes, made)
    found = tuple(finding(each.task.entry, _looked(each, elsewhere)) for each in outcomes)
    return Verification(document, found, tuple(warnings))


def _looked(outcome: engine.Outcome, elsewhere: Mapping[int, str]) -> Looked:
    task = outcome.task
    if task.index in elsewhere:
        return Looked(Verdict.UNCHECKED, elsewhere[task.index])
    if not task.doi and task.query is None:
        return Looked(Verdict.UNCHECKED, outcome.reason)
    records = ((outcome.match,) if outcome.match else ()) + outcome.others
    if outcome.flagged and not outcome.by_id:  # the work is known, under another DOI
        return Looked(Verdict.MATCH, outcome.reason, records, doi_unknown=task.doi)
    return Looked(outcome.verdict, outcome.reason, records, by_id=outcome.by_id)
