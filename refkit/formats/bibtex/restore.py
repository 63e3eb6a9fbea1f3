"""Entries that went through CSL, given back the words of the .bib file that they came from.

`Entry.as_written` holds an entry's own fields as that file had them. They are read once more,
with what they inherit, and compared with what the CSL item says now: a variable that is as it
was is the file's own field again, and one that someone has changed since is the item's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from refkit.formats.bibtex.encode import in_one, is_sound
from refkit.formats.bibtex.fields import ROWS
from refkit.formats.bibtex.grammar import FIELD_NAME, HEAD
from refkit.formats.bibtex.inherit import Raw, Record, Values, inherit
from refkit.formats.bibtex.links import LINKS, SOURCES, is_inherited
from refkit.formats.bibtex.record import EntryReader
from refkit.formats.bibtex.verify import same_value
from refkit.formats.losses import DATA_ONLY
from refkit.model.entry import AsWritten, Entry, Field, Value
from refkit.model.text import Span
from refkit.normalise.titles import csl_case

Restored = tuple[Entry, Entry | None]
"""An entry that is to be written, and what it was in its .bib file if it is from CSL data."""

_NOWHERE = Span(0, 0)
_READERS = {name: EntryReader(name, "", name == "biblatex") for name in SOURCES}


def originals(entries: Sequence[Entry]) -> list[Entry | None]:
    """Return each entry as it was read from its .bib file, None where it has no such words."""
    records = [Record(entry.native_type, entry.key, _NOWHERE, _values(entry)) for entry in entries]
    values, _ = inherit(records)
    return [_original(*each) for each in zip(entries, records, values, strict=True)]


def _original(entry: Entry, record: Record, values: Values) -> Entry | None:
    if entry.as_written is None or not record.values:
        return None
    own = tuple((name, raw.text) for name, raw in record.values.items())
    form = entry.as_written.format
    return _READERS[form].entry(record, values, _NOWHERE, AsWritten(form, own))


def _values(entry: Entry) -> Values:
    """Return an entry's words, none where they are not fit for a file: someone broke them."""
    written = entry.as_written
    if written is None or written.format not in SOURCES or not _is_type(entry.native_type):
        return {}
    if not all(FIELD_NAME.fullmatch(f"{n}=") and is_sound(text) for n, text in written.fields):
        return {}
    return {name: Raw(in_one(text), 0, 0) for name, text in written.fields}


def _is_type(name: str) -> bool:
    fit = HEAD.fullmatch(f"@{name}{{") is not None and name == name.strip().lower()
    return fit and name not in ("comment", "preamble", "string")


def restored(entries: Sequence[Entry]) -> list[Restored]:
    """Return each entry with its unchanged fields restored, and what it was in its .bib file.

    Entries that come from a .bib file just now are those of the file already.
    """
    away = [entry.origin.source not in SOURCES for entry in entries]
    if not any(flag and entry.as_written for flag, entry in zip(away, entries, strict=True)):
        return [(entry, None) for entry in entries]
    return [
        (_merged(entry, old), old) if flag and old is not None else (entry, None)
        for entry, old, flag in zip(entries, originals(entries), away, strict=True)
    ]


def _merged(entry: Entry, old: Entry) -> Entry:
    if entry.native_type in DATA_ONLY:
        return old
    now = {each.name: each for each in reversed(entry.fields)}
    fields = [
        each if _same(now[each.name].value, each.value) else now[each.name]
        for each in old.fields
        if each.name in now
    ]
    before = {each.name for each in old.fields}
    fields += [each for each in now.values() if each.name not in before]
    return replace(entry, fields=tuple(fields), extra=tuple(_extras(entry, old)), origin=old.origin)


def _same(now: Value, before: Value) -> bool:
    """Tell whether a value is what was read, or what CSL's formats make of it."""
    if now == before:
        return True
    if not isinstance(now, str) or not isinstance(before, str):
        return False
    return now in (csl_case(before, cased=True), csl_case(before, cased=False))


def settled(
    pairs: Sequence[Restored], again: Sequence[Entry]
) -> tuple[list[Restored], frozenset[int], bool]:
    """Make up for parents that someone has changed, as `again`, the entries of the text, shows.

    Returns the entries with values of their own where they would inherit others, the places of
    those that would inherit what they do not have, and whether there are any of either.
    """
    works, apart = list(pairs), set[int]()
    for index, ((entry, old), found) in enumerate(zip(pairs, again, strict=False)):
        if old is None or not any(each.name in LINKS for each in found.extra):
            continue
        works[index] = _settled(entry, found), old
        names = {each.name for each in entry.fields}
        if any(is_inherited(found, each) and each.name not in names for each in found.fields):
            apart.add(index)
    changed = any(new is not was for (new, _), (was, _) in zip(works, pairs, strict=True))
    return works, frozenset(apart), changed or bool(apart)


def _settled(entry: Entry, found: Entry) -> Entry:
    held = {each.name: each.value for each in reversed(found.fields)}
    fields = tuple(
        replace(each, origin=entry.origin)
        if is_inherited(entry, each) and not same_value(held.get(each.name, ""), each.value)
        else each
        for each in entry.fields
    )
    return entry if fields == entry.fields else replace(entry, fields=fields)


def is_unchanged(entry: Entry, old: Entry) -> bool:
    """Tell whether a restored entry is what it was in its .bib file, links aside."""
    if any(each.name in LINKS for each in old.extra) or entry.fields != old.fields:
        return False
    return {(e.name, e.value) for e in entry.extra} == {(e.name, e.value) for e in old.extra}


def _extras(entry: Entry, old: Entry) -> Iterator[Field]:
    now = {each.name: each for each in reversed(entry.extra)}
    for each in old.extra:
        inherited = each.origin.ref != old.origin.ref
        if each.name in now and now[each.name].value != each.value:
            yield now[each.name]
        elif each.name in now or inherited:
            yield each
    before = {each.name for each in old.extra}
    yield from (each for each in entry.extra if each.name not in before)


def _spellings() -> dict[str, frozenset[str]]:
    """Return for each field all that say the same: `date` and `year`, `publisher` and `school`."""
    groups = [frozenset(r.bib for r in ROWS if r.csl == row.csl) for row in ROWS if row.csl]
    groups += [
        frozenset(("journal", "journaltitle")),
        frozenset(("date", "year", "month", "day")),
        frozenset(("eprinttype", "archiveprefix")),
        frozenset(("eprintclass", "primaryclass")),
        frozenset(("location", "address")),
    ]
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for name in group:
            found[name] = found.get(name, frozenset()) | group
    return found


_SPELLINGS = _spellings()


def in_own_words(
    words: Mapping[str, str], before: Mapping[str, str], now: Mapping[str, str], *, unlinked: bool
) -> dict[str, str]:
    """Return the fields of an entry in the `words` of its .bib file but for what has changed.

    `before` is how the entry of the file would be written, `now` how it is to be written;
    `unlinked` tells that what it inherits must be written too.
    """
    fields = dict(words)
    for name in (*before, *(name for name in now if name not in before)):
        if now.get(name) != before.get(name) or name in LINKS:
            fields = _put(fields, name, now.get(name))
        elif unlinked and words.keys().isdisjoint(_SPELLINGS.get(name, (name,))):
            fields[name] = now[name]
    return fields


def _put(fields: dict[str, str], name: str, text: str | None) -> dict[str, str]:
    """Put a field in the place of those that said the same, or take these away."""
    others = _SPELLINGS.get(name, frozenset()) | {name} if name not in fields else {name}
    place = next((each for each in fields if each in others), "")
    new: dict[str, str] = {}
    for each, held in fields.items():
        if each == place and text is not None:
            new[name] = text
        elif each not in others:
            new[each] = held
    return new | ({name: text} if text is not None else {})
