"""What must hold for any value: round trips, agreement with pybtex and pylatexenc, no raising."""

from __future__ import annotations

import re
import string
import unicodedata

import pybtex.errors
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person
from pylatexenc.latex2text import LatexNodes2Text

from refkit.model.entry import OTHERS, Date, Name
from refkit.normalise import dates, ids, names, pages, titles, venues
from refkit.normalise.latex import from_rich, strip_markup, to_plain, to_rich, unknown_macros

WILD = st.text(
    st.sampled_from("abcDE 12.,;:-–—'`\"\\{}$&%#_~^<>/()[]=?!äøßłİ王é\n\t\u00a0\u0301@+*|"),
    max_size=40,
)
ACCENTS = st.sampled_from(list("`'^~=.\"uvHcdbkr"))


# --- LaTeX ---------------------------------------------------------------------------------

TEXT = st.text(
    st.sampled_from("abcXYZ019.,;:()[]-–—'“”‘’`\"\\{}$&%#_~^/äöøßłÉñç王дα\u00a0 "), min_size=1
)


@st.composite
def rich_texts(draw: st.DrawFn, depth: int = 2, nocase: bool = True) -> str:
    """Texts with well-formed markup as refkit itself writes it."""
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["text", "i", "b", "sub", "sup", "sc", "nocase"]))
        if kind == "text" or depth == 0 or (kind == "nocase" and not nocase):
            parts.append(draw(TEXT))
            continue
        inner = draw(rich_texts(depth=depth - 1, nocase=nocase and kind != "nocase"))
        if kind == "sc":
            parts.append(f'<span style="font-variant:small-caps;">{inner}</span>')
        elif kind == "nocase":
            parts.append(f'<span class="nocase">{inner}K</span>')
        else:
            parts.append(f"<{kind}>{inner}</{kind}>")
    return "".join(parts)


def _tidy(text: str) -> str:
    return re.sub(" {2,}", " ", text).strip(" ")


def _has_convertible_math(text: str) -> bool:
    return re.search(r"\$", text) is not None and text.count("$") > 1


@given(rich_texts(), st.booleans())
@settings(max_examples=300)
def test_rich_text_survives_latex(rich: str, ascii: bool) -> None:
    rich = _tidy(rich)
    assume(not _has_convertible_math(rich))
    assert to_rich(from_rich(rich, ascii=ascii)) == rich


@given(rich_texts(), st.booleans())
def test_written_latex_has_balanced_braces(rich: str, ascii: bool) -> None:
    depth = 0
    for character in from_rich(rich, ascii=ascii):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@given(WILD, st.booleans())
@settings(max_examples=300)
def test_decoding_takes_any_text(text: str, protect: bool) -> None:
    rich = to_rich(text, protect=protect)
    assert protect or "nocase" not in rich
    assert strip_markup(to_plain(text)) == to_plain(text) or "<" in text
    unknown_macros(text)


@given(WILD)
def test_a_known_command_never_swallows_letters(text: str) -> None:
    """Every letter and digit that is not part of a command name is still there."""
    assume(not set("\\$\u0301") & set(text))
    kept = [c for c in unicodedata.normalize("NFC", text) if c.isalnum()]
    assert [c for c in unicodedata.normalize("NFC", to_plain(text)) if c.isalnum()] == kept


@given(ACCENTS, st.sampled_from("aceginorsuzACEGINORSUZ"), st.integers(0, 3))
def test_accents_agree_with_pylatexenc(accent: str, letter: str, spelling: int) -> None:
    blank = " " if accent.isalpha() else ""
    latex = [
        f"\\{accent}{{{letter}}}",
        f"{{\\{accent}{{{letter}}}}}",
        f"\\{accent}{blank}{letter}",
        f"{{\\{accent}{blank}{letter}}}",
    ][spelling]
    other = unicodedata.normalize("NFC", LatexNodes2Text().latex_to_text(latex))
    assert to_plain(latex) == other
    assert to_rich(latex) == other


@given(st.text(string.ascii_letters + " .,:()", max_size=30))
def test_plain_ascii_text_is_left_alone(text: str) -> None:
    assert to_rich(text) == _tidy(text)


# --- names ---------------------------------------------------------------------------------

UPPER = st.sampled_from("ABCÄØŁÉ")
WORD = st.builds(str.__add__, UPPER, st.text("abcdéøß-'", min_size=1, max_size=5))
WORDS = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
INITIALS = st.lists(UPPER.map(lambda c: f"{c}."), min_size=1, max_size=3).map(" ".join)
VON = st.sampled_from(["", "", "von", "van der", "de la", "'t", "d'"])
SUFFIX = st.sampled_from(["", "", "Jr.", "III", "Sr", "filius"])
PERSONS = st.builds(
    Name,
    family=st.one_of(WORDS, st.sampled_from(["van Gogh", "de la Cruz", "& Sons", "A, B", "hooks"])),
    given=st.one_of(WORDS, INITIALS, st.sampled_from(["", "bell", "Jean-Paul", "A and B"])),
    dropping_particle=VON,
    suffix=SUFFIX,
)
LITERALS = st.builds(
    Name, literal=st.sampled_from(["NASA", "Foo and Bar, Inc.", "{odd} & 50%", "\\x", "王小明"])
)


@given(st.lists(st.one_of(PERSONS, LITERALS), max_size=4), st.booleans(), st.booleans())
@settings(max_examples=300)
def test_names_survive_writing_and_reading(some: list[Name], more: bool, ascii: bool) -> None:
    whole = (*some, OTHERS) if more and some else tuple(some)
    assert names.parse_names(names.format_names(whole, ascii=ascii)) == whole


@given(st.lists(PERSONS, min_size=1, max_size=3))
def test_useprefix_moves_the_particle_only(some: list[Name]) -> None:
    written = names.format_names(tuple(some))
    moved = names.parse_names(written, useprefix=True)
    assert [name.particle for name in moved] == [name.dropping_particle for name in some]
    assert all(not name.dropping_particle for name in moved)


PLAIN_WORD = st.one_of(
    WORD,
    st.sampled_from(["van", "de", "la", "d'Or", "'t", "1st", "王", "of", "McX", "A.", "-", "and"]),
)
PLAIN_NAME = st.builds(
    lambda left, comma, right: " ".join(left) + (f", {' '.join(right)}" if comma else ""),
    st.lists(PLAIN_WORD, min_size=1, max_size=4),
    st.booleans(),
    st.lists(PLAIN_WORD, min_size=1, max_size=3),
)


@given(st.lists(PLAIN_NAME, min_size=1, max_size=3).map(" and ".join))
@settings(max_examples=300)
def test_plain_names_agree_with_pybtex(text: str) -> None:
    assume(re.search(r"(^| )and( and)* *(and|$|,)|^and |, and|--|''", text) is None)
    expected = []
    with pybtex.errors.capture():
        for part in split_name_list(text):
            person = Person(part)
            family, first = " ".join(person.last_names), " ".join(person.bibtex_first_names)
            von = " ".join(person.prelast_names)
            expected.append(Name(family, first, dropping_particle=von))
    assert names.parse_names(text) == tuple(expected)


@given(WILD, st.booleans())
@settings(max_examples=300)
def test_name_lists_never_raise(text: str, useprefix: bool) -> None:
    for name in names.parse_names(text, useprefix=useprefix):
        assert name != Name()


# --- dates ---------------------------------------------------------------------------------


@st.composite
def simple_dates(draw: st.DrawFn) -> Date:
    year = draw(st.one_of(st.integers(-9999, 9999), st.integers(10000, 99999)))
    flags = {"circa": draw(st.booleans()), "uncertain": draw(st.booleans())}
    kind = draw(st.integers(0, 3))
    if kind == 3:
        return Date(year, season=draw(st.integers(1, 4)), **flags)
    month = draw(st.integers(1, 12)) if kind else None
    return Date(year, month, draw(st.integers(1, 28)) if kind == 2 else None, **flags)


@st.composite
def any_dates(draw: st.DrawFn) -> Date:
    start = draw(simple_dates())
    kind = draw(st.sampled_from(["one", "range", "open", "until"]))
    if kind == "one":
        return start
    if kind == "until":
        return Date(end=start)
    end = draw(simple_dates()) if kind == "range" else Date()
    return Date(start.year, start.month, start.day, start.season, end, start.circa, start.uncertain)


@given(any_dates())
@settings(max_examples=300)
def test_dates_survive_edtf(date: Date) -> None:
    assert dates.parse_date(dates.format_edtf(date)) == date


@given(WILD, WILD, WILD)
def test_dates_never_raise_and_never_lose(year: str, month: str, day: str) -> None:
    date = dates.from_parts(year, month, day)
    read = date.year is not None or date.end is not None or date.literal
    assert read or not to_plain(year).strip()


@given(st.integers(1000, 2999), st.integers(1, 12), st.integers(1, 28))
def test_every_way_to_write_a_day_is_the_same_day(year: int, month: int, day: int) -> None:
    name = list(dates.MONTH_MACROS.values())[month - 1]
    expected = Date(year, month, day)
    assert dates.from_parts(str(year), str(month), str(day)) == expected
    assert dates.from_parts(str(year), f"{name} {day}") == expected
    assert dates.from_parts(str(year), f"{day}~{name[:3].lower()}") == expected
    assert dates.parse_date(f"{name} {day}, {year}") == expected
    assert dates.parse_date(f"{day} {name} {year}") == expected
    assert dates.parse_date(f"{year}/{month:02d}/{day:02d}") == expected
    assert dates.parse_date(f"{year} {name[:3]} {day}") == expected


# --- ids -----------------------------------------------------------------------------------

SUFFIXES = st.from_regex(r"[A-Za-z0-9._;()/:<>_-]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda s: re.search("[<>]", s) is None and s.count("(") >= s.count(")")
)
DOIS = st.builds("10.{}/{}".format, st.integers(1000, 99999), SUFFIXES)


@given(DOIS, st.sampled_from(["", "doi:", "DOI: ", "https://doi.org/", "http://dx.doi.org/"]))
@settings(max_examples=300)
def test_a_doi_is_found_whatever_stands_around_it(doi: str, prefix: str) -> None:
    assert ids.clean_doi(prefix + doi) == doi
    assert ids.clean_doi(f"{prefix}{doi}. ") == doi
    assert ids.clean_doi(from_rich(prefix + doi)) == doi
    assert ids.find_doi(f"see {prefix}{doi}, there") == doi


@given(st.integers(0, 10**9 - 1))
def test_isbn_check_digits(number: int) -> None:
    body = f"{number:09d}"
    ten = next(d for d in "0123456789X" if ids.clean_isbn(body + d))
    assert ids.clean_isbn(body + ten) == body + ten
    good = [d for d in string.digits if ids.clean_isbn(f"978{body}{d}")]
    assert len(good) == 1
    hyphened = f"ISBN 978-{body[0]}-{body[1:5]}-{body[5:]}-{good[0]}"
    assert ids.clean_isbn(hyphened) == f"978{body}{good[0]}"


@given(st.integers(0, 10**7 - 1))
def test_issn_has_one_check_digit(number: int) -> None:
    body = f"{number:07d}"
    good = [d for d in "0123456789X" if ids.clean_issn(f"{body[:4]}-{body[4:]}{d}")]
    assert len(good) == 1


@given(WILD)
def test_cleaners_never_raise_and_are_stable(text: str) -> None:
    cleaners = (ids.clean_doi, ids.find_doi, ids.clean_arxiv, ids.clean_isbn, ids.clean_issn)
    for clean in (*cleaners, ids.clean_pmid, ids.clean_pmcid, ids.clean_url):
        once = clean(text)
        assert once is None or clean(once) == once


# --- titles, pages, venues -----------------------------------------------------------------


@given(WILD)
def test_fold_is_stable_and_blind_to_case_and_accents(text: str) -> None:
    key = titles.fold(text)
    assert titles.fold(key) == key
    assume(not set("\\$&<İ") & set(text))
    assert titles.fold(text.upper()) == titles.fold(text.lower())
    assert titles.fold(unicodedata.normalize("NFD", text)) == key


@given(rich_texts())
@example("ß-Xß")
@example("a-Xa")
def test_sentence_case_changes_nothing_but_case(rich: str) -> None:
    assert titles.sentence_case(rich).casefold() == rich.casefold()
    assert titles.sentence_case(titles.sentence_case(rich)) == titles.sentence_case(rich)


@given(WILD)
def test_pages_settle_at_once(text: str) -> None:
    assume(not set("\\{}$") & set(text))
    once = pages.clean_pages(text)
    assert pages.clean_pages(once) == once
    assert pages.clean_pages(pages.bibtex_pages(once)) == once


VENUE_WORDS = st.lists(
    st.sampled_from("Journal of Physics Chemical Review Letters A B Nature the and 1999".split()),
    max_size=5,
).map(" ".join)


@given(st.one_of(VENUE_WORDS, WILD), st.one_of(VENUE_WORDS, WILD))
def test_venue_similarity_is_a_similarity(a: str, b: str) -> None:
    figure = venues.venue_similarity(a, b)
    assert 0.0 <= figure <= 1.0
    assert figure == venues.venue_similarity(b, a)
    assert venues.venue_similarity(a, a) == (1.0 if titles.fold(a) else 0.0)
