"""Scan a .bib file into a loss-free tree; no input makes it fail.

Three lanes, each for what the one before does not recognise: a compiled pattern per field; a
careful walk that knows any depth of braces, comments inside entries and missing commas; and
for blocks that are really broken, bibtexparser's recovery (`recover`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from sys import intern

from refkit.formats.bibtex import grammar as g
from refkit.formats.bibtex.recover import recover
from refkit.formats.bibtex.tree import (
    Block,
    RawBroken,
    RawComment,
    RawEntry,
    RawField,
    RawPreamble,
    RawString,
    Tree,
)
from refkit.formats.bibtex.values import closing_brace, closing_quote
from refkit.model.report import Diagnostic, Fix, Severity
from refkit.model.text import Edit, SourceText, Span

CLOSERS = {"{": "}", "(": ")"}


def scan(source: SourceText) -> tuple[Tree, tuple[Diagnostic, ...]]:
    """Scan a source into a `Tree` and the syntax diagnostics (family SYN), in file order."""
    scanner = _Scanner(source.text)
    scanner.run()
    problems = sorted(scanner.problems, key=lambda d: (d.span or Span(0, 0), d.code))
    return Tree(source, tuple(scanner.blocks)), tuple(problems)


@dataclass(slots=True)
class _Fault:
    """Why and where an entry cannot be read on."""

    at: int
    message: str


@dataclass(slots=True)
class _Open:
    """An entry that is being read."""

    type: str
    start: int
    body: int
    closer: str
    key: str = ""
    key_start: int = 0
    key_end: int = 0
    fields: list[RawField] = field(default_factory=list)
    complete: bool = True

    def close(self, end: int) -> RawEntry:
        fields = tuple(self.fields)
        place = (self.start, end, self.key_start, self.key_end)
        return RawEntry(self.type, self.key, *place, fields, self.complete)


@dataclass(slots=True)
class _Scanner:
    text: str
    blocks: list[Block] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    unclosed: bool = False
    # The last answer of `_next_block`: where it searched from, and what it found.
    sought: int = 0
    block_ahead: int = -1

    def run(self) -> None:
        text, search, pos = self.text, g.TOP.search, 0
        while mark := search(text, pos):
            if text[mark.start()] == "%":
                self._commented(mark)
                pos = mark.end()
                continue
            head = g.HEAD.match(text, mark.start())
            pos = self._block(head) if head else mark.end()

    def _block(self, head: re.Match[str]) -> int:
        kind = head[1].lower()
        if kind == "comment":
            return self._comment(head)
        if kind == "preamble":
            return self._preamble(head)
        if kind == "string":
            return self._string(head)
        return self._entry(head, kind)

    # entries: the fast lane

    def _entry(self, head: re.Match[str], kind: str) -> int:
        text, match = self.text, g.FIELD.match
        entry = _Open(intern(kind), head.start(), head.end(), CLOSERS[head[2]])
        pos = self._key(entry)
        append = entry.fields.append
        while found := match(text, pos):
            append(RawField(intern(found[1].lower()), *found.span(1), *found.span(2)))
            pos = found.end()
            if found[3] is None:
                break
        closing = g.CLOSE.match(text, pos)
        if closing and closing[1] == entry.closer:
            return self._done(entry, closing.end())
        return self._careful(entry, pos)

    def _done(self, entry: _Open, end: int) -> int:
        self.blocks.append(entry.close(end))
        if g.LEFTOVER.match(self.text, end):
            self._say(
                "SYN005",
                "fields follow the end of this entry: a stray closing delimiter ends it too early",
                Span(end - 1, end),
                entry.key,
            )
        return end

    def _key(self, entry: _Open) -> int:
        """Read the citation key and return where the fields begin."""
        found = g.KEY.match(self.text, entry.body)
        if found is None:
            return self._odd_key(entry)
        entry.key = found[1]
        entry.key_start, entry.key_end = found.span(1)
        if not entry.key:
            self._say("SYN003", "this entry has no citation key", Span(entry.start, found.end()))
        return found.end()

    def _odd_key(self, entry: _Open) -> int:
        pos = self._skip(entry.body)
        entry.key_start = entry.key_end = pos
        if g.FIELD_NAME.match(self.text, pos):
            self._say("SYN003", "this entry has no citation key", Span(entry.start, pos))
            return pos
        line = g.LINE.match(self.text, pos)
        stop = line.end() if line else pos
        if self.text[stop : stop + 1] == ",":
            return self._spaced_key(entry, pos, stop)
        bare = g.BARE_KEY.match(self.text, pos)
        if bare is None:
            return pos
        entry.key, (entry.key_start, entry.key_end) = bare[0], bare.span()
        if g.FIELD_NAME.match(self.text, self._skip(bare.end())):
            self._comma("a comma is missing behind the citation key", bare.end(), entry.key)
        return bare.end()

    def _spaced_key(self, entry: _Open, pos: int, stop: int) -> int:
        entry.key = self.text[pos:stop].strip()
        entry.key_end = pos + len(entry.key)
        span = Span(pos, entry.key_end)
        if not g.BARE_KEY.fullmatch(entry.key):
            self._say("SYN004", "a citation key cannot hold blanks or quotes", span, entry.key)
        return stop + 1

    # entries: the careful lane

    def _careful(self, entry: _Open, pos: int) -> int:
        text = self.text
        while True:
            pos = self._skip(pos)
            char = text[pos : pos + 1]
            if char == entry.closer:
                return self._done(entry, pos + 1)
            if char == ",":
                self._say("SYN006", "a stray comma", Span(pos, pos + 1), entry.key)
                pos += 1
                continue
            after = self._careful_field(entry, pos)
            if isinstance(after, _Fault):
                resumed = self._swallowed(entry, after)
                if resumed is None:
                    return self._broken(entry, after)
                after = resumed
            pos = after

    def _careful_field(self, entry: _Open, pos: int) -> int | _Fault:
        name = g.FIELD_NAME.match(self.text, pos)
        if name is None:
            return _Fault(pos, self._expected(pos, entry))
        start = self._skip(name.end())
        end = self._value_end(start, entry.closer)
        if isinstance(end, _Fault):
            return end
        entry.fields.append(RawField(intern(name[1].lower()), *name.span(1), start, end))
        after = self._skip(end)
        char = self.text[after : after + 1]
        if char == ",":
            return after + 1
        if char == entry.closer:
            return after
        if g.FIELD_NAME.match(self.text, after):
            self._comma(f"a comma is missing behind the field {name[1]!r}", end, entry.key)
            return after
        return _Fault(after, self._expected(after, entry))

    def _value_end(self, pos: int, closer: str) -> int | _Fault:
        while True:
            end = self._atom_end(pos, closer)
            if isinstance(end, _Fault):
                return end
            after = self._skip(end)
            if self.text[after : after + 1] != "#":
                return end
            pos = self._skip(after + 1)

    def _atom_end(self, pos: int, closer: str) -> int | _Fault:
        char = self.text[pos : pos + 1]
        stop = self._next_block(pos + 1)
        if char == "{":
            fault = _Fault(pos, "this brace is never closed")
            return closing_brace(self.text, pos, stop) or fault
        if char == '"':
            fault = _Fault(pos, "this quote is never closed, or its braces are unbalanced")
            return closing_quote(self.text, pos, stop) or fault
        return self._bare_end(pos, closer)

    def _bare_end(self, pos: int, closer: str) -> int | _Fault:
        bare = g.BARE.match(self.text, pos)
        if bare is None:
            return _Fault(pos, "a value is missing here")
        line = g.WORDS.match(self.text, pos)
        end = line.end() if line else bare.end()
        words = self.text[pos:end].rstrip()
        if self.text[end : end + 1] not in (",", closer, "\n") or len(words) <= len(bare[0]):
            return bare.end()
        span = Span(pos, pos + len(words))
        self._say("SYN007", "a value of several words needs braces or quotes", span)
        return span.end

    def _swallowed(self, entry: _Open, fault: _Fault) -> int | None:
        """Return where to read on if the fault is a value that swallowed the next fields.

        A value without its closing brace runs on over `,` and a line that begins a field; it
        is taken to end at that comma.
        """
        last = entry.fields[-1] if entry.fields else None
        begin = last.value_start if last and last.value_end > fault.at - 2 else fault.at
        within = self._next_block(entry.body)
        found = g.SWALLOWED.search(self.text, begin, within)
        if last and last.value_end <= fault.at and not found:
            found = g.SWALLOWED.search(self.text, last.value_start, last.value_end)
            begin = last.value_start
        return self._cut(entry, begin, found.start()) if found else None

    def _cut(self, entry: _Open, begin: int, comma: int) -> int | None:
        if entry.fields and entry.fields[-1].value_start == begin:
            entry.fields[-1] = entry.fields[-1]._replace(value_end=comma)
        elif (name := self._name_before(begin)) is not None:
            entry.fields.append(RawField(intern(name[1].lower()), *name.span(1), begin, comma))
        else:
            return None
        entry.complete = False
        message = "this entry is broken: this value's closing delimiter is missing"
        if self.text[comma - 1] == self.text[begin] == '"':
            message = "this entry is broken: a quote inside quotes needs braces around it"
        self._say("SYN001", message, Span(begin, begin + 1), entry.key)
        return self.text.index(",", comma) + 1

    def _name_before(self, value_start: int) -> re.Match[str] | None:
        line = self._line_start(value_start)
        for name in g.FIELD_NAME.finditer(self.text, line, value_start):
            if self._skip(name.end()) == value_start:
                return name
        return None

    def _broken(self, entry: _Open, fault: _Fault) -> int:
        """Keep what can be kept of a broken entry and go on at the next block."""
        reached = max([entry.body, entry.key_end, *(each.value_end for each in entry.fields[-1:])])
        end = self._next_block(reached)
        stop = len(self.text[:end].rstrip()) if end == len(self.text) else end
        stop = entry.start + len(self.text[entry.start : stop].rstrip())
        recovered = recover(self.text[entry.start : stop], entry.start)
        whole = recovered.fields
        if len(whole) > len(entry.fields):
            entry.fields = list(whole)
        message = f"this entry is broken: {fault.message}"
        at = min(fault.at, len(self.text))
        self._say("SYN001", message, Span(at, min(at + 1, len(self.text))), entry.key)
        entry.complete = False
        if entry.key or entry.fields:
            self.blocks.append(entry.close(stop))
        else:
            self.blocks.append(RawBroken(entry.start, stop, recovered.reason or message))
        return max(stop, entry.body)

    # other blocks

    def _comment(self, head: re.Match[str]) -> int:
        opening = head.end() - 1
        end = self._balanced(opening)
        if end is None:
            found = self.text.find("\n", opening)
            end = found if found >= 0 else len(self.text)
            self._say("SYN008", "this @comment is never closed", Span(head.start(), head.end()))
        self.blocks.append(RawComment(head.start(), end))
        return end

    def _balanced(self, opening: int) -> int | None:
        """Return where a comment ends; it may hold whole entries.

        Behind a first comment that is never closed, none is looked for beyond the next block:
        else a file of many such comments would cost the square of its length.
        """
        if self.text[opening] == "{":
            stop = self._next_block(opening) if self.unclosed else None
            end = closing_brace(self.text, opening, stop)
            self.unclosed = self.unclosed or end is None
            return end
        found = self.text.find(")", opening)
        return found + 1 if found >= 0 else None

    def _preamble(self, head: re.Match[str]) -> int:
        start = self._skip(head.end())
        end = self._value_end(start, CLOSERS[head[2]])
        close = end if isinstance(end, _Fault) else self._closed(end, head)
        if isinstance(end, _Fault) or isinstance(close, _Fault):
            return self._broken_block(head, "@preamble")
        self.blocks.append(RawPreamble(head.start(), close, start, end))
        return close

    def _string(self, head: re.Match[str]) -> int:
        name = g.FIELD_NAME.match(self.text, self._skip(head.end()))
        if name is None:
            return self._broken_block(head, "@string")
        start = self._skip(name.end())
        end = self._value_end(start, CLOSERS[head[2]])
        close = end if isinstance(end, _Fault) else self._closed(end, head)
        if isinstance(end, _Fault) or isinstance(close, _Fault):
            return self._broken_block(head, "@string")
        self.blocks.append(RawString(name[1].lower(), head.start(), close, start, end))
        return close

    def _closed(self, pos: int, head: re.Match[str]) -> int | _Fault:
        pos = self._skip(pos)
        if self.text[pos : pos + 1] == ",":
            pos = self._skip(pos + 1)
        if self.text[pos : pos + 1] == CLOSERS[head[2]]:
            return pos + 1
        return _Fault(pos, "the closing delimiter is missing")

    def _broken_block(self, head: re.Match[str], what: str) -> int:
        stop = self._next_block(head.end())
        end = head.start() + len(self.text[head.start() : stop].rstrip())
        message = f"this {what} is broken"
        self._say("SYN002", message, Span(head.start(), head.end()))
        self.blocks.append(RawBroken(head.start(), end, message))
        return max(end, head.end())

    def _commented(self, comment: re.Match[str]) -> None:
        found = g.COMMENTED_HEAD.search(self.text, *comment.span())
        if found:
            message = "a commented-out entry: biber skips it, but BibTeX reads it all the same"
            self._say("SYN009", message, Span(*found.span()), severity=Severity.INFO)

    # where things are

    def _skip(self, pos: int) -> int:
        found = g.SPACE.match(self.text, pos)
        return found.end() if found else pos

    def _next_block(self, pos: int) -> int:
        """Return where the next block begins, the end of the text if none does."""
        if not self.sought <= pos <= self.block_ahead:
            found = g.NEXT_BLOCK.search(self.text, pos)
            self.sought = pos
            self.block_ahead = found.start() if found else len(self.text)
        return self.block_ahead

    def _expected(self, pos: int, entry: _Open) -> str:
        if pos >= len(self.text) or g.NEXT_BLOCK.match(self.text, self._line_start(pos)):
            return f"its closing {entry.closer!r} is missing"
        return f"a field, a comma or {entry.closer!r} was expected, not {self.text[pos]!r}"

    def _line_start(self, pos: int) -> int:
        return self.text.rfind("\n", 0, pos) + 1

    def _comma(self, message: str, at: int, key: str) -> None:
        fix = Fix("insert the comma", (Edit(Span(at, at), ","),))
        self.problems.append(Diagnostic("SYN010", message, Span(at - 1, at), key, fix))

    def _say(
        self,
        code: str,
        message: str,
        span: Span,
        key: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.problems.append(Diagnostic(code, message, span, key, severity=severity))
