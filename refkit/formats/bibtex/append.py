"""New entries at the end of a .bib file, in the file's own style: an edit that moves nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from refkit.errors import InputError
from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.place import DEFAULT_STYLE, NewField, Style, render, style_of
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.tree import RawBroken, RawEntry, Tree
from refkit.formats.bibtex.types import Dialect
from refkit.formats.bibtex.write import write_biblatex, write_bibtex
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document
from refkit.model.text import Edit, SourceText, Span
from refkit.normalise.dates import MONTH_MACROS
from refkit.normalise.latex_write import to_ascii

_VERBATIM = frozenset({"doi", "url", "eprint", "file"})
_WRITERS = {"bibtex": write_bibtex, "biblatex": write_biblatex}


def append(document: Document, entries: Sequence[Entry]) -> tuple[Edit, list[Diagnostic]]:
    """Return the edit that puts entries behind the last one, and what they lose in the dialect.

    The dialect is that of the file, or the document's format where it has no entries. Indent,
    delimiters, aligned `=`, capitals and the final comma are those of the last whole entry.
    Raises InputError where the file's last entry is broken.
    """
    tree: Tree = document.tree
    _refuse_open_end(tree)
    spoken: Dialect = dialect(tree)
    if not tree.entries() and document.format == "biblatex":
        spoken = "biblatex"
    written = _WRITERS[spoken](entries)
    model = next((each for each in reversed(tree.entries()) if each.complete and each.fields), None)
    made, _ = scan(SourceText("<new>", written.text))
    blocks = [_block(made, each, tree, model) for each in made.entries()]
    newline = tree.source.newline
    text = tree.source.text
    gap = newline * (2 if _spaced(tree) else 1)
    lead = "" if not text.strip() else gap[_newlines(text) * len(newline) :]
    new = lead + gap.join(block.replace("\n", newline) for block in blocks) + newline
    return Edit(Span(len(text), len(text)), new), list(written.problems)


def _refuse_open_end(tree: Tree) -> None:
    """Refuse a file whose last block is broken: programs would read what follows as part of it."""
    last = tree.blocks[-1] if tree.blocks else None
    if isinstance(last, RawBroken) or (isinstance(last, RawEntry) and not last.complete):
        place = tree.source.position(last.start)
        raise InputError(
            f"{tree.source.path}:{place.line}:{place.column}: the last entry is broken, so nothing "
            "can be added behind it; mend it first"
        )


def _newlines(text: str) -> int:
    return len(re.findall(r"\r?\n", text[len(text.rstrip()) :])[:2])


def _spaced(tree: Tree) -> bool:
    """Tell whether blank lines part the file's entries; a file of one entry gets them."""
    entries = tree.entries()
    gaps = [tree.source.text.count("\n", one.end, two.start) for one, two in pairwise(entries)]
    return sum(gap > 1 for gap in gaps) * 2 >= len(gaps)


def _block(made: Tree, new: RawEntry, tree: Tree, model: RawEntry | None) -> str:
    """Return one written entry in the style of a model from the file."""
    style = style_of(tree, model) if model else DEFAULT_STYLE
    ascii_only = tree.source.text.isascii() and bool(tree.source.text.strip())
    fields = [render(style, _field(made, new, at, ascii_only)) for at in range(len(new.fields))]
    comma = "" if model and not _ends_in_comma(tree, model) else ","
    body = ",\n".join(style.indent + each for each in fields)
    return f"@{_type(new.type, tree, model, style)}{{{new.key},\n{body}{comma}\n}}"


def _field(made: Tree, new: RawEntry, at: int, ascii_only: bool) -> NewField:
    field = new.fields[at]
    raw = made.raw(field)
    if raw in MONTH_MACROS:
        return NewField(field.name, raw, macro=True)
    text = raw[1:-1]
    plain = field.name in _VERBATIM or not ascii_only
    return NewField(field.name, text if plain else to_ascii(text))


def _ends_in_comma(tree: Tree, model: RawEntry) -> bool:
    return tree.source.text[model.fields[-1].value_end : model.end].lstrip().startswith(",")


def _type(name: str, tree: Tree, model: RawEntry | None, style: Style) -> str:
    """Return an entry type in the file's case: article, Article or ARTICLE."""
    if model is None:
        return name
    written = tree.source.text[model.start + 1 : model.key_start].strip(" \t({")
    if written.isupper():
        return name.upper()
    return name.capitalize() if written[:1].isupper() and style.case != "upper" else name
