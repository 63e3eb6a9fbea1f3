"""Read BibTeX and BibLaTeX into entries in CSL variables.

One reader takes the fields of both dialects, for files in the wild mix them; the dialect only
decides whether `and` parts a publisher's name ("Wiley and Sons" is one in BibTeX).

What the values are: names, dates and text are parsed and free of LaTeX. Titles keep the case
in which they are written, with what braces protect in `nocase` spans; CSL wants English
titles in sentence case, which is a matter of CSL's own formats: `refkit.formats.titlecase`
gives an entry for them. So what goes from .bib to RIS, to another .bib or to a comparison with
a source is what the file says.

Nothing is lost: `Field.raw` is the LaTeX of a field whose value differs from it (of the
leading field, where several make one value: a subtitle stays in `extra` too, under its own
name). Fields that CSL has no variable for are in `Entry.extra` under their own name, as LaTeX.
A value that refkit makes up from others (`title-short`, the genre of a @phdthesis, the address
of an eprint) has an origin of source "rule", and writers of this format leave it out. An
inherited field has the key of its giver as `origin.ref`. Entries of type @xdata are kept (they
are written back) but are not works; see `types.DATA_ONLY`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from refkit.formats.bibtex import convert
from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.fields import COMPONENTS, EDITORS, READ, ROLES, Row, title_plan
from refkit.formats.bibtex.inherit import Raw, Record, Values, inherit
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.tree import RawEntry, RawString, Tree
from refkit.formats.bibtex.types import TYPES, UNKNOWN, Dialect, TypeRule, read_type
from refkit.formats.bibtex.values import resolve
from refkit.model.entry import Date, Entry, Field, Name, Origin, Value
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span
from refkit.normalise.dates import from_parts, parse_date
from refkit.normalise.ids import clean_arxiv, clean_pmcid, clean_pmid
from refkit.normalise.names import parse_names

_LINKS = frozenset(("crossref", "xdata", "xref"))
_EPRINT_URLS = {
    "arxiv": "https://arxiv.org/abs/{}",
    "jstor": "https://www.jstor.org/stable/{}",
    "hdl": "https://hdl.handle.net/{}",
    "googlebooks": "https://books.google.com?id={}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}",
}
_BY_OTHERS = frozenset(("month", "day", *(f"{name}type" for name in ("editor", *EDITORS))))
_OPENERS = ("<i>", "<b>", "<sub>", "<sup>", "<span")


def read_bibtex(source: SourceText) -> Document:
    """Read a .bib file; whether it is BibTeX or BibLaTeX is judged by what it holds."""
    return _read(source, "bibtex")


def read_biblatex(source: SourceText) -> Document:
    """Read a .bib file as BibLaTeX, where `and` parts publishers and places."""
    return _read(source, "biblatex")


def _read(source: SourceText, name: Dialect) -> Document:
    tree, found = scan(source)
    lists = name == "biblatex" or dialect(tree) == "biblatex"
    problems = list(found)
    records = _records(tree, problems)
    values: Iterable[Values] = (record.values for record in records)
    if any(not _LINKS.isdisjoint(record.values) for record in records):
        values, faults = inherit(records)
        problems += faults
    reader = _Reader(name, source.path, lists)
    raws = tree.entries()
    entries = tuple(map(reader.entry, raws, values))
    problems += _type_faults(raws)
    problems.sort(key=lambda each: (each.span or Span(0, 0), each.code))
    return Document(source, name, entries, tuple(problems), tree)


def _records(tree: Tree, problems: list[Diagnostic]) -> list[Record]:
    """Resolve every field's text; report repeated keys and fields, and undefined macros."""
    text = tree.source.text
    strings: dict[str, str] = {}
    records: list[Record] = []
    seen: set[str] = set()
    for block in tree.blocks:
        if isinstance(block, RawEntry):
            place = Span(block.key_start, block.key_end)
            values = _values(block, text, strings, problems)
            records.append(Record(block.type, block.key, place, values))
            if block.key in seen and block.key:
                message = f"the key {block.key!r} is that of an earlier entry"
                problems.append(Diagnostic("KEY001", message, place, block.key))
            seen.add(block.key)
        elif isinstance(block, RawString):
            raw = text[block.value_start : block.value_end]
            strings[block.name] = _resolved(raw, strings, block.value_start, "", problems)
    return records


def _values(
    block: RawEntry, text: str, strings: Mapping[str, str], problems: list[Diagnostic]
) -> Values:
    values: Values = {}
    for name, start, end, value_start, value_end in block.fields:
        written = text[value_start:value_end]
        if written[:1] == "{" and "#" not in written:
            value = written[1:-1]
        else:
            value = _resolved(written, strings, value_start, block.key, problems)
        if name in values:
            message = f"the field {name!r} is given twice; the first one counts"
            problems.append(Diagnostic("FLD001", message, Span(start, end), block.key))
        else:
            values[name] = Raw(value, value_start, value_end)
    return values


def _resolved(
    raw: str, strings: Mapping[str, str], start: int, key: str, problems: list[Diagnostic]
) -> str:
    value, undefined = resolve(raw, strings)
    for macro in undefined:
        at = start + max(raw.find(macro), 0)
        message = f"no @string defines {macro!r}; it is taken as text"
        problems.append(Diagnostic("FLD002", message, Span(at, at + len(macro)), key))
    return value


def _type_faults(raws: Iterable[RawEntry]) -> Iterable[Diagnostic]:
    for raw in raws:
        if raw.type not in TYPES:
            span = Span(raw.start, raw.start + 1 + len(raw.type))
            message = f"@{raw.type} is no entry type of BibTeX or BibLaTeX; read as a document"
            yield Diagnostic("TYP001", message, span, raw.key, severity=Severity.WARNING)


class _Reader:
    """What all entries of one file have in common."""

    def __init__(self, source: str, path: str, lists: bool) -> None:
        self.source = source
        self.path = path
        self.lists = lists

    def entry(self, raw: RawEntry, values: Values) -> Entry:
        """Read one entry from its resolved values."""
        rule = TYPES.get(raw.type, UNKNOWN)
        subtype = values["entrysubtype"].text if "entrysubtype" in values else ""
        arxiv = "eprint" in values and eprint(values)[0] == "arxiv"
        csl = read_type(raw.type, values, subtype, arxiv)
        building = _Building(self, values, rule)
        building.run()
        origin = Origin(self.source, self.path, Span(raw.start, raw.end))
        return Entry(raw.key, csl, tuple(building.fields), tuple(building.extra), raw.type, origin)


class _Building:
    """One entry while it is read: its values, and the fields made of them so far."""

    __slots__ = ("extra", "fields", "reader", "rule", "taken", "values")

    def __init__(self, reader: _Reader, values: Values, rule: TypeRule) -> None:
        self.reader = reader
        self.values = values
        self.rule = rule
        self.fields: list[Field] = []
        self.extra: list[Field] = []
        self.taken: set[str] = set()

    def run(self) -> None:
        """Read every value, then what follows from them by rule."""
        rows = READ[self.rule.group]
        titles = title_plan(self.rule.group, self.values)
        for name, raw in self.values.items():
            csl = titles.get(name)
            if not raw.text.strip():
                self.keep(name, raw)
            elif csl is not None:
                self.add(csl, self.composed(name, raw, full=True), raw, name)
            elif (row := rows.get(name)) is not None:
                self.by_row(row, raw)
            elif name not in _BY_OTHERS or not self.is_consumed(name):
                self.keep(name, raw)
        self.derive()

    def is_consumed(self, name: str) -> bool:
        """Tell whether a field is read together with another one: the month with the year."""
        if name in ("month", "day"):
            return "year" in self.values and "date" not in self.values
        return bool(self.text(name[:-4])) and self.role(name[:-4]) in ROLES

    def origin(self, raw: Raw) -> Origin:
        ref = raw.parent or self.reader.path
        return Origin(self.reader.source, ref, Span(raw.start, raw.end))

    def keep(self, name: str, raw: Raw) -> None:
        """Keep a field that no CSL variable is for."""
        self.extra.append(Field(name, raw.text, self.origin(raw)))

    def add(self, csl: str, value: Value, raw: Raw, name: str) -> None:
        """Add a CSL variable, or keep the field where the variable has its value already."""
        if not csl or not value or csl in self.taken:
            self.keep(name, raw)
            return
        self.taken.add(csl)
        written = raw.text if raw.text != value else ""
        self.fields.append(Field(csl, value, self.origin(raw), written))

    def text(self, name: str) -> str:
        raw = self.values.get(name) if name else None
        return raw.text if raw is not None else ""

    def composed(self, name: str, raw: Raw, full: bool = False) -> str:
        first, second = COMPONENTS.get(name, ("", ""))
        if full:
            return convert.full_title(raw.text, self.text(first), self.text(second))
        return convert.joined(name, raw.text, self.text(second))

    def by_row(self, row: Row, raw: Raw) -> None:
        """Read a field as its row in the table says."""
        values = self.values
        if row.unless and any(
            name in values and values[name].text.strip() for name in row.unless.split()
        ):
            self.keep(row.bib, raw)
        elif row.kind == "role":
            self.editor(row, raw)
        elif row.kind == "howpublished" and (url := convert.only_url(raw.text)):
            self.add("URL" if "url" not in values else "", url, raw, row.bib)
        else:
            self.add(row.csl, self.value(row, raw), raw, row.bib)

    def value(self, row: Row, raw: Raw) -> Value:
        """Return what a field's text stands for; a list only where the dialect has lists."""
        made = _MAKERS.get(row.kind)
        if made is not None:
            return made(self, row, raw)
        if row.kind == "list" and not self.reader.lists and row.bib != "location":
            return convert.key_text(raw.text)
        return convert.KINDS[row.kind](raw.text)

    def names(self, text: str) -> tuple[Name, ...]:
        options = self.text("options").replace(" ", "")
        useprefix = "useprefix" in options and "useprefix=false" not in options
        return parse_names(text, useprefix=useprefix)

    def role(self, name: str) -> str:
        return self.text(f"{name}type").strip().lower() or "editor"

    def editor(self, row: Row, raw: Raw) -> None:
        """Read an editor by the role that its `editortype` names."""
        role = self.role(row.bib)
        if role not in ROLES:
            role = "" if row.bib in EDITORS else "editor"
        if role in self.taken and f"{row.bib}type" in self.values:
            self.keep(f"{row.bib}type", self.values[f"{row.bib}type"])
        self.add(role, self.names(raw.text), raw, row.bib)

    def year(self, raw: Raw) -> Date | str:
        """Read year, month and day; a month that cannot be read does not spoil the year."""
        month, day = self.text("month"), self.text("day")
        date = _date(from_parts(raw.text, month, day))
        if not month or (isinstance(date, Date) and date.year is not None):
            return date
        alone = from_parts(raw.text)
        if alone.year is None:
            return date
        for name in ("month", "day"):
            if name in self.values:
                self.keep(name, self.values[name])
        return alone

    # what follows by rule

    def rule_field(self, csl: str, value: str, why: str) -> None:
        if csl not in self.taken:
            self.taken.add(csl)
            self.fields.append(Field(csl, value, Origin("rule", why)))

    def derive(self) -> None:
        """Add what the entry says without a field for it."""
        if "title" in self.taken and "title-short" not in self.taken:
            title = next(field.value for field in self.fields if field.name == "title")
            short = before_colon(str(title))
            if short:
                self.rule_field("title-short", short, "title before its colon")
        if self.rule.genre:
            self.rule_field("genre", self.rule.genre, "entry type")
        if "eprint" in self.values:
            self.derive_eprint()

    def derive_eprint(self) -> None:
        kind, number = eprint(self.values)
        if kind == "pubmed" and (pmid := clean_pmid(number)):
            self.rule_field("PMID", pmid, "eprint")
        if kind in ("pmc", "pmcid") and (pmcid := clean_pmcid(number)):
            self.rule_field("PMCID", pmcid, "eprint")
        if kind in _EPRINT_URLS and number:
            self.rule_field("URL", _EPRINT_URLS[kind].format(number), "eprint")


_MAKERS: dict[str, Callable[[_Building, Row, Raw], Value]] = {
    "names": lambda entry, row, raw: entry.names(raw.text),
    "date": lambda entry, row, raw: _date(parse_date(raw.text)),
    "year": lambda entry, row, raw: entry.year(raw),
    "joined": lambda entry, row, raw: entry.composed(row.bib, raw),
    "event": lambda entry, row, raw: entry.composed(row.bib, raw, full=True),
}


def _date(date: Date) -> Date | str:
    # An unreadable date is a literal; one of no text at all is no date.
    return date if date != Date() else ""


def eprint(values: Mapping[str, Raw]) -> tuple[str, str]:
    """Return an eprint's archive in lower case and its number there.

    A number that only arXiv could have given needs no archive to be named.
    """
    named = values.get("eprinttype") or values.get("archiveprefix")
    number = values["eprint"].text.strip()
    archive = named.text.strip().lower() if named else ""
    if not archive and clean_arxiv(number):
        archive = "arxiv"
    if archive == "arxiv" and number[:6].lower() == "arxiv:":
        number = number[6:].strip()
    return archive, number


def before_colon(rich: str) -> str:
    """Return a title up to its first colon outside markup, "" if it has none."""
    at = rich.find(": ")
    while at > 0:
        head = rich[:at]
        opened = sum(head.count(tag) for tag in _OPENERS)
        if opened == head.count("</"):
            return head
        at = rich.find(": ", at + 1)
    return ""
