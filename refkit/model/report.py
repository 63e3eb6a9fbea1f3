"""What a command has to say: diagnostics, fixes, changes, and the document they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Applied:
    """How a change stands in the file: the format's field name, and its old and new text."""

    change: Change
    field: str
    old: str
    new: str


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
