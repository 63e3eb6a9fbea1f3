"""Citation keys: made by a pattern, and renamed in the bibliography and in manuscripts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from refkit import files, plugins
from refkit.api.documents import format_named, unchanged
from refkit.errors import InputError
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document
from refkit.model.text import SourceText, Span, apply_edits
from refkit.normalise.encoding import decode

if TYPE_CHECKING:
    from refkit.citekeys.assign import Rename
    from refkit.citekeys.options import Keying

BIB = ("bibtex", "biblatex")
WITH_KEYS = (*BIB, "csljson", "cslyaml", "ris")
_CURED = frozenset({"SYN003", "SYN004", "KEY001", "VAL003"})


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A manuscript with its new text, and how many of its citations are renamed."""

    source: SourceText
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """A bibliography with new keys, and the manuscripts that cite by them.

    `renames` are in the file's order; `problems` hold what the file still has and what is to
    be told of the new keys.
    """

    document: Document
    renames: tuple[Rename, ...]
    text: str
    manuscripts: tuple[Manuscript, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any file would change."""
        return bool(self.renames) or any(each.count for each in self.manuscripts)

    def data(self) -> bytes:
        """Return the bibliography's new text as bytes, in the file's own encoding."""
        return self.document.source.data(self.text)


def assign_keys(
    document: Document,
    options: Keying | None = None,
    manuscripts: Iterable[str | Path] = (),
) -> Keyed:
    """Give entries keys by a pattern; by default those that have none: see `refkit.Keying`.

    `manuscripts` are files whose citations follow. Nothing is written: see `save_keys`. Raises
    InputError for a pattern that cannot be read, a key that no entry has, a format without
    keys, and a manuscript that cannot be read.
    """
    from refkit.citekeys.assign import assign, shared_keys
    from refkit.citekeys.options import Keying
    from refkit.citekeys.pattern import parse
    from refkit.citekeys.rename import by_old

    options = options or Keying()
    if document.format not in WITH_KEYS:
        raise InputError(f"{document.source.path}: the format {document.format} holds no keys")
    if options.keep_alias and document.format not in BIB:
        raise InputError(f"{document.source.path}: only .bib files hold aliases")
    pattern = parse(options.pattern)
    places, broken = _places(document, options)
    renames, told = assign(document, pattern, places, options)
    text, faults = _written(document, renames, keep_alias=options.keep_alias)
    followed = tuple(_followed(path, by_old(renames)) for path in _once(manuscripts))
    return Keyed(
        document,
        tuple(renames),
        text,
        followed,
        (*_left(document, renames), *broken, *told, *shared_keys(document, renames), *faults),
    )


def save_keys(keyed: Keyed) -> None:
    """Write the bibliography and the manuscripts into their files, all or none.

    Raises InputError where a file cannot be written, or has changed since it was read.
    """
    new = [(each.source, each.text) for each in keyed.manuscripts if each.count]
    if keyed.renames:
        new.insert(0, (keyed.document.source, keyed.text))
    for source, _ in new:
        unchanged(source)
    files.write_all([(source.path, _encoded(source, text)) for source, text in new])


def _encoded(source: SourceText, text: str) -> bytes:
    try:
        return source.data(text)
    except UnicodeEncodeError as error:
        raise InputError(f"{source.path}: {error.encoding} cannot hold the new text") from None


def _places(document: Document, options: Keying) -> tuple[frozenset[int], list[Diagnostic]]:
    """Return the places of the entries to be keyed; broken ones are told of and left alone."""
    from refkit.citekeys.assign import keyless, works

    entries = document.entries
    wanted = options.chosen
    if wanted is not None:
        places = frozenset(at for at, each in enumerate(entries) if each.key in wanted)
        unknown = sorted(wanted - {each.key for each in entries})
        if unknown:
            raise InputError(f"{document.source.path}: no entry has the key {unknown[0]!r}")
    else:
        places = works(document) if options.every else works(document) & keyless(document)
    if document.format not in BIB:
        return places, []
    broken = {at for at, raw in enumerate(document.tree.entries()) if not raw.complete} & places
    return places - broken, [_broken(entries[at]) for at in sorted(broken)]


def _broken(entry: Entry) -> Diagnostic:
    message = "this entry is broken, so its key is left alone"
    return Diagnostic("FIX001", message, entry.origin.span, entry.key)


def _written(
    document: Document, renames: Sequence[Rename], *, keep_alias: bool
) -> tuple[str, list[Diagnostic]]:
    from refkit.citekeys.rename import bib_edits

    if not renames:
        return document.source.text, []
    if document.format in BIB:
        edits, problems = bib_edits(document, renames, keep_alias=keep_alias)
        return apply_edits(document.source.text, edits), problems
    entries = list(document.entries)
    for each in renames:
        entries[each.index] = replace(entries[each.index], key=each.new)
    writer = format_named(document.format).write
    if writer is None:
        raise InputError(f"the format {document.format} can be read, not written")
    written = plugins.guard(document.format, lambda: writer(entries))
    return written.text, list(written.problems)


def _once(paths: Iterable[str | Path]) -> list[str]:
    """Return each path once, however it is spelt."""
    return list({os.path.realpath(path): str(path) for path in paths}.values())


def _followed(path: str, names: dict[str, str]) -> Manuscript:
    from refkit.citekeys.rename import manuscript_edits
    from refkit.manuscripts.scan import kind_of

    kind = kind_of(path)
    source, _ = decode(files.read_bytes(path), path, None)
    edits = manuscript_edits(source.text, kind, names)
    return Manuscript(source, apply_edits(source.text, edits), len(edits))


def _left(document: Document, renames: Sequence[Rename]) -> list[Diagnostic]:
    """Return the file's problems but for those of keys that are cured by the new ones."""
    places = [each.index for each in renames]
    cured = {(document.entries[at].origin.span or Span(-1, -1)).start for at in places}
    if document.format in BIB:
        raws = document.tree.entries()
        cured |= {raws[at].key_start for at in places}
    return [
        each
        for each in document.problems
        if each.code not in _CURED or each.span is None or each.span.start not in cured
    ]
