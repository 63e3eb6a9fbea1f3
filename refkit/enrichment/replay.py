"""Outcomes kept in a lock file, and made again from it without asking anyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from refkit.enrichment.engine import Outcome
from refkit.enrichment.ledger import copies
from refkit.enrichment.plan import Task, plan
from refkit.enrichment.review import choices
from refkit.errors import SourceError
from refkit.formats.characters import mended
from refkit.formats.csljson import entry_to_item, item_to_entry
from refkit.locks.bibliography import Lock, LockedEntry, named, updated
from refkit.locks.record import Locked, digest
from refkit.match.judge import agrees
from refkit.model.entry import Entry, Origin
from refkit.model.evidence import Candidate, Match, Verdict
from refkit.model.query import Query
from refkit.model.report import Document
from refkit.normalise.ids import clean_arxiv, clean_isbn, clean_pmcid, clean_pmid, doi_key

_NOT_COMPARED = frozenset({"abstract", "annote", "keyword"})
_COMPARED_BEYOND = frozenset({"archiveprefix", "eid", "eprint", "eprinttype"})


@dataclass(frozen=True, slots=True)
class Book:
    """One bibliography's part of a lock file; `path` is how the lock file is told of."""

    lock: Lock
    name: str
    path: str

    def rows(self) -> dict[tuple[str, int], LockedEntry]:
        """Return the bibliography's entries by key and copy."""
        return {(each.key, each.copy): each for each in self.lock.bibliographies.get(self.name, ())}

    def edited(self) -> list[str]:
        """Tell of each record of the bibliography that is no longer what was fetched."""
        used = dict.fromkeys(name for each in self.rows().values() for name in named(each))
        return [
            f"{name}: its record in {self.path} was edited by hand and is used as it is"
            for name in used
            if self.lock.records[name].edited
        ]

    def candidate(self, name: str) -> Candidate:
        """Return a record as its source gave it."""
        locked = self.lock.records[name]
        origin = Origin(locked.source, locked.record, None, locked.fetched)
        return Candidate(name.removeprefix(f"{locked.source}:"), item_to_entry(locked.item, origin))


def content(entry: Entry) -> str:
    """Return the hash of what is compared of an entry: neither its key nor its abstract."""
    bare = replace(
        mended(entry)[0],
        key="",
        native_type="",
        fields=tuple(each for each in entry.fields if each.name not in _NOT_COMPARED),
        extra=tuple(each for each in entry.extra if each.name in _COMPARED_BEYOND),
    )
    item = entry_to_item(mended(bare)[0])
    ours = item.pop("custom", {}).get("refkit", {})
    # What else is there is how the file writes it.
    return digest({**item, "beyond": [ours.get("variables"), ours.get("fields")]})


def replayed(document: Document, book: Book) -> list[Outcome]:
    """Return an outcome for every entry of a document, from the lock alone.

    An entry that is not in the lock, or that was changed since, is unchecked; its reason says
    what to do.
    """
    tasks = plan(document)
    found = kept(document, tasks, book)
    rows, numbers = book.rows(), copies(document.entries)
    made = []
    for task in tasks:
        known = (task.entry.key, numbers[task.index]) in rows
        why = f"was changed since {book.path} was written" if known else f"is not in {book.path}"
        why = f"it {why}; run refkit enrich --lock"
        made.append(found.get(task.index) or Outcome(task, Verdict.UNCHECKED, why))
    return made


def kept(
    document: Document, tasks: Sequence[Task], book: Book, *, decided: bool = False
) -> dict[int, Outcome]:
    """Return the outcomes that a lock has of tasks, by index; only the user's if `decided`."""
    rows, numbers = book.rows(), copies(document.entries)
    found = {}
    for task in tasks:
        row = rows.get((task.entry.key, numbers[task.index]))
        if row is None or (decided and not row.decided):
            continue
        if content(task.entry) in (row.content, row.enriched):
            found[task.index] = _outcome(task, row, book)
    return found


def _outcome(task: Task, row: LockedEntry, book: Book) -> Outcome:
    match = _match(task.entry, book.candidate(row.record)) if row.record else None
    others = tuple(_match(task.entry, book.candidate(each)) for each in row.candidates)
    first = match or next(iter(others), None)
    by_id = bool(task.doi) and first is not None and _doi(first) == task.doi
    return Outcome(
        task,
        row.verdict,
        row.reason,
        match,
        others,
        flagged=row.flagged,
        by_id=by_id,
        decided=row.decided,
    )


def _doi(match: Match) -> str:
    return doi_key(match.candidate.entry.text("DOI"))


def _match(entry: Entry, candidate: Candidate) -> Match:
    return replace(agrees(entry, candidate.entry), candidate=candidate)


def locked(
    document: Document, outcomes: Sequence[Outcome], book: Book
) -> tuple[Book, list[Outcome]]:
    """Return the lock with these outcomes, and the outcomes as it will replay them.

    An entry that could not be checked keeps what the lock has of it; one of which the same is
    found as before keeps its reason.
    """
    rows, numbers = book.rows(), copies(document.entries)
    records: dict[str, Locked] = {}
    entries: list[LockedEntry] = []
    for outcome in outcomes:
        copy, now = numbers[outcome.task.index], content(outcome.task.entry)
        before = rows.get((outcome.task.entry.key, copy))
        if before is not None and now not in (before.content, before.enriched):
            before = None
        if outcome.verdict is not Verdict.UNCHECKED:
            row = _row(outcome, copy, now, records)
            entries.append(before if before is not None and _same(before, row) else row)
        elif before is not None:
            entries.append(before)
    new = replace(book, lock=updated(book.lock, book.name, entries, records))
    again = kept(document, [each.task for each in outcomes], new)
    return new, [
        each if each.verdict is Verdict.UNCHECKED else again[each.task.index] for each in outcomes
    ]


def _same(before: LockedEntry, now: LockedEntry) -> bool:
    return (before.verdict, before.record, before.decided, before.flagged) == (
        now.verdict,
        now.record,
        now.decided,
        now.flagged,
    )


def _row(outcome: Outcome, copy: int, now: str, records: dict[str, Locked]) -> LockedEntry:
    """Return an outcome as the lock holds it; its records go to `records`."""
    match, others = outcome.match, choices(outcome)
    # What a match was preferred to, or what does not fit at all, is of no use later.
    if outcome.verdict is not Verdict.AMBIGUOUS and not outcome.flagged:
        others = ()
    return LockedEntry(
        outcome.task.entry.key,
        now,
        outcome.verdict,
        outcome.reason,
        copy,
        record=_record(match.candidate, records) if match else "",
        ids=_ids(match.candidate.entry) if match else {},
        candidates=tuple(_record(each.candidate, records) for each in others),
        flagged=outcome.flagged,
        decided=outcome.decided,
    )


def _record(candidate: Candidate, records: dict[str, Locked]) -> str:
    origin, item = candidate.entry.origin, entry_to_item(mended(candidate.entry)[0])
    name = f"{origin.source}:{candidate.id}"
    records[name] = Locked(item, origin.source, origin.ref, origin.fetched, digest(item))
    return name


def _ids(record: Entry) -> dict[str, str]:
    found = {
        "doi": doi_key(record.text("DOI")),
        "arxiv": clean_arxiv(record.text("DOI") or record.text("URL")),
        "isbn": clean_isbn(record.text("ISBN")),
        "pmid": clean_pmid(record.text("PMID")),
        "pmcid": clean_pmcid(record.text("PMCID")),
    }
    return {kind: value for kind, value in found.items() if value}


def with_enriched(book: Book, tasks: Sequence[Task], before: Document, after: Document) -> Book:
    """Return the lock with the hash that each entry has once its record is written into it."""
    if len(before.entries) != len(after.entries):
        return book
    rows, numbers = book.rows(), copies(before.entries)
    for task in tasks:
        place = (task.entry.key, numbers[task.index])
        if place in rows:
            new = content(after.entries[task.index])
            rows[place] = replace(rows[place], enriched="" if new == rows[place].content else new)
    return replace(book, lock=updated(book.lock, book.name, rows.values(), {}))


class LockSource:
    """A source that answers from a lock file alone, for the entries of one document.

    What is not in the lock, or was changed since, it cannot answer: SourceError.
    """

    name = "lock"
    batch = 1_000

    def __init__(self, document: Document, book: Book) -> None:
        """Answer for the document's entries from the part of the lock that is theirs."""
        self._path = book.path
        self._by_doi: dict[str, Candidate | None] = {}
        self._by_query: dict[Query, list[Candidate]] = {}
        tasks = plan(document)
        rows, numbers = book.rows(), copies(document.entries)
        for task in tasks:
            row = rows.get((task.entry.key, numbers[task.index]))
            if row is None or content(task.entry) not in (row.content, row.enriched):
                continue
            found = [book.candidate(each) for each in named(row)]
            if task.doi:
                self._by_doi.setdefault(task.doi, None)
            if task.query is not None:
                self._by_query[task.query] = found
            self._by_doi |= {doi_key(each.entry.text("DOI")): each for each in found}

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the records of DOIs; raises SourceError for one that the lock does not know."""
        missing = [doi for doi in dois if doi not in self._by_doi]
        if missing:
            raise SourceError(self.name, f"{', '.join(missing)}: not in {self._path}")
        found = {doi: self._by_doi[doi] for doi in dois}
        return {doi: each for doi, each in found.items() if each is not None}

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return the records of the entry that is asked for; raises SourceError as `lookup`."""
        if query not in self._by_query:
            raise SourceError(self.name, f"{query.title!r}: not in {self._path}")
        return self._by_query[query]
