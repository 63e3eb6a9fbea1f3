"""Citation keys: the letters that they may hold, and the words that they leave out."""

from __future__ import annotations

import re

# biber's manual: a key may not hold " # ' ( ) , = { } %; LaTeX breaks on ~ and a backslash.
UNFIT = re.compile(r"[\s\"#'(),={}%~\\]+")

SMALL_WORDS = frozenset("a an the on in of for and to der die das le la les un une".split())
"""Words that a made-up key does not take from a title."""

SKIPPED = SMALL_WORDS | frozenset(
    """about above across after against along among amongst around as at before behind below
    beneath beside between beyond but by de del des dell della down during e ein eine einem einen
    einer eines el en et except from für fur i il into inside l lo los las near nor off onto or
    out over per so since than through till to toward towards und under until unto up upon
    using van via von vom versus vs with within without y yet zu zum zur im am auf aus bei mit
    du aux sur dans pour par avec den dem d da do dos das""".split()
)
"""Articles, prepositions and conjunctions: the words that `skipwords` and titles leave out."""

_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}  # as Duden spells them
)
_ODD = re.compile(r"[^A-Za-z0-9_:.-]+")
_DOUBLED = re.compile(r"(?<=[:.-])[:.-]+")


def to_ascii(text: str, *, german: bool = False) -> str:
    """Return a text in ASCII letters; German umlauts get an e where the text is German."""
    from unicodedata import normalize

    from anyascii import anyascii

    if text.isascii():
        return text
    composed = normalize("NFC", text)
    return str(anyascii(composed.translate(_GERMAN) if german else composed))


def fit_key(text: str, *, german: bool = False) -> str:
    """Return the text as a key that BibTeX, biber, Pandoc and Typst all take bare; may be "".

    It holds ASCII letters, digits and `_ : . -`, begins and ends with a letter, a digit or `_`,
    and has no two marks in a row (Pandoc's manual, "Citation syntax"; Typst's, "Labels").
    """
    bare = _ODD.sub("", to_ascii(text, german=german))
    return _DOUBLED.sub("", bare.strip(":.-"))
