"""Changes as edits of a .bib file: new fields on lines of their own, old values in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from refkit.formats.bibtex.dates import date_fields
from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.encode import PROTECTED, encode, protect
from refkit.formats.bibtex.fields import field_name, written
from refkit.formats.bibtex.place import NewField, insert_fields, replace_value
from refkit.formats.bibtex.tree import RawEntry, RawField, Tree
from refkit.formats.bibtex.types import TYPES, UNKNOWN, Dialect
from refkit.model.entry import Date, Entry
from refkit.model.report import Applied, Change, Diagnostic, Document, Patch, Severity
from refkit.model.text import Edit, SourceText, Span
from refkit.normalise.dates import MONTH_MACROS
from refkit.normalise.latex_write import to_ascii
from refkit.normalise.names import format_names

BROKEN = "FIX001"
TAKEN = "FIX002"
NO_FIELD = "FIX003"
UNWRITABLE = "FIX004"

_VERBATIM = frozenset({"doi", "url", "eprint", "file"})


def patch(document: Document, changes: Sequence[Change]) -> Patch:
    """Return the edits that make `changes` in a document's text.

    A missing field is added in the entry's own style; a value is replaced only where its
    change names the old one. What cannot be written is told in the patch's problems.
    """
    tree: Tree = document.tree
    raws = tree.entries()
    work = _Work(tree, dialect(tree))
    ordered = sorted(changes, key=lambda change: change.index)
    for index, group in groupby(ordered, key=lambda change: change.index):
        work.entry(raws[index], document.entries[index], list(group))
    return Patch(tuple(work.edits), tuple(work.applied), tuple(work.problems))


class _Work:
    """The patch of one file while it is made."""

    def __init__(self, tree: Tree, spoken: Dialect) -> None:
        self.tree = tree
        self.dialect = spoken
        self.ascii = spoken == "bibtex" and tree.source.text.isascii()
        self.edits: list[Edit] = []
        self.applied: list[Applied] = []
        self.problems: list[Diagnostic] = []

    def entry(self, raw: RawEntry, entry: Entry, changes: Sequence[Change]) -> None:
        """Make all changes of one entry."""
        if not raw.complete:
            self._refuse(raw, BROKEN, "this entry is broken, so nothing is written into it")
            return
        added: list[NewField] = []
        for change in changes:
            for place, new in enumerate(self._fields(raw, entry, change, changes)):
                old = _old(self.tree, raw, entry, change) if place == 0 else None
                self._put(raw, change, new, old or _named(raw, new.name), added)
        self.edits += insert_fields(self.tree, raw, added)

    def _fields(
        self, raw: RawEntry, entry: Entry, change: Change, changes: Iterable[Change]
    ) -> list[NewField]:
        """Return a change's value as fields of the file's dialect."""
        group = TYPES.get(raw.type, UNKNOWN).group
        has = {each.name for each in entry.fields} | {each.name for each in changes}
        name = field_name(change.name, raw.type, group, self.dialect, has)
        if not name:
            self._refuse(raw, NO_FIELD, f"@{raw.type} has no field for {change.name}")
            return []
        value = change.new
        if isinstance(value, Date):
            return [
                NewField(each, text, macro=each == "month" and text in MONTH_MACROS)
                for each, text in date_fields(name, value, "").items()
            ]
        if isinstance(value, tuple):
            return [NewField(name, self._latex(format_names(value)))]
        row = written(group, self.dialect).get(change.name)
        rich = protect(value) if name in PROTECTED else value
        text = encode(rich, row.kind if row else "title", self.dialect)
        return [NewField(name, text if name in _VERBATIM else self._latex(text))]

    def _latex(self, text: str) -> str:
        """Spell letters as commands where the file, or BibTeX itself, cannot hold them."""
        return to_ascii(text) if self.ascii or not encodable(text, self.tree.source) else text

    def _put(
        self,
        raw: RawEntry,
        change: Change,
        new: NewField,
        place: RawField | None,
        added: list[NewField],
    ) -> None:
        """Write a new field in the place of the old one, or note it to be added."""
        if not encodable(new.text, self.tree.source):
            encoding = self.tree.source.encoding
            self._refuse(raw, UNWRITABLE, f"{encoding} cannot hold {new.name} = {new.text!r}")
            return
        if place is None:
            added.append(new)
            self.applied.append(Applied(change, new.name, "", new.text))
            return
        old = self.tree.raw(place)
        if change.old is None and old.strip('{}" '):
            self._refuse(raw, TAKEN, f"the field {place.name!r} has a value already", place)
            return
        self.edits.append(replace_value(self.tree, place, new))
        self.applied.append(Applied(change, place.name, old, new.text))

    def _refuse(
        self, raw: RawEntry, code: str, message: str, place: RawField | None = None
    ) -> None:
        span = Span(place.start, place.end) if place else Span(raw.start, raw.key_end)
        self.problems.append(Diagnostic(code, message, span, raw.key, severity=Severity.WARNING))


def _old(tree: Tree, raw: RawEntry, entry: Entry, change: Change) -> RawField | None:
    """Return the field that the old value was read from, under whatever name."""
    old = entry.field(change.name)
    if old is None or old.origin.ref != tree.source.path:
        return None
    spans = {Span(each.value_start, each.value_end): each for each in raw.fields}
    return spans.get(old.origin.span or Span(-1, -1))


def _named(raw: RawEntry, name: str) -> RawField | None:
    return next((each for each in raw.fields if each.name == name), None)


def encodable(text: str, source: SourceText) -> bool:
    """Tell whether a file's encoding has all characters of a text."""
    try:
        text.encode(source.encoding)
    except UnicodeEncodeError:
        return False
    return True
