"""Which of the two dialects a .bib file is written in."""

from __future__ import annotations

from collections import Counter

from refkit.formats.bibtex.tree import Tree
from refkit.formats.bibtex.types import TYPES, Dialect

_BIBLATEX_FIELDS = frozenset(
    """date journaltitle journalsubtitle location urldate eventdate eventtitle origdate
    eprinttype eprintclass maintitle booksubtitle booktitleaddon titleaddon subtitle langid
    hyphenation pagetotal shortjournal issuetitle xdata related annotation bookauthor editora
    editortype venue origpublisher origlocation entrysubtype pubstate addendum""".split()
)
_BIBTEX_FIELDS = frozenset(
    "journal year month address school annote archiveprefix primaryclass howpublished".split()
)
_BIBTEX_TYPES = frozenset(("phdthesis", "mastersthesis", "techreport", "conference"))
_BIBLATEX_TYPES = frozenset(
    name for name, rule in TYPES.items() if rule.biblatex == name and rule.bibtex != name
)


def dialect(tree: Tree) -> Dialect:
    """Judge a file's dialect by the types and fields that only one of them has.

    Where both or neither speak (a bare @book with `year`), it is BibTeX, which both read.
    """
    types: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for entry in tree.entries():
        types[entry.type] += 1
        names.update([field.name for field in entry.fields])
    biblatex = _count(names, _BIBLATEX_FIELDS) + _count(types, _BIBLATEX_TYPES)
    bibtex = _count(names, _BIBTEX_FIELDS) + _count(types, _BIBTEX_TYPES)
    return "biblatex" if biblatex > bibtex else "bibtex"


def _count(seen: Counter[str], known: frozenset[str]) -> int:
    return sum(seen[name] for name in known)
