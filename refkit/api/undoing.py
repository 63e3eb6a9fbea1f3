"""Taking enrichment back: what the ledger beside a file tells, undone in the file's text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from refkit import files
from refkit.api.documents import encoded, format_named, parse_source, rewritten, unchanged
from refkit.enrichment import ledger
from refkit.enrichment.ledger import Line
from refkit.enrichment.undo import batches, chosen, wanted
from refkit.errors import InputError
from refkit.model.report import Document, Step, Stepped
from refkit.model.text import apply_edits


@dataclass(frozen=True, slots=True)
class Undone:
    """A document with changes taken back.

    `made` are the ledger's lines that were undone, with how their fields stand now; `left`
    those that were left alone, with the reason.
    """

    document: Document
    text: str
    made: tuple[tuple[Line, Stepped], ...] = ()
    left: tuple[tuple[Line, str], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the text differs from the file's."""
        return self.text != self.document.source.text

    def data(self) -> bytes:
        """Return the new text as bytes, in the file's own encoding; raises InputError."""
        return encoded(self.document.source, self.text)


def undo(
    document: Document,
    *,
    keys: Iterable[str] = (),
    fields: Iterable[str] = (),
    last: bool = False,
    since: str = "",
) -> Undone:
    """Take changes of enrichment back, as the ledger beside the document's file tells them.

    By default that is every change that stands; `keys` and `fields` (as the file names them)
    choose among them, `since` (ISO 8601) takes what was written from then on, `last` the last
    run, even if that was an undo. A field that was added goes with its line, one that was
    overwritten gets its old text; one that was changed since is left alone. A format that
    enriching writes anew as a whole is written anew. Nothing is written to the file: see
    `save_undo`. Raises InputError where there is no ledger.
    """
    asked = wanted(keys, fields, last=last, since=since)
    made: list[tuple[Line, Stepped]] = []
    left: dict[tuple[str, int, str], tuple[Line, str]] = {}
    now = document
    for batch in batches(chosen(_read(document.source.path), asked)):
        now = _undone(now, batch, made, left)
    return Undone(document, now.source.text, tuple(made), tuple(left.values()))


def _read(path: str) -> list[Line]:
    if path == files.STDIN:
        raise InputError("a pipe has no ledger; name the file that was enriched")
    place = ledger.ledger_path(os.path.realpath(path))
    if not Path(place).exists():
        raise InputError(
            f"{path}: no ledger ({Path(place).name}) lies beside it, so nothing is known of what "
            "was written; refkit enrich keeps one with -i and -o"
        )
    return ledger.parse(files.read_bytes(place), place)


def _undone(
    document: Document,
    batch: Sequence[Line],
    made: list[tuple[Line, Stepped]],
    left: dict[tuple[str, int, str], tuple[Line, str]],
) -> Document:
    """Undo one batch; what came of it goes to `made` and `left`, one word for each field."""
    pairs = zip(document.entries, ledger.copies(document.entries), strict=True)
    places = {(each.key, copy): at for at, (each, copy) in enumerate(pairs)}
    found = [each for each in batch if (each.key, each.copy) in places]
    steps = [
        Step(places[each.key, each.copy], each.field, each.old_raw, each.new_raw, each.inserted)
        for each in found
    ]
    text, results = _stepped(document, steps)
    for line, result in zip(found, results, strict=True):
        if result.made:
            made.append((line, result))
        elif result.why:
            left.setdefault((line.key, line.copy, line.field), (line, result.why))
    for line in batch:
        if (line.key, line.copy) not in places:
            left.setdefault((line.key, line.copy, ""), (line, "there is no such entry now"))
    if text == document.source.text:
        return document
    return parse_source(replace(document.source, text=text), document.format)


def _stepped(document: Document, steps: Sequence[Step]) -> tuple[str, list[Stepped]]:
    """Return the text in which steps are taken, and what came of each."""
    from refkit.enrichment.members import restored
    from refkit.formats.bibtex.revert import revert

    if format_named(document.format).patch is not None:
        edits, results = revert(document, steps)
        return apply_edits(document.source.text, edits), results
    entries, results = restored(document.entries, steps)
    made = any(each.made for each in results)
    return rewritten(document, entries).text if made else document.source.text, results


def save_undo(undone: Undone) -> None:
    """Write the new text into the file, and what was undone to its ledger.

    Raises InputError where the file cannot be written or has changed since it was read.
    """
    source = undone.document.source
    unchanged(source)
    book = ledger.ledger_path(os.path.realpath(source.path))
    lines = ledger.lines(_row(line, now) for line, now in undone.made).encode()
    files.write_bytes(source.path, undone.data(), before=lambda: files.append_bytes(book, lines))


def _row(line: Line, now: Stepped) -> dict[str, Any]:
    what = "undo" if line.undoes else line.source
    told = {
        "key": line.key,
        "field": line.field,
        "old": line.new_raw,
        "new": now.new_raw,
        "source": "undo",
        "record": "",
        "fetched": None,
        "reason": f"takes back what {what} wrote at {line.time}",
        "undoes": line.time,
    }
    return told | ledger.raw(line.new_raw, now.new_raw, now.inserted, line.copy)
