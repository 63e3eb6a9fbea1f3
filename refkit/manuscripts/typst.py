"""Typst: `@key`, `#cite(<key>)` and `#cite(label("key"))`.

The syntax is that of Typst's reference, "Syntax" and "cite". A label that the text sets itself
(`= Methods <methods>`) is a place in the text, so that `@methods` is no citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from refkit.manuscripts.citation import Citation

_LABEL = r"[\w:.-]"
_REFERENCE = re.compile(rf"@({_LABEL}*[\w-])")
_DEFINED = re.compile(rf"<({_LABEL}+)>")
_CITE = re.compile(rf"(?:cite\(|attribution:)\s*(?:<({_LABEL}+)>|label\(\s*\"([^\"\\\n]+)\"\s*\))")
_SKIPPED = re.compile(r"//[^\n]*|/\*|`+|\\.", re.DOTALL)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"?", re.DOTALL)
_LINK = re.compile(r"https?://[^\s\[\]()<>\"`]*")
_CODE_LINE = re.compile(r"#(?:let|set|show|import|include|if|else|for|while|return|context)\b")
_CALL = re.compile(r"#[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*")
_COMMENT = re.compile(r"/\*|\*/")
_RESOURCE = re.compile(r"#?\bbibliography\(\s*(\(?)((?:\s*\"[^\"\n]*\"\s*,?)+)")
_NAME = re.compile(r"\"([^\"\n]*)\"")
_INCLUDED = re.compile(r"#(?:include|import)\s+\"([^\"@\n][^\"\n]*)\"")

_Mode = Literal["markup", "code", "line"]


def citations(text: str) -> Iterator[Citation]:
    """Yield the citations of a Typst text."""
    found, defined = _Scanner(text).run()
    return (each for each in found if each.key not in defined)


def included(text: str) -> tuple[str, ...]:
    """Return the files that `#include` and `#import` name, as written; no packages."""
    return tuple(found[1] for found in _INCLUDED.finditer(text))


def bibliographies(text: str) -> tuple[str, ...]:
    """Return the files that `#bibliography` names, as written."""
    found = _RESOURCE.search(text)
    return tuple(_NAME.findall(found[2])) if found else ()


class _Scanner:
    """A walk through a text that knows markup from code, for only markup holds references."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.modes: list[tuple[_Mode, str]] = [("markup", "")]
        self.found: list[Citation] = []
        self.defined: set[str] = set()

    def run(self) -> tuple[list[Citation], set[str]]:
        """Return the references and the labels that are set."""
        while self.at < len(self.text):
            if not self._skip():
                mode = self.modes[-1][0]
                self.at = self._markup() if mode == "markup" else self._code()
        return self.found, self.defined

    def _skip(self) -> bool:
        """Step over a comment, raw text, an escape or a link, if one begins here."""
        link = _LINK.match(self.text, self.at)
        found = link or _SKIPPED.match(self.text, self.at)
        if found is None:
            return False
        if found[0] == "/*":
            self.at = self._behind_comment()
        elif found[0][0] == "`":
            self.at = self._behind_raw(found[0])
        else:
            self.at = found.end()
        return True

    def _behind_comment(self) -> int:
        depth = 0
        for mark in _COMMENT.finditer(self.text, self.at):
            depth += 1 if mark[0] == "/*" else -1
            if depth == 0:
                return mark.end()
        return len(self.text)

    def _behind_raw(self, ticks: str) -> int:
        if len(ticks) == 2:  # an empty raw text
            return self.at + 2
        end = self.text.find(ticks, self.at + len(ticks))
        return len(self.text) if end < 0 else end + len(ticks)

    def _markup(self) -> int:
        text, at = self.text, self.at
        char = text[at]
        if char == "@" and (reference := _REFERENCE.match(text, at)):
            key = reference[1].rstrip(".:")
            self.found.append(Citation(key, at + 1, at + 1 + len(key)))
            return at + 1 + len(key)
        if char == "<" and (label := _DEFINED.match(text, at)):
            self.defined.add(label[1])
            return label.end()
        if char == "#":
            return self._hash()
        if char == "[":
            self.modes.append(("markup", "]"))
        elif char == "]" and len(self.modes) > 1:
            self._pop("]")
        return at + 1

    def _hash(self) -> int:
        """Enter the code behind a `#`."""
        text, at = self.text, self.at
        if found := _CODE_LINE.match(text, at):
            self.modes.append(("line", "\n"))
            return found.end()
        if found := _CALL.match(text, at):
            cited = self._cited(found.end() - 4)
            if text[found.end() : found.end() + 1] == "(":
                self.modes.append(("code", ")"))
                return cited or found.end() + 1
            return found.end()
        if text[at + 1 : at + 2] in ("{", "("):
            self.modes.append(("code", "}" if text[at + 1] == "{" else ")"))
            return at + 2
        return at + 1

    def _cited(self, at: int) -> int | None:
        """Note the key of the `cite(<key>` that begins here; return the offset behind it."""
        found = _CITE.match(self.text, at)
        if found is None:
            return None
        group = 1 if found[1] else 2
        self.found.append(Citation(found[group], *found.span(group)))
        return found.end()

    def _code(self) -> int:
        text, at = self.text, self.at
        char = text[at]
        if string := _STRING.match(text, at):
            return string.end()
        if char in "([{":
            kind: _Mode = "markup" if char == "[" else "code"
            self.modes.append((kind, {"(": ")", "[": "]", "{": "}"}[char]))
        elif char in ")]}\n;":
            self._pop("\n" if char == ";" else char)
        elif char in "ca" and (end := self._cited(at)) is not None:
            if char == "c":
                self.modes.append(("code", ")"))
            return end
        return at + 1

    def _pop(self, closer: str) -> None:
        if len(self.modes) > 1 and self.modes[-1][1] == closer:
            self.modes.pop()
