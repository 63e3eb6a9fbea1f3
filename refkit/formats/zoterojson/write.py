"""Entries to Zotero's item JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from refkit.formats.losses import repeated_keys, writable
from refkit.formats.zotero.item import Creator, Item
from refkit.formats.zotero.reading import tag_objects
from refkit.formats.zotero.tables import TYPES
from refkit.formats.zotero.writing import entry_to_item, lost
from refkit.formats.zoterojson.read import read
from refkit.model.entry import Entry
from refkit.model.report import Written
from refkit.model.text import SourceText

_KEY_LETTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
_KEY_LENGTH = 8


def write(entries: Sequence[Entry]) -> Written:
    """Write the `data` of each entry's item; an item's child notes follow it.

    Only an item that has notes gets a key, made from its citation key, for them to name as
    their `parentItem`; all other items are as the API takes new ones.
    """
    works, problems = writable(entries)
    problems += repeated_keys(works)
    families = map(_family, works, _item_keys(works))
    data = [each for family in families for each in family]
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    again = read(SourceText("", text)).entries
    for entry, read_back in zip(works, again, strict=True):
        problems += lost(entry, read_back, "Zotero")
    return Written(text, tuple(problems))


def item_data(entry: Entry) -> dict[str, Any]:
    """Return the `data` object by which the API makes the entry's item, without its notes."""
    return _data(entry_to_item(entry))


def children(entry: Entry) -> list[dict[str, Any]]:
    """Return the `data` of an entry's child notes; whoever adds them names their `parentItem`."""
    return [
        {"itemType": "note", "note": html, "tags": [], "relations": {}}
        for html in entry_to_item(entry).notes
    ]


def _family(entry: Entry, key: str) -> Iterator[dict[str, Any]]:
    notes = children(entry)
    # The API takes a key of ours only with version 0: the item is new.
    yield {**({"key": key, "version": 0} if notes else {}), **item_data(entry)}
    yield from ({**note, "parentItem": key} for note in notes)


def _item_keys(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield a key for each entry's item, always the same for the same citation keys."""
    taken: set[str] = set()
    for entry in entries:
        number = 0
        key = _item_key(entry.key)
        while key in taken:
            number += 1
            key = _item_key(f"{entry.key}\0{number}")
        taken.add(key)
        yield key


def _item_key(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    letters = ""
    while len(letters) < _KEY_LENGTH:
        number, place = divmod(number, len(_KEY_LETTERS))
        letters += _KEY_LETTERS[place]
    return letters


def _data(item: Item) -> dict[str, Any]:
    shape = TYPES[item.kind].fields
    data: dict[str, Any] = {"itemType": item.kind}
    fields = {own: item.fields[base] for base, own in shape.items() if base in item.fields}
    title = shape["title"]
    if title in fields:
        data[title] = fields.pop(title)
    data["creators"] = [_creator(each) for each in item.creators]
    data |= fields
    data["tags"] = tag_objects(item.tags)
    data["collections"] = []
    data["relations"] = {}
    return data


def _creator(creator: Creator) -> dict[str, str]:
    if creator.single:
        return {"creatorType": creator.role, "name": creator.last}
    return {"creatorType": creator.role, "firstName": creator.first, "lastName": creator.last}
