"""Titles: comparison keys, sentence case, and the part before the subtitle."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from refkit.normalise.latex import strip_markup, to_plain

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_MATH = re.compile(r"\$[^$]+\$")
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['\u2019\u02bc\u2032](?=[^\W\d_])")
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]+")
# Letters that compatibility decomposition leaves whole.
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n", "ſ": "s", "ȷ": "j", "ĸ": "k", "ŧ": "t", "&": " and ",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
        "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu",
        "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
        "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    }
)  # fmt: skip
_SUBTITLE = re.compile(r"(?<=[?!])\s+|\s*:\s+|\s+[\u2013\u2014-]{1,3}\s+|\s*\u2014\s*")


def fold(text: str) -> str:
    """Return the key by which two texts are compared.

    Takes rich text; drops markup, diacritics and punctuation, folds case, writes `&` as "and"
    and Greek letters by name, and parts words by single spaces.
    """
    if text.isascii() and not any(mark in text for mark in "<&$'"):
        return " ".join(_ASCII_WORD.findall(text.lower()))
    if "$" in text:
        text = _MATH.sub(lambda found: to_plain(found.group()), text)
    if "<" in text:
        text = strip_markup(text)
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
        text = unicodedata.normalize("NFC", text)
    text = _APOSTROPHES.sub("", text).casefold().translate(_LETTERS)
    return " ".join(_WORD.findall(text))


def main_title(text: str) -> str:
    """Return the title without its subtitle: what stands before a colon, dash or "? "."""
    head = _SUBTITLE.split(text, maxsplit=1)[0].strip()
    return head or text.strip()


def heads(text: str) -> list[str]:
    """Return what stands before each colon, dash or "? " of a title, the shortest first."""
    return [text[: found.start()].strip() for found in _SUBTITLE.finditer(text)]


def is_all_caps(text: str) -> bool:
    """Tell whether a title is written in capitals only (one short acronym does not count)."""
    letters = [c for c in strip_markup(text) if c.isalpha()]
    return len(letters) > 5 and " " in text.strip() and all(c.isupper() for c in letters)


_JOINT = re.compile(r"([-'\u2019])")
_KEPT = re.compile(r"(<span class=\"nocase\">.*?</span>|<[^<>]*>|\$[^$]+\$)", re.DOTALL)
_SENTENCE_TOKEN = re.compile(
    r"(?P<nocase><span class=\"nocase\">.*?</span>)|(?P<tag></?[a-z][^<>]*>)|(?P<math>\$[^$]+\$)"
    r"|(?P<word>[^\W_]+(?:[-.'\u2019][^\W_]+)*)|(?P<end>[.:?!]+(?=\s|$|<))|(?P<other>.)",
    re.DOTALL,
)


_MARKS_AROUND = ".,:;?!()[]\"'\u2018\u2019\u201c\u201d\u2013\u2014-"
_SMALL_IN_TITLES = frozenset(
    """about above across after against along among around before behind below beneath beside
    between beyond despite down during from into like near onto over past since than that
    through toward towards under underneath until upon versus when where which while with within
    without their your""".split()
)


def is_in_sentence_case(rich: str) -> bool | None:
    """Tell whether a title is evidently in sentence case, None where no word tells.

    Counted are its longer words that are neither first, after a colon or stop, nor protected,
    nor small in titles anyway (prepositions): at least half of them are small.
    """
    small = capital = 0
    start = True
    for each in (_KEPT.sub(" x ", rich) if "<" in rich or "$" in rich else rich).split():
        word = each.strip(_MARKS_AROUND)
        if not start and len(word) > 3 and word not in _SMALL_IN_TITLES:
            small += word[0].islower()
            capital += word[0].isupper() and word[1:].islower()
        start = each[-1] in ".:?!"
    return small >= capital if small or capital else None


def sentence_case(rich: str, *, shouted: bool = False) -> str:
    """Return a title in sentence case.

    The first word, and the first word after a colon, stop, question or exclamation mark, gets
    a capital; every other word of one capital and small letters gets a small one. Words with
    capitals inside or digits ("DNA", "McDonald", "E1"), single letters but "A", math and
    `nocase` spans stay. A title all in capitals stays too, as its acronyms cannot be told,
    unless it is `shouted`.
    """
    if is_all_caps(rich):
        if not shouted:
            return rich
        rich = "".join(part if part[:1] in "<$" else part.lower() for part in _KEPT.split(rich))
    out: list[str] = []
    start = True
    for token in _SENTENCE_TOKEN.finditer(rich):
        text = token.group()
        kind = token.lastgroup
        if kind == "word":
            text = _cased(text, start)
        if kind in ("word", "nocase", "math"):
            start = False
        elif kind == "end":
            start = True
        out.append(text)
    return "".join(out)


_NOCASE = re.compile(r'<span class="nocase">([^<>]*)</span>')


def csl_case(rich: str, *, cased: bool) -> str:
    """Return a title as CSL's formats have it, in sentence case if it is to be `cased`.

    One that is evidently in sentence case stays, for its capitals are those of names. `nocase`
    spans stay only where CSL needs them: before a small letter.
    """
    text = sentence_case(rich) if cased and not is_in_sentence_case(rich) else rich
    return _NOCASE.sub(_needed, text) if "nocase" in text else text


def _needed(span: re.Match[str]) -> str:
    return span[0] if span[1][:1].islower() else span[1]


def _cased(word: str, start: bool) -> str:
    parts = _JOINT.split(word)
    lowered = [part.lower() if _is_capitalised(part) else part for part in parts]
    if start:
        first, capital = parts[0], parts[0][0].upper()
        # A letter without a capital (ß) stays: two letters are not one.
        small = "".join(lowered).islower() and first[0].islower() and len(capital) == 1
        lowered[0] = capital + first[1:] if small else first
    return "".join(lowered)


def _is_capitalised(part: str) -> bool:
    return part == "A" or (len(part) > 1 and part.isalpha() and part[1:].islower())
