"""Math as rich text, for programs that read no LaTeX."""

from __future__ import annotations

import re

from refkit.normalise.latex import to_plain

_FRACTION = re.compile(r"\\[dt]?frac\s*(?:\{([^{}]*)\}\s*\{([^{}]*)\}|(\d)\s*(\d))")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_SCRIPT = re.compile(r"(?<!\\)([_^])\s*(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\s\\{}]))")
_ONE = re.compile(r"\w*|\\[A-Za-z]+")
_TAGS = {"^": "sup", "_": "sub"}


def math_text(math: str) -> str:
    r"""Return `$..$` as Unicode with CSL's marks for scripts, so that it means the same.

    `$10^{-3}$` is "10<sup>-3</sup>", `$\frac{1}{2}$` "1/2" and `$\sqrt{2}$` "√2".
    """
    text = math.strip("$").replace("\\operatorname", "")
    text = _FRACTION.sub(_fraction, text)
    text = _ROOT.sub(lambda found: f"\N{SQUARE ROOT}{_grouped(found[1])}", text)
    out, done = "", 0
    for found in _SCRIPT.finditer(text):
        before = text[done : found.start()]
        if before.count("{") != before.count("}"):
            return to_plain(f"${text}$")
        tag = _TAGS[found[1]]
        out += f"{_plain(before)}<{tag}>{_plain(found[2] or found[3] or '')}</{tag}>"
        done = found.end()
    return out + _plain(text[done:])


def _fraction(found: re.Match[str]) -> str:
    above, below = found[1] or found[3] or "", found[2] or found[4] or ""
    return f"{_grouped(above)}/{_grouped(below)}"


def _grouped(part: str) -> str:
    return part if _ONE.fullmatch(part.strip()) else f"({part})"


def _plain(part: str) -> str:
    """Return a part of math as Unicode, with the blanks around it."""
    plain = to_plain(f"${part}$") if part.strip() else ""
    left = " " if part[:1].isspace() else ""
    right = " " if plain and part[-1:].isspace() else ""
    return f"{left}{plain}{right}"
