"""Venues: how alike two names of journals or proceedings are, abbreviated or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from refkit.normalise.titles import fold

Words = tuple[str, ...]

_STOP = frozenset(
    """a an and the of for in on to at by from with de la le les des du der die das und et y e
    del di da do dos van den fur zur zum sur i o its""".split()
)
# What proceedings and catalogues add to a name, and one record has where another has not.
_FREE = frozenset(
    """proceedings proc conference conf annual symposium symp workshop workshops meeting
    acm ieee usenix series ser papers paper online print volume vol usa us uk united states
    america edition official section sect part pt""".split()
)
_FREE_IN_PROCEEDINGS = frozenset("international intl int sigkdd".split())
_SECTION = re.compile(r"[a-z]|[ivx]+|\d")
_GATHERING = re.compile(
    r"\b(?:proc|proceedings|conf|conference|symp|symposium|workshop|meeting|congress)\b"
)
_NUMBER = re.compile(
    r"(?:(?:19|20)\d\d|\d{2,}|\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|eleventh|twelfth|[a-z]{3,5}teenth"
    r"|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)(?:ieth|y))"
)
_DOTTED = re.compile(r"\b(?:[A-Z]\.){3,}(?:[A-Z]\b)?|\bU\.? ?S\.?(?: ?A\b\.?)?(?![a-z])")
_ARXIV = re.compile(r"\b(?:arxiv|corr|computing research repository)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_CAPITALS = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Za-z]*")
_VOWEL = re.compile(r"[aeiou]")
_ALIASES = {
    "aj": "astronomical journal",
    "apj": "astrophysical journal",
    "apjl": "astrophysical journal letters",
    "apjs": "astrophysical journal supplement series",
    "aaai": "aaai conference on artificial intelligence",
    "acl": "annual meeting of the association for computational linguistics",
    "bmj": "british medical journal",
    "cacm": "communications of the acm",
    "cav": "computer aided verification",
    "chi": "conference on human factors in computing systems",
    "coling": "international conference on computational linguistics",
    "crypto": "advances in cryptology crypto",
    "cvpr": "conference on computer vision and pattern recognition",
    "eccv": "european conference on computer vision",
    "emnlp": "conference on empirical methods in natural language processing",
    "epl": "europhysics letters",
    "iccv": "international conference on computer vision",
    "iclr": "international conference on learning representations",
    "icml": "international conference on machine learning",
    "ijcai": "international joint conference on artificial intelligence",
    "interspeech": "annual conference of the international speech communication association",
    "jacm": "journal of the acm",
    "jacs": "journal of the american chemical society",
    "jama": "journal of the american medical association",
    "jasa": "journal of the american statistical association",
    "jgr": "journal of geophysical research",
    "jmlr": "journal of machine learning research",
    "kdd": "conference on knowledge discovery and data mining",
    "lncs": "lecture notes in computer science",
    "lnai": "lecture notes in artificial intelligence",
    "naacl": "north american chapter of the association for computational linguistics",
    "nejm": "new england journal of medicine",
    "neurips": "advances in neural information processing systems",
    "nips": "advances in neural information processing systems",
    "pami": "transactions on pattern analysis and machine intelligence",
    "pldi": "conference on programming language design and implementation",
    "pnas": "proceedings of the national academy of sciences",
    "popl": "symposium on principles of programming languages",
    "pra": "physical review a",
    "prb": "physical review b",
    "prc": "physical review c",
    "prd": "physical review d",
    "pre": "physical review e",
    "prx": "physical review x",
    "prl": "physical review letters",
    "pvldb": "proceedings of the vldb endowment",
    "sigir": "conference on research and development in information retrieval",
    "sigmod": "conference on management of data",
    "tacl": "transactions of the association for computational linguistics",
    "tods": "transactions on database systems",
    "tois": "transactions on information systems",
    "toplas": "transactions on programming languages and systems",
    "tpami": "transactions on pattern analysis and machine intelligence",
    "vldb": "conference on very large data bases",
    "www": "world wide web conference",
}
_LONG_ALIASES = {
    "naacl hlt": _ALIASES["naacl"],
    "neural information processing systems": _ALIASES["neurips"],
    "conference neural information processing systems": _ALIASES["neurips"],
}
# Abbreviations that stop short of a longer word with another meaning.
_ONLY = {"phys": ("physic", "physik", "physiq"), "int": ("intern",), "comm": ("commun",)}


_MARKS = "+="  # what may be left out in proceedings, and what stands for itself only


@lru_cache(maxsize=65536)
def venue_similarity(a: str, b: str) -> float:
    """Return how alike two venue names are, 0 to 1; 0 where one is empty.

    Knows ISO 4 abbreviations (each word a prefix or contraction of the other's word, in
    order), acronyms, and what proceedings add to a name. A word of meaning, or a section
    letter, that only one of them has keeps the figure at or below one half; a subtitle that
    only one has, at or below .85.
    """
    ours, theirs = _variants(a), _variants(b)
    return max((_compared(x, y) * p * q for x, p in ours for y, q in theirs), default=0.0)


def initials(text: str) -> str:
    """Return the first letters of a venue's words of meaning, by which abbreviations are found."""
    return "".join(word[0] for word in _content(fold(text)))


def abbreviates(short: str, full: str) -> bool:
    """Tell whether each word of `short` is, in order, a word of `full` or shortens it.

    Both must have the same number of words of meaning, and `short` must be the shorter one.
    """
    ours, theirs = _content(fold(short)), _content(fold(full))
    pairs = list(zip(ours, theirs, strict=False))
    return (
        len(ours) == len(theirs)
        and ours != theirs
        and all(len(a) <= len(b) and (a == b or _abbreviation(a, b) >= 0.9) for a, b in pairs)
    )


@lru_cache(maxsize=65536)
def _variants(text: str) -> tuple[tuple[Words, float], ...]:
    """Return the names that a venue text gives (whole, acronym, without subtitle), weighted."""
    if _ARXIV.search(text):
        return ((("arxiv",), 1.0),)
    text = _DOTTED.sub(lambda found: found.group().replace(".", "").replace(" ", ""), text)
    found: dict[Words, float] = {}
    for part, weight in _parts(text):
        words = _words(part)
        # A title of one word says too little: "Measurement: Sensors" is not "Measurement".
        figure = weight if len(words) > 1 or weight > 0.9 else 0.5
        if words and figure > found.get(words, 0.0):
            found[words] = figure
    return tuple(found.items())


def _parts(text: str) -> Iterator[tuple[str, float]]:
    bare = _BRACKETS.sub("", text).strip()
    yield bare or text, 1.0
    for part in _BRACKETS.findall(text):
        if _CAPITALS.search(part):
            yield part, 0.95
    segments = re.split(r":\s+|\s+[\u2013\u2014-]\s+", bare)
    gathering = _GATHERING.search(bare.lower()) is not None
    if gathering:
        segments = [piece for segment in segments for piece in segment.split(", ")]
    if len(segments) > 1:
        yield segments[0], 0.95 if gathering else 0.85
        if _CAPITALS.fullmatch(segments[0]):
            yield segments[1], 0.95
        for segment in segments[1:]:
            for word in _CAPITALS.findall(segment):
                yield word, 0.95


def _words(text: str) -> Words:
    folded = fold(text)
    words = _content(folded)
    gathering = _GATHERING.search(folded) is not None
    bare = [word for word in words if not _is_free(word, gathering)]
    alias = _ALIASES.get(bare[0]) if len(bare) == 1 else _LONG_ALIASES.get(" ".join(words))
    if alias is not None:
        words = _content(alias)
        gathering = gathering or _GATHERING.search(alias) is not None
    if gathering:
        words = ["+" + word if word in _FREE_IN_PROCEEDINGS else word for word in words]
    # A letter at the end is no abbreviation, but for "Astrophys. J.".
    if len(words) > 1 and len(words[-1]) == 1 and words[-1] != "j":
        words[-1] = "=" + words[-1]
    return tuple(words)


def _content(folded: str) -> list[str]:
    words = folded.split()
    kept = [
        word
        for at, word in enumerate(words)
        # A single letter at the end names a section: Physical Review A.
        if word not in _STOP or (len(word) == 1 and 0 < at == len(words) - 1)
    ]
    return [word for word in kept if not _NUMBER.fullmatch(word)] or kept or words


def _is_free(word: str, gathering: bool) -> bool:
    return word in _FREE or (gathering and word in _FREE_IN_PROCEEDINGS)


def _weight(word: str) -> float:
    if word in _FREE or word[0] == "+":
        return 0.15
    return 0.5 if word in ("journal", "j", "transactions", "trans") else 1.0


@lru_cache(maxsize=65536)
def _compared(left: Words, right: Words) -> float:
    if left == right:
        return 1.0
    initials = [{word.lstrip(_MARKS)[0] for word in words} for words in (left, right)]
    if not initials[0] & initials[1]:
        return 0.0
    acronym = max(_acronym(left, right), _acronym(right, left))
    return acronym or max(_aligned(left, right), _aligned(right, left))


def _aligned(left: Words, right: Words) -> float:
    """Align the words in order (best sum of weights) and judge what is matched and what not."""
    pairs = _align(left, right)
    gained = sum((_weight(left[i]) + _weight(right[j])) * score for i, j, score in pairs)
    figure = gained / (sum(map(_weight, left)) + sum(map(_weight, right)))
    matched = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    lost = [
        any(_weight(word) >= 0.5 for at, word in enumerate(words) if at not in seen)
        for words, seen in zip((left, right), matched, strict=True)
    ]
    if all(lost):
        return min(figure, 0.8) * 0.5
    return min(figure * 0.65, 0.5) if any(lost) else figure


def _align(left: Words, right: Words) -> list[tuple[int, int, float]]:
    """Return the pairs (left index, right index, score) of the best alignment in order."""
    rows, columns = len(left), len(right)
    gains = [[_gain(word, other) for other in right] for word in left]
    sums = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            taken = sums[i + 1][j + 1] + gains[i][j]
            sums[i][j] = max(taken, sums[i + 1][j], sums[i][j + 1])
    pairs: list[tuple[int, int, float]] = []
    i = j = 0
    while i < rows and j < columns:
        if gains[i][j] and sums[i][j] == sums[i + 1][j + 1] + gains[i][j]:
            pairs.append((i, j, _word_score(left[i], right[j])))
            i, j = i + 1, j + 1
        elif sums[i][j] == sums[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _gain(word: str, other: str) -> float:
    return _word_score(word, other) * (_weight(word) + _weight(other))


@lru_cache(maxsize=65536)
def _word_score(a: str, b: str) -> float:
    bare, other = a.lstrip(_MARKS), b.lstrip(_MARKS)
    if bare == other:
        return 1.0
    if "=" in (a[0], b[0]) or (_SECTION.fullmatch(bare) and _SECTION.fullmatch(other)):
        return 0.0
    short, long = sorted((bare, other), key=lambda word: (len(word), word))
    return _abbreviation(short, long)


def _abbreviation(short: str, long: str) -> float:
    if long.startswith(short):
        allowed = _ONLY.get(short)
        return 0.98 if allowed is None or long.startswith(allowed) else 0.0
    if 2 < len(short) < 6 and _is_contraction(short, long):
        return 0.95
    # One slip of the pen in a long word.
    return 0.8 if len(short) > 6 and Levenshtein.distance(short, long) == 1 else 0.0


def _is_contraction(short: str, long: str) -> bool:
    """Tell whether `short` is `long` with letters left out inside ("natl", "dept", "mgmt")."""
    if short[0] != long[0] or short[-1] != long[-1] or len(_VOWEL.findall(short)) > 1:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _acronym(short: Words, long: Words) -> float:
    """Compare one word with the first letters of the other name's words."""
    short = tuple(word for word in short if _weight(word) >= 0.5)
    if len(short) != 1 or not 2 < len(short[0]) < 9 or len(long) < 3:
        return 0.0
    initials = "".join(word.lstrip(_MARKS)[0] for word in long)
    free = [_weight(word) < 0.5 for word in long]
    first = free.index(False) if False in free else 0
    last = len(long) - (free[::-1].index(False) if False in free else 0)
    spellings = {initials[start:end] for start in range(first + 1) for end in (last, len(long))}
    return 0.9 if short[0] in spellings else 0.0
