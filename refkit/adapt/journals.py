"""Journals' names: abbreviated by ISO 4, or expanded to a full name that is known.

An expansion is never guessed. The full names that are known are those of the file itself and
those that are handed in (a catalogue's); an abbreviation that none of them fits, or several,
stays and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from refkit.adapt.options import Conversion, Journals
from refkit.model.entry import Entry, Field
from refkit.model.report import Diagnostic, Severity
from refkit.normalise import iso4, ltwa
from refkit.normalise.latex import strip_markup
from refkit.normalise.titles import fold
from refkit.normalise.venues import abbreviates, initials

UNKNOWN = "JRN001"
SEVERAL = "JRN002"

_TYPES = frozenset("article-journal article-magazine review review-book".split())
_SHORT = ("container-title-short", "journalAbbreviation")


class Names:
    """The full names of journals that are known, and their abbreviations."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Take pairs of a full name and its abbreviation ("" where there is none)."""
        self._by_short: dict[str, dict[str, str]] = {}
        self._by_initials: dict[str, dict[str, str]] = {}
        self._full: set[str] = set()
        for full, short in pairs:
            # One word, such as a publisher's "Bulletin", is nobody's own abbreviation.
            self.learn(full, short if " " in short.strip() else "")

    def learn(self, full: str, short: str = "") -> None:
        """Take a full name, and its abbreviation if there is one."""
        key = fold(full)
        if not key or _is_short(full):
            return
        self._full.add(key)
        self._by_initials.setdefault(initials(full), {}).setdefault(key, full)
        if fold(short) and fold(short) != key:
            self._by_short.setdefault(fold(short), {}).setdefault(key, full)

    def full(self, name: str) -> list[str]:
        """Return the full names that a name may abbreviate, sorted; [] for one that is full."""
        key = fold(name)
        if key in self._full and key not in self._by_short:
            return []
        found = dict(self._by_short.get(key, {}))
        letters = initials(name)
        # One word, or a letter, is too little to tell a journal by.
        short = len(letters) > 1 and _is_short(name)
        alike = self._by_initials.get(letters, {}) if short else {}
        for other, full in alike.items():
            if other != key and (abbreviates(name, full) or self._is_iso4(key, full)):
                found.setdefault(other, full)
        return sorted(found.values())

    @staticmethod
    def _is_iso4(key: str, full: str) -> bool:
        return ltwa.installed() and fold(iso4.abbreviated(full)) == key


def _is_short(name: str) -> bool:
    return iso4.is_abbreviation(name) or iso4.is_bare_abbreviation(name)


def names_of(entries: Iterable[Entry], options: Conversion) -> Names:
    """Return the names that are known: the entries' own, and those that the user hands in."""
    names = Names(options.journal_names)
    for entry in entries:
        if entry.type in _TYPES:
            names.learn(_name(entry), _short(entry))
    return names


def renamed(
    name: str, mode: Journals, names: Names, language: str = ""
) -> tuple[str, tuple[str, str] | None]:
    """Return a journal's name abbreviated or expanded, and a code with what to tell, if any."""
    if mode == "abbreviate":
        return iso4.abbreviated(name, language), None
    found = names.full(name)
    if len(found) == 1:
        return found[0], None
    if found:
        listed = "; ".join(found[:5])
        return name, (SEVERAL, f"the journal {name!r} may be any of {len(found)}: {listed}")
    if iso4.is_abbreviation(name):
        return name, (UNKNOWN, f"no full name is known for the journal {name!r}")
    return name, None


def with_journals(
    entries: Sequence[Entry], options: Conversion, *, csl: bool, short: bool
) -> tuple[list[Entry], list[Diagnostic]]:
    """Return the entries with their journals' names abbreviated or expanded, and what to tell.

    Where the target is CSL, whose styles choose between the two names, an abbreviation is
    added as `container-title-short`; elsewhere it takes the full name's place. An entry's own
    abbreviation goes before one that is made. An abbreviation that is expanded is kept where
    the target has a place for it (`short`).
    """
    names = names_of(entries, options)
    problems: list[Diagnostic] = []
    works: list[Entry] = []
    for entry in entries:
        if entry.type not in _TYPES:
            works.append(entry)
        elif options.journals == "abbreviate":
            works.append(_abbreviated(entry, names, csl=csl))
        else:
            work, told = _expanded(entry, names, short=short)
            works.append(work)
            problems += told
    return works, problems


def _name(entry: Entry) -> str:
    return strip_markup(entry.text("container-title")).strip()


def _short(entry: Entry) -> str:
    return next((text for name in _SHORT if (text := entry.text(name).strip())), "")


def _abbreviated(entry: Entry, names: Names, *, csl: bool) -> Entry:
    name = _name(entry)
    if not name:
        return entry
    short = _short(entry)
    if csl and short:
        return entry
    new = short or renamed(name, "abbreviate", names, entry.text("language"))[0]
    if new == name:
        return entry
    return _with(entry, "container-title-short" if csl else "container-title", new)


def _expanded(entry: Entry, names: Names, *, short: bool) -> tuple[Entry, list[Diagnostic]]:
    name = _name(entry) or _short(entry)
    if not name:
        return entry, []
    new, told = renamed(name, "expand", names)
    if told is not None:
        code, message = told
        span = entry.origin.span
        return entry, [Diagnostic(code, message, span, entry.key, severity=Severity.WARNING)]
    if new == name:
        return entry, []
    work = _with(entry, "container-title", new)
    if short and not _short(entry):
        work = _with(work, "container-title-short", name)
    return work, []


def _with(entry: Entry, name: str, value: str) -> Entry:
    """Return the entry with a variable set, in its place if it has one."""
    old = entry.field(name)
    if old is None:
        return entry.with_fields((*entry.fields, Field(name, value)))
    new = replace(old, value=value, raw="")
    return entry.with_fields(new if each is old else each for each in entry.fields)
