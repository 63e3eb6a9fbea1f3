"""Two .bib files compared: keys, types, and every field by its name and its text."""

from __future__ import annotations

from typing import NamedTuple

from refkit.formats.bibtex.read import read_biblatex
from refkit.model.entry import Entry
from refkit.model.text import SourceText
from refkit.normalise.latex import to_plain


class Kept(NamedTuple):
    """How many keys, types and fields of a file are the same in another, and of how many.

    `alike` counts fields that say the same once LaTeX is read; `lost` names those that do not
    have the same text.
    """

    entries: int
    keys: int
    types: int
    fields: int
    same: int
    alike: int
    lost: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of fields that are the same."""
        return self.same / self.fields if self.fields else 1.0


def compare(before: str, after: str) -> Kept:
    """Compare the .bib text `after` with `before`.

    A field is the same if an entry of that key has one of that name with the same text, blanks
    aside; macros are resolved.
    """
    old, new = _entries(before), _entries(after)
    lost: list[str] = []
    fields = alike = 0
    for key, entry in old.items():
        others = _fields(new[key]) if key in new else {}
        for name, text in _fields(entry).items():
            fields += 1
            alike += name in others and _read(others[name]) == _read(text)
            if others.get(name) != text:
                lost.append(f"{key} {name}")
    return Kept(
        len(old),
        sum(key in new for key in old),
        sum(key in new and new[key].native_type == each.native_type for key, each in old.items()),
        fields,
        fields - len(lost),
        alike,
        tuple(lost),
    )


def _read(text: str) -> str:
    return " ".join(to_plain(text).split())


def _entries(text: str) -> dict[str, Entry]:
    return {each.key: each for each in read_biblatex(SourceText("x.bib", text)).entries}


def _fields(entry: Entry) -> dict[str, str]:
    assert entry.as_written is not None
    return {name: " ".join(text.split()) for name, text in entry.as_written.fields}
