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


def read_again(entries: Sequence[Entry], text: str, dialect: Dialect) -> tuple[Entry, ...]:
    """Return the entries of a written text, none if all it is made of came from .bib files.

    A field of those is written back as it was, or what became of it is told where it is written.
    """
    if all(entry.origin.source in SOURCES for entry in entries):
        return ()
    return _READERS[dialect](SourceText("", text)).entries


def unheld(
    given: Sequence[Entry],
    works: Sequence[Entry],
    again: Sequence[Entry],
    dialect: Dialect,
    told: Sequence[Diagnostic],
) -> Iterator[Diagnostic]:
    """Yield what `again` does not give back of the `works` that were `given`, and is not `told`.

    Entries from .bib files are left out.
    """
    if not again:
        return
    said: dict[str, str] = {}
    for each in told:
        said[each.key] = said.get(each.key, "") + each.message
    for entry, work, found in zip(given, works, again, strict=True):
        if entry.origin.source not in SOURCES:
            messages = said.get(entry.key, "") + said.get(found.key, "")
            yield from _compared(work, found, dialect, messages)


def _compared(entry: Entry, found: Entry, dialect: Dialect, said: str) -> Iterator[Diagnostic]:
    held = {each.name: each.value for each in found.fields}
    for name, value in {each.name: each.value for each in reversed(entry.fields)}.items():
        if repr(name) in said or same_value(held.get(name, ""), value, lists=dialect == "biblatex"):
            continue
        if repeats_eprint(name, value, found):
            continue
        if name not in held:
            yield lost(entry.key, name, TITLES[dialect])
        else:
            message = f"{TITLES[dialect]} does not hold {name!r} in full"
            yield Diagnostic(FIELD_CHANGED, message, key=entry.key, severity=Severity.WARNING)


def repeats_eprint(name: str, value: Value, entry: Entry) -> bool:
    """Tell whether a value is the number that an entry has as its arXiv `eprint` already."""
    eprint = entry.beyond("eprint")
    return name == "number" and bool(eprint) and value == f"arXiv:{eprint}"


def same_value(value: Value, other: Value, *, lists: bool = True) -> bool:
    """Tell whether two values are the same to a reader of .bib files.

    Without `lists`, as in BibTeX, what parts several publishers is a word.
    """
    return _bare(value, lists) == _bare(other, lists)


def _bare(value: Value, lists: bool) -> Value:
    if not isinstance(value, str):
        return value
    bare = " ".join(without_nocase(value).split())
    return bare if lists else bare.replace("; ", " and ")
