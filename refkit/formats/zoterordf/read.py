"""Zotero RDF to a `Document`."""

from __future__ import annotations

from collections.abc import Iterator

from refkit.formats.losses import DATA_LEFT_OUT, left_behind
from refkit.formats.plain import fill_keys
from refkit.formats.zotero.item import Attachment, Creator, Item, Tag
from refkit.formats.zotero.reading import item_to_entry
from refkit.formats.zotero.tables import BASE_FIELDS, CREATORS, TYPES
from refkit.formats.zoterordf.graph import Graph, Node, read_graph
from refkit.formats.zoterordf.tables import (
    CLASSES,
    IDENTIFIERS,
    NAMESPACES,
    OF_CONTAINER,
    OF_ITEM,
    OF_SERIES,
    OLD_FIELDS,
    PART,
    SERIES,
    VALUE,
    WITHOUT_TYPE,
    iri,
)
from refkit.model.entry import Entry, Origin
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText

_TYPE_UNKNOWN = "VAL001"
_Z, _BIB = NAMESPACES["z"], NAMESPACES["bib"]
_MEMO, _ATTACHMENT = iri("bib:Memo"), iri("z:Attachment")
_COLLECTIONS = frozenset((iri("z:Collection"), iri("bib:Collection")))
_ITEM_TYPE = (iri("z:itemType"), iri("z:type"))
_HELD = tuple(map(iri, ("dcterms:isPartOf", "bib:presentedAt", "link:link",
                        "dcterms:isReferencedBy")))  # fmt: skip
_KINDS = {iri(name): kind for name, kind in WITHOUT_TYPE.items()}
_PERIODICALS = {iri("bib:Periodical"): "magazineArticle", iri("bib:Newspaper"): "newspaperArticle",
                iri("bib:CourtReporter"): "case"}  # fmt: skip
_SURNAMES = tuple(map(iri, ("foaf:familyName", "foaf:lastName", "foaf:surname",
                            "foaf:family_name")))  # fmt: skip
_GIVEN = tuple(map(iri, ("foaf:givenName", "foaf:firstName", "foaf:givenname")))
_CALL_NUMBERS = tuple(map(iri, ("dcterms:LCC", "dcterms:DDC", "dcterms:UDC")))
_NOT_FIELDS = frozenset(("itemType", "displayTitle", "linkMode"))


def read(source: SourceText) -> Document:
    """Read Zotero's items; notes, files and collections go to the entries they belong to."""
    reader = _Reader(source, read_graph(source))
    entries = fill_keys(list(reader.entries()))
    return Document(source, "zoterordf", entries, tuple(reader.graph.problems))


class _Reader:
    def __init__(self, source: SourceText, graph: Graph) -> None:
        self.source = source
        self.graph = graph
        self.held = {each for node in graph.nodes() for each in graph.nodes_of(node, *_HELD)}
        self.collections: dict[Node, list[str]] = {}
        for node in graph.nodes():
            if not _COLLECTIONS.isdisjoint(graph.types(node)):
                for part in graph.nodes_of(node, iri("dcterms:hasPart")):
                    name = graph.text(node, iri("dc:title"))
                    self.collections.setdefault(part, []).append(name)

    def entries(self) -> Iterator[Entry]:
        for node in self.graph.nodes():
            types = self.graph.types(node)
            named = self.graph.text(node, *_ITEM_TYPE)
            if node in self.held:
                continue
            if named in ("note", "attachment") or _MEMO in types or _ATTACHMENT in types:
                self._orphan(node)
            elif named or any(each in _KINDS for each in types):
                yield self._entry(node, named)
        related = [n for n in self.graph.nodes() if self.graph.values(n, iri("dc:relation"))]
        if related:
            what = "what items say of related items"
            self.graph.problems.append(left_behind(what, self.graph.span(related[0])))

    def _orphan(self, node: Node) -> None:
        message = f"the note or attachment {node.name!r} is of no work here and left out"
        self._say(DATA_LEFT_OUT, message, node, Severity.INFO)

    def _say(self, code: str, message: str, node: Node, severity: Severity) -> None:
        problem = Diagnostic(code, message, self.graph.span(node), severity=severity)
        self.graph.problems.append(problem)

    def _entry(self, node: Node, named: str) -> Entry:
        if named and named not in TYPES:
            message = f"Zotero has no item type {named!r}; it is read as a document"
            self._say(_TYPE_UNKNOWN, message, node, Severity.WARNING)
        item = _Node(self.graph, node, named).item()
        item.collections += self.collections.get(node, [])
        return item_to_entry(item, Origin("zoterordf", self.source.path, self.graph.span(node)))


class _Node:
    """One item while it is read from its node and those that this names."""

    def __init__(self, graph: Graph, node: Node, named: str) -> None:
        self.graph = graph
        self.node = node
        self.parts = list(self._wholes(node))
        self.kind = named or self._guess()
        whole = CLASSES.get(self.kind, ("", ""))[1]
        self.container = self._part(iri(whole)) if whole else None
        self.fields: dict[str, str] = {}
        self.shape = TYPES[self.kind].fields if self.kind in TYPES else {}

    def _wholes(self, node: Node) -> Iterator[Node]:
        """Yield what an item is part of, and what that is part of."""
        seen = {node}
        open_nodes = [node]
        while open_nodes:
            for whole in self.graph.nodes_of(open_nodes.pop(), iri("dcterms:isPartOf")):
                if whole not in seen:
                    seen.add(whole)
                    open_nodes.append(whole)
                    yield whole

    def _guess(self) -> str:
        for whole in self.parts:
            for each in self.graph.types(whole):
                if each in _PERIODICALS:
                    return _PERIODICALS[each]
        return next((_KINDS[each] for each in self.graph.types(self.node) if each in _KINDS), "")

    def _part(self, kind: str) -> Node | None:
        return next((each for each in self.parts if kind in self.graph.types(each)), None)

    def item(self) -> Item:
        graph, node = self.graph, self.node
        for base, name in OF_ITEM.items():
            if self._prefers(base, "edition", "version"):
                self._put(base, graph.text(node, iri(name)))
        self._container()
        self._wholes_fields()
        self._publisher()
        self._identifiers()
        for name, base in OLD_FIELDS.items():
            self._put(base, graph.text(node, iri(name)))
        self._subjects_and_own()
        item = Item(self.kind, self.fields, list(self._creators()), list(self._tags()))
        for note in graph.nodes_of(node, iri("dcterms:isReferencedBy")):
            if text := graph.text(note, VALUE, iri("dc:description")):
                item.notes.append(text)
        item.attachments += self._attachments()
        return item

    def _put(self, base: str, text: str) -> None:
        if text and base not in self.fields:
            self.fields[base] = text

    def _prefers(self, base: str, first: str, second: str) -> bool:
        """Tell whether a field is read: of two with one predicate, the one the type has."""
        if base not in (first, second):
            return True
        return base == (second if second in self.shape and first not in self.shape else first)

    def _container(self) -> None:
        other = "publicationTitle" if self.kind == "case" else "reporter"
        for base, name in OF_CONTAINER.items():
            if base == other or not self._prefers(base, "issue", "number"):
                continue
            if self.container is not None:
                self._put(base, self.graph.text(self.container, iri(name)))
            if name != "dc:title":
                self._put(base, self.graph.text(self.node, iri(name)))

    def _wholes_fields(self) -> None:
        if series := self._part(SERIES):
            for base, name in OF_SERIES.items():
                self._put(base, self.graph.text(series, iri(name)))
        if section := self._part(PART):
            self._put("section", self.graph.text(section, iri("dc:title")))
        for conference in self.graph.nodes_of(self.node, iri("bib:presentedAt")):
            self._put("conferenceName", self.graph.text(conference, iri("dc:title")))

    def _publisher(self) -> None:
        self._put("publisher", self.graph.text(self.node, iri("dc:publisher")))
        for body in self.graph.nodes_of(self.node, iri("dc:publisher")):
            self._put("publisher", self.graph.text(body, iri("foaf:name")))
            for address in self.graph.nodes_of(body, iri("vcard:adr")):
                self._put("place", self.graph.text(address, iri("vcard:locality")))

    def _identifiers(self) -> None:
        for holder in filter(None, (self.node, self.container)):
            for each in self.graph.values(holder, iri("dc:identifier")):
                if isinstance(each, str):
                    prefix, _, value = each.partition(" ")
                    if prefix.upper() in IDENTIFIERS:
                        self._put(prefix.upper(), value)
                elif iri("dcterms:URI") in self.graph.types(each):
                    self._put("url", self.graph.text(each, VALUE))

    def _subjects_and_own(self) -> None:
        for subject in self.graph.nodes_of(self.node, iri("dc:subject")):
            if any(each in _CALL_NUMBERS for each in self.graph.types(subject)):
                self._put("callNumber", self.graph.text(subject, VALUE))
        for predicate, value in self.graph.statements(self.node):
            name = predicate.removeprefix(_Z)
            if name != predicate and isinstance(value, str) and name not in _NOT_FIELDS:
                self._put(BASE_FIELDS.get(name, name), value)

    def _creators(self) -> Iterator[Creator]:
        for predicate, value in self.graph.statements(self.node):
            role = predicate.removeprefix(_Z).removeprefix(_BIB).removesuffix("s")
            if role in CREATORS and predicate.endswith("s") and isinstance(value, Node):
                for each in self.graph.members(value) or [value]:
                    if isinstance(each, Node):
                        yield self._person(role, each)
                    elif each.strip():
                        yield Creator(role, each, single=True)

    def _person(self, role: str, node: Node) -> Creator:
        last, first = self.graph.text(node, *_SURNAMES), self.graph.text(node, *_GIVEN)
        return Creator(role, last, first, single=not first)

    def _tags(self) -> Iterator[Tag]:
        for subject in self.graph.values(self.node, iri("dc:subject")):
            if isinstance(subject, str):
                yield Tag(subject)
            elif iri("z:AutomaticTag") in self.graph.types(subject):
                yield Tag(self.graph.text(subject, VALUE), automatic=True)

    def _attachments(self) -> Iterator[Attachment]:
        for node in self.graph.nodes_of(self.node, iri("link:link")):
            path = self.graph.text(node, iri("z:path"))
            places = [each.name for each in self.graph.nodes_of(node, iri("rdf:resource"))]
            for each in self.graph.nodes_of(node, iri("dc:identifier")):
                places.append(self.graph.text(each, VALUE))
            title = self.graph.text(node, iri("dc:title"))
            mime = self.graph.text(node, iri("link:type"))
            yield Attachment(title, path or next(filter(None, places), ""), mime)
