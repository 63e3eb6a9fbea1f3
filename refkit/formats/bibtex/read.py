"""Read BibTeX and BibLaTeX into entries in CSL variables.

One reader takes the fields of both dialects, for files in the wild mix them; the dialect only
decides whether `and` parts a publisher's name ("Wiley and Sons" is one in BibTeX).

What the values are: names, dates and text are parsed and free of LaTeX. Titles keep the case
in which they are written, with what braces protect in `nocase` spans; CSL wants English
titles in sentence case, which is a matter of CSL's own formats: `refkit.adapt.titles` gives
an entry for them. So what goes from .bib to RIS, to another .bib or to a comparison with
a source is what the file says.

Nothing is lost: `Field.raw` is the LaTeX of a field whose value differs from it (of the
leading field, where several make one value: a subtitle stays in `extra` too, under its own
name). Fields that CSL has no variable for are in `Entry.extra` under their own name, as LaTeX.
A value that refkit makes up from others (`title-short`, the genre of a @phdthesis, the address
of an eprint) has an origin of source "rule", and writers of this format leave it out. An
inherited field has the key of its giver as `origin.ref`. Entries of type @xdata are kept (they
are written back) but are not works; see `losses.DATA_ONLY`.
"""

from __future__ import annotations

from collections.abc import Iterable

from refkit.formats.bibtex.bulk import collector_paused
from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.inherit import Raw, Record, Values, inherit
from refkit.formats.bibtex.record import EntryReader
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.tree import RawEntry, RawString, Tree
from refkit.formats.bibtex.types import TYPES, Dialect
from refkit.formats.bibtex.values import LONGEST, OverlongError, resolve
from refkit.model.entry import AsWritten
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span
from refkit.normalise.dates import MONTH_MACROS

_DELIMITED = frozenset(("{}", '""'))
_LINKS = frozenset(("crossref", "xdata", "xref"))


def read_bibtex(source: SourceText) -> Document:
    """Read a .bib file; whether it is BibTeX or BibLaTeX is judged by what it holds."""
    return _read(source, "bibtex")


def read_biblatex(source: SourceText) -> Document:
    """Read a .bib file as BibLaTeX, where `and` parts publishers and places."""
    return _read(source, "biblatex")


def _read(source: SourceText, name: Dialect) -> Document:
    with collector_paused():
        return _read_all(source, name)


def _read_all(source: SourceText, name: Dialect) -> Document:
    tree, found = scan(source)
    lists = name == "biblatex" or dialect(tree) == "biblatex"
    problems = list(found)
    records = _records(tree, problems)
    values: Iterable[Values] = (record.values for record in records)
    if any(not _LINKS.isdisjoint(record.values) for record in records):
        values, faults = inherit(records)
        problems += faults
    reader = EntryReader(name, source.path, lists)
    raws = tree.entries()
    spoken: Dialect = "biblatex" if lists else "bibtex"
    entries = tuple(
        reader.entry(record, each, Span(raw.start, raw.end), _written(record, source.text, spoken))
        for record, each, raw in zip(records, values, raws, strict=True)
    )
    problems += _type_faults(raws)
    problems.sort(key=lambda each: (each.span or Span(0, 0), each.code))
    return Document(source, name, entries, tuple(problems), tree)


def _records(tree: Tree, problems: list[Diagnostic]) -> list[Record]:
    """Resolve every field's text; report repeated keys and fields, and undefined macros."""
    text = tree.source.text
    macros = _Macros(text, problems)
    records: list[Record] = []
    seen: set[str] = set()
    for block in tree.blocks:
        if isinstance(block, RawEntry):
            place = Span(block.key_start, block.key_end)
            values = _values(block, text, macros)
            records.append(Record(block.type, block.key, place, values))
            if block.key in seen and block.key:
                message = f"the key {block.key!r} is that of an earlier entry"
                problems.append(Diagnostic("KEY001", message, place, block.key))
            seen.add(block.key)
        elif isinstance(block, RawString):
            raw = text[block.value_start : block.value_end]
            macros.strings[block.name] = macros.resolved(raw, block.value_start, "")
    return records


class _Macros:
    """The macros of one file, and how much more text they may come to."""

    def __init__(self, text: str, problems: list[Diagnostic]) -> None:
        self.strings: dict[str, str] = {}
        self.problems = problems
        self.room = max(16 * LONGEST, 4 * len(text))

    def resolved(self, raw: str, start: int, key: str) -> str:
        """Return a value's text; one that macros make too long is its own text as written."""
        try:
            value, undefined = resolve(raw, self.strings, min(self.room, LONGEST))
        except OverlongError:
            message = "the macros in this value come to too much text; it is taken as written"
            span = Span(start, start + len(raw))
            self.problems.append(Diagnostic("FLD003", message, span, key))
            return raw
        self.room -= max(len(value) - len(raw), 0)
        for macro in undefined:
            at = start + max(raw.find(macro), 0)
            message = f"no @string defines {macro!r}; it is taken as text"
            self.problems.append(Diagnostic("FLD002", message, Span(at, at + len(macro)), key))
        return value


def _values(block: RawEntry, text: str, macros: _Macros) -> Values:
    values: Values = {}
    for name, start, end, value_start, value_end in block.fields:
        written = text[value_start:value_end]
        if block.complete and "#" not in written and (written[:1] + written[-1:]) in _DELIMITED:
            value = written[1:-1]
        elif written.isdigit():
            value = written
        else:
            value = macros.resolved(written, value_start, block.key)
        if name in values:
            message = f"the field {name!r} is given twice; the first one counts"
            macros.problems.append(Diagnostic("FLD001", message, Span(start, end), block.key))
        else:
            values[name] = Raw(value, value_start, value_end)
    return values


def _written(record: Record, text: str, spoken: Dialect) -> AsWritten:
    """Keep an entry's own fields as they are written, with the macro of a month by its name."""
    fields = [(name, raw.text) for name, raw in record.values.items()]
    if "month" in record.values:
        month = record.values["month"]
        macro = text[month.start : month.end].strip().lower()
        if macro in MONTH_MACROS:
            fields[list(record.values).index("month")] = ("month", macro)
    return AsWritten(spoken, tuple(fields))


def _type_faults(raws: Iterable[RawEntry]) -> Iterable[Diagnostic]:
    for raw in raws:
        if raw.type not in TYPES:
            span = Span(raw.start, raw.start + 1 + len(raw.type))
            message = f"@{raw.type} is no entry type of BibTeX or BibLaTeX; read as a document"
            yield Diagnostic("TYP001", message, span, raw.key, severity=Severity.WARNING)
