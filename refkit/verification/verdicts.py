"""What is found of an entry: verified, or what speaks against it, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from refkit import preprints
from refkit.model.entry import Entry
from refkit.model.evidence import Level, Match, Verdict
from refkit.preprints import Published
from refkit.verification.differences import Difference, differences
from refkit.verification.notices import Notice, notices


class Status(StrEnum):
    """What is found of an entry, the gravest first; only `UNCHECKED` says nothing of it."""

    UNCHECKED = "unchecked"
    RETRACTED = "retracted"
    NOT_FOUND = "not found"
    AMBIGUOUS = "ambiguous"
    DIFFERS = "differs"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking an entry up has brought.

    `verdict` and `reason` are those of the match, `records` the candidates, best first;
    `by_id` says that the first is the record behind the entry's own id, `doi_unknown` that no
    source knows the entry's DOI, though perhaps its work under another.
    """

    verdict: Verdict
    reason: str
    records: tuple[Match, ...] = ()
    by_id: bool = False
    doi_unknown: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry's status and why, with the record that it was compared with, if there is one.

    `differences`, `notices` and `published` are told whatever the status is: it names the
    gravest only. `others` are further candidates, best first.
    """

    entry: Entry
    status: Status
    reason: str
    record: Match | None = None
    differences: tuple[Difference, ...] = ()
    notices: tuple[Notice, ...] = ()
    published: Published | None = None
    others: tuple[Match, ...] = ()


def finding(entry: Entry, looked: Looked) -> Finding:
    """Judge what looking an entry up has brought."""
    best = looked.records[0] if looked.records else None
    if looked.verdict is Verdict.UNCHECKED:
        return Finding(entry, Status.UNCHECKED, looked.reason, others=looked.records)
    if best is not None and (looked.by_id or looked.verdict is Verdict.MATCH):
        return _against(entry, best, looked)
    published = _published(entry, looked.records)
    if published:
        status = Status.SUPERSEDED
        record = next(each for each in looked.records if _id(each) == published.doi)
        others = tuple(each for each in looked.records if each is not record)
        return Finding(entry, status, _as_published(published), record, (), (), published, others)
    if best is not None and looked.verdict is Verdict.AMBIGUOUS:
        odd = differences(entry, best) if not best.veto else ()
        rest = looked.records[1:]
        return Finding(entry, Status.AMBIGUOUS, looked.reason, best, odd, others=rest)
    return Finding(entry, Status.NOT_FOUND, looked.reason, others=looked.records)


def _against(entry: Entry, best: Match, looked: Looked) -> Finding:
    """Compare an entry with the record of its work, or with the one that its own id is of."""
    record = best.candidate.entry
    told = notices(record)
    odd = differences(entry, best)
    if looked.doi_unknown:
        odd = (Difference("DOI", looked.doi_unknown, best.candidate.id), *odd)
    published = _published(entry, looked.records)
    if published is None and preprints.is_preprint(record):
        published = preprints.named(record)
    itself = published is not None and published.doi == best.candidate.id.lower()
    status, reason = _status(looked, () if itself else odd, told, published)
    return Finding(entry, status, reason, best, odd, told, published, looked.records[1:])


def _status(
    looked: Looked,
    odd: Sequence[Difference],
    told: Sequence[Notice],
    published: Published | None,
) -> tuple[Status, str]:
    if any(each.retracts for each in told):
        return Status.RETRACTED, looked.reason
    if looked.verdict is Verdict.NONE:
        return Status.DIFFERS, looked.reason
    if odd:
        return Status.DIFFERS, looked.reason
    if published:
        return Status.SUPERSEDED, _as_published(published)
    if looked.verdict is Verdict.AMBIGUOUS:
        return Status.AMBIGUOUS, looked.reason
    return (Status.CORRECTED if told else Status.VERIFIED), looked.reason


def _published(entry: Entry, records: Sequence[Match]) -> Published | None:
    """Return the published version of an entry that cites a preprint, if one was offered."""
    if not preprints.is_preprint(entry):
        return None
    found = preprints.likely(entry, [each.candidate for each in records])
    if found is None:
        return None
    level = next((e.level for e in found.evidence if e.feature == "title"), Level.MISSING)
    return Published(found.candidate.id, f"title {level}, and its authors")


def _id(match: Match) -> str:
    return match.candidate.id


def _as_published(published: Published) -> str:
    return f"the entry is a preprint, published as {published.doi} ({published.how})"
