"""Zotero's item JSON to a `Document`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from refkit.formats.characters import mended
from refkit.formats.csljson.read import ItemReader
from refkit.formats.losses import DATA_LEFT_OUT, left_behind
from refkit.formats.plain import fill_keys
from refkit.formats.zotero.item import Attachment, Creator, Item, Tag
from refkit.formats.zotero.reading import item_to_entry
from refkit.formats.zotero.tables import BASE_FIELDS, TYPES, VARIABLES
from refkit.model.entry import Entry, Field, Origin
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span

_TYPE_UNKNOWN = "VAL001"
_UNREADABLE = "VAL002"
_NO_CHARACTER = "VAL004"

_ANNOTATION = "annotation"
_CHILDREN = frozenset(("note", "attachment", _ANNOTATION))
_PLACES = ("path", "filename", "url")
# What an item says of itself as a part of a library, not of the work.
_OF_THE_LIBRARY = frozenset(
    """key version itemType parentItem dateAdded dateModified deleted inPublications mtime md5
    creators tags collections relations notes attachments seeAlso itemID itemKey libraryID uri
    select""".split()
)
_FIELDS = frozenset(VARIABLES) | {base for kind in TYPES.values() for base in kind.fields}


def read(source: SourceText) -> Document:
    """Read a list of items as the API sends them, or of their `data` alone.

    Child notes and attachments go to the entries of their parents. Keys, versions and times of
    the library are left in the file: `Document.tree` holds the `data` object of each entry.
    """
    reader = _Reader(source)
    entries = fill_keys(reader.entries())
    tree = tuple(reader.data)
    return Document(source, "zoterojson", entries, tuple(reader.items.problems), tree)


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.items = ItemReader(source, "Zotero's JSON")
        self.path = source.path
        self.data: list[Mapping[str, Any]] = []
        self._told = False

    def entries(self) -> list[Entry]:
        """Read the works; their children are gathered first, for they may come before them."""
        found = [(_data(item), span) for item, span in self.items.items()]
        works = [(data, span) for data, span in found if _kind(data) not in _CHILDREN]
        keys = {_text(data, "key") for data, _ in works}
        family: dict[str, list[Mapping[str, Any]]] = {}
        self._annotations([span for data, span in found if _kind(data) == _ANNOTATION])
        for data, span in found:
            if _kind(data) in _CHILDREN and _kind(data) != _ANNOTATION:
                if _text(data, "parentItem") in keys:
                    family.setdefault(_text(data, "parentItem"), []).append(data)
                else:
                    self._orphan(data, span)
        return [self._entry(data, family.get(_text(data, "key"), []), span) for data, span in works]

    def _annotations(self, spans: list[Span]) -> None:
        if spans:
            message = f"{len(spans)} annotations of files are no works and left out"
            self._say(DATA_LEFT_OUT, message, spans[0], severity=Severity.INFO)

    def _orphan(self, data: Mapping[str, Any], span: Span) -> None:
        message = f"the {_kind(data)} {_text(data, 'key')!r} is of no work here and left out"
        self._say(DATA_LEFT_OUT, message, span, severity=Severity.INFO)

    def _entry(
        self, data: Mapping[str, Any], children: list[Mapping[str, Any]], span: Span
    ) -> Entry:
        self.data.append(data)
        if not self._told and (data.get("collections") or data.get("relations")):
            self._told = True
            self.items.problems.append(left_behind("what items say of collections", span))
        kind = _kind(data)
        if kind not in TYPES:
            what = f"Zotero has no item type {kind!r}" if kind else "this item has no itemType"
            message = f"{what}; it is read as a document"
            self._say(_TYPE_UNKNOWN, message, span, severity=Severity.WARNING)
        item = Item(kind)
        origin = Origin("zoterojson", self.path, span)
        beyond = [Field(name, text, origin) for name, text in self._fill(item, data, span)]
        for child in children:
            _add_child(item, child)
        entry = item_to_entry(item, origin)
        whole, faulty = mended(replace(entry, extra=(*entry.extra, *beyond)))
        for name in faulty:
            message = f"what is no character in {name!r} is read as U+FFFD"
            self._say(_NO_CHARACTER, message, span, whole.key, Severity.WARNING)
        return whole

    def _fill(self, item: Item, data: Mapping[str, Any], span: Span) -> Iterator[tuple[str, str]]:
        """Fill an item from its data; yield what is no field of Zotero's, as JSON text."""
        item.creators += self._creators(data.get("creators"), span)
        item.tags += _tags(data.get("tags"))
        for kind, name in (("note", "notes"), ("attachment", "attachments")):
            for each in _objects(data.get(name)):
                # Translators and Better BibTeX have the children inside their parent.
                _add_child(item, {**each, "itemType": kind})
        for name, value in data.items():
            if name in _OF_THE_LIBRARY or value in (None, "", [], {}, False):
                continue
            base = BASE_FIELDS.get(name, name)
            if base in _FIELDS and isinstance(value, str | int | float):
                item.fields[base] = str(value)
            elif base in _FIELDS:
                message = f"{name!r} cannot be read: {_json(value)[:80]}"
                self._say(_UNREADABLE, message, span)
                yield name, _json(value)
            else:
                yield name, value if isinstance(value, str) else _json(value)

    def _creators(self, value: Any, span: Span) -> Iterator[Creator]:
        for each in value if isinstance(value, list) else ():
            if not isinstance(each, Mapping):
                self._say(_UNREADABLE, f"this is no creator: {_json(each)[:80]}", span)
                continue
            role = str(each.get("creatorType") or "author")
            name, last, first = (str(each.get(k) or "") for k in ("name", "lastName", "firstName"))
            single = bool(name) or (each.get("fieldMode") == 1 and not first)
            yield Creator(role, name or last, first, single)

    def _say(
        self, code: str, message: str, span: Span, key: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:  # fmt: skip
        self.items.problems.append(Diagnostic(code, message, span, key, severity=severity))


def _data(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an item's `data`, with the key that stands beside it."""
    data = item.get("data")
    if not isinstance(data, Mapping):
        return item
    return {"key": item.get("key"), **data}


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _kind(data: Mapping[str, Any]) -> str:
    return _text(data, "itemType")


def _tags(value: Any) -> Iterator[Tag]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping) and each.get("tag"):
            yield Tag(str(each["tag"]), each.get("type") == 1)
        elif isinstance(each, str) and each:
            yield Tag(each)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (
        each for each in (value if isinstance(value, list) else ()) if isinstance(each, Mapping)
    )


def _add_child(item: Item, child: Mapping[str, Any]) -> None:
    kind = _kind(child)
    if kind == "note":
        item.notes.append(_text(child, "note"))
    elif kind == "attachment":
        place = next(filter(None, (_text(child, name) for name in _PLACES)), "")
        mime = _text(child, "contentType") or _text(child, "mimeType")
        item.attachments.append(Attachment(_text(child, "title"), place, mime))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
