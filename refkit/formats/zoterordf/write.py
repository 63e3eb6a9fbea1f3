"""Entries to Zotero RDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from refkit.formats.characters import xml_text
from refkit.formats.losses import repeated_keys, writable
from refkit.formats.zotero.item import Attachment, Creator, Item, Tag
from refkit.formats.zotero.writing import entry_to_item, key_to_line, lost
from refkit.formats.zoterordf.read import read
from refkit.formats.zoterordf.tables import (
    ABOUT,
    CLASSES,
    IDENTIFIERS,
    NAMESPACES,
    NODE_ID,
    OF_CONTAINER,
    OF_ITEM,
    OF_SERIES,
    OUTSIDE_Z,
    RESOURCE,
    UNREAD,
)
from refkit.model.entry import Entry
from refkit.model.report import Written
from refkit.model.text import SourceText

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_WEB = re.compile(r"https?://", re.IGNORECASE)
# Fields that are written with others or by a form of their own.
_APART = frozenset(("publisher", "place", "url", "callNumber", "section", "conferenceName",
                    *IDENTIFIERS, *OF_SERIES))  # fmt: skip


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as Zotero exports its items, with citation keys in lines of `extra`."""
    works, problems = writable(entries)
    problems += repeated_keys(works)
    document = _Writer()
    for entry in works:
        document.item(key_to_line(entry_to_item(entry, unread=UNREAD, folders=True)))
    text = document.text()
    again = read(SourceText("", text)).entries
    for entry, read_back in zip(works, again, strict=True):
        problems += lost(entry, read_back, "Zotero RDF")
    return Written(text, tuple(problems))


class _Writer:
    """A file while it is written: names of resources, and what collections hold."""

    def __init__(self) -> None:
        from lxml import etree

        self.root = etree.Element(_tag("rdf:RDF"), nsmap=NAMESPACES)
        self._taken: set[str] = set()
        self._count = 0
        self._items = 0
        self._collections: dict[str, list[str]] = {}

    def text(self) -> str:
        from lxml import etree

        for number, (name, parts) in enumerate(self._collections.items(), 1):
            collection = self._top("z:Collection", f"#collection_{number}")
            _add(collection, "dc:title", name)
            for part in parts:
                _link(collection, "dcterms:hasPart", part)
        data = etree.tostring(self.root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
        return data.decode()

    def _top(self, name: str, resource: str) -> Any:
        return _element(self.root, name, {ABOUT: resource})

    def _number(self) -> str:
        self._count += 1
        return f"#item_{self._count}"

    def _resource(self, fields: dict[str, str]) -> str:
        """Return what names an item: its ISBN or address, if no other item is so named."""
        isbn = fields.get("ISBN", "")
        for name in (f"urn:isbn:{quote(isbn)}" if isbn else "", fields.get("url", "")):
            if name not in self._taken and _ADDRESS.fullmatch(name):
                self._taken.add(name)
                return name
        return self._number()

    def item(self, item: Item) -> None:
        resource = self._resource(item.fields)
        kind, container = CLASSES.get(item.kind, ("rdf:Description", ""))
        node = self._top(kind, resource)
        _add(node, "z:itemType", item.kind)
        holder = self._parts(node, item.fields, container)
        _publisher(node, item.fields)
        self._items += 1
        _creators(node, item.creators, self._items)
        _fields(node, holder, item.fields)
        _tags(node, item.tags)
        for html in item.notes:
            self._note(node, html)
        for each in item.attachments:
            self._attachment(node, each)
        for name in dict.fromkeys(item.collections):
            self._collections.setdefault(name, []).append(resource)

    def _parts(self, node: Any, fields: dict[str, str], container: str) -> Any:
        """Write what an item is part of; return the element that its container's fields go to."""
        holder = node
        if "section" in fields:
            holder = _inner(holder, "dcterms:isPartOf", "bib:Part")
            _add(holder, "dc:title", fields["section"])
        if container:
            holder = _inner(holder, "dcterms:isPartOf", container)
            name = f"urn:issn:{quote(fields['ISSN'])}" if "ISSN" in fields else ""
            if name and name not in self._taken:
                self._taken.add(name)
                holder.set(ABOUT, name)
        else:
            holder = node
        if any(base in fields for base in OF_SERIES):
            series = _inner(holder, "dcterms:isPartOf", "bib:Series")
            for base, name in OF_SERIES.items():
                _add(series, name, fields.get(base, ""))
        return holder

    def _note(self, node: Any, html: str) -> None:
        resource = self._number()
        _link(node, "dcterms:isReferencedBy", resource)
        _add(self._top("bib:Memo", resource), "rdf:value", html)

    def _attachment(self, node: Any, attachment: Attachment) -> None:
        resource = self._number()
        _link(node, "link:link", resource)
        child = self._top("z:Attachment", resource)
        _add(child, "z:itemType", "attachment")
        if _WEB.match(attachment.path):
            _address(child, attachment.path)
        else:
            # Zotero writes this as `rdf:resource`, which RDF forbids, and reads both.
            _add(child, "z:path", attachment.path)
        _add(child, "dc:title", attachment.title)
        _add(child, "link:type", attachment.mime)


@cache
def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _element(parent: Any, name: str, attributes: dict[str, str] | None = None) -> Any:
    child = parent.makeelement(_tag(name), attributes)
    parent.append(child)
    return child


def _add(parent: Any, name: str, text: str) -> None:
    if text:
        _element(parent, name).text = xml_text(text)


def _link(parent: Any, name: str, resource: str) -> None:
    _element(parent, name, {RESOURCE: resource})


def _inner(parent: Any, name: str, kind: str) -> Any:
    return _element(_element(parent, name), kind)


def _value(parent: Any, name: str, kind: str, text: str) -> None:
    _add(_inner(parent, name, kind), "rdf:value", text)


def _address(parent: Any, url: str) -> None:
    _value(parent, "dc:identifier", "dcterms:URI", url)


def _publisher(node: Any, fields: dict[str, str]) -> None:
    if "publisher" in fields or "place" in fields:
        body = _inner(node, "dc:publisher", "foaf:Organization")
        if "place" in fields:
            address = _inner(body, "vcard:adr", "vcard:Address")
            _add(address, "vcard:locality", fields["place"])
        _add(body, "foaf:name", fields.get("publisher", ""))


def _creators(node: Any, creators: Sequence[Creator], number: int) -> None:
    for role in dict.fromkeys(creator.role for creator in creators):
        prefix = "bib" if role in OUTSIDE_Z else "z"
        people = _inner(node, f"{prefix}:{role}s", "rdf:Seq")
        if role == "producer":
            # Zotero writes producers under the one name and looks for them under the other.
            people.set(NODE_ID, f"producers{number}")
            _element(node, "so:producer", {NODE_ID: f"producers{number}"})
        for creator in creators:
            if creator.role == role:
                person = _inner(people, "rdf:li", "foaf:Person")
                _add(person, "foaf:surname", creator.last)
                _add(person, "foaf:givenName", creator.first)


def _fields(node: Any, holder: Any, fields: dict[str, str]) -> None:
    for base, text in fields.items():
        for element, name in _places(base, node, holder, fields):
            _add(element, name, text)
    for base in IDENTIFIERS:
        if base in fields:
            _add(holder, "dc:identifier", f"{base} {fields[base]}")
    if "url" in fields:
        _address(node, fields["url"])
    if "callNumber" in fields:
        _value(node, "dc:subject", "dcterms:LCC", fields["callNumber"])
    if "conferenceName" in fields:
        conference = _inner(node, "bib:presentedAt", "bib:Conference")
        _add(conference, "dc:title", fields["conferenceName"])


def _places(base: str, node: Any, holder: Any, fields: dict[str, str]) -> Iterator[tuple[Any, str]]:
    """Yield the elements and predicates of a field that is a text of its own."""
    if base in _APART:
        return
    if base == "accessDate" and "date" not in fields:
        # Zotero would take the predicate of the date of access for that of the date.
        yield node, "z:accessDate"
    elif base in OF_ITEM:
        yield node, OF_ITEM[base]
    elif base == "publicationTitle" and holder is node:
        yield node, "prism:publicationName"
    elif base in OF_CONTAINER:
        yield holder, OF_CONTAINER[base]
        if base == "number" and holder is node:
            # Zotero only reads the former of what an item is part of.
            yield node, "z:number"
    else:
        yield node, f"z:{base}"


def _tags(node: Any, tags: Sequence[Tag]) -> None:
    for tag in tags:
        if tag.automatic:
            _value(node, "dc:subject", "z:AutomaticTag", tag.text)
        else:
            _add(node, "dc:subject", tag.text)
