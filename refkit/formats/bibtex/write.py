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
from refkit.formats.bibtex.links import Links
from refkit.formats.bibtex.restore import in_own_words, is_unchanged, restored
from refkit.formats.bibtex.types import Dialect
from refkit.formats.bibtex.verify import unheld
from refkit.formats.losses import writable
from refkit.model.entry import Entry
from refkit.model.report import Written
from refkit.normalise.dates import MONTH_MACROS
from refkit.normalise.latex_safe import for_bibtex, settable

_LAST = len(ORDER)


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
    works = [entry for entry, _ in pairs]
    keys, renamings = make_keys(works, dialect)
    problems += renamings
    links = Links(works, keys, dialect)
    filled: list[_Filled] = []
    for index, ((entry, old), key) in enumerate(zip(pairs, keys, strict=True)):
        block = Block(entry, dialect, links, links.fault(index))
        filled.append((_own_words(block, key, old) if old else None) or _in_order(block, key))
        problems += block.problems
    text = "\n".join(_rendered(*each) for each in filled)
    problems += unheld(works, text, dialect, problems)
    if finish:
        done = ((kind, key, _finished(fields, finish)) for kind, key, fields in filled)
        text = "\n".join(_rendered(*each) for each in done)
    return Written(text, tuple(problems))


_Filled = tuple[str, str, Iterable[tuple[str, str]]]
"""The type, the key and the fields of an entry that is to be written."""


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
    block.problems = [each for each in block.problems if each not in before.problems]
    words = dict(written.fields)
    fields = in_own_words(words, before.fields, block.fields, unlinked=bool(block.unlinked))
    return old.native_type, key, tuple(fields.items())


def _finished(
    fields: Iterable[tuple[str, str]], finish: Callable[[str, str], str]
) -> Iterator[tuple[str, str]]:
    for name, text in fields:
        yield name, text if name in VERBATIM else finish(name, text)


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
