"""Whether two scans of a .bib file say the same: what `format` proves before it writes."""

from __future__ import annotations

from dataclasses import replace

from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.style import CLEANERS, Style, style_edits
from refkit.formats.bibtex.tree import Block, RawComment, RawEntry, Tree
from refkit.formats.bibtex.values import split_value
from refkit.model.text import SourceText, apply_edits

ROUNDS = 10


def same_content(one: Tree, two: Tree) -> bool:
    """Tell whether both trees hold the same blocks with the same keys, fields and values."""
    pairs = zip(one.blocks, two.blocks, strict=False)
    return len(one.blocks) == len(two.blocks) and all(
        _content(one, a) == _content(two, b) for a, b in pairs
    )


def _content(tree: Tree, block: Block) -> object:
    if isinstance(block, RawEntry):
        return (block.type, block.key, [(f.name, _value(f.name, tree.raw(f))) for f in block.fields])
    text = tree.source.text[block.start : block.end]
    return text if isinstance(block, RawComment) else "".join(text.split())


def _value(name: str, raw: str) -> object:
    parts = [(part.text, part.macro) for part in split_value(raw)]
    if name in CLEANERS and len(parts) == 1:
        return CLEANERS[name](parts[0][0])
    return parts


def formatted(source: SourceText, style: Style) -> str:
    """Return a file's text in a style; the text as it is should the result not say the same.

    The style is applied until nothing changes any more.
    """
    tree, _ = scan(source)
    text = source.text
    for _ in range(ROUNDS):
        here, _ = scan(replace(source, text=text))
        edits = style_edits(here, style)
        if not edits:
            break
        text = apply_edits(text, edits)
    result, _ = scan(replace(source, text=text))
    return text if same_content(tree, result) else source.text
