"""What a .bib file holds beside its entries, and no other file that is written from them will."""

from __future__ import annotations

from collections.abc import Iterator

from refkit.formats.bibtex.tree import RawComment, RawPreamble, Tree
from refkit.formats.losses import left_behind
from refkit.model.report import Diagnostic, Document
from refkit.model.text import Span


def leftover(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each comment, preamble and text between the entries of a .bib file."""
    if not isinstance(document.tree, Tree):
        return
    tree, done = document.tree, 0
    for block in tree.blocks:
        yield from _text(tree, done, block.start)
        if isinstance(block, RawComment | RawPreamble):
            what = "@comment" if isinstance(block, RawComment) else "@preamble"
            yield left_behind(what, Span(block.start, block.end))
        done = block.end
    yield from _text(tree, done, len(tree.source.text))


def _text(tree: Tree, start: int, end: int) -> Iterator[Diagnostic]:
    between = tree.source.text[start:end]
    if stripped := between.strip():
        at = start + between.index(stripped[0])
        yield left_behind("text between entries", Span(at, at + len(stripped)))
