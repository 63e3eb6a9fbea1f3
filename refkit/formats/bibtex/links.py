"""Links between the entries of a file that is written: `crossref` and `xdata`.

BibTeX takes a `crossref` only where the parent follows the child ("BibTeXing", section 2.1),
knows no `xdata`, and hands down what refkit does not (a book's DOI), so a BibTeX file gets no
links: each entry has what it inherited. In BibLaTeX order is free; there a link is left out if
it is part of a circle, in which readers may run for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refkit.formats.bibtex.inherit import keys_in
from refkit.formats.bibtex.types import Dialect
from refkit.model.entry import Entry, Field

LINKS = ("crossref", "xdata")
SOURCES = ("bibtex", "biblatex")
ALONE = "in a BibTeX file each entry stands alone"


def is_inherited(entry: Entry, each: Field) -> bool:
    """Tell whether a field of an entry that came from a .bib file is another entry's."""
    ours = each.origin.source in SOURCES and entry.origin.source in SOURCES
    return ours and each.origin.ref != entry.origin.ref


class Links:
    """What becomes of the links of `works`, which are written under `keys`.

    Works `apart`, by their place, are not what they would inherit.
    """

    def __init__(
        self,
        works: Sequence[Entry],
        keys: Sequence[str],
        dialect: Dialect,
        apart: frozenset[int] = frozenset(),
    ) -> None:
        self._works = works
        self._apart = apart
        self._allowed = dialect == "biblatex"
        self._names: dict[str, tuple[int, str]] = {}
        self._folded: dict[str, tuple[int, str]] = {}
        self._circled: frozenset[int] = frozenset()
        children = [index for index, each in enumerate(works) if any(_targets(each))]
        if not children or not self._allowed:
            return
        for index, (entry, key) in enumerate(zip(works, keys, strict=True)):
            aliases = keys_in(entry.beyond("ids"))
            for name, written in ((entry.key, key), *zip(aliases, aliases, strict=True)):
                self._names.setdefault(name, (index, written))
                self._folded.setdefault(name.lower(), (index, written))
        self._circled = frozenset(self._circles(children))

    def _find(self, key: str) -> tuple[int, str] | None:
        return self._names.get(key) or self._folded.get(key.lower())

    def _circles(self, children: Sequence[int]) -> Iterator[int]:
        inner = frozenset(children)
        edges = {
            index: [
                found[0]
                for key in _targets(self._works[index])
                if (found := self._find(key)) and found[0] in inner
            ]
            for index in children
        }
        group = _groups(edges)
        for index, parents in edges.items():
            if any(group[parent] == group[index] for parent in parents):
                yield index

    def fault(self, index: int) -> str:
        """Return why a work's links are left out and what it inherits is written, else ""."""
        if index in self._apart:
            return "it would give more than the entry has"
        if not self._allowed:
            return ALONE
        if index in self._circled:
            return "it leads back to this entry"
        entry = self._works[index]
        targets = list(_targets(entry))
        if targets and all(map(self._find, targets)):
            return ""
        # A link to nowhere from which nothing came is the file's own, and stays.
        inherits = any(is_inherited(entry, each) for each in (*entry.fields, *entry.extra))
        return "the entry that it names is not written" if inherits else ""

    def written(self, text: str) -> str:
        """Return a link's text with the keys under which the entries are written."""
        keys = keys_in(text)
        new = [found[1] if (found := self._find(key)) else key for key in keys]
        return text if new == keys else ",".join(new)


def _targets(entry: Entry) -> Iterator[str]:
    for each in entry.extra:
        if each.name in LINKS and isinstance(each.value, str):
            yield from keys_in(each.value)


def _groups(edges: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Return a number for each node, shared by those on common circles (Kosaraju's method)."""
    backwards: dict[int, list[int]] = {node: [] for node in edges}
    for node, targets in edges.items():
        for target in targets:
            backwards[target].append(node)
    group: dict[int, int] = {}
    for root in reversed(_walked(edges)):
        reached = [root]
        while reached:
            node = reached.pop()
            if node not in group:
                group[node] = root
                reached += backwards[node]
    return group


def _walked(edges: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the nodes in the order in which a walk in depth is done with them."""
    order: list[int] = []
    seen: set[int] = set()
    for root in edges:
        waiting = [(root, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting += [(target, False) for target in edges[node]]
    return order
