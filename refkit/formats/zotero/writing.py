"""An `Entry` to a Zotero item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from refkit.formats.losses import FIELD_CHANGED, losses
from refkit.formats.zotero.dates import is_day, read_date, write_date
from refkit.formats.zotero.extra import ARXIV, TYPE, Line, lines_of, write_lines
from refkit.formats.zotero.files import read_files
from refkit.formats.zotero.item import Item, Tag
from refkit.formats.zotero.names import people, write_creator
from refkit.formats.zotero.notes import read_note, write_note
from refkit.formats.zotero.reading import ARCHIVES, join_tags, split_tags
from refkit.formats.zotero.tables import (
    DATES,
    ITEM_TYPES,
    LACKING,
    TYPES,
    TYPES_BY_FIELD,
    VARIABLES,
    bases_of,
    creator_of,
)
from refkit.model.entry import OTHERS, Date, Entry, Field, Name
from refkit.model.report import Diagnostic, Severity
from refkit.normalise.ids import clean_arxiv

_FOLDERS = ("groups", "file")
_NOT_ID = re.compile(r"\s|^arxiv:", re.IGNORECASE)
_NOTES = ("annote", "annotation")


def item_type(entry: Entry) -> str:
    """Return the item type of an entry: its own if it came from Zotero, else the nearest."""
    native = TYPES.get(entry.native_type)
    if native is not None and (native.csl == entry.type or entry.type in LACKING):
        return entry.native_type
    other, variables = TYPES_BY_FIELD.get(entry.type, ("", ()))
    if any(entry.field(name) for name in variables):
        return other
    return ITEM_TYPES.get(entry.type, "document")


def entry_to_item(
    entry: Entry, *, unread: frozenset[str] = frozenset(), folders: bool = False
) -> Item:
    """Write an entry as an item, with its citation key as a field.

    What the item's type has no field for becomes a line of `extra`. `unread` names creators
    that the format's own reader in Zotero passes over: these become lines too. `folders` tells
    whether the format has collections by name, and files: else `groups` and `file` are lines.
    """
    writer = _Writing(entry, unread, folders)
    writer.run()
    return writer.item


class _Writing:
    """One item while it is made: its lines of `extra` are gathered and written last."""

    def __init__(self, entry: Entry, unread: frozenset[str], folders: bool) -> None:
        self.entry = entry
        self.unread = unread
        self.folders = folders
        self.item = Item(item_type(entry))
        self.roles, self.shape = TYPES[self.item.kind][1:]
        self.lines: list[Line] = []
        self.extra = list(entry.extra)

    def run(self) -> None:
        entry = self.entry
        if entry.type in LACKING:
            self.lines.append(Line(TYPE, entry.type))
        self._arxiv()
        seen: set[str] = set()
        for field in entry.fields:
            if field.name not in seen and field.value not in ("", ()):
                seen.add(field.name)
                self._field(field)
        for field in self.extra:
            self._beyond(field)
        self.item.creators.sort(key=lambda each: self.roles.index(each.role))
        if entry.key:
            self.item.fields["citationKey"] = entry.key
        extra = write_lines(self.lines, entry.text("note"))
        if extra:
            self.item.fields["extra"] = extra

    def _field(self, field: Field) -> None:
        value = field.value
        if isinstance(value, Date):
            self._date(field, value)
        elif isinstance(value, tuple):
            self._names(field.name, value)
        elif field.name == "keyword":
            self.item.tags += tags_of(field)
        elif field.name in _NOTES:
            self._note(field)
        elif field.name != "note":
            self._text(field.name, value)

    def _date(self, field: Field, date: Date) -> None:
        base = DATES.get(field.name, "")
        if base not in self.shape or (base == "accessDate" and not is_day(date)):
            self.lines += lines_of(field.name, date)
        else:
            ours = _is_zotero(field) and read_date(field.raw) == date
            self.item.fields[base] = field.raw if ours else write_date(date)

    def _names(self, name: str, names: tuple[Name, ...]) -> None:
        role = creator_of(self.item.kind, name)
        if role and role not in self.unread:
            self.item.creators += (write_creator(role, each) for each in people(names))
        else:
            self.lines += lines_of(name, names)

    def _text(self, name: str, text: str) -> None:
        for base in bases_of(name):
            if base in self.shape and base not in self.item.fields:
                self.item.fields[base] = text
                return
        self.lines += lines_of(name, text)

    def _note(self, field: Field) -> None:
        ours = _is_zotero(field) and read_note(field.raw) == field.value
        self.item.notes.append(field.raw if ours else write_note(str(field.value)))

    def _arxiv(self) -> None:
        """Put an arXiv id where Zotero has it: in a preprint's archive id, else in a line."""
        number = arxiv_number(self.entry)
        if not number:
            return
        self.extra = [each for each in self.extra if each.name not in ("eprint", *ARCHIVES)]
        if self.item.kind != "preprint":
            self.lines.append(Line(ARXIV, number))
            return
        self.item.fields["number"] = f"arXiv:{number}"
        if not self.entry.text("publisher"):
            self.item.fields["publisher"] = "arXiv"

    def _beyond(self, field: Field) -> None:
        """Write what is beyond CSL: a creator or a field of Zotero's, else a field of BibTeX's."""
        name, value = field.name, field.value
        if isinstance(value, tuple):
            if name in self.roles and name not in self.unread:
                self.item.creators += (write_creator(name, each) for each in people(value))
        elif isinstance(value, str) and name in _NOTES:
            self._note(field)
        elif isinstance(value, str) and value.strip():
            if self.folders and name in _FOLDERS and self._folder(name, value):
                return
            if self._is_open(name):
                self.item.fields[name] = value
            else:
                self.lines.append(Line(name, " ".join(value.split()), tex=True))

    def _folder(self, name: str, value: str) -> bool:
        """Write groups as collections and files as attachments; tell whether that says all."""
        if name == "file":
            self.item.attachments += read_files(value)
            return bool(read_files(value))
        self.item.collections += (tag.text for tag in split_tags(value))
        return ", ".join(self.item.collections) == value

    def _is_open(self, base: str) -> bool:
        """Tell whether a field beyond CSL may go into Zotero's, and be read as one again."""
        if base not in self.shape or base in self.item.fields or base in ("extra", "citationKey"):
            return False
        if base not in VARIABLES:
            return True
        first = next((each for each in bases_of(VARIABLES[base]) if each in self.shape), base)
        return first != base and first in self.item.fields


def arxiv_number(entry: Entry) -> str:
    """Return the id that an entry's `eprint` has at arXiv, "" if it has none there."""
    archives = [each.value for each in entry.extra if each.name in ARCHIVES]
    number = entry.beyond("eprint")
    if any(str(each).casefold() != "arxiv" for each in archives) or not number:
        return ""
    return number if clean_arxiv(f"arXiv:{number}") and not _NOT_ID.search(number) else ""


def key_to_line(item: Item) -> Item:
    """Return an item with its citation key as a line of `extra`, where every Zotero keeps it."""
    key = item.fields.get("citationKey", "")
    if not key:
        return item
    line = f"Citation Key: {key}"
    extra = "\n".join(filter(None, (line, item.fields.get("extra", ""))))
    fields = {base: text for base, text in item.fields.items() if base != "citationKey"}
    return replace(item, fields=fields | {"extra": extra})


def tags_of(field: Field) -> list[Tag]:
    """Return the tags of a "keyword" field, as Zotero had them if it came from there."""
    tags = _packed_tags(field)
    joined = join_tags([tag.text.strip() for tag in tags])
    return list(dict.fromkeys(tags if joined == field.value else split_tags(str(field.value))))


def _packed_tags(field: Field) -> list[Tag]:
    try:
        packed = json.loads(field.raw) if _is_zotero(field) else []
        return [Tag(str(each["tag"]), each.get("type") == 1) for each in packed]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def _is_zotero(field: Field) -> bool:
    return field.raw != "" and field.origin.source in ("zoterojson", "zoterordf")


def lost(entry: Entry, again: Entry, target: str) -> Iterator[Diagnostic]:
    """Yield what an item read again lacks.

    How keywords are parted makes no difference, nor under which of its two names arXiv stands.
    """
    for field in entry.fields:
        if isinstance(field.value, tuple) and OTHERS in field.value:
            message = f"{target} knows only persons: 'and others' in {field.name!r} is left out"
            yield Diagnostic(FIELD_CHANGED, message, key=entry.key, severity=Severity.WARNING)
    named = [Field("eprinttype", "arXiv")] if arxiv_number(entry) else []
    extra = [each for each in entry.extra if not named or each.name not in ARCHIVES]
    fields = [each for each in map(_held, entry.fields) if each.value != ()]
    yield from losses(replace(entry, fields=tuple(fields), extra=(*extra, *named)), again, target)


def _held(field: Field) -> Field:
    """Return a field as Zotero has it: keywords as tags are joined, no "and others"."""
    if isinstance(field.value, tuple):
        return replace(field, value=people(field.value))
    if field.name != "keyword":
        return field
    return replace(field, value=join_tags([tag.text.strip() for tag in tags_of(field)]))
