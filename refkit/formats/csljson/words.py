"""The words of a .bib file in CSL's `custom`, so that they can be given back to one.

`custom.refkit.biblatex` (or `.bibtex`: the dialect they were read in) holds an entry's own fields
by their names, in order, each as its LaTeX; `custom.refkit.extra` names those of them that CSL
has no variable for. `custom.refkit.xdata` holds the fields of the @xdata entries that an entry
is the first to name, by their keys, for CSL has no items that only hold data for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from refkit.formats.characters import whole_text
from refkit.formats.losses import DATA_ONLY
from refkit.model.entry import AsWritten, Entry, Field, Origin

FORMATS = ("biblatex", "bibtex")
_LINES = re.compile(r"[ \t]*\n[ \t]*(\n\s*)?")


def words_of(entry: Entry, data: Sequence[Entry] = ()) -> dict[str, Any]:
    """Return the members of `custom.refkit` that hold an entry's own words, and its `data`."""
    members: dict[str, Any] = {}
    if entry.as_written is not None:
        members[entry.as_written.format] = _fields(entry.as_written)
        names = {each.name for each in entry.extra if is_in_words(entry, each)}
        if extra := [name for name in members[entry.as_written.format] if name in names]:
            members["extra"] = extra
    held = {each.key: _fields(each.as_written) for each in data if each.as_written is not None}
    return members | ({"xdata": held} if held else {})


def _fields(written: AsWritten) -> dict[str, str]:
    return {
        name: _LINES.sub(_break, text) if "\n" in text else text for name, text in written.fields
    }


def _break(found: re.Match[str]) -> str:
    # To TeX the end of a line is a blank, and a blank line the end of a paragraph.
    return "\n\n" if found[1] else " "


def named_data(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return for each work the entries of data that it is the first to name."""
    works, data = [], dict[str, Entry]()
    for entry in entries:
        if entry.native_type not in DATA_ONLY:
            works.append(entry)
        elif entry.as_written is not None:
            data.setdefault(entry.key, entry)
    return [list(_taken(entry, data)) for entry in works]


def _taken(entry: Entry, data: dict[str, Entry]) -> Iterator[Entry]:
    words = dict(entry.as_written.fields) if entry.as_written is not None else {}
    for key in words.get("xdata", "").split(","):
        found = data.pop(key.strip(), None)
        if found is not None:
            yield found
            yield from _taken(found, data)


def read_words(ours: Mapping[str, Any]) -> AsWritten | None:
    """Return an entry's own words from `custom.refkit`, None where it has none."""
    for form in FORMATS:
        if words := _read(form, ours.get(form)):
            return words
    return None


def _read(form: str, fields: Any) -> AsWritten | None:
    if not isinstance(fields, Mapping):
        return None
    texts = [
        (whole_text(name), whole_text(text))
        for name, text in fields.items()
        if isinstance(name, str) and isinstance(text, str)
    ]
    return AsWritten(form, tuple(texts)) if texts else None


def read_data(item: Mapping[str, Any], origin: Origin) -> Iterator[Entry]:
    """Yield the entries of data that an item holds for itself and others."""
    custom = item.get("custom")
    ours = custom.get("refkit") if isinstance(custom, Mapping) else None
    if not isinstance(ours, Mapping) or not isinstance(ours.get("xdata"), Mapping):
        return
    for key, fields in ours["xdata"].items():
        written = _read("biblatex", fields)
        if written is not None:
            extra = tuple(Field(name, text, origin) for name, text in written.fields)
            yield Entry(whole_text(str(key)), "document", (), extra, "xdata", origin, written)


def extras_of(ours: Mapping[str, Any], words: AsWritten, origin: Origin) -> Iterator[Field]:
    """Yield those of an entry's own words that say what CSL has no variable for."""
    names = ours.get("extra")
    for name, text in words.fields:
        if isinstance(names, list) and name in names:
            yield Field(name, text, origin)


def is_in_words(entry: Entry, extra: Field) -> bool:
    """Tell whether a field beyond CSL is one of the entry's own words, or inherited."""
    if entry.as_written is None:
        return False
    if extra.origin.source in FORMATS and extra.origin.ref != entry.origin.ref:
        return True
    return (extra.name, extra.value) in entry.as_written.fields
