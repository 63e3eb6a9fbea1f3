"""Changes of a .bib file taken back: each field gets its earlier text, byte for byte.

A field whose value is no longer what was written is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from refkit.formats.bibtex.place import (
    NewField,
    comma_after,
    insertion,
    line_start,
    own_line,
)
from refkit.formats.bibtex.tree import RawEntry, RawField, Tree
from refkit.formats.bibtex.values import closing_brace, closing_quote
from refkit.model.report import Document, Inserted, Step, Stepped
from refkit.model.text import Edit, Span

UNTOUCHED = Stepped(made=False)


def revert(document: Document, steps: Sequence[Step]) -> tuple[list[Edit], list[Stepped]]:
    """Return the edits that put fields of a document back, and what came of each step.

    The steps of one entry either add fields or take some away; no field comes twice.
    """
    tree: Tree = document.tree
    raws = tree.entries()
    edits: list[Edit] = []
    done: dict[int, Stepped] = {}
    ordered = sorted(range(len(steps)), key=lambda at: steps[at].index)
    for index, group in groupby(ordered, key=lambda at: steps[at].index):
        work = _Work(tree, raws[index])
        for at in group:
            done[at] = work.step(at, steps[at])
        edits += work.finished(done)
    return edits, [done[at] for at in range(len(steps))]


class _Work:
    """One entry while its fields are put back."""

    def __init__(self, tree: Tree, raw: RawEntry) -> None:
        self.tree = tree
        self.text = tree.source.text
        self.raw = raw
        self.edits: list[Edit] = []
        self.added: list[tuple[int, NewField]] = []
        self.removed: list[Span] = []
        self.frame = Inserted("")

    def step(self, at: int, step: Step) -> Stepped:
        """Put one field back, or say why not."""
        if not self.raw.complete:
            return Stepped(made=False, why="the entry is broken")
        if step.field == "type" and (step.new_raw or "{")[0] not in '{"':
            return self._type(step)
        field = self._field(step)
        now = None if field is None else self.tree.raw(field)
        if not _same(now, step.new_raw):
            # An added field that is gone is as it was, and so is a value that is the old one.
            return UNTOUCHED if _same(now, step.old_raw) else Stepped(made=False, why=_why(now))
        if (self.removed and field is None) or (self.added and step.old_raw is None):
            return Stepped(made=False, why="the ledger contradicts itself")
        if field is None:
            self.added.append((at, NewField(step.field, step.old_raw or "", macro=True)))
        elif step.old_raw is None:
            self._remove(field, step.inserted)
        else:
            self.edits.append(Edit(Span(field.value_start, field.value_end), step.old_raw))
        return Stepped(made=True, new_raw=step.old_raw)

    def _type(self, step: Step) -> Stepped:
        """Put the entry's own type back; unlike a field's value it has no delimiters."""
        at = self.raw.start + 1
        now = self.text[at : at + len(self.raw.type)]
        if now.lower() != (step.new_raw or "").lower():
            same = now.lower() == (step.old_raw or "").lower()
            return UNTOUCHED if same else Stepped(made=False, why=_why(now))
        self.edits.append(Edit(Span(at, at + len(now)), step.old_raw or ""))
        return Stepped(made=True, new_raw=step.old_raw)

    def _field(self, step: Step) -> RawField | None:
        named = [each for each in self.raw.fields if each.name == step.field.lower()]
        same = [each for each in named if _same(self.tree.raw(each), step.new_raw)]
        return next(iter(same or named), None)

    def _remove(self, field: RawField, inserted: Inserted | None) -> None:
        if inserted is not None:
            offset = inserted.text.find(self.text[field.start : field.value_end])
            start = field.start - offset
            if offset >= 0 and self.text.startswith(inserted.text, start):
                self.removed.append(Span(start, start + len(inserted.text)))
                self.frame = inserted
                return
        self.removed.append(_cut(self.text, self.raw, field))

    def finished(self, done: dict[int, Stepped]) -> list[Edit]:
        """Return the edits, and complete what is said of the fields that are added."""
        if self.added:
            made = insertion(self.tree, self.raw, [new for _, new in self.added])
            self.edits.append(made.edit())
            for (at, new), inserted in zip(self.added, made.inserted(), strict=True):
                done[at] = Stepped(made=True, new_raw=new.text, inserted=inserted)
        return [*self.edits, *(Edit(span, "") for span in self._spans())]

    def _spans(self) -> list[Span]:
        """Return what is removed, free of overlaps, with the frame where no field is left."""
        spans: list[Span] = []
        end = 0
        for span in sorted(self.removed):
            spans.append(Span(max(span.start, end), max(span.end, end)))
            end = spans[-1].end
        if spans and len(spans) == len(self.raw.fields):
            lead, tail = self.frame.lead, self.frame.tail
            if self.text[self.raw.end - 1] == ")":
                lead = ""  # without the comma behind its key `@misc(k)` would have no end
            start = spans[0].start - len(lead)
            if self.text.startswith(lead, start) and self.text.startswith(tail, end):
                spans[0] = Span(start, spans[0].end)
                spans[-1] = Span(spans[-1].start, end + len(tail))
        return spans


def _why(now: str | None) -> str:
    return "it is no longer there" if now is None else f"it was changed since, to {now}"


def _same(now: str | None, known: str | None) -> bool:
    """Tell whether two values are the same but for their delimiters; None is no value."""
    if now is None or known is None:
        return now is known
    return _bare(now) == _bare(known)


def _bare(raw: str) -> str:
    """Return a value without its delimiters; one that is put together stays as it is."""
    if raw.startswith("{") and closing_brace(raw, 0) == len(raw):
        return raw[1:-1]
    if raw.startswith('"') and closing_quote(raw, 0) == len(raw):
        return raw[1:-1]
    return raw


def _cut(text: str, entry: RawEntry, field: RawField) -> Span:
    """Return what has to go for a field to go: its comma, and its line if it has one."""
    start, end = field.start, field.value_end
    comma = comma_after(text, end, entry.end)
    if comma is not None:
        end = comma + 1
    else:
        before = text[:start].rstrip()
        # The comma behind the key stays, as in `_spans`.
        return Span(len(before) - (before.endswith(",") and field != entry.fields[0]), end)
    line_end = text.find("\n", end)
    if own_line(text, field) and line_end >= 0 and not text[end:line_end].strip():
        start = line_start(text, start) - 1
        return Span(start - (text[start - 1 : start] == "\r"), end)
    return Span(len(text[:start].rstrip(" \t")), end)
