"""Dates: EDTF level 1 as BibLaTeX uses it, BibTeX's year and month, and dates in words."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from functools import lru_cache

from refkit.model.entry import Date
from refkit.normalise.latex import to_plain
from refkit.normalise.numbers import small_int

MONTH_MACROS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
"""BibTeX's month macros in the order of the year, with their names."""

# Month names whose first three letters do not tell the month: German, French, Spanish,
# Italian, Portuguese, Dutch.
_FOREIGN_MONTHS = {
    "januar": 1, "janvier": 1, "enero": 1, "ene": 1, "gennaio": 1, "januari": 1, "fevrier": 2,
    "février": 2, "märz": 3, "mrz": 3, "maart": 3, "avril": 4, "abril": 4, "mai": 5, "mayo": 5,
    "maggio": 5, "maio": 5, "mei": 5, "juni": 6, "juin": 6, "junio": 6, "giugno": 6, "juli": 7,
    "juillet": 7, "julio": 7, "luglio": 7, "août": 8, "agosto": 8, "augustus": 8, "sept": 9,
    "settembre": 9, "septiembre": 9, "septembre": 9, "oktober": 10, "okt": 10, "octobre": 10,
    "octubre": 10, "ottobre": 10, "outubro": 10, "dezember": 12, "dez": 12, "decembre": 12,
    "décembre": 12, "diciembre": 12, "dicembre": 12, "dezembro": 12,
}  # fmt: skip
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}

_PART = re.compile(
    r"(?P<year>[+-]?[0-9]{4}|Y-?[0-9]{5,9})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
    r"(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?P<mark>[?~%]?)"
)
_UNSPECIFIED = re.compile(r"(-?[0-9]{1,3})([XUxu]{1,3})(?:-(?:XX|UU|xx|uu)){0,2}([?~%]?)")
_UNSPECIFIED_DAY = re.compile(r"(-?[0-9]{4}(?:-[0-9]{2})?)(?:-(?:XX|UU|xx|uu)){1,2}([?~%]?)")
_PARTS = ("year", "month", "day")
_OPEN = ("", "..", "*")

_CIRCA = re.compile(r"^(?:circa|ca|c)(?:\.\s*|\s+)(?=\[?-?[0-9])", re.IGNORECASE)
_YEAR = re.compile(r"-?[0-9]{1,4}")
_YEARS = re.compile(r"([0-9]{4})\s*(?:-{1,3}|[\u2010-\u2015/])\s*([0-9]{2}|[0-9]{4})")
_LONE_YEAR = re.compile(r"(?<![0-9])(?:1[4-9]|20)[0-9][0-9](?![0-9])")
_RANGE = re.compile(r"\s*(?:-{1,3}|[\u2010-\u2015/])\s*")
_NUMERIC = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+\.?|\d+(?:st|nd|rd|th)?|[-\u2010-\u2015/]+", re.IGNORECASE)


def parse_date(text: str) -> Date:
    """Read a date: EDTF level 1 first, then what people write; else `Date(literal=text)`."""
    return _parsed(_plain(text))


@lru_cache(maxsize=16384)
def _parsed(text: str) -> Date:
    return _edtf(text) or _loose(text) or Date(literal=text)


def _plain(text: str) -> str:
    if any(mark in text for mark in "\\{}$"):
        text = to_plain(text)
    return text.replace("\u00a0", " ").strip()


def _edtf(text: str) -> Date | None:
    first, slash, last = (part.strip() for part in text.partition("/"))
    if not slash:
        return _edtf_part(text)
    start = Date() if first in _OPEN else _edtf_part(first)
    end = Date() if last in _OPEN else _edtf_part(last)
    if start is None or end is None or start == end == Date():
        return None
    if start.end is not None:
        start = replace(start, end=None)
    return replace(start, end=end.end or end)


def _edtf_part(text: str) -> Date | None:
    found = _PART.fullmatch(text)
    if found is None:
        return _unspecified(text)
    year, month, day = (small_int((found[name] or "").lstrip("Y")) for name in _PARTS)
    date = _checked(year, month, day) if year is not None else None
    return _marked(date, found["mark"]) if date is not None else None


def _marked(date: Date, mark: str) -> Date:
    if not mark:
        return date
    return replace(date, circa=mark in "~%", uncertain=mark in "?%")


def _checked(year: int, month: int | None, day: int | None) -> Date | None:
    if month is not None and 21 <= month <= 24 and day is None:
        return Date(year, season=month - 20)
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None and (month is None or not 1 <= day <= _days(year, month)):
        return None
    return Date(year, month, day)


def _days(year: int, month: int) -> int:
    # Any year of the 400-year cycle will do; monthrange knows only years 1 to 9999.
    return monthrange(2000 + year % 400, month)[1]


def _unspecified(text: str) -> Date | None:
    days = _UNSPECIFIED_DAY.fullmatch(text)
    if days is not None:
        return _edtf_part(days[1] + days[2])
    found = _UNSPECIFIED.fullmatch(text)
    if found is None or len(found[1].lstrip("-")) + len(found[2]) != 4:
        return None
    years = (int(found[1] + digit * len(found[2])) for digit in "09")
    start, end = (_marked(Date(year), found[3]) for year in sorted(years))
    return replace(start, end=end)


def from_parts(year: str, month: str = "", day: str = "") -> Date:
    """Read BibTeX's `year`, `month` and `day`; text that is no date becomes a literal.

    A month may be a number, a name in several languages, a range ("jul/aug", "July--August")
    or hold the day ("1~jan", "July 4"); a year may be doubtful ("c. 1850", "[1850]", "1850?").
    """
    return _from_parts(_plain(year), _plain(month), _plain(day))


@lru_cache(maxsize=16384)
def _from_parts(year: str, month: str, day: str) -> Date:
    date = _parsed(year)
    if not month:
        return date
    written = " ".join(part for part in (day, month, year) if part)
    if date.year is None:
        return Date(literal=written)
    if date.month is not None or date.season is not None:
        return date
    if day and not _DAY.fullmatch(day):  # "10--12"
        number = month_number(month)
        month = f"{day} {list(MONTH_MACROS)[number - 1] if number else month}"
        day = ""
    words = [word for word in _words(month) if word != year]
    dated = _in_words(words, replace(date, end=None), day)
    if dated is None:
        return Date(literal=written)
    return replace(dated, end=dated.end or date.end)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.replace(",", " "))


def _in_words(words: list[str], year: Date, day: str = "") -> Date | None:
    """Date a year by words for month, day and season, in either order, or a range of them."""
    start, end = _split_range(words)
    if end:
        # In "10--12 June" and "June 10--12" one side lends the other its month.
        months = [[word for word in side if not word[0].isdigit()] for side in (start, end)]
        start = start if months[0] else [*start, *months[1]]
        end = end if months[1] else [*months[0], *end]
    first, last = _one(start, year, day), _one(end, year) if end else None
    if first is None or (end and last is None):
        return None
    return replace(first, end=last)


def _split_range(words: list[str]) -> tuple[list[str], list[str]]:
    for at, word in enumerate(words):
        if word[0] in "-/\u2010\u2011\u2012\u2013\u2014\u2015":
            return words[:at], words[at + 1 :]
    return words, []


def _one(words: list[str], year: Date, day: str = "") -> Date | None:
    month = season = None
    days = [int(number[1])] if (number := _DAY.fullmatch(day)) else []
    for word in words:
        if season is None and word.lower().rstrip(".") in _SEASONS:
            season = _SEASONS[word.lower().rstrip(".")]
        elif month is None and not (word[0].isdigit() and len(words) > 1):
            month = month_number(word)
            if month is None:
                return None
        elif number := _DAY.fullmatch(word):
            days.append(int(number[1]))
        else:
            return None
    return _assembled(year, month, season, days)


def _assembled(year: Date, month: int | None, season: int | None, days: list[int]) -> Date | None:
    if season is not None:
        return replace(year, season=season) if month is None and not days else None
    if month is None or len(days) > 1 or year.year is None:
        return None
    date = _checked(year.year, month, days[0] if days else None)
    if date is None:
        return None
    return replace(date, circa=year.circa, uncertain=year.uncertain)


def _loose(text: str) -> Date | None:
    """Read a date that is not EDTF: doubtful years, ranges of years, numbers, words."""
    circa = _CIRCA.match(text)
    bare = text[circa.end() :] if circa else text
    bracketed = bare.startswith("[") and bare.endswith(("]", "]?"))
    doubted = bare.endswith("?") or bare.endswith("?]")
    bare = bare.strip("[]? ")
    if bare.endswith("//"):  # RIS: empty month and day
        bare = bare.rstrip("/")
    date = _years(bare) or _numeric(bare) or _worded(bare)
    if date is None or not (circa or bracketed or doubted):
        return date
    return replace(date, circa=bool(circa), uncertain=doubted)


def _years(text: str) -> Date | None:
    if _YEAR.fullmatch(text):
        return Date(int(text))
    found = _YEARS.fullmatch(text)
    if found is None:
        return None
    last = found[2] if len(found[2]) == 4 else found[1][:2] + found[2]
    # "2004/05" is May 2004, "2004-13" a slip; "1988/92" can only be years.
    if (len(found[2]) == 2 and int(found[2]) < 32) or int(last) <= int(found[1]):
        return None
    return Date(int(found[1]), end=Date(int(last)))


def _numeric(text: str) -> Date | None:
    found = _NUMERIC.match(text)
    if found is None or (found.end() < len(text) and text[found.end()] not in "/ T"):
        return None
    return _checked(int(found[1]), int(found[3]), small_int(found[4] or ""))


def _worded(text: str) -> Date | None:
    words = _words(text)
    years = [word for word in words if len(word) == 4 and small_int(word) is not None]
    if len(years) == 2:
        return _two_dates(text)
    if len(years) != 1:
        return None
    rest = [word for word in words if word != years[0]]
    return _in_words(rest, Date(int(years[0]))) if rest else None


def _two_dates(text: str) -> Date | None:
    halves = _RANGE.split(text)
    if len(halves) != 2:
        return None
    start, end = (_worded(half) or _years(half) for half in halves)
    return replace(start, end=end) if start and end else None


def year_of(date: Date) -> int | None:
    """Return a date's (first) year, or that which a literal such as "in press, 2005" names."""
    if date.year is not None or not date.literal:
        return date.year
    found = _LONE_YEAR.search(date.literal)
    return int(found.group()) if found else None


def month_number(text: str) -> int | None:
    """Return the month, 1 to 12, that a number, macro or (abbreviated) name means, or None."""
    word = text.strip().rstrip(".").lower()
    number = small_int(word)
    if number is not None:
        return number if 1 <= number <= 12 else None
    if word in _FOREIGN_MONTHS:
        return _FOREIGN_MONTHS[word]
    for place, (macro, name) in enumerate(MONTH_MACROS.items(), 1):
        if word.startswith(macro) and name.lower().startswith(word):
            return place
    return None


def format_edtf(date: Date) -> str:
    """Write a date as EDTF level 1 (BibLaTeX's `date`); a literal stays as it is."""
    if date.literal:
        return date.literal
    start = _format_part(date)
    if date.end is None:
        return start
    return f"{start}/{_format_part(date.end)}"


def _format_part(date: Date) -> str:
    if date.year is None:
        return ""
    out = _format_year(date.year)
    if date.season is not None:
        out += f"-{20 + date.season}"
    elif date.month is not None:
        out += f"-{date.month:02d}"
        if date.day is not None:
            out += f"-{date.day:02d}"
    return out + {(True, True): "%", (True, False): "~", (False, True): "?"}.get(
        (date.circa, date.uncertain), ""
    )


def _format_year(year: int) -> str:
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"
