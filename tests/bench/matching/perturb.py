"""What people's bibliographies do to a record: one function for each kind of damage."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import replace

from refkit.model.entry import OTHERS, Date, Entry, Name
from refkit.normalise.titles import main_title
from tests.bench.matching import perturb_people as who
from tests.bench.matching import perturb_places as where
from tests.bench.matching import perturb_titles as what
from tests.bench.matching.records import with_value

Damage = Callable[[Entry, random.Random], Entry]

_ACCENTS = {
    "á": "{\\'a}", "é": "{\\'e}", "í": "{\\'i}", "ó": "{\\'o}", "ú": "{\\'u}", "ñ": "{\\~n}",
    "ä": '{\\"a}', "ö": '{\\"o}', "ü": '{\\"u}', "è": "{\\`e}", "ç": "{\\c c}", "ß": "{\\ss}",
    "ø": "{\\o}", "–": "--", "“": "``", "”": "''", "’": "'", "&": "\\&", "%": "\\%",
}  # fmt: skip
_PLAIN = str.maketrans("áàâãäéèêëíîïóòôõöøúùûüñçšžłć", "aaaaaeeeeiiioooooouuuuncszlc")
_SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"}


def _title(change: Callable[[str, random.Random], str]) -> Damage:
    def damage(entry: Entry, dice: random.Random) -> Entry:
        return with_value(entry, "title", change(entry.text("title"), dice))

    return damage


def _typos(text: str, dice: random.Random) -> str:
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(max(1, len(text) - 1))
        if not text[at : at + 1].isalpha():
            continue
        letter = dice.choice(string.ascii_lowercase)
        text = dice.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at + 1 :],
                text[:at] + letter + text[at:],
                text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
            )
        )
    return text


def _case(text: str, dice: random.Random) -> str:
    return dice.choice((str.upper, str.lower, str.title))(text)


def _latex(text: str, dice: random.Random) -> str:
    text = "".join(_ACCENTS.get(char, char) for char in text)
    words = text.split(" ")
    at = dice.randrange(len(words))
    words[at] = dice.choice(("{%s}", "\\emph{%s}", "\\textit{%s}", "{{%s}}")) % words[at]
    return dice.choice((" ", " ", "~")).join(words) if len(words) < 4 else " ".join(words)


def _mojibake(text: str, dice: random.Random) -> str:
    if text.isascii():
        text = dice.choice(
            (text.replace("-", "–"), text.replace("'", "’"), text.replace(":", " –"))
        )
    try:
        return text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return text.encode().decode("latin-1")


def _dropped_word(text: str, dice: random.Random) -> str:
    words = text.split(" ")
    if len(words) < 5:
        return text
    del words[dice.randrange(len(words))]
    return " ".join(words)


def _subtitle(text: str, _: random.Random) -> str:
    return main_title(text)


def _authors(change: Callable[[list[Name], random.Random], list[Name]]) -> Damage:
    def damage(entry: Entry, dice: random.Random) -> Entry:
        names = list(entry.names("author"))
        return with_value(entry, "author", tuple(change(names, dice))) if names else entry

    return damage


def _initials(names: list[Name], dice: random.Random) -> list[Name]:
    form = dice.choice(("{}.", "{}", "{}. "))
    return [
        replace(n, given="".join(form.format(g[0]) for g in re.split(r"[\s-]+", n.given) if g))
        for n in names
    ]


def _reordered(names: list[Name], dice: random.Random) -> list[Name]:
    return dice.sample(names, len(names))


def _some_missing(names: list[Name], dice: random.Random) -> list[Name]:
    kept = sorted(dice.sample(range(len(names)), dice.randint(1, len(names))))
    return [names[at] for at in kept]


def _and_others(names: list[Name], dice: random.Random) -> list[Name]:
    return [*names[: dice.randint(1, 3)], OTHERS] if len(names) > 3 else names


def _transliterated(names: list[Name], dice: random.Random) -> list[Name]:
    def spelt(text: str) -> str:
        if dice.random() < 0.5:
            return text.translate(_PLAIN)
        return "".join(_SPELT.get(char, char) for char in text)

    return [replace(n, family=spelt(n.family), given=spelt(n.given)) for n in names]


def _mistyped_name(names: list[Name], dice: random.Random) -> list[Name]:
    at = dice.randrange(len(names))
    name = names[at]
    if len(name.family) > 4:
        cut = dice.randrange(1, len(name.family))
        names[at] = replace(name, family=name.family[:cut] + name.family[cut + 1 :])
    return names


def _swapped(names: list[Name], _: random.Random) -> list[Name]:
    return [replace(n, family=n.given, given=n.family) if n.given else n for n in names]


def _year(entry: Entry, dice: random.Random) -> Entry:
    date = entry.date()
    if date is None or date.year is None:
        return entry
    return with_value(entry, "issued", Date(date.year + dice.choice((-1, 1))))


def _abbreviated(entry: Entry, dice: random.Random) -> Entry:
    words = entry.text("container-title").split()
    small = {"of", "the", "and", "for", "in", "on", "de", "&"}
    if len(words) < 2:
        return entry
    length = dice.randint(4, 6)
    short = [
        w if len(w) <= length or not w.isalpha() else w[:length] + "."
        for w in words
        if w.lower() not in small
    ]
    return with_value(entry, "container-title", " ".join(short))


def _fields_missing(entry: Entry, dice: random.Random) -> Entry:
    there = [each.name for each in entry.fields if each.name not in ("title", "author")]
    for name in dice.sample(there, dice.randint(0, len(there))):
        entry = with_value(entry, name, "")
    return entry


def _no_authors(entry: Entry, _: random.Random) -> Entry:
    return with_value(entry, "author", ())


def _first_page_only(entry: Entry, _: random.Random) -> Entry:
    return with_value(entry, "page", re.sub(r"\s*[-–].*", "", entry.text("page")))


def _as_misc(entry: Entry, _: random.Random) -> Entry:
    return replace(entry, type="document")


DAMAGES: dict[str, Damage] = {
    "typos": _title(_typos),
    "lost subtitle": _title(_subtitle),
    "dropped word": _title(_dropped_word),
    "case": _title(_case),
    "LaTeX left over": _title(_latex),
    "mojibake": _title(_mojibake),
    "abbreviated venue": _abbreviated,
    "initials": _authors(_initials),
    "authors reordered": _authors(_reordered),
    "authors missing": _authors(_some_missing),
    "and others": _authors(_and_others),
    "no authors": _no_authors,
    "transliterated": _authors(_transliterated),
    "mistyped name": _authors(_mistyped_name),
    "names swapped": _authors(_swapped),
    "year off by one": _year,
    "fields missing": _fields_missing,
    "first page only": _first_page_only,
    "filed as misc": _as_misc,
    "title truncated": _title(what.truncated),
    "extra subtitle": _title(what.extra_subtitle),
    "HTML entities": _title(what.entities),
    "hyphenation": _title(what.hyphenated),
    "web page's title": _title(what.noise),
    "diacritics dropped": _title(what.bare_letters),
    "another Unicode form": _title(what.another_form),
    "words joined": _title(what.joined),
    "scanned": _title(what.scanned),
    "British spelling": _title(what.british),
    "words exchanged": _title(what.words_swapped),
    "word twice": _title(what.word_twice),
    "no punctuation": _title(what.no_punctuation),
    "authors in one string": _authors(who.in_one_string),
    "et al.": _authors(who.et_al),
    "authors in capitals": _authors(who.capitals),
    "LaTeX in names": _authors(who.latex_names),
    "names without diacritics": _authors(who.bare_names),
    "mojibake in names": _authors(who.mojibake_names),
    "family names only": _authors(who.families_only),
    "first author lost": _authors(who.first_lost),
    "an author too many": _authors(who.one_too_many),
    "last author first": _authors(who.last_first),
    "initials without comma": _authors(who.no_comma),
    "half a name": _authors(who.half_a_name),
    "titles and suffixes": _authors(who.with_suffix),
    "pages shortened": where.pages_shortened,
    "pages written out": where.pages_written,
    "own pagination": where.pages_counted,
    "page mistyped": where.page_mistyped,
    "wrong volume": where.volume_wrong,
    "wrong issue": where.issue_wrong,
    "issue in volume": where.volume_with_issue,
    "volume for issue": where.volume_for_issue,
    "no venue": where.venue_lost,
    "venue's acronym": where.venue_acronym,
    "ISSN for venue": where.venue_issn,
    "venue adorned": where.venue_adorned,
    "proceedings' names": where.venue_proceedings,
    "wrong venue": where.venue_wrong,
    "no year": where.year_lost,
    "wrong year": where.year_mistyped,
    "another type": where.other_type,
    "title and authors only": where.title_and_author,
    "title and year only": where.title_and_year,
}


USUAL = tuple(DAMAGES)[: tuple(DAMAGES).index("title truncated")]
"""What bibliographies suffer from most; the rest is rarer, or takes away more than is left."""


def perturbed(
    entry: Entry, dice: random.Random, names: Sequence[str] = tuple(DAMAGES)
) -> tuple[Entry, tuple[str, ...]]:
    """Damage an entry in one to three of the named ways, and name them."""
    names = tuple(dice.sample(sorted(names), dice.randint(1, 3)))
    for name in names:
        entry = DAMAGES[name](entry, dice)
    return entry, names
