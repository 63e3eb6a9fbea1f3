"""One entry while it is made fit for a program, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from refkit.formats.plain import write_name
from refkit.model.entry import Date, Entry, Field, Origin, Value
from refkit.model.report import Diagnostic, Severity
from refkit.normalise.dates import format_edtf
from refkit.normalise.latex import to_rich

TYPE_CHANGED = "FIT001"
MOVED = "FIT002"
LEFT_OUT = "FIT003"
REWRITTEN = "FIT004"
OTHERS_LEFT_OUT = "FIT005"
UNSETTABLE = "FIT006"
RENAMED = "FIT007"
ADDED = "FIT008"

BIB_SOURCES = frozenset(("bibtex", "biblatex", "csljson", "cslyaml"))
"""Formats whose entries may have fields of a .bib file beyond CSL."""


@dataclass(slots=True)
class Draft:
    """An entry that steps change in turn; `program` is the name of the one it is made fit for.

    `say` gives the words in which a field's value stands in a note (variable and text in, line
    out), `between` what parts such lines.
    """

    entry: Entry
    program: str
    say: Callable[[str, str], str]
    between: str = ". "
    told: list[Diagnostic] = field(default_factory=list)

    @property
    def origin(self) -> Origin:
        """Return the origin of what a step writes: the program's rules."""
        return Origin("consumer", self.program)

    def tell(self, code: str, message: str, severity: Severity = Severity.INFO) -> None:
        """Tell of a change, once for each wording."""
        problem = Diagnostic(code, message, key=self.entry.key, severity=severity)
        if problem not in self.told:
            self.told.append(problem)

    def retype(self, csl: str, native: str, now: str, was: str) -> None:
        """Give the entry another type, which the message calls `now`, and tell of it."""
        self.entry = replace(self.entry, type=csl, native_type=native)
        self.tell(TYPE_CHANGED, f"{self.program} has no type {was!r}; it is written as {now!r}")

    def drop(self, each: Field, why: str = "") -> None:
        """Leave out a field, and tell of it if `why` says why."""
        entry = self.entry
        self.entry = replace(
            entry,
            fields=tuple(one for one in entry.fields if one is not each),
            extra=tuple(one for one in entry.extra if one is not each),
        )
        if why:
            self.tell(LEFT_OUT, f"{each.name!r} is left out: {why}", Severity.WARNING)

    def drop_extra(self, name: str) -> None:
        """Leave out the fields of that name beyond CSL."""
        kept = tuple(each for each in self.entry.extra if each.name != name)
        self.entry = replace(self.entry, extra=kept)

    def rename(self, each: Field, new: str) -> None:
        """Write a field's value under another name, and tell of it."""
        self.change(each, replace(each, name=new))
        message = f"{self.program} does not read {each.name!r}; it is written as {new!r}"
        self.tell(RENAMED, message)

    def put(self, name: str, value: Value) -> None:
        """Set a CSL variable, in its place or at the end."""
        made, old = Field(name, value, self.origin), self.entry.field(name)
        if old is not None:
            self.change(old, made)
        else:
            self.entry = self.entry.with_fields((*self.entry.fields, made))

    def add_extra(self, name: str, text: str) -> None:
        """Add a field under the very name that the program reads it by."""
        made = Field(name, text, self.origin)
        self.entry = replace(self.entry, extra=(*self.entry.extra, made))

    def note(self, name: str, text: str) -> None:
        """Add a line on the variable `name` to the entry's note."""
        line, before = self.say(name, text), self.entry.text("note")
        if line not in before.split(self.between):
            self.put("note", f"{before}{self.between}{line}" if before else line)

    def move(self, each: Field, text: str = "") -> None:
        """Write a field into the note instead (as `text`, by default its value), and tell of it."""
        self.drop(each)
        self.note(each.name, text or shown(each))
        message = f"{self.program} does not read {each.name!r}; it is written into 'note'"
        self.tell(MOVED, message)

    def change(self, each: Field, new: Field, why: str = "") -> None:
        """Put `new` in the place of a field, variable or extra, and tell of it if `why` is given.

        Fields are told apart by identity: one name may occur twice.
        """
        entry = self.entry
        self.entry = replace(
            entry,
            fields=tuple(new if one is each else one for one in entry.fields),
            extra=tuple(new if one is each else one for one in entry.extra),
        )
        if why:
            self.tell(REWRITTEN, f"{each.name!r} is rewritten: {why}")


Step = Callable[[Draft], None]


def shown(each: Field) -> str:
    """Return a field's value as text for a note."""
    value = each.value
    if isinstance(value, Date):
        return value.literal or format_edtf(value)
    if isinstance(value, tuple):
        return "; ".join(write_name(name) for name in value)
    return value


def named(labels: Mapping[str, str]) -> Callable[[str, str], str]:
    """Return a `Draft.say` that puts a label before the text, by default the field's name."""

    def say(name: str, text: str) -> str:
        label = labels.get(name, name.replace("-", " ").capitalize())
        return f"{label}: {text}" if label else text

    return say


def is_bib(entry: Entry) -> bool:
    """Tell whether an entry's extra fields are LaTeX text."""
    return entry.origin.source in BIB_SOURCES


def moved(names: Iterable[str]) -> Step:
    """Make a step that moves these fields, CSL variables or a .bib file's own, to the note."""
    chosen = frozenset(names)

    def step(draft: Draft) -> None:
        for each in draft.entry.fields:
            if each.name in chosen and each.value:
                draft.move(each)
        for each in draft.entry.extra:
            if each.name in chosen and each.value and each.origin.source != "consumer":
                latex = isinstance(each.value, str) and is_bib(draft.entry)
                draft.move(each, to_rich(str(each.value), protect=False) if latex else "")

    return step
