"""What a command has to say: diagnostics, fixes, changes, and the document they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from refkit.model.entry import NOWHERE, Entry, Origin, Value
from refkit.model.text import Edit, SourceText, Span


class Severity(StrEnum):
    """How bad a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Safety(StrEnum):
    """Whether a fix may be applied without being asked for."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry to be set: what, to what, and why.

    `index` is the entry's place in `Document.entries` (keys may repeat); `name` a CSL variable, or
    "type" for the entry's CSL type;
    `old` None where the field was missing; `origin` the record that the new value comes from.
    """

    index: int
    key: str
    name: str
    old: Value | None
    new: Value
    why: str
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Fix:
    """A set of edits, applied whole or not at all."""

    title: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding: a code, a sentence, a place in the file, and the entry's key if there is one."""

    code: str
    message: str
    span: Span | None = None
    key: str = ""
    fix: Fix | None = None
    severity: Severity = Severity.ERROR


class Inserted(NamedTuple):
    """All that was written into a file to add a field; `lead` and `tail` if it was the first."""

    text: str
    lead: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """How a change stands in the file: the format's field name, and its old and new text.

    `old_raw` and `new_raw` are the values as they are written, None where the field is not
    there (or the format has no such text); `inserted` is what was written to add the field.
    """

    change: Change
    field: str
    old: str
    new: str
    old_raw: str | None = None
    new_raw: str | None = None
    inserted: Inserted | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One field of one entry to be put back: `old_raw` where `new_raw` stands, None for nothing.

    `index` is the entry's place in `Document.entries`; the texts are as in `Applied`.
    """

    index: int
    field: str
    old_raw: str | None
    new_raw: str | None
    inserted: Inserted | None = None


@dataclass(frozen=True, slots=True)
class Stepped:
    """What came of a step: it is made, nothing was to do, or it is left alone, and why.

    `new_raw` and `inserted` tell how the field stands now, as in `Applied`.
    """

    made: bool
    why: str = ""
    new_raw: str | None = None
    inserted: Inserted | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """Changes as edits of a file's text; `problems` tells what could not be written, and why."""

    edits: tuple[Edit, ...] = ()
    applied: tuple[Applied, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A bibliography as it was read.

    `format` is the format's name; `tree` the format's own loss-free view of the text (for
    BibTeX a `refkit.formats.bibtex.tree.Tree`), which `Format.patch` works on.
    """

    source: SourceText
    format: str
    entries: tuple[Entry, ...]
    problems: tuple[Diagnostic, ...] = ()
    tree: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Written:
    """What a format's writer gives: the text, and a diagnostic for each thing it cannot hold."""

    text: str
    problems: tuple[Diagnostic, ...] = ()
