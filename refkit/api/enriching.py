"""Enriching: find what a document's entries lack, and write it into its text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from refkit import files, plugins
from refkit.api.catalogues import open_catalogue
from refkit.api.documents import encoded, format_named, parse_source, rewritten, unchanged
from refkit.config import SourceSettings
from refkit.enrichment import engine, ledger, merge
from refkit.enrichment import published as versioning
from refkit.enrichment.members import member
from refkit.enrichment.plan import plan
from refkit.enrichment.replay import Book, kept, locked, replayed, with_enriched
from refkit.enrichment.report import report
from refkit.errors import InputError
from refkit.locks.bibliography import NAME, Lock
from refkit.model.entry import Entry, Field
from refkit.model.evidence import Verdict
from refkit.model.report import Applied, Change, Document, Patch
from refkit.model.text import apply_edits

Review = Callable[[Sequence[engine.Outcome]], Sequence[engine.Outcome]]


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What an enrichment found: an outcome per entry, the changes, and the new text.

    `book` is the bibliography's part of the lock file with these outcomes, None without one.
    """

    document: Document
    outcomes: tuple[engine.Outcome, ...]
    patch: Patch
    text: str
    warnings: tuple[str, ...] = ()
    book: Book | None = None

    @property
    def changed(self) -> bool:
        """Whether the text differs from the file's."""
        return self.text != self.document.source.text

    def data(self) -> bytes:
        """Return the new text as bytes, in the file's own encoding.

        Raises InputError where that lacks a letter (a .bib file never gets one that it lacks).
        """
        return encoded(self.document.source, self.text)

    def report(self) -> list[dict[str, Any]]:
        """Return the report: one JSON-ready object per entry."""
        return report(self.outcomes, self.patch.applied)


def unreviewed(outcomes: Sequence[engine.Outcome]) -> Sequence[engine.Outcome]:
    """Return outcomes as they are."""
    return outcomes


def enrich(  # noqa: PLR0913
    document: Document,
    sources: Sequence[str] = ("crossref",),
    *,
    settings: SourceSettings | None = None,
    fields: Iterable[str] = (),
    overwrite: Iterable[str] = (),
    published: bool = False,
    progress: engine.Progress = lambda done: None,
    book: Book | None = None,
    locked_only: bool = False,
    review: Review = unreviewed,
) -> Enrichment:
    """Find what a document's entries lack and write it into its text.

    `sources` are source names, asked in that order; `fields` are the fields to fill (by
    default those that each type is cited by); those in `overwrite` are set even where the
    entry has another value. A DOI is never overwritten, but with `published`, by which an entry
    of a preprint becomes one of its published version and keeps the preprint's id beside.
    `book` is a lock file's part (see `refkit.api.locking`), which the outcomes are put into; with
    `locked_only` all come from it, and no source is asked. `review` may decide what is ambiguous.
    Raises InputError and PluginError; a source that cannot answer leaves entries unchecked.
    """
    chosen = merge.policy(fields, overwrite)
    if published and (book is not None or locked_only):
        raise InputError("a lock file does not hold published versions; look for them without it")
    if locked_only:
        book = book or Book(Lock(), "", NAME)
        outcomes, warnings = replayed(document, book), book.edited()
        versions = outcomes = list(review(outcomes))
    else:
        with open_sources(sources, settings or SourceSettings()) as (made, warnings):
            outcomes = list(review(_asked(document, made, book, progress)))
            if book is not None:
                book, outcomes = locked(document, outcomes, book)
            versions = versioning.find(outcomes, made) if published else outcomes
    changes = _changes(outcomes, versions, chosen)
    patch, text = _patched(document, changes)
    if book is not None and not locked_only:
        book = _with_text(book, document, outcomes, text)
    return Enrichment(document, tuple(versions), patch, text, tuple(warnings), book)


def _changes(
    outcomes: Sequence[engine.Outcome], versions: Sequence[engine.Outcome], chosen: merge.Policy
) -> list[Change]:
    """Return what records change in their entries, and what published versions do."""
    return [
        each
        for outcome, version in zip(outcomes, versions, strict=True)
        for each in (
            merge.changes(outcome, chosen) if version is outcome else versioning.changed(version)
        )
    ]


def _with_text(
    book: Book, document: Document, outcomes: Sequence[engine.Outcome], text: str
) -> Book:
    """Return the lock with the entries as they are once the text is written."""
    after = parse_source(replace(document.source, text=text), document.format)
    checked = [each.task for each in outcomes if each.verdict is not Verdict.UNCHECKED]
    return with_enriched(book, checked, document, after)


def _asked(
    document: Document,
    sources: Sequence[plugins.Source],
    book: Book | None,
    progress: engine.Progress,
) -> list[engine.Outcome]:
    """Ask the sources for every entry of which the user has not decided before."""
    tasks = plan(document)
    known = kept(document, tasks, book, decided=True) if book is not None else {}
    progress(len(known))
    asked = engine.run([each for each in tasks if each.index not in known], sources, progress)
    return sorted([*known.values(), *asked], key=lambda each: each.task.index)


@contextmanager
def open_sources(
    names: Sequence[str], settings: SourceSettings
) -> Iterator[tuple[list[plugins.Source], list[str]]]:
    """Give the named sources and warnings, as `make_sources`, and close them in the end."""
    made, warnings = make_sources(names, settings)
    try:
        yield made, warnings
    finally:
        for source in made:
            if isinstance(source, plugins.Closable):
                source.close()


def make_sources(
    names: Sequence[str], settings: SourceSettings
) -> tuple[list[plugins.Source], list[str]]:
    """Make the named sources, with a warning for each that does not load.

    Such a source answers nothing, so what depends on it is unchecked. Raises PluginError for
    an unknown name, InputError for a catalogue that cannot be read.
    """
    made: list[plugins.Source] = []
    warnings: list[str] = []
    for name in names:
        if name == "catalogue" and settings.catalogue:
            made.append(open_catalogue(settings.catalogue, warnings))
            continue
        source, warning = plugins.source(name, settings)
        made.append(source)
        warnings += [warning] if warning else []
    return made, warnings


def _patched(document: Document, changes: Sequence[Change]) -> tuple[Patch, str]:
    chosen = format_named(document.format)
    patcher = chosen.patch
    if not changes:
        return Patch(), document.source.text
    if patcher is not None:
        patch = plugins.guard(chosen.name, lambda: patcher(document, changes))
        return patch, apply_edits(document.source.text, patch.edits)
    return _rewritten(document, changes)


def _rewritten(document: Document, changes: Sequence[Change]) -> tuple[Patch, str]:
    """A format without spans (JSON, say) is written anew by its own writer."""
    entries = list(document.entries)
    for change in changes:
        entries[change.index] = _with(entries[change.index], change)
    written = rewritten(document, entries)
    applied = tuple(_applied(change) for change in changes)
    return Patch(applied=applied, problems=written.problems), written.text


def _with(entry: Entry, change: Change) -> Entry:
    if change.name == "type":
        return replace(entry, type=str(change.new), native_type="")
    kept = [each for each in entry.fields if each.name != change.name]
    return entry.with_fields([*kept, Field(change.name, change.new, change.origin)])


def _applied(change: Change) -> Applied:
    raws = (member(change.name, change.old), member(change.name, change.new))
    return Applied(change, change.name, ledger.plain(change.old), ledger.plain(change.new), *raws)


def save_enrichment(enrichment: Enrichment, path: str | Path) -> None:
    """Write the new text to a file, and its changes to the ledger beside it.

    Raises InputError where the file cannot be written, or where it is the one that was read
    and has changed since. A device or pipe gets no ledger.
    """
    target, source = str(path), enrichment.document.source
    book = ledger.ledger_path(os.path.realpath(target))
    if os.path.realpath(target) == os.path.realpath(source.path):
        unchanged(source)
    copies = ledger.copies(enrichment.document.entries)
    rows = [ledger.kept(each, copies[each.change.index]) for each in enrichment.patch.applied]
    lines = ledger.lines(rows).encode() if files.is_regular(target) else b""

    def write_ledger() -> None:
        if lines:
            files.append_bytes(book, lines)

    files.write_bytes(target, enrichment.data(), before=write_ledger)
