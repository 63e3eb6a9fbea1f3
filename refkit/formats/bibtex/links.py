"""Links between the entries of a file that is written: `crossref` and `xdata`.

BibTeX takes a `crossref` only if the parent comes after the child ("BibTeXing", section 2.1),
knows no `xdata`, and hands down what refkit does not (a book's DOI), so a BibTeX file gets no
links: each entry has what it inherited. In BibLaTeX order is free; there a link is left out if
it is part of a circle, in which readers may run for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refkit.formats.bibtex.inherit import keys_in
from refkit.formats.bibtex.types import Dialect
from refkit.model.entry import Entry

LINKS = ("crossref", "xdata")


class Links:
    """What becomes of the links of `works`, which are written under `keys`."""

    def __init__(self, works: Sequence[Entry], keys: Sequence[str], dialect: Dialect) -> None:
        pairs = list(zip(works, keys, strict=True))
        self._renamed = {entry.key: key for entry, key in reversed(pairs)}
        self._known = frozenset(
            name.lower() for each in works for name in (each.key, *keys_in(each.beyond("ids")))
        )
        self._inherits = dialect == "biblatex"
        self._circles = _in_circles(works) if self._inherits else frozenset()

    def is_linked(self, entry: Entry) -> bool:
        """Tell whether the file's reader will inherit again what this entry inherits."""
        return all(
            not self.fault(entry, name) for name in LINKS if any(keys_in(entry.beyond(name)))
        )

    def fault(self, entry: Entry, name: str) -> str:
        """Return why a link of an entry cannot be written, "" if it can."""
        if not self._inherits:
            return "BibTeX has it only for an entry before its parent"
        keys = keys_in(entry.beyond(name))
        if any((entry.key, key.lower()) in self._circles for key in keys):
            return "it leads back to this entry"
        if not all(key.lower() in self._known for key in keys):
            return "its parent is not written"
        return ""

    def written(self, text: str) -> str:
        """Return a link's text with the keys under which the entries are written."""
        keys = keys_in(text)
        if all(self._renamed.get(key, key) == key for key in keys):
            return text
        return ",".join(self._renamed.get(key, key) for key in keys)
