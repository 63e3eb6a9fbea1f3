r"""LaTeX text that neither LaTeX nor Typst breaks on: special characters and letters made safe.

What pdflatex can set in UTF-8 without further packages was measured with the T1 encoding of
TeX Live 2022, letter by letter.
"""

from __future__ import annotations

import re

from refkit.normalise.latex_table import GREEK
from refkit.normalise.latex_write import to_ascii

_TOKEN = re.compile(
    r"(?P<link>\\(?:url|path|nolinkurl)\s*\{[^{}]*\})"
    r"|(?P<command>\\[A-Za-z]+\*?|\\[^A-Za-z])"
    r"|(?P<price>\$\d[^$\\^_{}]*\$(?=\d))"
    r"|(?P<math>\$\$(?:[^$\\]|\\.)+\$\$|\$(?:[^$\\]|\\.)+\$)"
    r"|(?P<special>[&%#_^$])|(?P<end>\\$)",
    re.DOTALL,
)
_ESCAPES = {"^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_BARE = re.compile(r"(?<!\\)([%#])")

_CASED = re.compile(
    r"\{\\[A-Za-z]+|(?P<command>\\[A-Za-z]+)(?:\{[^{}]*\})?|(?P<math>\$(?:[^$\\]|\\.)+\$)"
)
_WIDE = re.compile(r"[^\x00-\x7f]")

_LACKING = frozenset("ĦħĸĿŀŉŦŧ")
_SET_BY_T1 = frozenset("ǍǎǏǐǑǒǓǔǰǴǵȘșȚțȲȳȷḂḃḍḞḟ‐‑‒–—―‖‘’‚“”„†‡•…‰‱‹›※⁄€₡₤₦₩₫₱℃№℗℞℠™←↑→↓ﬀﬁﬂﬃﬄﬅﬆ")
_MATH = {
    "∀": "forall", "∂": "partial", "∃": "exists", "∅": "emptyset", "∇": "nabla", "∈": "in",
    "∉": "notin", "∏": "prod", "∑": "sum", "∓": "mp", "∗": "ast", "∘": "circ", "∙": "bullet",
    "√": "surd", "∝": "propto", "∞": "infty", "∧": "wedge", "∨": "vee", "∩": "cap", "∪": "cup",
    "∫": "int", "∼": "sim", "≃": "simeq", "≅": "cong", "≈": "approx", "≠": "neq", "≡": "equiv",
    "≤": "leq", "≥": "geq", "≪": "ll", "≫": "gg", "⊂": "subset", "⊃": "supset",
    "⊆": "subseteq", "⊇": "supseteq", "⊕": "oplus", "⊗": "otimes", "⊥": "perp", "⋅": "cdot",
    "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow",
    "′": "prime", "ℓ": "ell", "ℏ": "hbar", "ℵ": "aleph", "ℜ": "Re", "ℑ": "Im",
} | {letter: name for name, letter in reversed(GREEK.items()) if name != "omicron"}  # fmt: skip
_TEXT = {"−": "--", "ſ": "s", "‼": "!!", "‛": "'", "‟": "“", "\u200b": "", "\u2060": ""} | {
    chr(space): " " for space in (*range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
}


def tame(latex: str) -> str:
    r"""Return LaTeX text with the special characters escaped that would break a run.

    Those are `& % # _ ^` outside math and a dollar sign without a partner, or with braces that
    do not balance before it, and a backslash at the end. All else stays as it is written.
    """
    return _TOKEN.sub(_tamed, latex)


def _tamed(token: re.Match[str]) -> str:
    text = token[0]
    if token.lastgroup == "command":
        return text
    if token.lastgroup == "link":
        return _BARE.sub(r"\\\1", text)
    if token.lastgroup == "price":
        return _as_text(text)
    if token.lastgroup == "math":
        if not is_balanced(text):
            return _as_text(text)
        return _BARE.sub(r"\\\1", text)
    return _ESCAPES.get(text) or f"\\{text}"


def _as_text(text: str) -> str:
    """Return what only looks like math as text: its dollar signs and specials escaped."""
    return rf"\${tame(text[1:-1])}\$"


def is_balanced(latex: str) -> bool:
    """Tell whether the braces of a text pair, those behind a backslash left aside."""
    depth = 0
    for brace in re.findall(r"[{}]", _ESCAPED.sub("", latex)):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def settable(latex: str) -> str:
    r"""Return LaTeX text with commands for the characters that pdflatex cannot set as they are.

    Letters with accents, Greek ones and common signs of mathematics have commands; what has
    none stays (see `unsettable`).
    """
    if latex.isascii():
        return latex
    return "".join(each if _is_set(each) else _command(each) for each in latex)


def for_bibtex(latex: str, *, name: bool = False) -> str:
    r"""Return LaTeX text in ASCII that bibtex's styles do not spoil.

    They write titles in small letters, commands outside braces too, and abbreviate a `name` to
    the first byte of a letter unless it stands in a group that begins with a command.
    """
    text = _CASED.sub(_held, settable(to_ascii(latex)))
    return _WIDE.sub(r"{\\relax \g<0>}", text) if name else text


def _held(token: re.Match[str]) -> str:
    cased = token["command"] or token["math"] or ""
    return f"{{{token[0]}}}" if cased != cased.lower() else token[0]


def unsettable(text: str) -> str:
    """Return the characters of a text for which pdflatex has neither glyph nor command."""
    if text.isascii():
        return ""
    lacking = (each for each in dict.fromkeys(text) if not _is_set(each))
    return "".join(each for each in lacking if not _command(each).isascii())


def _is_set(character: str) -> bool:
    return (
        character.isascii()
        or ("\u00a0" <= character <= "\u017e" and character not in _LACKING)
        or character in _SET_BY_T1
    )


def _command(character: str) -> str:
    if character in _MATH:
        return f"\\ensuremath{{\\{_MATH[character]}}}"
    found = _TEXT.get(character)
    return to_ascii(character) if found is None else found
