"""A formatted reference, and how it is written as text, HTML, LaTeX or Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from refkit.model.report import Diagnostic
from refkit.normalise.latex_write import from_rich, strip_markup

Markup = Literal["text", "html", "latex", "markdown"]

TAG = re.compile(r"(</?(?:i|b|sub|sup|span)(?:\s[^<>]*)?>)")
_BLANKS = re.compile(r"[ \t\r\n]+")  # a space that does not break stays
_NOCASE = re.compile(r'<span class="nocase">(.*?)</span>', re.DOTALL)
# Pandoc's Markdown, "Inline formatting" and "Backslash escapes".
_MARKS = {
    "<i>": "*", "</i>": "*", "<b>": "**", "</b>": "**", "<sub>": "~", "</sub>": "~",
    "<sup>": "^", "</sup>": "^", '<span style="font-variant:small-caps;">': "[",
    "</span>": "]{.smallcaps}",
}  # fmt: skip
_SPECIAL = re.compile(r"([\\`*_\[\]<>~^$@#{}|])")


class Formatted(NamedTuple):
    """A reference in CSL's HTML subset ("" where it failed), and what is to be said of it."""

    rich: str
    problems: tuple[Diagnostic, ...] = ()


def written(rich: str, markup: Markup) -> str:
    """Return a reference in CSL's HTML subset as text, HTML, LaTeX or Pandoc's Markdown."""
    bare = _NOCASE.sub(r"\1", _BLANKS.sub(" ", rich).strip())
    return _WRITERS[markup](bare)


def _html(rich: str) -> str:
    return _each(rich, lambda tag: tag, lambda text: html.escape(text, quote=False))


def _markdown(rich: str) -> str:
    return _each(rich, lambda tag: _MARKS.get(tag, ""), lambda text: _SPECIAL.sub(r"\\\1", text))


def _each(rich: str, tag: Callable[[str], str], text: Callable[[str], str]) -> str:
    parts = enumerate(TAG.split(rich))
    return "".join(tag(part) if number % 2 else text(part) for number, part in parts)


_WRITERS: dict[Markup, Callable[[str], str]] = {
    "text": lambda rich: strip_markup(rich).replace("\u00a0", " "),
    "html": _html,
    "latex": from_rich,
    "markdown": _markdown,
}
