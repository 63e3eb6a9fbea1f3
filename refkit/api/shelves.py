"""Entries picked out of libraries by their keys."""

from __future__ import annotations

from collections.abc import Sequence

from refkit.errors import InputError
from refkit.manuscripts.choice import Place, Shelf

_DATA = frozenset(("xdata", "set"))


def places_of(shelf: Shelf, keys: Sequence[str], *, everything: bool = False) -> list[Place]:
    """Return where the entries with these keys are, or with `everything` all of the libraries.

    Of several libraries the first that has a key counts. Raises InputError for an unknown key,
    which names those nearest.
    """
    return _all(shelf) if everything else [_find(shelf, key) for key in keys]


def _all(shelf: Shelf) -> list[Place]:
    places = [
        Place(number, index)
        for number, library in enumerate(shelf.libraries)
        for index, entry in enumerate(library.entries)
        if entry.native_type not in _DATA
    ]
    return [place for place in places if shelf.find(shelf.entry(place).key)[:1] in ([place], [])]


def _find(shelf: Shelf, key: str) -> Place:
    found = shelf.find(key)
    if found:
        return found[0]
    from rapidfuzz import process, utils

    known = [each.key for library in shelf.libraries for each in library.entries]
    near = process.extract(key, known, limit=3, score_cutoff=70, processor=utils.default_process)
    hint = f"; near it: {', '.join(dict.fromkeys(each[0] for each in near))}" if near else ""
    paths = ", ".join(each.source.path for each in shelf.libraries)
    raise InputError(f"{paths}: there is no entry with the key {key!r}{hint}")
