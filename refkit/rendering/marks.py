"""Markup as single characters of Unicode's private use, which formatters carry but never read."""

from __future__ import annotations

MARKUP = {
    "Italic": ("<i>", "</i>"),
    "Bold": ("<b>", "</b>"),
    "Subscript": ("<sub>", "</sub>"),
    "Superscript": ("<sup>", "</sup>"),
    "SmallCaps": ('<span style="font-variant:small-caps;">', "</span>"),
}
"""CSL's HTML subset, by citeproc's names; `nocase` spans are no markup but a rule."""

MARKS = {
    name: (chr(0xF0000 + 2 * number), chr(0xF0001 + 2 * number))
    for number, name in enumerate(MARKUP)
}
SAFE = {character: chr(0xF0100 + number) for number, character in enumerate("\\{}$%&#_~^<>")}
"""Stand-ins for what LaTeX reads as more than a character."""

_BACK = str.maketrans(
    {mark: tag for name in MARKUP for mark, tag in zip(MARKS[name], MARKUP[name], strict=True)}
    | {mark: character for character, mark in SAFE.items()}
)
_SAFE = str.maketrans(SAFE)


def safe(text: str) -> str:
    """Return text in which nothing is special to LaTeX."""
    return text.translate(_SAFE)


def unmarked(text: str) -> str:
    """Return text with markup and characters in place of their marks."""
    return text.translate(_BACK)
