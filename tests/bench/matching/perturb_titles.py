"""What copying, scanning and web pages do to a title: one function for each kind of damage."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from html.entities import codepoint2name

_SUBTITLES = (
    "a review",
    "theory and practice",
    "evidence from a longitudinal study",
    "challenges and opportunities",
    "an overview of recent developments",
)
_NOISE = (
    "{} | Nature",
    "{} - ScienceDirect",
    "{} [Internet]",
    "{} (PDF)",
    "[PDF] {}",
    "{} | SpringerLink",
    "{} - PubMed",
    "{} | Request PDF",
    "(PDF) {}",
    "{} [Research article]",
)
_BRITISH = {
    "ization": "isation", "izing": "ising", "ized": "ised", "color": "colour",
    "behavior": "behaviour", "modeling": "modelling", "fiber": "fibre", "center": "centre",
    "analyz": "analys", "tumor": "tumour", "labor": "labour", "program": "programme",
}  # fmt: skip
_SCANNED = (("rn", "m"), ("l", "1"), ("m", "rn"), ("O", "0"), ("fi", "ﬁ"), ("cl", "d"), ("e", "c"))


def truncated(text: str, dice: random.Random) -> str:
    """Cut the title as a form or a table would, with or without a sign of it."""
    words = text.split(" ")
    if len(words) < 8:
        return text
    kept = " ".join(words[: max(5, int(len(words) * dice.uniform(0.55, 0.9)))])
    return kept + dice.choice(("", "...", " …", "…"))


def extra_subtitle(text: str, dice: random.Random) -> str:
    """Add a subtitle that the record has not."""
    return f"{text.rstrip('.?! ')}: {dice.choice(_SUBTITLES)}"


def entities(text: str, dice: random.Random) -> str:
    """Leave HTML's entities in, by name or by number."""

    def written(char: str) -> str:
        if char.isascii() and char not in "&<>'\"":
            return char
        name = codepoint2name.get(ord(char))
        return f"&{name};" if name and dice.random() < 0.6 else f"&#{ord(char)};"

    return "".join(map(written, re.sub(r"<[^<>]+>", "", text)))


def hyphenated(text: str, dice: random.Random) -> str:
    """Break a word at a line's end, or join or part what has a hyphen."""
    long = [at for at, word in enumerate(text.split(" ")) if len(word) > 7 and word.isalpha()]
    if "-" in text and dice.random() < 0.5:
        return text.replace("-", dice.choice(("", " ", "\u2010", "\u2011")), 1)
    if not long:
        return text
    words, at = text.split(" "), dice.choice(long)
    cut = dice.randrange(3, len(words[at]) - 2)
    words[at] = words[at][:cut] + dice.choice(("- ", "-", "\u00ad", "-\n")) + words[at][cut:]
    return " ".join(words)


def noise(text: str, dice: random.Random) -> str:
    """Add what web pages put around a title."""
    return dice.choice(_NOISE).format(text)


def bare_letters(text: str, _: random.Random) -> str:
    """Drop the diacritics."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parted if not unicodedata.combining(char))


def another_form(text: str, dice: random.Random) -> str:
    """Write it in another Unicode form, or with characters that look alike or not at all."""
    return dice.choice(_FORMS)(text)


_FORMS: tuple[Callable[[str], str], ...] = (
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: unicodedata.normalize("NFKC", text),
    lambda text: "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and char not in "<>&" else char
        for char in text
    ),
    lambda text: text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ"),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace("-", "\u2013").replace("'", "\u2019").replace('"', "\u201c"),
    lambda text: "\u200b".join(text.split(" ")) if text.count(" ") < 1 else text + "\u200b",
)


def joined(text: str, dice: random.Random) -> str:
    """Lose the space between two words."""
    gaps = [at for at, char in enumerate(text) if char == " "]
    if not gaps:
        return text
    at = dice.choice(gaps)
    return text[:at] + text[at + 1 :]


def scanned(text: str, dice: random.Random) -> str:
    """Misread letters, as a scanner does."""
    for old, new in dice.sample(_SCANNED, dice.randint(1, 2)):
        places = [found.start() for found in re.finditer(old, text)]
        if places:
            at = dice.choice(places)
            text = text[:at] + new + text[at + len(old) :]
    return text


def british(text: str, _: random.Random) -> str:
    """Spell it the British way."""
    return _replaced(text, _BRITISH)


def _replaced(text: str, pairs: Mapping[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


def words_swapped(text: str, dice: random.Random) -> str:
    """Exchange two words that stand beside each other."""
    words = text.split(" ")
    if len(words) < 5:
        return text
    at = dice.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def word_twice(text: str, dice: random.Random) -> str:
    """Write a word twice."""
    words = text.split(" ")
    at = dice.randrange(len(words))
    return " ".join([*words[: at + 1], *words[at:]])


def no_punctuation(text: str, _: random.Random) -> str:
    """Leave out all punctuation."""
    return re.sub(r"[^\w\s<>/]", "", text)
