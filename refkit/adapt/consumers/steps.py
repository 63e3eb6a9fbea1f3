"""Steps that several programs need: links, empty fields, dates, names, LaTeX text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from refkit.adapt.consumers.draft import (
    LEFT_OUT,
    MOVED,
    OTHERS_LEFT_OUT,
    UNSETTABLE,
    Draft,
    Step,
    is_bib,
    shown,
)
from refkit.adapt.consumers.mathtext import math_text
from refkit.formats.bibtex.fields import COMPONENTS, VERBATIM
from refkit.formats.bibtex.inherit import keys_in
from refkit.formats.bibtex.links import LINKS, is_inherited
from refkit.formats.losses import LINK_LEFT_OUT
from refkit.model.entry import OTHERS, Date, Field, Name
from refkit.model.report import Severity
from refkit.normalise.dates import year_of
from refkit.normalise.latex import from_rich, strip_markup, to_plain, to_rich, unknown_macros
from refkit.normalise.latex_safe import is_balanced, tame, unsettable
from refkit.normalise.names import format_names, parse_names

_NAME_FIELDS = frozenset(
    """afterword annotator commentator foreword holder introduction namea nameb namec
    shortauthor shorteditor sortname""".split()
)
PARTS = frozenset(part for parts in COMPONENTS.values() for part in parts if part)
_REFERENCES = ("xref", "related", "entryset", *LINKS)
_YEAR = re.compile(r"\s*\d{1,4}(?!\d)")
_COMMAS = re.compile(r",(?![^{]*\})")


def without_empty(draft: Draft) -> None:
    """Leave out fields without a value: bibtex warns of them, and Typst fails on an empty year."""
    for each in (*draft.entry.fields, *draft.entry.extra):
        if each.value in ("", ()) or (isinstance(each.value, str) and each.value.isspace()):
            draft.drop(each)
            draft.tell(LEFT_OUT, f"{each.name!r} is left out: it is empty")


def without_others(draft: Draft) -> None:
    """Leave out `and others` where a program would take it for a person."""
    for each in draft.entry.fields:
        if isinstance(each.value, tuple) and OTHERS in each.value:
            people = tuple(name for name in each.value if name != OTHERS)
            draft.change(each, replace(each, value=people, raw=""))
            message = (
                f"'and others' in {each.name!r}: {draft.program} takes it for a name; left out"
            )
            draft.tell(OTHERS_LEFT_OUT, message, Severity.WARNING)


def unlinked(draft: Draft) -> None:
    """Write what an entry inherits into it, and leave out its links."""
    entry = draft.entry
    for each in (*entry.fields, *entry.extra):
        if is_inherited(entry, each):
            own = replace(each.origin, ref=entry.origin.ref)
            draft.change(each, replace(each, origin=own))
    for name in LINKS:
        if text := entry.beyond(name):
            draft.drop_extra(name)
            message = f"{name!r} is left out ({text!r}); what came from it is written"
            draft.tell(LINK_LEFT_OUT, message)


def live_links(keys: frozenset[str]) -> Step:
    """Make a step that leaves out links to entries that are not among `keys`."""

    def step(draft: Draft) -> None:
        for each in draft.entry.extra:
            if each.name in _REFERENCES and is_bib(draft.entry):
                lost = [key for key in keys_in(str(each.value)) if key not in keys]
                if lost:
                    draft.drop(each, f"the file has no entry {lost[0]!r}")

    return step


def readable_dates(worded: Collection[str] = ()) -> Step:
    """Make a step that writes dates that are only words, or that no calendar has, into the note.

    `worded` are the variables whose words the program prints. The year stays where the text
    tells it.
    """

    def step(draft: Draft) -> None:
        for each in draft.entry.fields:
            if not isinstance(each.value, Date) or _is_readable(each.value):
                continue
            if not each.value.literal or each.name not in worded:
                _move_date(draft, each, each.value)

    return step


def _move_date(draft: Draft, each: Field, date: Date) -> None:
    year = year_of(date) if date.literal else None
    draft.drop(each)
    draft.note(each.name, shown(each))
    if year is not None and each.name == "issued":
        draft.put(each.name, Date(year))
    message = f"{draft.program} cannot read the date {each.name!r}; it is written into 'note'"
    draft.tell(MOVED, message)


def readable_months(draft: Draft) -> None:
    """Move a month, a day or a second year that is none to the note: Typst fails on it."""
    for each in draft.entry.extra:
        year = each.name in ("year", "date") and not _YEAR.match(str(each.value))
        if (year or each.name in ("month", "day")) and is_bib(draft.entry):
            draft.move(each)


def _is_readable(date: Date) -> bool:
    if date.literal or (date.year is None and date.end is None):
        return False
    years = (date.year, date.end.year if date.end else None)
    return all(year is None or -9999 <= year <= 9999 for year in years)


_COMMAS_WHY = "the commas of a name"
_ENVIRONMENT_WHY = "an environment that begins in one name and ends in another"


def plain_names(draft: Draft) -> None:
    """Write names anew whose commas bibtex and biber refuse, and none that are empty."""
    for each in draft.entry.fields:
        if isinstance(each.value, tuple):
            people = tuple(map(_one_name, filter(_is_named, each.value)))
            odd = people != each.value or (each.raw and _has_odd_commas(each.raw))
            if odd:
                draft.change(each, replace(each, value=people, raw=""), _COMMAS_WHY)
            elif "\\begin" in each.raw:
                draft.change(each, replace(each, raw=""), _ENVIRONMENT_WHY)
    for each in draft.entry.extra if is_bib(draft.entry) else ():
        if each.name in _NAME_FIELDS and _has_odd_commas(str(each.value)):
            text = format_names(tuple(map(_one_name, parse_names(str(each.value)))))
            draft.change(each, replace(each, value=text), _COMMAS_WHY)


def _is_named(name: Name) -> bool:
    return name != Name()


def _one_name(name: Name) -> Name:
    """Return a name that has no given one so that it is written without a comma at its end."""
    if name.given or not (name.particle or name.dropping_particle or name.suffix):
        return name
    if name.suffix:
        return replace(name, given=name.suffix, suffix="")
    parts = (name.dropping_particle, name.particle, name.family)
    return Name(literal=" ".join(part for part in parts if part))


def _has_odd_commas(text: str) -> bool:
    if "=" in text:
        return False
    names = re.split(r"\s+and\s+", text)
    return any(len(_COMMAS.findall(name)) > 2 or name.rstrip().endswith(",") for name in names)


def sound_latex(lacking: frozenset[str] = frozenset()) -> Step:
    """Make a step that escapes what LaTeX text has unescaped, and replaces unknown commands.

    Those are what a preamble defines, which is not written, and `lacking`, which only certain
    packages know.
    """

    def step(draft: Draft) -> None:
        closed(draft)
        for each in draft.entry.fields:
            if each.raw and isinstance(each.value, str | tuple) and each.name not in ("URL", "DOI"):
                text = _sound(each.raw, lacking)
                if text != each.raw:
                    draft.change(each, replace(each, raw=text), _WHY)
        for each in draft.entry.extra if is_bib(draft.entry) else ():
            _sound_extra(draft, each, lacking)

    return step


def _sound(latex: str, lacking: frozenset[str]) -> str:
    """Return LaTeX text as it is fit for programs, "" where it is to be made from its value."""
    lost = not is_balanced(latex) or unknown_macros(latex)
    if lost or (lacking and not lacking.isdisjoint(_MACRO.findall(latex))):
        return ""
    return tame(latex)


def _sound_extra(draft: Draft, each: Field, lacking: frozenset[str]) -> None:
    if not _FIELD.fullmatch(each.name):
        draft.drop(each, f"{draft.program} cannot parse such a name of a field")
    elif each.name not in VERBATIM and isinstance(each.value, str):
        text = _sound(each.value, lacking) or from_rich(to_plain(each.value))
        if text != each.value:
            draft.change(each, replace(each, value=text), _WHY)


def closed(draft: Draft) -> None:
    """Take from what is no LaTeX the backslash and the braces that would hide its end.

    BibTeX counts a brace behind a backslash, Typst, pandoc and Zotero do not.
    """
    for each in (*draft.entry.fields, *draft.entry.extra):
        text = str(each.value)
        if each.name not in ("URL", "DOI", *VERBATIM):
            continue
        if text.endswith("\\") or not is_balanced(text):
            text = _BRACES.sub("", text).rstrip("\\")
            draft.change(each, replace(each, value=text, raw=""), _BRACES_WHY)


_BRACES = re.compile(r"\\?[{}]")
_BRACES_WHY = "braces that do not pair, or a backslash at its end, are left out"
_FIELD = re.compile(r"[A-Za-z][\w.:+/-]*")
_WHY = "special characters are escaped, unknown commands replaced"
_MACRO = re.compile(r"\\([A-Za-z]+)")


def without_macros(draft: Draft) -> None:
    """Write every text anew from its Unicode value, without commands and math of its own."""
    for each in draft.entry.fields:
        value = each.value
        if isinstance(value, str) and each.name not in ("URL", "DOI"):
            plain = _unicode(value)
            why = _MATH_WHY if plain != value else _MACRO_WHY if _GARBLED.search(each.raw) else ""
            if each.raw or why:
                draft.change(each, replace(each, value=plain, raw=""), why)
        elif isinstance(value, tuple) and each.raw:
            draft.change(each, replace(each, raw=""))
    for each in draft.entry.extra if is_bib(draft.entry) else ():
        if each.name not in VERBATIM and isinstance(each.value, str) and "\\" in each.value:
            text = from_rich(_unicode(to_rich(each.value, protect=False)))
            draft.change(each, replace(each, value=text))


_GARBLED = re.compile(r"\\emph|\\[A-Za-z]*TeX")
_MACRO_WHY = "a command is written as one that is read, or as its text"
_MATH = re.compile(r"\$(?![\s$])(?:[^$\\]|\\.)+?(?<![\s\\$])\$(?!\d)")
"""Math by pandoc's rule: no blank inside the dollar signs, no digit behind them."""


def _unicode(rich: str) -> str:
    return _MATH.sub(lambda found: math_text(found[0]), rich) if "$" in rich else rich


def unicode_math(draft: Draft) -> None:
    """Write math in Unicode for what reads no LaTeX."""
    for each in draft.entry.fields:
        if isinstance(each.value, str) and (plain := _unicode(each.value)) != each.value:
            draft.change(each, replace(each, value=plain, raw=""), _MATH_WHY)


_MATH_WHY = "math is written in Unicode"


def whole_titles(draft: Draft) -> None:
    """Write titles with their subtitles in one field, and likewise volumes with their parts."""
    entry = draft.entry
    values = [strip_markup(each.value) for each in entry.fields if isinstance(each.value, str)]
    held = [
        each
        for each in (entry.extra if is_bib(entry) else ())
        if each.name in PARTS and any(to_plain(str(each.value)) in value for value in values)
    ]
    if not held:
        return
    for each in entry.fields:
        if each.raw and isinstance(each.value, str):
            draft.change(each, replace(each, raw=""))
    for each in held:
        draft.drop(each)
    names = ", ".join(each.name for each in held)
    draft.tell(MOVED, f"{names}: written in one field with what they belong to")


def told_letters(draft: Draft) -> None:
    """Tell of letters that pdflatex cannot set."""
    texts = (shown(each) for each in draft.entry.fields if each.name not in ("URL", "DOI"))
    lacking = "".join(dict.fromkeys(unsettable("".join(texts))))
    if lacking:
        message = f"pdflatex cannot set {lacking[:20]!r}; lualatex and xelatex can"
        draft.tell(UNSETTABLE, message, Severity.WARNING)
