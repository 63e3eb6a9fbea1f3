"""What a key pattern may name: functions of an entry, and filters on their text.

Names and meanings are those of Better BibTeX's citation key formulas and JabRef's key patterns
(their documentation, "Citation keys" and "Customize the citation key generator"). The
parameters of a Python function here are those that a pattern may give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from refkit.model.entry import OTHERS, Entry, Name
from refkit.normalise.keys import SKIPPED, to_ascii
from refkit.normalise.latex import strip_markup, to_plain

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ROLES = ("author", "editor", "translator")
_MATH = re.compile(r"\$[^$]+\$")
_BETWEEN = re.compile(r"[\s/:\u2013\u2014\u2026]+")
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc]")
_PAGES = re.compile(r"[\s,+\u2010-\u2015-]+")
_JOINERS = re.compile(r"[-\u2010\u2011]")
_PUNCTUATION = re.compile(r"[^\w\s-]|(?<!\w)-|-(?!\w)")


def is_german(entry: Entry) -> bool:
    """Tell whether an entry says that it is German."""
    return entry.text("language").lower().startswith(("de", "german", "ngerman"))


def _shown(name: Name) -> str:
    """Return the name as it is cited: with its non-dropping particle, an organisation whole."""
    return name.literal or " ".join(part for part in (name.particle, name.family) if part)


def _initials(name: Name) -> str:
    return "".join(word[0] for word in re.split(r"[\s.-]+", name.given) if word)


def _people(entry: Entry, creator: str) -> tuple[list[Name], bool]:
    """Return the names of a kind of creator, and whether there are others unnamed."""
    for role in _ROLES if creator == "*" else (creator,):
        if names := entry.names(role):
            return [each for each in names if each != OTHERS and _shown(each)], OTHERS in names
    return [], False


def _families(entry: Entry, creator: str, initials: bool) -> list[str]:
    people, _ = _people(entry, creator)
    return [_shown(each) + (_initials(each) if initials else "") for each in people]


def _more(entry: Entry, creator: str, named: int) -> bool:
    """Tell whether a work has more creators than `named`."""
    people, others = _people(entry, creator)
    return others or len(people) > named


def auth(entry: Entry, n: int = 0, m: int = 1, creator: str = "*", initials: bool = False) -> str:
    """The family name of the `m`th author, its first `n` letters (0: all)."""
    names = _families(entry, creator, initials)
    found = names[m - 1] if 0 < m <= len(names) else ""
    return found[:n] if n > 0 else found


def authors(
    entry: Entry, n: int = 0, creator: str = "*", initials: bool = False, sep: str = " "
) -> str:
    """The family names of the first `n` authors (0: all), and EtAl for more."""
    names = _families(entry, creator, initials)
    taken = names[:n] if n > 0 else names
    return sep.join([*taken, "EtAl"] if taken and _more(entry, creator, len(taken)) else taken)


def auth_last(entry: Entry, creator: str = "*", initials: bool = False) -> str:
    """The family name of the last author."""
    return (_families(entry, creator, initials) or [""])[-1]


def auth_et_al(
    entry: Entry, creator: str = "*", initials: bool = False, sep: str = " ", etal: str = "EtAl"
) -> str:
    """One or two family names; for more the first one and EtAl."""
    names = _families(entry, creator, initials)
    if not _more(entry, creator, 2) and len(names) == 2:
        return sep.join(names)
    return sep.join([*names[:1], etal] if names and _more(entry, creator, 1) else names[:1])


def auth_etal2(entry: Entry, creator: str = "*", initials: bool = False, sep: str = ".") -> str:
    """As authEtAl, with dots and in small letters: Doe.etal."""
    return auth_et_al(entry, creator, initials, sep, "etal")


def auth_auth_ea(entry: Entry, creator: str = "*", initials: bool = False, sep: str = ".") -> str:
    """The family names of the first two authors, and ea for more."""
    names = _families(entry, creator, initials)
    return sep.join([*names[:2], *(["ea"] if names and _more(entry, creator, 2) else [])])


def authors_alpha(entry: Entry, creator: str = "*", initials: bool = False, sep: str = "") -> str:
    """As the style alpha: three letters of one name, else the initials of up to four."""
    names = _families(entry, creator, initials)
    if len(names) == 1 and not _more(entry, creator, 1):
        return names[0][:3]
    if len(names) <= 4 and not _more(entry, creator, 4):
        return sep.join(name[:1] for name in names)
    return sep.join(name[:1] for name in names[:3]) + "+"


def auth_short(entry: Entry, creator: str = "*", initials: bool = False, sep: str = "") -> str:
    """One name whole; else the initials of up to three."""
    names = _families(entry, creator, initials)
    if len(names) < 2:
        return "".join(names)
    plus = "+" if _more(entry, creator, 3) else ""
    return sep.join(name[:1] for name in names[:3]) + plus


def auth_ini(
    entry: Entry, n: int = 1, creator: str = "*", initials: bool = False, sep: str = ""
) -> str:
    """The first `n` letters of each family name (0: all)."""
    names = _families(entry, creator, initials)
    return sep.join(name[:n] if n > 0 else name for name in names)


def author_ini(entry: Entry, creator: str = "*", initials: bool = False, sep: str = "") -> str:
    """Five letters of the first family name, and the initials of the others."""
    names = _families(entry, creator, initials)
    return sep.join([name[:1] if at else name[:5] for at, name in enumerate(names)])


def auth_fore_ini(entry: Entry, creator: str = "*") -> str:
    """The initial of the first author's given name."""
    people, _ = _people(entry, creator)
    return _initials(people[0])[:1] if people else ""


def auth_last_fore_ini(entry: Entry, creator: str = "*") -> str:
    """The initial of the last author's given name."""
    people, _ = _people(entry, creator)
    return _initials(people[-1])[:1] if people else ""


def year(entry: Entry) -> str:
    """The year."""
    return _year(entry, "issued")


def origyear(entry: Entry) -> str:
    """The year of the original work."""
    return _year(entry, "original-date")


def shortyear(entry: Entry) -> str:
    """The last two digits of the year."""
    return _year(entry, "issued")[-2:]


def month(entry: Entry) -> str:
    """The month, as jan, feb ..."""
    date = entry.date()
    return _MONTHS[date.month - 1] if date is not None and date.month else ""


def _year(entry: Entry, name: str) -> str:
    date = entry.date(name)
    return "" if date is None or date.year is None else f"{abs(date.year):02}"


def shorttitle(entry: Entry, n: int = 3, m: int = 0) -> str:
    """The first `n` words of the title that are no small words, `m` of them with a capital."""
    words = title_words(entry.text("title"))[: max(n, 0)]
    return " ".join(_capital(word) if at < m else word for at, word in enumerate(words))


def veryshorttitle(entry: Entry, n: int = 1, m: int = 0) -> str:
    """As shorttitle, by default one word."""
    return shorttitle(entry, n, m)


def title(entry: Entry) -> str:
    """The words of the title that are no small words, with capitals."""
    return " ".join(map(_capital, title_words(entry.text("title"))))


def journal(entry: Entry, abbrev: str = "abbrev+auto") -> str:
    """The journal's abbreviation in the entry, else its name (`full`: its name at once)."""
    short = entry.text("container-title-short") or entry.text("journalAbbreviation")
    whole = entry.text("container-title")
    return _bare(whole if abbrev in ("full", "off") else short or whole)


def firstpage(entry: Entry) -> str:
    """The first page."""
    return next(iter(_pages(entry)), "") or entry.text("page-first")


def lastpage(entry: Entry) -> str:
    """The last page."""
    return ["", *_pages(entry)][-1]


def _pages(entry: Entry) -> list[str]:
    return [page for page in _PAGES.split(entry.text("page")) if page]


def entrytype(entry: Entry) -> str:
    """The type as the file calls it."""
    return entry.native_type or entry.type


def field(entry: Entry, name: str) -> str:
    """The text of a CSL variable, or of a field that the format has beyond CSL."""
    value = entry.text(name) or entry.text(name.upper()) or to_plain(entry.beyond(name))
    return _bare(value)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _bare(rich: str) -> str:
    return strip_markup(_MATH.sub(lambda found: to_plain(found.group()), rich))


def title_words(text: str, *, nopunct: bool = True) -> list[str]:
    """Return the words of a rich text that are no small words and have more than one letter."""
    plain = _APOSTROPHES.sub("", _bare(text))
    words = [word for word in _BETWEEN.split(plain) if word]
    if nopunct:
        words = [re.sub(r"[^\w]", "", word) for word in words]
    return [word for word in words if _counts(word)]


def _counts(word: str) -> bool:
    if len(word) == 1:
        return word.isdigit() or ord(word) > 0x2E80
    return bool(word) and word.lower() not in SKIPPED


def _variable(entry: Entry, name: str) -> str:
    return field(entry, name)


_BY_ROLE: dict[str, Callable[..., str]] = {
    "auth": auth,
    "authEtAl": auth_et_al,
    "authEtal2": auth_etal2,
    "authAuthEa": auth_auth_ea,
    "authshort": auth_short,
    "authIni": auth_ini,
    "authForeIni": auth_fore_ini,
}
_BY_LONG_ROLE: dict[str, Callable[..., str]] = {
    "authors": authors,
    "authorsn": authors,
    "authorsAlpha": authors_alpha,
    "authorIni": author_ini,
    "authorLast": auth_last,
    "authorLastForeIni": auth_last_fore_ini,
}


def _for_editors() -> Iterable[tuple[str, Callable[..., str]]]:
    for name, function in _BY_ROLE.items():
        yield name.replace("auth", "edtr", 1), partial(function, creator="editor")
    for name, function in _BY_LONG_ROLE.items():
        yield name.replace("author", "editor", 1), partial(function, creator="editor")
    yield "edtrs", partial(authors, creator="editor")


FUNCTIONS: dict[str, Callable[..., str]] = {
    **_BY_ROLE,
    **_BY_LONG_ROLE,
    **dict(_for_editors()),
    "year": year,
    "shortyear": shortyear,
    "origyear": origyear,
    "month": month,
    "title": title,
    "shorttitle": shorttitle,
    "veryshorttitle": veryshorttitle,
    "journal": journal,
    "firstpage": firstpage,
    "lastpage": lastpage,
    "volume": partial(_variable, name="volume"),
    "issue": partial(_variable, name="issue"),
    "number": partial(_variable, name="number"),
    "publisher": partial(_variable, name="publisher"),
    "booktitle": partial(_variable, name="container-title"),
    "doi": partial(_variable, name="DOI"),
    "type": entrytype,
    "entrytype": entrytype,
    "field": field,
}
"""Functions of an entry by their names in patterns; each may be given its own parameters."""

WHOLE = {"Title": "title", "Journal": "container-title", "Booktitle": "container-title"}
"""Fields as they are, which Better BibTeX writes with a capital."""


# filters: each takes the text, the entry, and its own parameters


def _abbr(text: str, _: Entry, chars: int = 1) -> str:
    return "".join(word[: max(chars, 0)] for word in text.split())


def _select(text: str, _: Entry, start: int = 1, n: int = 0) -> str:
    words = text.split()
    first = max(len(words) + start, 0) if start < 0 else max(start - 1, 0)
    return " ".join(words[first : first + n] if n > 0 else words[first:])


def _substring(text: str, _: Entry, start: int = 1, n: int = 0) -> str:
    first = max(start - 1, 0)
    return text[first : first + n] if n > 0 else text[first:]


def _replace(text: str, _: Entry, find: str | re.Pattern[str], replace: str) -> str:
    if isinstance(find, str):
        find = re.compile(re.escape(find), re.IGNORECASE)
    return find.sub(lambda _: replace, text)


def _skipwords(text: str, _: Entry, nopunct: bool = False) -> str:
    return " ".join(title_words(text, nopunct=nopunct))


def _condense(text: str, _: Entry, sep: str = "") -> str:
    return sep.join(text.split())


def _transliterate(text: str, entry: Entry, mode: str = "") -> str:
    german = mode in ("de", "german") or (not mode and is_german(entry))
    return to_ascii(text, german=german)


def _clean(text: str, entry: Entry) -> str:
    return re.sub(r"[^A-Za-z0-9_:.\s-]", "", _transliterate(text, entry)).strip()


def _nopunct(text: str, _: Entry, dash: str = "-") -> str:
    return _PUNCTUATION.sub("", text) if dash == "-" else _hyphens(_PUNCTUATION.sub("", text), dash)


def _hyphens(text: str, dash: str) -> str:
    return _JOINERS.sub(lambda _: dash, text)


def _prefix(text: str, _: Entry, prefix: str) -> str:
    return prefix + text if text else ""


def _postfix(text: str, _: Entry, postfix: str) -> str:
    return text + postfix if text else ""


def _default(text: str, _: Entry, value: str) -> str:
    return text or value


FILTERS: dict[str, Callable[..., str]] = {
    "lower": lambda text, _: text.lower(),
    "upper": lambda text, _: text.upper(),
    "capitalize": lambda text, _: " ".join(_capital(word) for word in text.split()),
    "abbr": _abbr,
    "ascii": lambda text, _: " ".join(re.sub(r"[^ -~]", "", text).split()),
    "alphanum": lambda text, _: re.sub(r"[^\w\s]|_", "", text),
    "clean": _clean,
    "select": _select,
    "substring": _substring,
    "replace": _replace,
    "skipwords": _skipwords,
    "condense": _condense,
    "transliterate": _transliterate,
    "fold": _transliterate,
    "nopunct": _nopunct,
    "nopunctordash": lambda text, entry: _nopunct(text, entry, ""),
    "numeric": lambda text, _: text if text.strip().lstrip("-").isdigit() else "",
    "prefix": _prefix,
    "postfix": _postfix,
    "default": _default,
}
"""Filters on a text by their names in patterns."""
