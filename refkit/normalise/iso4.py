"""Journal titles abbreviated by ISO 4:1997 and the ISSN Manual, section "Abbreviated key title".

A title of one word stays whole; articles, conjunctions and prepositions go; each other word is
abbreviated as the List of Title Word Abbreviations says, or not at all. Commas go and full
stops between parts become commas. Acronyms, single letters and numbers stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from refkit.normalise.ltwa import Row, installed, words
from refkit.normalise.titles import fold

_ARTICLES = {
    "eng": "a an the",
    "ger": "der die das des dem den ein eine einer eines",
    "fre": "le la les un une des",
    "spa": "el la los las un una",
    "ita": "il lo la gli le un una",
    "por": "o os a as um uma",
    "dut": "de het een",
    "cat": "el la els les",
    "hun": "a az",
    "scn": "en ett et den det",
}
_SMALL = {
    "eng": "and or of for in on at to from by with as its into upon between",
    "ger": "und für von vom zu zum zur im in am an auf aus bei mit über sowie",
    "fre": "et ou de du en à au aux pour sur dans par d l",
    "spa": "y e o u de del en para por con a al",
    "ita": "e ed di del dello della dei degli delle da dal dalla in nel nella per su con ad",
    "por": "e do da dos das de em no na nos nas para por com",
    "dut": "van voor en in op te der den",
    "cat": "i de del dels en per",
    "hun": "és",
    "scn": "og och i for för til till av af på om",
    "pol": "i w z na do dla oraz",
    "cze": "a v ve z na pro",
    "tur": "ve",
    "ind": "dan di untuk",
    "fin": "ja",
    "hrv": "i u za",
    "lat": "et ad de in",
    "rus": "и в на по для",
}
_ARTICLE_SETS = {code: frozenset(text.split()) for code, text in _ARTICLES.items()}
_SMALL_SETS = {code: frozenset(text.split()) for code, text in _SMALL.items()}
_GONE = {
    code: _ARTICLE_SETS.get(code, frozenset()) | _SMALL_SETS.get(code, frozenset())
    for code in (*_SMALL, *_ARTICLES)
}
# Words by which a title of that language is known; those that several have say nothing.
_TELLING = {
    "eng": "of the and for proceedings transactions letters research",
    "ger": "für und der die das zeitschrift archiv jahrbuch blätter deutsche",
    "fre": "et du des les le revue bulletin annales française société pour sur d l cahiers",
    "spa": "y del los las el revista española anales boletín",
    "ita": "e di della del dei rivista italiana annali giornale",
    "por": "e do da dos das revista brasileira em",
    "dut": "voor van het tijdschrift nederlands",
    "scn": "og och för tidskrift tidsskrift",
    "ind": "dan jurnal",
    "tur": "ve dergisi",
    "lat": "acta archivum",
    "rus": "и журнал вестник",
}
_TELLING_SETS = {code: frozenset(text.split()) for code, text in _TELLING.items()}
_FIRST_ARTICLES = ("eng", "ger", "fre", "spa", "ita", "dut")
_CODES = {
    "en": "eng", "de": "ger", "fr": "fre", "es": "spa", "it": "ita", "pt": "por", "nl": "dut",
    "ca": "cat", "hu": "hun", "pl": "pol", "cs": "cze", "tr": "tur", "id": "ind", "fi": "fin",
    "hr": "hrv", "la": "lat", "ru": "rus", "sv": "swe", "da": "dan", "nb": "nor", "no": "nor",
}  # fmt: skip
_NORDIC = frozenset({"swe", "dan", "nor"})
_TOKEN = re.compile(
    r"(?P<elided>\b(?:[lLd]|[Qq]u|[AaDdNn]?[ae]ll|[Ss]ull|[Uu]n)['\u2019](?=\w))"
    r"|(?P<word>\w+(?:['\u2019]\w+)*(?:\.\w+)*)"
    r"|(?P<dot>\.)|(?P<joint>[-\u2010\u2011\u2013/](?=\w))|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
_LATIN = frozenset("vivo vitro situ silico utero".split())
_DESIGNATION = frozenset("part series section serie série teil reihe ser sect".split())
_INNER = re.compile(r"\w[A-Z]|\d")
_LONGEST = 500
# The list has words of other scripts in several transliterations: such titles stay.
_LATIN_LETTERS = re.compile(r"(?:[^\W\u0250-\u1dff\u1f00-\u1fff\u2c00-\ua71f\ua800-\uffff]|\W|_)*")
_SAVED = 2
"""How many letters an abbreviation must drop at least (ISO 4, on truncation)."""


class _Token(NamedTuple):
    kind: str
    text: str
    glued: bool  # to what stands before it, by a hyphen or a mark


@lru_cache(maxsize=4096)
def abbreviated(title: str, language: str = "") -> str:
    """Return a journal's title abbreviated; what is abbreviated already stays.

    `title` is plain text; `language` a BCP 47 tag or "", where the title's small words tell.
    Raises InputError where the list of words is not installed.
    """
    words()
    if len(title) > _LONGEST or not title.strip() or not _LATIN_LETTERS.fullmatch(title):
        return title
    tokens = _tokens(" ".join(title.split()))
    if _is_done(tokens):
        return title
    code = _CODES.get(language[:2].lower(), "") or _told(tokens)
    kept = _without_small(tokens, code)
    content = [each for each in kept if each.kind == "word"]
    if len(content) < 2:
        return _joined([each.text for each in kept], kept) if content else title
    return _joined(_shortened(kept, code, shouted=_is_shouted(content)), kept)


def _shortened(kept: Sequence[_Token], code: str, *, shouted: bool) -> list[str]:
    """Return the text of each token, words abbreviated, "" for those that are in another's."""
    out: list[str] = []
    while len(out) < len(kept):
        at = len(out)
        taken, text = _phrase(kept, at)
        if not taken:
            each = kept[at]
            dotted = at + 1 < len(kept) and kept[at + 1].kind == "dot"
            # What stands alone before a mark is a title of one word.
            whole = at == 0 and kept[1].text in (":", ".", ",")
            text = each.text
            if each.kind == "word" and not whole:
                text = _word(each, code, shouted=shouted, dotted=dotted)
        out += [text, *[""] * (taken - 1)]
    return out


def _is_done(tokens: Sequence[_Token]) -> bool:
    """Tell whether at least half of a title's words are shortened by a dot."""
    count = sum(each.kind == "word" for each in tokens)
    dots = [at for at, each in enumerate(tokens) if each.kind == "dot"]
    return bool(dots) and 2 * sum(_shortens(tokens, at) for at in dots) >= count


def _is_shouted(content: Sequence[_Token]) -> bool:
    """Tell whether a title is in capitals, so that these do not mark acronyms."""
    long = [each.text for each in content if len(each.text) > 3 and each.text.isalpha()]
    mixed = any(each.text[1:].islower() and each.text[0].isupper() for each in content)
    return bool(long) and not mixed and all(word.isupper() for word in long)


def is_abbreviation(title: str) -> bool:
    """Tell whether a title is abbreviated: a dot ends a word of it that is no full word."""
    tokens = _tokens(title)
    return any(_shortens(tokens, at) for at, each in enumerate(tokens) if each.kind == "dot")


def is_bare_abbreviation(title: str) -> bool:
    """Tell whether a title is abbreviated without dots, as "J Chem Phys" is.

    It is if one of its words may be a short form, and the list shortens none of them. Without
    the list there is no telling, and the answer is False.
    """
    if not installed() or " " not in title.strip():
        return False
    listed = words()
    found = [each.text for each in _tokens(title) if each.kind == "word"]
    short = (fold(word) for word in found if not _is_acronym(word))
    return (
        any(word in listed.bodies and word not in listed.exact for word in short)
        and abbreviated(title) == title
    )


def _is_short(word: str) -> bool:
    """Tell whether a word before a dot is one that the dot shortens."""
    folded = fold(word)
    if len(folded) < 4 or word.isupper():
        return True
    if not installed():
        return len(folded) < 6
    listed = words()
    return folded in listed.bodies or (folded not in listed.exact and len(folded) < 6)


def _tokens(title: str) -> list[_Token]:
    found: list[_Token] = []
    glued = True
    for each in _TOKEN.finditer(title):
        kind = each.lastgroup or ""
        if kind == "space":
            glued = False
            continue
        found.append(_Token(kind, each[0], glued))
        glued = True
    return found


def _told(tokens: Sequence[_Token]) -> str:
    """Return the language whose telling words a title has most of, "" where none or tied."""
    found = {each.text.lower().rstrip("'\u2019") for each in tokens}
    counts = {code: len(found & known) for code, known in _TELLING_SETS.items()}
    best = max(counts.values())
    codes = [code for code, count in counts.items() if count == best and best]
    return codes[0] if len(codes) == 1 else ""


def _without_small(tokens: Sequence[_Token], code: str) -> list[_Token]:
    """Leave out articles, conjunctions, prepositions, commas and `&`."""
    kept: list[_Token] = []
    dropped = False
    for at, each in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        gone = (
            each.kind == "elided"
            or each.text in ("&", "+", ";")
            or (each.text == "," and not _names_part(after))
            or (each.kind == "word" and _is_small(tokens, at, code, first=not kept))
        )
        if not gone:
            kept.append(each._replace(glued=False) if dropped and each.kind == "word" else each)
        dropped = gone
    return kept


def _names_part(after: _Token | None) -> bool:
    return after is not None and after.text.lower() in _DESIGNATION


def _is_small(tokens: Sequence[_Token], at: int, code: str, *, first: bool) -> bool:
    """Tell whether a word is one that abbreviated titles leave out."""
    each, word = tokens[at], tokens[at].text.lower()
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and _stands(each, after):
        return False
    if first:  # a preposition at the beginning stays, an article goes
        names = [code, "eng"] if code else _FIRST_ARTICLES
        return after is not None and any(word in _ARTICLE_SETS.get(name, ()) for name in names)
    if _is_section(tokens, at):
        return False
    if word in _GONE["eng"] if code in ("", "eng") else word in _GONE.get(code, ()):
        return True
    return each.text.islower() and any(word in gone for gone in _GONE.values())


def _stands(each: _Token, after: _Token) -> bool:
    """Tell whether a small word is part of a name or an expression: E-Journal, in vivo."""
    if after.kind in ("joint", "dot") and after.glued and len(each.text) < 3:
        return True
    if each.text.lower() == "in" and after.text.lower() in _LATIN:
        return True
    return after.kind == "word" and fold(f"{each.text} {after.text}") in words().exact


def _is_section(tokens: Sequence[_Token], at: int) -> bool:
    """Tell whether a letter behind a word names a section: Physical Review A."""
    each, before = tokens[at], tokens[at - 1]
    if len(each.text) > 1 or not each.text.isupper():
        return False
    return before.kind == "word" or before.text in (",", ")") or _shortens(tokens, at - 1)


def _phrase(tokens: Sequence[_Token], at: int) -> tuple[int, str]:
    """Return how many words that the list has as one begin here, and their abbreviation."""
    exact = words().exact
    for size in (3, 2):
        part = tokens[at : at + size]
        if len(part) < size or any(each.kind != "word" for each in part):
            continue
        rows = exact.get(fold(" ".join(each.text for each in part)))
        if rows:
            whole = " ".join(each.text for each in part)
            return size, _capitals(rows[0].abbreviation, whole) or whole
    return 0, ""


def _capitals(short: str, whole: str) -> str:
    """Give each word of an abbreviation a capital where the words themselves begin with one."""
    if whole[:1].islower():
        return short
    return " ".join(word[:1].upper() + word[1:] for word in short.split())


def _word(each: _Token, code: str, *, shouted: bool, dotted: bool) -> str:
    """Return a word abbreviated, or as it is."""
    word = each.text
    if len(word) < 4 or (not shouted and _is_acronym(word)) or (dotted and _is_short(word)):
        return word
    row = _chosen(fold(word), code)
    calm = _calm(word) if shouted else word
    return _cased(calm, row) if row is not None and row.abbreviation else calm


def _is_acronym(word: str) -> bool:
    """Tell whether a word has capitals or digits inside, and is not like BioSystems."""
    return _INNER.search(word) is not None and (len(word) < 6 or not word[1].islower())


def _calm(word: str) -> str:
    return word if len(word) < 5 else word.capitalize()


def _chosen(folded: str, code: str) -> Row | None:
    """Return the list's row for a word: of the title's language, else of English, else any.

    The list names the languages in which a word was first met, not all that have it.
    """
    rows = [row for row in words().rows(folded) if _saves(row)]
    own = _NORDIC if code == "scn" else {code}
    for wanted in (own | {"mul"}, {"eng", "mul"}):
        for row in rows:
            if row.languages & wanted and (row.exact or row.matched >= 5 or row.ending):
                return row
    return next((row for row in rows if not row.ending), None)


def _saves(row: Row) -> bool:
    """Tell whether a row by a word's ending shortens it enough; others are judged later."""
    return not row.ending or len(row.abbreviation.strip("-.")) + _SAVED <= row.ending


def _cased(word: str, row: Row) -> str:
    """Return an abbreviation in the letters and the case of the word itself."""
    short = row.abbreviation
    if row.ending:
        return word[: len(word) - row.ending] + short.lstrip("-")
    body = short.rstrip(".")
    if len(word) - len(body) < _SAVED and short.endswith("."):
        return word
    if fold(body) == fold(word[: len(body)]):
        return word[: len(body)] + "."
    return short[:1].upper() + short[1:] if word[:1].isupper() else short


def _joined(texts: Sequence[str], tokens: Sequence[_Token]) -> str:
    """Put the words together again; a full stop between parts becomes a comma."""
    out = ""
    for at, (text, each) in enumerate(zip(texts, tokens, strict=True)):
        if each.kind == "dot":
            out += "." if _shortens(tokens, at) else "," if at < len(tokens) - 1 else ""
        elif text:
            out += text if each.glued or not out else " " + text
    return out.strip()


def _shortens(tokens: Sequence[_Token], at: int) -> bool:
    """Tell whether the dot at a place is that of an abbreviation, not the end of a part."""
    if at == 0 or tokens[at].kind != "dot" or tokens[at - 1].kind != "word":
        return False
    named = at > 1 and tokens[at - 2].text.lower() in _DESIGNATION
    return not named and _is_short(tokens[at - 1].text)
