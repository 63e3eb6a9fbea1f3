"""Which entries get which keys: by pattern, each key once, the same for the same file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from refkit.citekeys.options import Keying, Postfix
from refkit.citekeys.pattern import Pattern
from refkit.formats.bibtex.inherit import keys_in
from refkit.formats.bibtex.keys import made_key
from refkit.formats.losses import DATA_ONLY
from refkit.formats.plain import letters
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import Span
from refkit.normalise.keys import fit_key

NO_KEY = "KEY010"
TAKEN = "KEY011"
SHARED = "KEY012"

# Longer rows of letters may be words: doe2020limits.
_SUFFIXES = {"alpha": re.compile("[a-z]"), "number": re.compile(r"-[1-9]\d{0,3}")}
_RIS_ID = re.compile(r"^ID {1,2}- *\S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rename:
    """An entry's place in `Document.entries`, its old key ("" for none) and its new one."""

    index: int
    old: str
    new: str


def keyless(document: Document) -> frozenset[int]:
    """Return the places of the entries that have no key of their own.

    Formats other than BibTeX make up a key for these when they are read.
    """
    entries = document.entries
    if document.format in ("bibtex", "biblatex"):
        return frozenset(at for at, entry in enumerate(entries) if not entry.key)
    if document.format == "ris":
        text = document.source.text
        whole = Span(0, 0)
        return frozenset(
            at
            for at, entry in enumerate(entries)
            if not _RIS_ID.search(text, *(entry.origin.span or whole))
        )
    spans = {each.span for each in document.problems if each.code == "VAL003"}
    return frozenset(at for at, entry in enumerate(entries) if entry.origin.span in spans)


def works(document: Document) -> frozenset[int]:
    """Return the places of the entries that can be cited: all but those that only hold data."""
    return frozenset(
        at for at, each in enumerate(document.entries) if each.native_type not in DATA_ONLY
    )


def assign(
    document: Document, pattern: Pattern, chosen: Collection[int], options: Keying
) -> tuple[list[Rename], list[Diagnostic]]:
    """Give the chosen entries keys by the pattern, in the file's order.

    No two entries get keys that are the same but for case, which BibTeX takes for one. What
    the entries that are not chosen are called, and all aliases (BibLaTeX's `ids`), is taken;
    where aliases are kept an entry's old key is an alias too. An entry whose key is already
    what the pattern gives, with a suffix or without, keeps it: a new entry before it in the
    file does not change it.
    """
    entries = document.entries
    missing = keyless(document)
    used = _Used(entries, chosen, keep_alias=options.keep_alias)
    bases, problems = _bases(entries, pattern, chosen)
    kept = {
        index
        for index, base in bases.items()
        if index not in missing and used.keep(entries[index].key, base, index, options.postfix)
    }
    renames: list[Rename] = []
    for index, base in bases.items():
        if index in kept:
            continue
        key = used.free(base, index, options.postfix)
        if key != base:
            message = f"{base!r} is the key of another entry; this one gets {key!r}"
            problems.append(_told(TAKEN, message, entries[index], key))
        renames.append(Rename(index, "" if index in missing else entries[index].key, key))
    return renames, problems


def _bases(
    entries: Sequence[Entry], pattern: Pattern, chosen: Collection[int]
) -> tuple[dict[int, str], list[Diagnostic]]:
    """Return the keys of the chosen entries before they are made unique, in the file's order."""
    bases: dict[int, str] = {}
    problems: list[Diagnostic] = []
    for index in sorted(chosen):
        base = pattern.key(entries[index])
        if not base:
            base = fit_key(made_key(entries[index])) or "entry"
            message = f"the pattern gives this entry no key; it gets one like {base!r}"
            problems.append(_told(NO_KEY, message, entries[index], base))
        bases[index] = base
    return bases, problems


def shared_keys(document: Document, renames: Sequence[Rename]) -> list[Diagnostic]:
    """Tell of each old key that several entries had: what names it follows the first of them."""
    places: dict[str, list[int]] = {}
    for at, entry in enumerate(document.entries):
        places.setdefault(entry.key, []).append(at)
    olds = dict.fromkeys(each.old for each in renames if each.old)
    return [
        _told(
            SHARED,
            f"{len(places[old])} entries have the key {old!r}; citations of it follow the first",
            document.entries[places[old][0]],
            old,
        )
        for old in olds
        if len(places[old]) > 1
    ]


class _Used:
    """The keys that are taken, folded, and by which entry: -1 for several."""

    def __init__(
        self, entries: Sequence[Entry], chosen: Collection[int], *, keep_alias: bool
    ) -> None:
        self._owner: dict[str, int] = {}
        self._last: dict[str, int] = {}
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            if index not in chosen and entry.key:
                self._take(entry.key, -1)
            elif keep_alias and entry.key and entry.key not in seen:
                self._take(entry.key, index)
            seen.add(entry.key)
            for alias in keys_in(entry.beyond("ids")):
                self._take(alias, index)

    def _take(self, key: str, index: int) -> None:
        folded = key.lower()
        self._owner[folded] = index if self._owner.get(folded, index) == index else -1

    def keep(self, key: str, base: str, index: int, postfix: Postfix) -> bool:
        """Take a key that an entry has, if it is the base or the base with a suffix."""
        if not key.startswith(base) or not self._may(key, index):
            return False
        if key != base and not _SUFFIXES[postfix].fullmatch(key, len(base)):
            return False
        self._owner[key.lower()] = -1
        return True

    def free(self, base: str, index: int, postfix: Postfix) -> str:
        """Return the base, or the first of base + a, b ... that is free, and take it."""
        key, number = base, 0
        if not self._may(key, index):
            number = self._last.get(base.lower(), 0)
            while not self._may(key, index) or number == 0:
                number += 1
                key = base + _suffix(number, postfix)
            self._last[base.lower()] = number
        self._owner[key.lower()] = -1
        return key

    def _may(self, key: str, index: int) -> bool:
        return self._owner.get(key.lower(), index) == index


def _suffix(number: int, postfix: Postfix) -> str:
    return f"-{number + 1}" if postfix == "number" else letters(number)


def _told(code: str, message: str, entry: Entry, key: str) -> Diagnostic:
    return Diagnostic(code, message, entry.origin.span, key, severity=Severity.WARNING)
