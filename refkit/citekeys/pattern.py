"""Key patterns: parsed once, with errors that point at their place, and applied to entries.

Two notations are read: Better BibTeX's formulas, `auth.lower + year + shorttitle(1, 1)`, with
`|` between alternatives (`||` and `;` do as well) and parentheses; and the older one in
brackets that JabRef uses, `[auth:lower][year][shorttitle1_1]`.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from refkit.citekeys.functions import FILTERS, FUNCTIONS, WHOLE, field, is_german
from refkit.errors import InputError
from refkit.model.entry import Entry
from refkit.normalise.keys import fit_key

Value = str | int | bool | re.Pattern[str]

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>-?\d{1,6}(?!\d))|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<regex>/(?:[^/\\\n]|\\.)+/[a-z]*)|(?P<mark>\|\|?|[;+.(),=])|(?P<end>\Z))"
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|(?<=\()\s*/(?:[^/\\\n]|\\.)+/")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_BRACKET = re.compile(r"([A-Za-z]+(?:\.[A-Za-z]+)*?)(\d+)?(?:_(\d+))?")
_OLD_NAMES = {
    "auth.etal": "authEtal2",
    "edtr.etal": "edtrEtal2",
    "auth.auth.ea": "authAuthEa",
    "edtr.edtr.ea": "edtrAuthEa",
}
_DEEPEST = 40


class PatternError(InputError):
    """A key pattern that cannot be read; its text shows the place."""

    def __init__(self, pattern: str, at: int, message: str) -> None:
        """Say what is wrong at an offset of a pattern."""
        line = re.sub(r"\s", " ", pattern)
        place = f"key pattern, column {at + 1}: {message}"
        super().__init__(f"{place}\n  {line}\n  {' ' * at}^")
        self.at = at


@dataclass(frozen=True, slots=True)
class Step:
    """A function or filter with the parameters that a pattern gives it."""

    call: Callable[..., str]
    args: tuple[Value, ...] = ()
    named: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A literal text, a function, or a pattern in parentheses; then filters."""

    source: str | Step | Pattern
    filters: tuple[Step, ...] = ()

    def text(self, entry: Entry) -> str:
        """Return what this part says of an entry."""
        if isinstance(self.source, Step):
            found = self.source.call(entry, *self.source.args, **(self.source.named or {}))
        else:
            found = self.source if isinstance(self.source, str) else self.source.text(entry)
        for each in self.filters:
            found = each.call(found, entry, *each.args, **(each.named or {}))
        return found


@dataclass(frozen=True, slots=True)
class Pattern:
    """Alternatives, of which the first that says anything counts; each a row of parts."""

    alternatives: tuple[tuple[Part, ...], ...]

    def text(self, entry: Entry) -> str:
        """Return the text that the pattern makes of an entry.

        An alternative counts if one of its functions says something: its literals alone are
        no key.
        """
        for parts in self.alternatives:
            texts = [part.text(entry) for part in parts]
            told = [
                text
                for part, text in zip(parts, texts, strict=True)
                if not isinstance(part.source, str)
            ]
            if any(told) or (not told and any(texts)):
                return "".join(texts)
        return ""

    def key(self, entry: Entry) -> str:
        """Return an entry's key, fit for every consumer, or "" where the pattern says nothing."""
        return fit_key(self.text(entry), german=is_german(entry))


def parse(pattern: str) -> Pattern:
    """Read a pattern in either notation; raises PatternError."""
    if not pattern.strip():
        raise PatternError(pattern, 0, "the pattern is empty")
    bracketed = "[" in _QUOTED.sub("", pattern)
    return _Brackets(pattern).read() if bracketed else _Formula(pattern).read()


class _Formula:
    """A reader of Better BibTeX's formulas."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.kind = self.word = ""
        self.begin = 0
        self.depth = 0
        self.next()

    def next(self) -> None:
        """Go to the next token."""
        found = _TOKEN.match(self.pattern, self.at)
        if found is None:
            here = self.at + len(self.pattern[self.at :]) - len(self.pattern[self.at :].lstrip())
            char = self.pattern[here]
            never_closed = "this quote is never closed" if char in "'\"" else ""
            self.fail(never_closed or f"{char!r} is not expected here", here)
        self.kind = found.lastgroup or ""
        self.word = found[self.kind]
        self.begin, self.at = found.start(self.kind), found.end()

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        """Raise the error for the present token, or for a place."""
        raise PatternError(self.pattern, self.begin if at is None else at, message)

    def read(self) -> Pattern:
        """Read the whole pattern."""
        found = self.alternatives()
        if self.kind != "end":
            self.fail(f"{self.word!r} is not expected here")
        return found

    def alternatives(self) -> Pattern:
        """Read parts joined by `+`, and `|` between such rows."""
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail("the parentheses are nested too deeply")
        rows = [self.row()]
        while self.word in ("|", "||", ";") and self.kind == "mark":
            self.next()
            rows.append(self.row())
        self.depth -= 1
        return Pattern(tuple(rows))

    def row(self) -> tuple[Part, ...]:
        """Read parts joined by `+`."""
        parts = [self.part()]
        while self.kind == "mark" and self.word == "+":
            self.next()
            parts.append(self.part())
        return tuple(parts)

    def part(self) -> Part:
        """Read a literal, a function or parentheses, and the filters behind it."""
        source: str | Step | Pattern
        if self.kind == "string":
            source = _unquoted(self.word)
            self.next()
        elif self.kind == "name":
            source = self.function()
        elif self.word == "(" and self.kind == "mark":
            self.next()
            source = self.alternatives()
            self.expect(")")
        else:
            self.fail("a function, a text in quotes or a parenthesis is expected here")
        filters = []
        while self.kind == "mark" and self.word == ".":
            self.next()
            filters.append(self.filter())
        return Part(source, tuple(filters))

    def expect(self, mark: str) -> None:
        """Step over a mark."""
        if self.word != mark or self.kind != "mark":
            self.fail(f"{mark!r} is expected here")
        self.next()

    def function(self) -> Step:
        """Read a function's name and parameters."""
        name, at = self.word, self.begin
        self.next()
        args, named = self.arguments()
        try:
            return function(name, args, named)
        except ValueError as error:
            self.fail(str(error), at)

    def filter(self) -> Step:
        """Read a filter's name and parameters."""
        if self.kind != "name":
            self.fail("the name of a filter is expected here")
        name, at = self.word, self.begin
        self.next()
        args, named = self.arguments()
        try:
            return step("filter", name, FILTERS, args, named)
        except ValueError as error:
            self.fail(str(error), at)

    def arguments(self) -> tuple[list[Value], dict[str, Value]]:
        """Read the parameters in parentheses, if there are any."""
        args: list[Value] = []
        named: dict[str, Value] = {}
        if self.kind != "mark" or self.word != "(":
            return args, named
        self.next()
        while not (self.kind == "mark" and self.word == ")"):
            name = self.parameter_name()
            if name:
                named[name] = self.value()
            elif named:
                self.fail("a parameter without a name cannot follow one with a name")
            else:
                args.append(self.value())
            if self.kind == "mark" and self.word == ",":
                self.next()
            elif not (self.kind == "mark" and self.word == ")"):
                self.fail("',' or ')' is expected here")
        self.next()
        return args, named

    def parameter_name(self) -> str:
        """Read `name=`, if it is there."""
        if self.kind != "name" or not re.match(r"\s*=", self.pattern[self.at :]):
            return ""
        name = self.word
        self.next()
        self.next()
        return name

    def value(self) -> Value:
        """Read a number, a text, a regular expression, true, false or a bare word."""
        kind, word = self.kind, self.word
        if kind not in ("number", "string", "regex", "name"):
            self.fail("a number or a text in quotes is expected here")
        found: Value = word
        if kind == "number":
            found = int(word)
        elif kind == "string":
            found = _unquoted(word)
        elif kind == "regex":
            found = self.regex(word)
        elif word in ("true", "false"):
            found = word == "true"
        self.next()
        return found

    def regex(self, token: str) -> re.Pattern[str]:
        """Compile `/.../i`."""
        body, _, flags = token[1:].rpartition("/")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return re.compile(body, re.IGNORECASE if "i" in flags else 0)
        except (re.error, OverflowError, RecursionError) as error:
            self.fail(f"the regular expression cannot be read: {error}")


class _Brackets:
    """A reader of the notation in brackets."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def read(self) -> Pattern:
        """Read literals and brackets."""
        rows: list[list[Part]] = [[]]
        at = 0
        while at < len(self.pattern):
            char = self.pattern[at]
            if char == "[":
                end = self.pattern.find("]", at)
                if end < 0:
                    raise PatternError(self.pattern, at, "this bracket is never closed")
                rows[-1].append(self.bracket(at + 1, end))
                at = end + 1
            elif char == "]":
                raise PatternError(self.pattern, at, "']' is not expected here")
            elif char == "|":
                rows.append([])
                at += 1
            else:
                end = next((n for n in range(at, len(self.pattern)) if self.pattern[n] in "[]|"), 0)
                end = end or len(self.pattern)
                rows[-1].append(Part(self.pattern[at:end]))
                at = end
        return Pattern(tuple(map(tuple, rows)))

    def bracket(self, start: int, end: int) -> Part:
        """Read `auth3_1:lower:select,1,2`."""
        head, *rest = self.pattern[start:end].split(":")
        named = _BRACKET.fullmatch(head.strip())
        if named is None:
            raise PatternError(self.pattern, start, f"{head!r} is no name of a function")
        numbers: list[Value] = [int(each[:6]) for each in named.groups()[1:] if each]
        try:
            source = function(_OLD_NAMES.get(named[1], named[1]), numbers, {})
        except ValueError as error:
            raise PatternError(self.pattern, start, str(error)) from None
        filters = []
        at = start + len(head) + 1
        for each in rest:
            filters.append(self.filter(each, at))
            at += len(each) + 1
        return Part(source, tuple(filters))

    def filter(self, text: str, at: int) -> Step:
        """Read `lower`, `select,1,4`, `condense=_` or the default `(text)`."""
        name, *given = re.split(r"[,=]", text.strip())
        if name.startswith("(") and text.rstrip().endswith(")"):
            name, given = "default", [text.strip()[1:-1]]
        args: list[Value] = [
            int(each) if re.fullmatch(r"-?\d{1,6}", each) else each for each in given
        ]
        try:
            return step("filter", name, FILTERS, args, {})
        except ValueError as error:
            raise PatternError(self.pattern, at, str(error)) from None


def _unquoted(token: str) -> str:
    return _ESCAPE.sub(r"\1", token[1:-1])


def function(name: str, args: list[Value], named: dict[str, Value]) -> Step:
    """Return a function with its parameters; raises ValueError, which says what is wrong."""
    if name in WHOLE and not args and not named:
        return Step(field, (WHOLE[name],))
    return step("function", name, FUNCTIONS, args, named)


def step(
    kind: str,
    name: str,
    known: Mapping[str, Callable[..., str]],
    args: list[Value],
    named: dict[str, Value],
) -> Step:
    """Return a function or filter with its parameters; raises ValueError."""
    folded = {each.lower(): call for each, call in known.items()}
    call = known.get(name) or folded.get(name.lower())
    if call is None:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"there is no {kind} {name!r}; {hint}known: {', '.join(sorted(known))}")
    taken = list(inspect.signature(call).parameters.values())[1 if kind == "function" else 2 :]
    free = [each for each in taken if each.kind is not each.KEYWORD_ONLY]
    names = [each.name for each in free]
    unknown = [each for each in named if each not in names]
    if len(args) > len(free) or unknown:
        raise ValueError(f"{name} takes {_listed(names)}")
    given = dict(zip(names, args, strict=False))
    if set(given) & set(named):
        raise ValueError(f"{name} is given a parameter twice")
    for each, label in zip(free, names, strict=True):
        value = named.get(label, given.get(label))
        if value is None and each.default is each.empty:
            raise ValueError(f"{name} needs {label!r}")
        if value is not None and not _fits(value, str(each.annotation)):
            raise ValueError(f"{label!r} of {name} cannot be {value!r}")
    return Step(call, tuple(args), named)


def _listed(names: list[str]) -> str:
    return "no parameters" if not names else f"no more than: {', '.join(names)}"


def _fits(value: Value, annotation: str) -> bool:
    if annotation == "bool" or isinstance(value, bool):
        return annotation == "bool" and isinstance(value, bool)
    if isinstance(value, re.Pattern):
        return "Pattern" in annotation
    return isinstance(value, int) == (annotation == "int")
