"""Titles compared: folded forms, lost subtitles, typing faults, and words that really differ."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from refkit.match.spelling import ground, mended
from refkit.match.weights import TITLE_MOST
from refkit.model.evidence import Level
from refkit.normalise.titles import fold, heads, main_title

_RETRACTED = re.compile(
    r"^\W*(?:retracted|withdrawn|removed)(?:\s+(?:article|chapter|paper))?\W*:\W*|"
    r"\s*[\[(]\s*(?:retracted|withdrawn)(?:\s+article)?\s*[\])]\s*$",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"(?<=[^\W\d].)<sup>[\d,\s*\u2020\u2021]+</sup>\W*$", re.IGNORECASE)
_WEB_PAGE = re.compile(
    r"^\s*[\[(](?:pdf|html)[\])]\s*|\s*[\[(](?:internet|online|pdf|html|research article)[\])]\s*$|"
    r"\s+\|\s+[^|]{2,40}$|"
    r"\s+[-\u2013\u2014]\s+(?:sciencedirect|pubmed|springerlink|jstor|ieee xplore|researchgate|"
    r"wiley online library|acm digital library|google scholar)\s*$",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\u2026|\.\.\.)\s*$")
_ROMAN = re.compile(r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_STOP = frozenset(
    """a an and are as at be by can do does for from how in into is it its no not of on or
    over s that the their this to under using via was what when where which who why with
    de des du la le les et un une der die das und von zu im el los las y en del il e di da
    per con""".split()
)
_GENERIC = frozenset(
    """abstract abstracts acknowledgement acknowledgements acknowledgment acknowledgments
    address announcement announcements annual answer answers appendix article author authors
    back bibliography board book books briefly calendar case chairman chapter clinical
    comment commentary comments committee conclusion conclusions conference contents
    contributors corrections correction correspondence corrigenda corrigendum cover data
    discussion editor editorial editors editor's erratum errata events foreword forthcoming
    front general glossary guest highlights image images index information introduction
    introductory invited issue issues journal keynote letter letters list literature
    masthead matter meeting meetings message methods miscellaneous month news note notes
    notice number obituary opening overview page pages panel papers part picture preface
    preliminary president president's proceedings program programme prologue question
    questions quiz quick recent reference references remarks reply report reports research
    response review reviewer reviewers reviews section session special subject summary
    supplement table tables thanks title untitled volume welcome workshop""".split()
)


class Wording(NamedTuple):
    """A title in the forms that are compared; `points` says how telling its words are.

    `heads` is what stands before each of its subtitles; `cut` tells that it ends in dots, so
    that the rest is left out.
    """

    full: str
    solid: str
    main: str
    main_solid: str
    points: float
    heads: frozenset[str] = frozenset()
    cut: bool = False


class TitleResult(NamedTuple):
    """The level of two titles, and the points that their shared part is worth at most."""

    level: Level
    points: float


@lru_cache(maxsize=1 << 16)
def wording(title: str) -> Wording:
    """Return a title's forms for comparing; without "RETRACTED:" and footnote marks."""
    plain = _RETRACTED.sub("", mended(_FOOTNOTE.sub("", title)))
    plain = _WEB_PAGE.sub("", plain) or plain
    full = _once(fold(plain))
    head = _once(fold(main_title(plain))) or full
    before = frozenset(ground(_once(fold(each))) for each in heads(plain)[1:])
    cut = _CUT.search(plain) is not None
    return Wording(full, ground(full), head, ground(head), telling(full), before, cut)


def _once(folded: str) -> str:
    """Return folded text without words that were written twice in a row."""
    words = folded.split()
    kept = [w for at, w in enumerate(words) if not at or w != words[at - 1] or len(w) < 3]
    return " ".join(kept) if len(kept) < len(words) else folded


def telling(folded: str) -> float:
    """Return how many points an exact title is worth: its words that are not everybody's."""
    words = [word for word in folded.split() if word not in _STOP and not word.isdigit()]
    if not words or all(word in _GENERIC or len(word) < 3 for word in words):
        return min(0.3, 0.1 * len(words))
    return min(TITLE_MOST, sum(map(_worth, words)))


def _worth(word: str) -> float:
    if not word.isascii() and len(word) > 2 and ord(word[0]) > 0x2E80:
        return len(word) / 2.5
    if word in _GENERIC:
        return 0.3
    return 1.0 if len(word) >= 5 else 0.6


def compare_titles(ours: Wording, theirs: Wording) -> TitleResult:
    """Compare two titles; MISSING where one of them is empty."""
    if not ours.solid or not theirs.solid:
        return TitleResult(Level.MISSING, 0.0)
    if ours.solid == theirs.solid:
        return TitleResult(Level.EXACT, min(ours.points, theirs.points))
    if _headed(ours, theirs) or _headed(theirs, ours):
        return TitleResult(Level.STRONG, min(ours.points, theirs.points))
    return _near(ours, theirs)


def _headed(short: Wording, long: Wording) -> bool:
    return short.solid == long.main_solid or short.solid in long.heads


def _near(ours: Wording, theirs: Wording) -> TitleResult:
    shared = min(ours.points, theirs.points)
    if _cut_short(ours, theirs) or _cut_short(theirs, ours) or _reordered(ours.full, theirs.full):
        return TitleResult(Level.STRONG, shared)
    alike = ratio(ours.full, theirs.full, score_cutoff=80)
    if alike:
        return TitleResult(_typed(ours.full, theirs.full, alike), shared)
    for mine, yours in ((ours.full, theirs.main), (ours.main, theirs.full)):
        alike = ratio(mine, yours, score_cutoff=88)
        if alike:
            level = _typed(mine, yours, alike)
            return TitleResult(level, shared if level is not Level.CONFLICT else 0.0)
    if _contains(ours.full, theirs.full):
        return TitleResult(Level.STRONG, shared)
    if max(ratio(ours.solid, theirs.solid), _part(ours.full, theirs.full)) >= 75:
        return TitleResult(Level.WEAK, shared)
    return TitleResult(Level.CONFLICT, 0.0)


def _cut_short(short: Wording, long: Wording) -> bool:
    """Tell whether a title that ends in dots is the beginning of the other."""
    return short.cut and short.full.count(" ") > 1 and long.full.startswith(short.full)


def _reordered(ours: str, theirs: str) -> bool:
    """Tell whether two titles of four words or more have the same words in another order."""
    if len(ours) != len(theirs) or ours.count(" ") < 3:
        return False
    return sorted(ours.split()) == sorted(theirs.split())


def _contains(ours: str, theirs: str) -> bool:
    """Tell whether one title is the other, of five words or more, with a subtitle."""
    short, long = sorted((ours, theirs), key=len)
    if short.count(" ") < 4 or len(short) < 30 or not long.startswith(short + " "):
        return False
    return long[len(short) :].split()[0] not in ("and", "or", "und", "et", "y", "e")


def _part(ours: str, theirs: str) -> float:
    short, long = sorted((ours, theirs), key=len)
    if short.count(" ") < 4 or len(short) < 30:
        return 0.0
    return 80.0 if f" {short} " in f" {long} " else 0.0


def _typed(ours: str, theirs: str, alike: float) -> Level:
    """Judge near titles by their words: a typing fault is no difference, another word is."""
    mine, yours = _unshared(ours.split(), theirs.split())
    if _numbers(mine) and _numbers(yours) and _numbers(mine) != _numbers(yours):
        return Level.CONFLICT
    mine, yours = _unpaired(mine, yours)
    odd = max(len(mine), len(yours))
    if odd == 0 or "".join(mine) == "".join(yours):
        return Level.STRONG
    if _numbers(mine) or _numbers(yours) or (mine and yours):
        return Level.WEAK
    dropped = [word for word in mine + yours if word not in _STOP]
    return Level.STRONG if alike >= 90 and len(dropped) <= 1 else Level.WEAK


def _unshared(ours: list[str], theirs: list[str]) -> tuple[list[str], list[str]]:
    """Return the words that only one of the two has, in their order."""
    rest = list(theirs)
    mine = []
    for word in ours:
        if word in rest:
            rest.remove(word)
        else:
            mine.append(word)
    return mine, rest


def _unpaired(mine: list[str], yours: list[str]) -> tuple[list[str], list[str]]:
    """Take away the pairs of words that are each other's typing faults."""
    rest = list(yours)
    odd = []
    for word in mine:
        twin = next((other for other in rest if _mistyped(word, other)), None)
        if twin is None:
            odd.append(word)
        else:
            rest.remove(twin)
    return odd, rest


def _mistyped(word: str, other: str) -> bool:
    longest = max(len(word), len(other))
    if _has_digit(word) and _has_digit(other):
        return ground(word) == ground(other)
    if _has_digit(word) or _has_digit(other):
        return longest >= 5 and not (word + other).isdigit() and OSA.distance(word, other) <= 1
    if longest < 4:
        small = word in _STOP or other in _STOP
        return small and longest > 1 and OSA.distance(word, other) <= 1
    allowed = 1 if longest < 7 else 2 + (longest > 10)
    return OSA.distance(word, other, score_cutoff=allowed) <= allowed


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _numbers(words: list[str]) -> set[str]:
    """Return the words that part otherwise like titles: numbers, and single letters."""
    return {word for word in words if len(word) == 1 or _ROMAN.fullmatch(word) or _has_digit(word)}
