"""Spellings that are one: transliterations, LaTeX left over, and text decoded twice."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from refkit.normalise.keys import to_ascii
from refkit.normalise.latex import to_plain

# What UTF-8 read as Windows-1252 looks like: a lead byte's letter and a continuation byte's.
_MOJIBAKE = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")
_DIGRAPHS = re.compile(r"(?<=[aou])e|(?<=a)a")
_TAGS = re.compile(r"</?[A-Za-z][\w:-]{0,9}(?:\s+[\w:-]+=[^<>]*)?/?>")
_ACCENT_LEFT = re.compile(r"\\[\"'`^~=.]|[{}]")


def mended(text: str) -> str:
    """Return `text` without LaTeX left over in it, and decoded once where it was twice."""
    if "<" in text:
        text = _TAGS.sub("", text)
    if "\\" in text or "{" in text:
        text = _ACCENT_LEFT.sub("", to_plain(text))
    if not text.isascii() and _MOJIBAKE.search(text):
        text = _MOJIBAKE_RUN.sub(_decoded, text)
    return text


_MOJIBAKE_RUN = re.compile(r"[\u0080-\u00ff\u0152-\u2122]+")


def _decoded(run: re.Match[str]) -> str:
    try:
        return b"".join(map(_byte, run.group())).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return run.group()


def _byte(char: str) -> bytes:
    return char.encode("latin-1" if ord(char) < 256 else "cp1252")


@lru_cache(maxsize=1 << 16)
def ground(folded: str) -> str:
    """Return the letters of folded text alone, "oe", "ae", "ue" and "aa" as the bare vowel.

    So "Müller", "Mueller" and "Muller" are one, and so are "data base" and "database".
    """
    return _DIGRAPHS.sub("", folded.replace(" ", ""))


def latin(text: str) -> str:
    """Return a name in Latin letters, transliterated where it is in another script."""
    if text.isascii() or all(char < _BEYOND_LATIN for char in text):
        return text
    plain = unicodedata.normalize("NFC", text)
    return "".join(to_ascii(char) if char >= _BEYOND_LATIN else char for char in plain)


_BEYOND_LATIN = "\u0370"
