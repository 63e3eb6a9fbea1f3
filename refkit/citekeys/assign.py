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
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import Span
from refkit.normalise.keys import fit_key

NO_KEY = "KEY010"
TAKEN = "KEY011"
SHARED = "KEY012"

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
    where aliases are kept an entry's old key is an alias too.
    """
    entries = document.entries
    missing = keyless(document)
    used = _Used(entries, chosen, keep_alias=options.keep_alias)
    renames: list[Rename] = []
    problems: list[Diagnostic] = []
    for index in sorted(chosen):
        entry = entries[index]
        base = pattern.key(entry)
        if not base:
            base = fit_key(made_key(entry)) or "entry"
            message = f"the pattern gives this entry no key; it gets one like {base!r}"
            problems.append(_told(NO_KEY, message, entry, base))
        key = used.free(base, index, options.postfix)
        if key != base:
            message = f"{base!r} is the key of another entry; this one gets {key!r}"
            problems.append(_told(TAKEN, message, entry, key))
        old = "" if index in missing else entry.key
        if key != old:
            renames.append(Rename(index, old, key))
    return renames, problems


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
    if postfix == "number":
        return f"-{number + 1}"
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _told(code: str, message: str, entry: Entry, key: str) -> Diagnostic:
    return Diagnostic(code, message, entry.origin.span, key, severity=Severity.WARNING)
