"""RDF/XML as a graph: as much of the syntax as Zotero and its like use.

Source: the W3C recommendation "RDF 1.1 XML Syntax". No entity or document type of a file is
loaded or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from refkit.formats.characters import whole_text
from refkit.formats.zoterordf.tables import ABOUT, NAMESPACES, NODE_ID, RESOURCE, TYPE
from refkit.model.report import Diagnostic
from refkit.model.text import SourceText, Span

_SYNTAX = "SYN020"
_RDF = NAMESPACES["rdf"]
_ID, _PARSE_TYPE = f"{{{_RDF}}}ID", f"{{{_RDF}}}parseType"
_MEMBER = re.compile(re.escape(_RDF) + r"_([0-9]{1,9})")
_NEWLINE = re.compile("\n")
_LINE_END = re.compile(r"\r\n?")


class Node(NamedTuple):
    """A resource: its IRI, or a name that begins with "_:" where it has none."""

    name: str


class Graph:
    """The statements of a file by their subjects, these in the file's order."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        self._places: dict[Node, int] = {}
        self._starts = [0, *(found.end() for found in _NEWLINE.finditer(source.text))]
        self._statements: dict[Node, dict[str, list[Node | str]]] = {}

    def nodes(self) -> Iterator[Node]:
        """Yield the subjects."""
        yield from self._statements

    def place(self, subject: Node, line: int) -> None:
        """Note the line, counted from 1, on which a subject's first element begins."""
        self._places.setdefault(subject, line)

    def offset(self, line: int) -> int:
        """Return where a line begins, the text's end for one beyond it."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self.source.text)

    def span(self, subject: Node) -> Span:
        """Return the first line of a subject's element."""
        line = self._places.get(subject, 1)
        start = self.offset(line)
        return Span(start, max(start, self.offset(line + 1) - 1))

    def add(self, subject: Node, predicate: str, value: Node | str) -> None:
        """Add a statement."""
        self._statements.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def statements(self, subject: Node) -> Iterator[tuple[str, Node | str]]:
        """Yield the predicates and objects of a subject."""
        for predicate, values in self._statements.get(subject, {}).items():
            yield from ((predicate, value) for value in values)

    def values(self, subject: Node, *predicates: str) -> list[Node | str]:
        """Return the objects of a subject under any of these predicates."""
        held = self._statements.get(subject, {})
        return [value for name in predicates for value in held.get(name, ())]

    def nodes_of(self, subject: Node, *predicates: str) -> list[Node]:
        """Return those objects that are resources."""
        return [each for each in self.values(subject, *predicates) if isinstance(each, Node)]

    def text(self, subject: Node, *predicates: str) -> str:
        """Return the first of those objects that is a text, "" if none is."""
        for value in self.values(subject, *predicates):
            if isinstance(value, str):
                return value
        return ""

    def types(self, subject: Node) -> list[str]:
        """Return the classes of a subject."""
        return [each.name for each in self.nodes_of(subject, TYPE)]

    def members(self, container: Node) -> list[Node | str]:
        """Return the members of a container in their order."""
        numbered = ((_MEMBER.fullmatch(name), value) for name, value in self.statements(container))
        ranked = [(int(found[1]), value) for found, value in numbered if found]
        return [value for _, value in sorted(ranked, key=lambda each: each[0])]


def read_graph(source: SourceText) -> Graph:
    """Read a file; where it is no XML, what can still be read is kept."""
    from lxml import etree

    reader = _Reader(source)
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    text = whole_text(source.text).lstrip("\ufeff")
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    for error in parser.error_log:
        reader.say(f"this is not XML: {error.message}", error.line, error.column)
        break
    if root is not None and root.tag == f"{{{_RDF}}}RDF":
        for element in _elements(root):
            reader.node(element)
    elif not reader.graph.problems:
        reader.say("this is no RDF: there is no rdf:RDF element", 1, 1)
    return reader.graph


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.graph = Graph(source)
        self._blank = 0

    def say(self, message: str, line: int, column: int) -> None:
        length = len(self.source.text)
        at = min(self.graph.offset(line) + max(column - 1, 0), length)
        span = Span(at, min(at + 1, length))
        self.graph.problems.append(Diagnostic(_SYNTAX, message, span))

    def node(self, element: Any) -> Node:
        """Read an element that stands for a resource."""
        node = self._name(element)
        self.graph.place(node, element.sourceline or 1)
        if element.tag != f"{{{_RDF}}}Description":
            self.graph.add(node, TYPE, Node(_iri(element.tag)))
        self._attributes(node, element)
        self._properties(node, element)
        return node

    def _name(self, element: Any) -> Node:
        get = element.attrib.get
        about, identity, name = get(ABOUT), get(_ID), get(NODE_ID)
        if about is not None:
            return Node(about)
        if identity is not None:
            return Node(f"#{identity}")
        return Node(f"_:{name}") if name is not None else self._unnamed()

    def _unnamed(self) -> Node:
        self._blank += 1
        return Node(f"_: {self._blank}")

    def _attributes(self, node: Node, element: Any) -> None:
        for name, value in element.attrib.items():
            if name == f"{{{_RDF}}}type":
                self.graph.add(node, TYPE, Node(value))
            elif name.startswith("{") and not name.startswith(
                (f"{{{_RDF}}}", "{http://www.w3.org/XML")
            ):
                self.graph.add(node, _iri(name), value)

    def _properties(self, node: Node, element: Any) -> None:
        count = 0
        for child in _elements(element):
            predicate = _iri(child.tag)
            if predicate == f"{_RDF}li":
                count += 1
                predicate = f"{_RDF}_{count}"
            for value in self._values(child):
                self.graph.add(node, predicate, value)

    def _values(self, element: Any) -> Iterator[Node | str]:
        get = element.attrib.get
        resource, name, kind = get(RESOURCE), get(NODE_ID), get(_PARSE_TYPE)
        if not element.attrib and not len(element):
            yield _lines(element.text or "")
        elif resource is not None or name is not None:
            node = Node(resource if resource is not None else f"_:{name}")
            self._attributes(node, element)
            yield node
        elif kind == "Resource":
            node = self._unnamed()
            self._properties(node, element)
            yield node
        elif kind != "Literal" and any(True for _ in _elements(element)):
            yield from [self.node(child) for child in _elements(element)]
        else:
            yield _lines(_content(element))


def _elements(parent: Any) -> Iterator[Any]:
    return (child for child in parent if isinstance(child.tag, str))


def _iri(tag: str) -> str:
    return tag.removeprefix("{").replace("}", "", 1)


def _lines(text: str) -> str:
    return _LINE_END.sub("\n", text) if "\r" in text else text


def _content(element: Any) -> str:
    """Return an element's text; a reference to an entity of the file's own stays as written."""
    parts = [element.text or ""]
    for child in element:
        parts += (
            _content(child) if isinstance(child.tag, str) else child.text or "",
            child.tail or "",
        )
    return "".join(parts)
