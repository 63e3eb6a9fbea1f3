r"""CSL rich text to LaTeX: markup to commands, special characters escaped."""

from __future__ import annotations

import re
import unicodedata

from refkit.normalise import latex_table as table

_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)(?:\s[^<>]*)?>")
_TOKEN = re.compile(
    r"(?P<tag></?(?:i|b|sub|sup|sc|span)(?:\s[^<>]*)?>)"
    r"|(?P<math>\$(?![\s$])(?:[^$\\]|\\.)*(?<![\s\\$])\$(?![\d$]))"
    r"|(?P<dashes>[-\u2013\u2014]{2,})|(?P<quotes>'{2,})|(?P<special>[\\{}$&%#_~^`<>\u00a0])"
)
_TAGS = {
    "i": r"\textit",
    "b": r"\textbf",
    "sub": r"\textsubscript",
    "sup": r"\textsuperscript",
    "sc": r"\textsc",
}
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$",
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "\u00a0": "~",
    "^": r"\textasciicircum{}", "`": r"\textasciigrave{}", "<": r"\textless{}",
    ">": r"\textgreater{}",
}  # fmt: skip
_NEEDS_WORK = re.compile(r"[\\{}$&%#_~^`<>\u00a0]|--|''|[-\u2013\u2014]{2}")
_MARKS = {mark: name for name, mark in reversed(table.ACCENTS.items())}
_LETTERS = {letter: name for name, letter in reversed(table.LETTERS.items())}
_SYMBOLS = {
    symbol: name
    for name, symbol in reversed(table.SYMBOLS.items())
    if symbol and not symbol.isascii() and name.isalpha()
}


def strip_markup(rich: str) -> str:
    """Return rich text without its markup."""
    return _MARKUP.sub("", rich) if "<" in rich else rich


def from_rich(rich: str, *, ascii: bool = False) -> str:
    r"""Return CSL rich text as LaTeX.

    LaTeX's special characters are escaped, markup becomes commands, a `nocase` span a braced
    group; math between dollar signs (by pandoc's rule: no blank inside them, no digit behind)
    stays. Letters beyond ASCII stay as they are, or with `ascii` become commands where
    LaTeX has one.
    """
    out = rich if _NEEDS_WORK.search(rich) is None else _encoded(rich)
    return to_ascii(out) if ascii and not out.isascii() else out


def _encoded(rich: str) -> str:
    # One list of parts for each open tag; the outermost has no tag.
    stack: list[tuple[str, str, list[str]]] = [("", "", [])]
    at = 0
    for token in _TOKEN.finditer(rich):
        stack[-1][2].append(rich[at : token.start()])
        at = token.end()
        if token.lastgroup == "tag":
            _tag(token.group(), stack)
        else:
            stack[-1][2].append(_text(token))
    stack[-1][2].append(rich[at:])
    while len(stack) > 1:
        _unwind(stack)
    return "".join(stack[0][2])


def _text(token: re.Match[str]) -> str:
    text = token.group()
    if token.lastgroup == "math":
        return text if _is_balanced(text) else _escaped(text)
    if token.lastgroup in ("dashes", "quotes"):
        return "{}".join(text)
    return _escaped(text)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)


def _is_balanced(math: str) -> bool:
    depth = 0
    for character in math:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _tag(tag: str, stack: list[tuple[str, str, list[str]]]) -> None:
    name = tag.strip("</>").split()[0]
    if not tag.startswith("</"):
        stack.append((name, tag, []))
    elif stack[-1][0] == name:
        _, opening, parts = stack.pop()
        stack[-1][2].append(_wrapped(name, opening, "".join(parts)))
    else:
        stack[-1][2].append(_escaped(tag))


def _unwind(stack: list[tuple[str, str, list[str]]]) -> None:
    """Take a tag that is never closed for text."""
    _, opening, parts = stack.pop()
    stack[-1][2].extend([_escaped(opening), *parts])


def _wrapped(name: str, opening: str, text: str) -> str:
    if name != "span":
        return f"{_TAGS[name]}{{{text}}}"
    if "small-caps" in opening:
        return f"\\textsc{{{text}}}"
    if "nocase" in opening:
        # A group that begins with a command would not protect.
        return f"{{{{{text}}}}}" if text.startswith("\\") else f"{{{text}}}"
    return text


def to_ascii(latex: str) -> str:
    """Return LaTeX text with every letter beyond ASCII as a command, where LaTeX has one."""
    return "".join(c if c.isascii() else _command(c) for c in unicodedata.normalize("NFC", latex))


def _command(character: str) -> str:
    if character in _LETTERS:
        return f"{{\\{_LETTERS[character]}}}"
    if character in _SYMBOLS:
        return f"{{\\{_SYMBOLS[character]}}}"
    split = unicodedata.normalize("NFD", character)
    base, marks = split[0], split[1:]
    if not base.isascii() or not marks or any(mark not in _MARKS for mark in marks):
        return character
    out = base
    for mark in marks:
        name = _MARKS[mark]
        if out in ("i", "j") and mark not in "\u0323\u0327\u0328\u0331":
            out = f"\\{out}"
        out = f"\\{name}{{{out}}}" if name.isalpha() or len(out) > 2 else f"\\{name}{out}"
    return f"{{{out}}}"
