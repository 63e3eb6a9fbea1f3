"""Write entries of any format as BibTeX or BibLaTeX.

An entry that came from a .bib file gets its fields back as they were written, as long as that
text still stands for the value; every other value is encoded. Values that follow by rule
(origin "rule") are left out, and so are inherited ones where BibLaTeX will inherit them again.
Where a dialect has no field for a value, but the other one has, that field is used: BibTeX
ignores what it does not know. What neither has is told (`formats.losses`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from refkit.formats.bibtex.block import Block
from refkit.formats.bibtex.fields import ORDER, VERBATIM
from refkit.formats.bibtex.keys import make_keys
from refkit.formats.bibtex.links import ALONE, LINKS, Links
from refkit.formats.bibtex.restore import Restored, in_own_words, is_unchanged, restored, settled
from refkit.formats.bibtex.types import Dialect
from refkit.formats.bibtex.verify import read_again, unheld
from refkit.formats.losses import LINK_LEFT_OUT, writable
from refkit.model.entry import Entry
from refkit.model.report import Written
from refkit.normalise.dates import MONTH_MACROS
from refkit.normalise.latex_safe import for_bibtex, settable

_LAST = len(ORDER)

_Filled = tuple[str, str, Iterable[tuple[str, str]]]
"""The type, the key and the fields of an entry that is to be written."""


def write_bibtex(entries: Sequence[Entry]) -> Written:
    """Write entries as BibTeX, in the types and fields of its standard styles."""
    return _write(entries, "bibtex")


def write_biblatex(entries: Sequence[Entry]) -> Written:
    """Write entries as BibLaTeX."""
    return _write(entries, "biblatex")


def write_for_latex(entries: Sequence[Entry], dialect: Dialect) -> Written:
    """Write entries with commands for what pdflatex cannot set, in BibTeX all of it in ASCII.

    bibtex works on bytes: it abbreviates a name to the first of them.
    """
    return _write(entries, dialect, _for_latex[dialect])


def _write(
    entries: Sequence[Entry], dialect: Dialect, finish: Callable[[str, str], str] | None = None
) -> Written:
    given, problems = writable(entries, data_only=dialect == "biblatex")
    pairs = restored(given)
    keys, renamings = make_keys([entry for entry, _ in pairs], dialect)
    problems += renamings
    blocks, filled = _filled(pairs, keys, dialect)
    text = _joined(filled)
    again = read_again(given, text, dialect)
    pairs, apart, changed = settled(pairs, again)
    if changed:
        blocks, filled = _filled(pairs, keys, dialect, apart)
        text = _joined(filled)
        again = read_again(given, text, dialect)
    problems += (problem for block in blocks for problem in block.problems)
    problems += unheld(given, [block.entry for block in blocks], again, dialect, problems)
    if finish:
        text = _joined((kind, key, _finished(fields, finish)) for kind, key, fields in filled)
    return Written(text, tuple(problems))


def _filled(
    pairs: Sequence[Restored],
    keys: Sequence[str],
    dialect: Dialect,
    apart: frozenset[int] = frozenset(),
) -> tuple[list[Block], list[_Filled]]:
    """Return the blocks of the entries, and what each is written as.

    Those `apart` get no links.
    """
    links = Links([entry for entry, _ in pairs], keys, dialect, apart)
    blocks: list[Block] = []
    filled: list[_Filled] = []
    for index, ((entry, old), key) in enumerate(zip(pairs, keys, strict=True)):
        block = Block(entry, dialect, links, links.fault(index))
        filled.append((_own_words(block, key, old) if old else None) or _in_order(block, key))
        blocks.append(block)
    return blocks, filled


def _in_order(block: Block, key: str) -> _Filled:
    block.fill()
    ordered = sorted(block.fields.items(), key=lambda each: ORDER.get(each[0], _LAST))
    return block.type, key, ordered


def _own_words(block: Block, key: str, old: Entry) -> _Filled | None:
    """Return an entry in the words of its .bib file, None where it has none for this target."""
    written = old.as_written
    if written is None or written.format != block.dialect or block.entry.type != old.type:
        return None
    if is_unchanged(block.entry, old):
        return old.native_type, key, written.fields
    before = Block(old, block.dialect, block.links, block.unlinked)
    before.fill()
    block.fill()
    # What the file has in its own words is held, whatever the dialect has fields for.
    unlinked = block.unlinked not in ("", ALONE)
    block.problems = [
        each
        for each in block.problems
        if each not in before.problems or (unlinked and each.code == LINK_LEFT_OUT)
    ]
    words = {name: text for name, text in written.fields if not (unlinked and name in LINKS)}
    fields = in_own_words(words, before.fields, block.fields, unlinked=bool(block.unlinked))
    return old.native_type, key, tuple(fields.items())


def _finished(
    fields: Iterable[tuple[str, str]], finish: Callable[[str, str], str]
) -> Iterator[tuple[str, str]]:
    for name, text in fields:
        yield name, text if name in VERBATIM else finish(name, text)


def _joined(filled: Iterable[_Filled]) -> str:
    return "\n".join(_rendered(*each) for each in filled)


def _rendered(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f"  {name} = {text},\n"
        if name == "month" and text in MONTH_MACROS
        else f"  {name} = {{{text}}},\n"
        for name, text in fields
    )
    return f"@{kind}{{{key},\n{lines}}}\n"


_for_latex: dict[Dialect, Callable[[str, str], str]] = {
    "bibtex": lambda name, text: for_bibtex(text, name=name in ("author", "editor")),
    "biblatex": lambda name, text: settable(text),
}
