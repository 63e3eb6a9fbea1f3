"""One .bib file of entries chosen from several bibliographies.

What comes from a .bib file is its own text, with the @preamble of that file and those @string
that its entries use. Other entries are written as the dialect has them. So is a BibLaTeX entry
for BibTeX, which does not know its fields, and an entry that is broken where it stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from refkit.formats.bibtex.dialects import dialect as dialect_of
from refkit.formats.bibtex.tree import RawEntry, RawPreamble, RawString, Tree
from refkit.formats.bibtex.types import Dialect
from refkit.formats.bibtex.values import OverlongError, resolve, split_value
from refkit.formats.bibtex.write import write_biblatex, write_bibtex
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import Edit, Span, apply_edits

WRITERS = {"bibtex": write_bibtex, "biblatex": write_biblatex}


class _Macro(NamedTuple):
    """A @string: its text in the file, what it stands for, and the macros that it is made of."""

    name: str
    text: str
    value: str
    parts: tuple[_Macro, ...]


class _Source(NamedTuple):
    """A .bib file taken apart: its entries with the macros they use, and its preambles.

    `faults` are the places, in order, where its syntax is broken.
    """

    tree: Tree
    entries: list[tuple[RawEntry, dict[str, _Macro]]]
    faults: list[int]
    preambles: list[tuple[RawPreamble, dict[str, _Macro]]]


class Subset(NamedTuple):
    """The text of the file; `problems` and `converted` by the document's number."""

    text: str
    problems: list[tuple[int, Diagnostic]]
    converted: list[int]


def subset(
    documents: Sequence[Document], chosen: Iterable[tuple[int, int]], dialect: Dialect
) -> Subset:
    """Write the chosen entries, each named by its document and its place there, in that order."""
    work = _Work(documents, dialect)
    for number, index in chosen:
        work.add(number, index)
    blocks = ["".join(f"{each}\n" for each in work.macros.texts), *work.preambles, *work.entries]
    return Subset("\n".join(filter(None, blocks)), work.problems, sorted(work.converted))


@dataclass(slots=True)
class _Macros:
    """The @string of the new file; a name has one meaning there."""

    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def take(self, macro: _Macro) -> bool:
        """Define a macro with those that it is made of; False if one means something else."""
        if macro.name in self.values:
            return self.values[macro.name] == macro.value
        if not all(self.take(each) for each in macro.parts):
            return False
        self.values[macro.name] = macro.value
        self.texts.append(macro.text)
        return True


class _Work:
    """A file while it is made."""

    def __init__(self, documents: Sequence[Document], dialect: Dialect) -> None:
        self.macros = _Macros()
        self.preambles: list[str] = []
        self.entries: list[str] = []
        self.problems: list[tuple[int, Diagnostic]] = []
        self.converted: set[int] = set()
        self._documents = documents
        self._dialect = dialect
        self._sources = [_source(each, dialect) for each in documents]
        self._opened: set[int] = set()

    def add(self, number: int, index: int) -> None:
        """Add one entry: its own text where that can stand, else what it says, written anew."""
        source = self._sources[number]
        if source is not None and _is_sound(source, source.entries[index][0]):
            if number not in self._opened:
                self._opened.add(number)
                self.preambles += (f"{self._text(source, *each)}\n" for each in source.preambles)
            self.entries.append(f"{self._text(source, *source.entries[index])}\n")
            return
        written = WRITERS[self._dialect]([self._documents[number].entries[index]])
        self.entries.append(written.text)
        self.problems += [(number, each) for each in written.problems]
        self.converted.add(number)

    def _text(
        self, source: _Source, block: RawEntry | RawPreamble, macros: Mapping[str, _Macro]
    ) -> str:
        """Return a block as written, but that macros of another meaning here are resolved."""
        taken = {name: self.macros.take(each) for name, each in macros.items()}
        text = source.tree.source.text
        edits = [
            Edit(span, f"{{{_resolved(text[slice(*span)], macros)}}}")
            for span in _spans(block)
            if any(taken.get(name) is False for name in _names(text[slice(*span)]))
        ]
        moved = (
            Edit(Span(start - block.start, end - block.start), new) for (start, end), new in edits
        )
        return apply_edits(text[block.start : block.end], moved)


def stands(document: Document, dialect: Dialect) -> bool:
    """Tell whether a document's text can stand as it is in a .bib file of the dialect."""
    tree = document.tree
    return isinstance(tree, Tree) and (dialect == "biblatex" or dialect_of(tree) == "bibtex")


def _source(document: Document, dialect: Dialect) -> _Source | None:
    """Take a .bib file apart; None where its text cannot stand in a file of the dialect."""
    if not stands(document, dialect):
        return None
    tree: Tree = document.tree
    source = _Source(tree, [], sorted(_faults(document)), [])
    known: dict[str, _Macro] = {}
    for block in tree.blocks:
        if isinstance(block, RawString):
            known[block.name.lower()] = _macro(tree, block, known)
        elif isinstance(block, RawEntry):
            source.entries.append((block, _used(tree, block, known)))
        elif isinstance(block, RawPreamble):
            source.preambles.append((block, _used(tree, block, known)))
    return source


def _faults(document: Document) -> Iterator[int]:
    for each in document.problems:
        if each.span and each.severity is Severity.ERROR and each.code.startswith("SYN"):
            yield each.span.start


def _is_sound(source: _Source, block: RawEntry) -> bool:
    """Tell whether BibTeX and biber can read an entry as it stands."""
    at = bisect_left(source.faults, block.start)
    return block.complete and (at == len(source.faults) or source.faults[at] >= block.end)


def _macro(tree: Tree, block: RawString, known: Mapping[str, _Macro]) -> _Macro:
    text = tree.source.text
    raw = text[block.value_start : block.value_end]
    parts = tuple(known[name] for name in dict.fromkeys(_names(raw)) if name in known)
    value = _resolved(raw, {each.name: each for each in parts})
    return _Macro(block.name.lower(), text[block.start : block.end], value, parts)


def _resolved(raw: str, macros: Mapping[str, _Macro]) -> str:
    try:
        return resolve(raw, {each.name: each.value for each in macros.values()})[0]
    except OverlongError:
        return raw


def _used(
    tree: Tree, block: RawEntry | RawPreamble, known: Mapping[str, _Macro]
) -> dict[str, _Macro]:
    names = (name for start, end in _spans(block) for name in _names(tree.source.text[start:end]))
    return {name: known[name] for name in names if name in known}


def _spans(block: RawEntry | RawPreamble) -> Iterator[Span]:
    """Yield where the values of a block stand."""
    for each in block.fields if isinstance(block, RawEntry) else (block,):
        yield Span(each.value_start, each.value_end)


def _names(raw: str) -> list[str]:
    """Return the macros that a value names, in lower case."""
    if "#" not in raw and raw[:1] in ("{", '"'):
        return []
    return [part.text.lower() for part in split_value(raw) if part.macro]
