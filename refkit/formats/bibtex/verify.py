"""What a written .bib text says of its entries, beside what they were: nothing is lost unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refkit.formats.bibtex.encode import without_nocase
from refkit.formats.bibtex.links import SOURCES
from refkit.formats.bibtex.read import read_biblatex, read_bibtex
from refkit.formats.bibtex.types import Dialect
from refkit.formats.losses import FIELD_CHANGED, lost
from refkit.model.entry import Entry, Value
from refkit.model.report import Diagnostic, Severity
from refkit.model.text import SourceText

_READERS = {"bibtex": read_bibtex, "biblatex": read_biblatex}
TITLES = {"bibtex": "BibTeX", "biblatex": "BibLaTeX"}


def unheld(
    entries: Sequence[Entry], text: str, dialect: Dialect, told: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """Yield what reading `text` does not give back of the `entries` that it was written from.

    Entries from .bib files are left out: a field of theirs is written back as it was, or what
    became of it is among what was `told`.
    """
    if all(entry.origin.source in SOURCES for entry in entries):
        return
    said: dict[str, str] = {}
    for each in told:
        said[each.key] = said.get(each.key, "") + each.message
    again = _READERS[dialect](SourceText("", text)).entries
    for entry, found in zip(entries, again, strict=True):
        if entry.origin.source not in SOURCES:
            messages = said.get(entry.key, "") + said.get(found.key, "")
            yield from _compared(entry, found, dialect, messages)


def _compared(entry: Entry, found: Entry, dialect: Dialect, said: str) -> Iterator[Diagnostic]:
    held = {each.name: _bare(each.value) for each in found.fields}
    for name, value in {each.name: each.value for each in reversed(entry.fields)}.items():
        if repr(name) in said or held.get(name) == _bare(value):
            continue
        if name not in held:
            yield lost(entry.key, name, TITLES[dialect])
        else:
            message = f"{TITLES[dialect]} does not hold {name!r} in full"
            yield Diagnostic(FIELD_CHANGED, message, key=entry.key, severity=Severity.WARNING)


def _bare(value: Value) -> Value:
    return " ".join(without_nocase(value).split()) if isinstance(value, str) else value
