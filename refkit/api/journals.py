"""Journals' names: changed in a .bib file, and read from catalogues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refkit.api.catalogues import read_records
from refkit.errors import InputError
from refkit.model.report import Diagnostic, Document
from refkit.model.text import apply_edits

if TYPE_CHECKING:
    from refkit.adapt.options import Conversion


def rename_journals(document: Document, options: Conversion) -> tuple[str, list[Diagnostic]]:
    """Return a .bib document's text with its journals' names as `options.journals` says.

    Every other character stays. What cannot be changed is told. Raises InputError for other
    formats, and where the list of words that abbreviating needs is not installed.
    """
    from refkit.adapt.bib_journals import journal_edits

    if document.format not in ("bibtex", "biblatex"):
        raise InputError(f"{document.source.path}: only journals of .bib files change in place")
    edits, problems = journal_edits(document, options)
    return apply_edits(document.source.text, edits), problems


def journal_names(path: str | Path, warnings: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the names of journals in a catalogue, built or not, each with its abbreviation.

    The abbreviation is "" where a record has none. What is wrong with the file's records is
    added to `warnings`; raises InputError where it cannot be read.
    """
    found = (_pair(record) for record in read_records(path, warnings))
    return tuple(sorted({pair for pair in found if pair[0]}))


def _pair(record: Mapping[str, Any]) -> tuple[str, str]:
    names = [_first(record.get(name)) for name in ("container-title", "short-container-title")]
    return (names[0], names[1]) if record.get("type") == "journal-article" else ("", "")


def _first(value: Any) -> str:
    from html import unescape

    values: Iterator[Any] = iter(value if isinstance(value, list) else [value])
    text = next(values, "")
    return " ".join(unescape(text).split()) if isinstance(text, str) else ""
