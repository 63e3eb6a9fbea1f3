"""Journals' names in a .bib file, as edits of the values of `journal` and `journaltitle`.

A name that is a macro is changed where the macro is defined, if all that use it are journals'
names; else, and where a value is put together by `#`, it stays and is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from refkit.adapt.journals import Names, names_of, renamed
from refkit.adapt.options import Conversion
from refkit.formats.bibtex.patch import encodable
from refkit.formats.bibtex.place import delimit
from refkit.formats.bibtex.tree import RawEntry, RawField, RawString, Tree
from refkit.formats.bibtex.values import Part, split_value
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import Edit, Span
from refkit.normalise.latex import from_rich, to_plain

FIELDS = frozenset(("journal", "journaltitle"))
UNWRITABLE = "FIX004"


def journal_edits(document: Document, options: Conversion) -> tuple[list[Edit], list[Diagnostic]]:
    """Return the edits that abbreviate or expand the journals of a .bib document."""
    work = _Work(document, options, names_of(document.entries, options))
    work.run()
    return work.edits, work.problems


class _Work:
    """The edits of one file while they are collected."""

    def __init__(self, document: Document, options: Conversion, names: Names) -> None:
        self.document = document
        self.tree: Tree = document.tree
        self.options = options
        self.names = names
        self.edits: list[Edit] = []
        self.problems: list[Diagnostic] = []
        self.told: set[str] = set()

    def run(self) -> None:
        """Look at every field, then at the macros that journals' names are."""
        macros: dict[str, str] = {}
        for raw, entry in zip(self.tree.entries(), self.document.entries, strict=True):
            for field in raw.fields if raw.complete else ():
                if field.name in FIELDS:
                    language = entry.text("language")
                    parts = split_value(self.tree.raw(field))
                    if len(parts) == 1 and parts[0].macro:
                        macros.setdefault(parts[0].text.lower(), language)
                    elif len(parts) == 1:
                        self.value(raw.key, Span(field.value_start, field.value_end), language)
                    elif parts:
                        self.tell(raw.key, field, "this journal's name is put together by '#'")
        if macros:
            self.macros(macros)

    def value(self, key: str, place: Span, language: str) -> None:
        """Change the value in delimiters at a place."""
        source = self.tree.source
        inner = source.text[place.start + 1 : place.end - 1]
        name = " ".join(to_plain(inner).split())
        if not name or "$" in inner or "<" in inner:
            return
        new, told = renamed(name, self.options.journals, self.names, language)
        if told is not None and name not in self.told:
            self.told.add(name)
            code, message = told
            self.problems.append(Diagnostic(code, message, place, key, severity=Severity.WARNING))
        if new != name:
            self.put(key, place, new)

    def put(self, key: str, place: Span, new: str) -> None:
        """Write a name in the file's own letters, or tell that they do not have it."""
        source = self.tree.source
        latex = from_rich(new, ascii=source.text.isascii() or not encodable(new, source))
        if encodable(latex, source):
            quoted = source.text[place.start] == '"'
            self.edits.append(Edit(place, delimit(latex, quoted=quoted)))
        else:
            message = f"{source.encoding} cannot hold the journal's name {new!r}"
            self.problems.append(
                Diagnostic(UNWRITABLE, message, place, key, severity=Severity.WARNING)
            )

    def macros(self, wanted: dict[str, str]) -> None:
        """Change the definitions of macros that are journals' names and nothing else."""
        others = {name for name, field in self.uses() if field not in FIELDS}
        defined: dict[str, list[RawString]] = {}
        for block in self.tree.blocks:
            if isinstance(block, RawString):
                defined.setdefault(block.name.lower(), []).append(block)
        for name, language in wanted.items():
            blocks = defined.get(name, [])
            raw = (
                self.tree.source.text[blocks[0].value_start : blocks[0].value_end] if blocks else ""
            )
            if len(blocks) == 1 and name not in others and _is_plain(split_value(raw)):
                self.value("", Span(blocks[0].value_start, blocks[0].value_end), language)
            elif blocks:
                message = f"the macro {name!r} is more than one journal's name and stays"
                span = Span(blocks[0].start, blocks[0].end)
                self.problems.append(
                    Diagnostic(UNWRITABLE, message, span, severity=Severity.WARNING)
                )

    def uses(self) -> Iterator[tuple[str, str]]:
        """Yield each use of a macro, with the field: "" for a part of a longer value."""
        for block in self.tree.blocks:
            if isinstance(block, RawEntry):
                for field in block.fields:
                    yield from _macros(split_value(self.tree.raw(field)), field.name)
            elif isinstance(block, RawString):
                raw = self.tree.source.text[block.value_start : block.value_end]
                yield from _macros(split_value(raw), "")

    def tell(self, key: str, field: RawField, message: str) -> None:
        """Note that a name stays."""
        span = Span(field.start, field.end)
        self.problems.append(
            Diagnostic(UNWRITABLE, message + " and stays", span, key, severity=Severity.WARNING)
        )


def _macros(parts: list[Part], field: str) -> Iterator[tuple[str, str]]:
    for part in parts:
        if part.macro:
            yield part.text.lower(), field if len(parts) == 1 else ""


def _is_plain(parts: list[Part]) -> bool:
    return len(parts) == 1 and not parts[0].macro
