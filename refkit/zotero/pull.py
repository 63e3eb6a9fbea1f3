"""Reading a library: works with their child notes, in the order in which they were added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from refkit.errors import SourceError
from refkit.zotero.library import Library
from refkit.zotero.options import PullOptions
from refkit.zotero.service import Item

_NO_WORK = ("attachment", "note", "annotation")


@dataclass(frozen=True, slots=True)
class Pulled:
    """Items as the API gives them, each work followed by its notes, and the library's version.

    `left` counts what is no work: files and notes that stand alone.
    """

    items: tuple[Item, ...]
    version: int
    works: int
    left: int


def pull(library: Library, wish: PullOptions) -> Pulled:
    """Read a library; raises RefusedError and SourceError."""
    inside = f"collections/{wish.collection}/items" if wish.collection else "items"
    query: dict[str, object] = {"sort": "dateAdded", "direction": "asc"}
    if wish.tag:  # a leading "-" would mean all items without it
        query["tag"] = f"\\{wish.tag}" if wish.tag.startswith("-") else wish.tag
    if wish.since is not None:
        query["since"] = wish.since
    tops = library.items(f"{inside}/top", **query)
    works = [each for each in tops.items if _data(each).get("itemType") not in _NO_WORK]
    works.sort(key=_added)
    notes = _notes(library, inside, tops.version) if works else {}
    items = [one for work in works for one in (work, *notes.get(str(work.get("key")), ()))]
    return Pulled(tuple(items), tops.version, len(works), len(tops.items) - len(works))


def _notes(library: Library, inside: str, version: int) -> dict[str, list[Item]]:
    found = library.items(inside, itemType="note")
    if found.version != version:
        name = library.service.name
        raise SourceError(name, "the library changed while it was read; try again")
    return _by_parent(sorted(found.items, key=_added))


def _by_parent(notes: Iterable[Item]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for each in notes:
        groups.setdefault(str(_data(each).get("parentItem", "")), []).append(each)
    return groups


def _added(item: Item) -> tuple[str, str]:
    return str(_data(item).get("dateAdded", "")), str(item.get("key", ""))


def _data(item: Item) -> Item:
    data = item.get("data")
    return data if isinstance(data, dict) else {}
