"""Whether two scans of a .bib file say the same: what `format` proves before it writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from refkit.formats.bibtex.bulk import collector_paused
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.style import CLEANERS, Style, style_edits
from refkit.formats.bibtex.tree import Block, RawComment, RawEntry, Tree
from refkit.formats.bibtex.values import split_value
from refkit.model.report import Diagnostic
from refkit.model.text import SourceText, apply_edits

ROUNDS = 10


def same_content(one: Tree, two: Tree) -> bool:
    """Tell whether both trees hold the same blocks with the same keys, fields and values."""
    pairs = zip(one.blocks, two.blocks, strict=False)
    return len(one.blocks) == len(two.blocks) and all(_same(one, a, two, b) for a, b in pairs)


def _same(one: Tree, a: Block, two: Tree, b: Block) -> bool:
    if isinstance(a, RawEntry) and isinstance(b, RawEntry):
        names = [each.name for each in a.fields] == [each.name for each in b.fields]
        fields = zip(a.fields, b.fields, strict=False)
        return (
            names
            and (a.type, a.key, a.complete) == (b.type, b.key, b.complete)
            and all(_same_value(f.name, one.raw(f), two.raw(g)) for f, g in fields)
        )
    ours, theirs = one.source.text[a.start : a.end], two.source.text[b.start : b.end]
    return type(a) is type(b) and (
        ours == theirs if isinstance(a, RawComment) else ours.split() == theirs.split()
    )


def _same_value(name: str, ours: str, theirs: str) -> bool:
    return ours == theirs or _value(name, ours) == _value(name, theirs)


def _value(name: str, raw: str) -> object:
    parts = [(part.text, part.macro) for part in split_value(raw)]
    if name in CLEANERS and len(parts) == 1:
        return CLEANERS[name](parts[0][0])
    return parts


def formatted(source: SourceText, style: Style) -> str:
    """Return a file's text in a style; the text as it is should the result not say the same.

    The style is applied until nothing changes any more.
    """
    with collector_paused():
        first, problems = scan(source)
        tree, found = first, problems
        for _ in range(ROUNDS):
            edits = style_edits(tree, style)
            if not edits:
                break
            tree, found = scan(replace(source, text=apply_edits(tree.source.text, edits)))
        same = same_content(first, tree) and _codes(problems) == _codes(found)
        return tree.source.text if same else source.text


def _codes(problems: Iterable[Diagnostic]) -> list[str]:
    return sorted(each.code for each in problems)
