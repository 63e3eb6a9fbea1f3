"""What a written file does not hold: left out beforehand, or found by reading it again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from refkit.formats.characters import mended
from refkit.model.entry import Date, Entry, Field, Value
from refkit.model.report import Diagnostic, Severity
from refkit.model.text import Span
from refkit.normalise.dates import format_edtf

FIELD_LOST = "LOS001"
FIELD_CHANGED = "LOS002"
TYPE_CHANGED = "LOS003"
KEYS_LOST = "LOS004"
KEY_REPEATED = "LOS005"
OTHERS_WRITTEN = "LOS006"
DATA_LEFT_OUT = "LOS007"
BRACES_CHANGED = "LOS008"
CHARACTER_LOST = "LOS009"
LEFT_BEHIND = "LOS010"
LINK_LEFT_OUT = "LOS011"

_ELSEWHERE = " (csljson holds it)"
_SHOWN = 40
_MARKUP = re.compile(r"</?(?:i|b|sup|sub|span)\b[^>]*>")
_LINKS = frozenset({"crossref", "xdata"})
_WITHIN = {
    "subtitle": ("title",),
    "booktitle": ("container-title", "title"),
    "booksubtitle": ("container-title",),
    "journalsubtitle": ("container-title",),
    "eprint": ("URL", "DOI", "PMID", "PMCID"),
    "eprinttype": ("URL",),
    "archiveprefix": ("URL",),
}
"""The fields of .bib files whose text stands in a CSL variable as well, and in which."""

DATA_ONLY = frozenset({"xdata"})
"""Entry types of BibLaTeX that only hold data for others and are never cited themselves."""


def writable(
    entries: Sequence[Entry], *, data_only: bool = False
) -> tuple[list[Entry], list[Diagnostic]]:
    """Return the entries that a writer is to write, each fit for UTF-8, and what that changed.

    Entries that are no works are left out, unless the target has `data_only` ones too.
    """
    kept: list[Entry] = []
    problems: list[Diagnostic] = []
    for entry in entries:
        if entry.native_type in DATA_ONLY and not data_only:
            problems.append(_left_out(entry))
            continue
        whole, names = mended(entry)
        kept.append(whole)
        problems += (_mended(whole.key, name) for name in names)
    return kept, problems


def _left_out(entry: Entry) -> Diagnostic:
    message = f"@{entry.native_type} is no work; the entries that name it have its fields"
    span = entry.origin.span
    return Diagnostic(DATA_LEFT_OUT, message, span, entry.key, severity=Severity.INFO)


def _mended(key: str, name: str) -> Diagnostic:
    message = f"what is no character in {name!r} is written as U+FFFD"
    return _warning(CHARACTER_LOST, message, key)


def losses(entry: Entry, again: Entry, target: str) -> Iterator[Diagnostic]:
    """Yield a warning for each part of `entry` that `again`, read from its text, lacks.

    `target` is the format's name as a user knows it. Keys are compared by `key_changed`.
    """
    if again.type != entry.type:
        message = f"{target} has no type {entry.type!r}; it is written as {again.type!r}"
        yield _warning(TYPE_CHANGED, message + _ELSEWHERE, entry.key)
    ours, theirs = _values(entry.fields), _values(again.fields)
    if ours != theirs:
        yield from _compared(entry, ours, theirs, target)
    if entry.extra:
        yield from _extras(entry, again, target)


def key_changed(key: str, again: str, target: str) -> Iterator[Diagnostic]:
    """Yield a warning if a citation key comes back otherwise than it was."""
    if key and key != again:
        message = f"{target} does not hold 'id' in full: it is read as {again!r}; rename the key"
        yield _warning(FIELD_CHANGED, message, key)


def _values(fields: Sequence[Field]) -> dict[str, Value]:
    return {each.name: each.value for each in reversed(fields)}


def _compared(
    entry: Entry, ours: dict[str, Value], theirs: dict[str, Value], target: str
) -> Iterator[Diagnostic]:
    for name in dict.fromkeys(each.name for each in entry.fields):
        if name not in theirs:
            yield lost(entry.key, name, target)
        elif theirs[name] != ours[name]:
            became = _became(theirs[name], ours[name])
            message = f"{target} does not hold {name!r} in full: {became}"
            yield _warning(FIELD_CHANGED, message + _ELSEWHERE, entry.key)


def _extras(entry: Entry, again: Entry, target: str) -> Iterator[Diagnostic]:
    held = Counter((each.name, each.value) for each in again.extra)
    for each in entry.extra:
        if held[each.name, each.value]:
            held[each.name, each.value] -= 1
        elif each.name in _LINKS:
            message = f"{target} cannot hold the link {each.name!r}; what came from it is written"
            yield Diagnostic(LINK_LEFT_OUT, message, key=entry.key, severity=Severity.INFO)
        elif not _stands_within(each, again):
            yield lost(entry.key, each.name, target)


def lost(key: str, name: str, target: str) -> Diagnostic:
    """Return the warning that a field is left out."""
    message = f"{target} cannot hold {name!r}; it is left out{_ELSEWHERE}"
    return _warning(FIELD_LOST, message, key)


def _stands_within(extra: Field, again: Entry) -> bool:
    """Tell whether a variable that is held has an extra's text in it, as a title its subtitle."""
    if not isinstance(extra.value, str):
        return False
    text = _bare(extra.value)
    return any(text in _bare(again.text(name)) for name in _WITHIN.get(extra.name, ()))


def _bare(rich: str) -> str:
    return " ".join(_MARKUP.sub("", rich).split()).casefold()


def _became(value: Value, was: Value) -> str:
    """Say what became of a value: of names the first that is another one, of a text its start."""
    if isinstance(value, Date):
        return f"it is read as {format_edtf(value)!r}"
    if isinstance(value, str):
        if isinstance(was, str) and _MARKUP.sub("", was) == _MARKUP.sub("", value):
            return "its markup is left out"
        return f"it is read as {value if len(value) <= _SHOWN else value[: _SHOWN - 3] + '...'!r}"
    others = was if isinstance(was, tuple) else ()
    for name, other in zip_longest(value, others):
        if name != other and name is not None:
            parts = (name.given, name.dropping_particle, name.particle, name.family, name.suffix)
            text = name.literal or " ".join(filter(None, parts))
            return f"it is read with {text!r}"
    return f"it is read with {len(value)} names"


def left_behind(what: str, span: Span) -> Diagnostic:
    """Return the note that a part of a file will not be in one that is written from it."""
    message = f"{what} is left behind: it is of the file, not of its entries"
    return Diagnostic(LEFT_BEHIND, message, span, severity=Severity.INFO)


def keys_lost(entries: Sequence[Entry], target: str) -> tuple[Diagnostic, ...]:
    """Return one warning for a file that has no place for citation keys, if there are any."""
    if not any(entry.key for entry in entries):
        return ()
    return (_warning(KEYS_LOST, f"{target} has no place for citation keys; they are lost", ""),)


def repeated_keys(entries: Sequence[Entry]) -> tuple[Diagnostic, ...]:
    """Return a warning for each key that several entries bear: consumers keep only one of them."""
    counts = Counter(entry.key for entry in entries)
    return tuple(
        _warning(KEY_REPEATED, f"{count} entries have the key {key!r}", key)
        for key, count in counts.items()
        if key and count > 1
    )


def _warning(code: str, message: str, key: str) -> Diagnostic:
    return Diagnostic(code, message, key=key, severity=Severity.WARNING)
