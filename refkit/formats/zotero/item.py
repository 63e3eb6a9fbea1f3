"""A Zotero item with its children, as Zotero's own formats have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Creator(NamedTuple):
    """A creator under its role: in two fields, or in one (`single`) that is `last`."""

    role: str
    last: str
    first: str = ""
    single: bool = False


class Tag(NamedTuple):
    """A tag; Zotero tells those that came with the data from the user's own."""

    text: str
    automatic: bool = False


class Attachment(NamedTuple):
    """A file or a web address (`path`) that belongs to an item."""

    title: str
    path: str
    mime: str = ""


@dataclass(slots=True)
class Item:
    """An item: `fields` by the names of base fields, `notes` in HTML, `collections` by name."""

    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    creators: list[Creator] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
