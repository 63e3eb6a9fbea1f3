"""Enriching: find what a document's entries lack, and write it into its text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refkit import files, plugins
from refkit.api.catalogues import open_catalogue
from refkit.api.documents import format_named, unchanged
from refkit.config import SourceSettings
from refkit.enrichment import engine, ledger, merge
from refkit.enrichment.plan import plan
from refkit.enrichment.report import report
from refkit.errors import InputError
from refkit.model.entry import Entry, Field
from refkit.model.report import Applied, Change, Document, Patch
from refkit.model.text import apply_edits


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What an enrichment found: an outcome per entry, the changes, and the new text."""

    document: Document
    outcomes: tuple[engine.Outcome, ...]
    patch: Patch
    text: str
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the text differs from the file's."""
        return self.text != self.document.source.text

    def data(self) -> bytes:
        """Return the new text as bytes, in the file's own encoding.

        Raises InputError where that lacks a letter (a .bib file never gets one that it lacks).
        """
        source = self.document.source
        try:
            return source.data(self.text)
        except UnicodeEncodeError as error:
            letter = self.text[error.start]
            raise InputError(
                f"{source.path}: {source.encoding} has no {letter!r}; convert the file to UTF-8"
            ) from None

    def report(self) -> list[dict[str, Any]]:
        """Return the report: one JSON-ready object per entry."""
        return report(self.outcomes, self.patch.applied)


def enrich(  # noqa: PLR0913
    document: Document,
    sources: Sequence[str] = ("crossref",),
    *,
    settings: SourceSettings | None = None,
    fields: Iterable[str] = (),
    overwrite: Iterable[str] = (),
    progress: engine.Progress = lambda done: None,
) -> Enrichment:
    """Find what a document's entries lack and write it into its text.

    `sources` are source names, asked in that order; `fields` are the fields to fill (by
    default those that each type is cited by); those in `overwrite` are set even where the
    entry has another value. A DOI is never overwritten. Raises InputError and PluginError; a
    source that cannot answer leaves entries with the verdict unchecked.
    """
    chosen = merge.policy(fields, overwrite)
    with open_sources(sources, settings or SourceSettings()) as (made, warnings):
        outcomes = engine.run(plan(document), made, progress)
    changes = [each for outcome in outcomes for each in merge.changes(outcome, chosen)]
    patch, text = _patched(document, changes)
    return Enrichment(document, tuple(outcomes), patch, text, tuple(warnings))


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
    return _rewritten(document, changes, chosen)


def _rewritten(
    document: Document, changes: Sequence[Change], chosen: plugins.Format
) -> tuple[Patch, str]:
    """A format without spans (JSON, say) is written anew by its own writer."""
    writer = chosen.write
    if writer is None:
        raise InputError(f"the format {chosen.name} cannot be written")
    entries = list(document.entries)
    for change in changes:
        entries[change.index] = _with(entries[change.index], change)
    written = plugins.guard(chosen.name, lambda: writer(entries))
    applied = tuple(_applied(change) for change in changes)
    return Patch(applied=applied, problems=written.problems), written.text


def _with(entry: Entry, change: Change) -> Entry:
    kept = [each for each in entry.fields if each.name != change.name]
    return entry.with_fields([*kept, Field(change.name, change.new, change.origin)])


def _applied(change: Change) -> Applied:
    return Applied(change, change.name, ledger.plain(change.old), ledger.plain(change.new))


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
