"""Read one entry: its fields as CSL variables, and what follows from them by rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refkit.formats.bibtex import convert
from refkit.formats.bibtex.fields import COMPONENTS, EDITORS, READ, ROLES, Row, title_plan
from refkit.formats.bibtex.inherit import Raw, Record, Values
from refkit.formats.bibtex.types import TypeRule, read_type, reading_rule
from refkit.model.entry import AsWritten, Date, Entry, Field, Origin, Value
from refkit.model.text import Span
from refkit.normalise.dates import from_parts, parse_date
from refkit.normalise.ids import clean_arxiv, clean_pmcid, clean_pmid
from refkit.normalise.names import parse_names

_EPRINT_URLS = {
    "arxiv": "https://arxiv.org/abs/{}",
    "jstor": "https://www.jstor.org/stable/{}",
    "hdl": "https://hdl.handle.net/{}",
    "googlebooks": "https://books.google.com?id={}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}",
}
# What is a list in BibLaTeX is one text in BibTeX.
_ONE_TEXT = {"list": convert.plain_text, "address": convert.key_text}
_BY_OTHERS = frozenset(
    ("month", "day", "bookpagination", *(f"{name}type" for name in ("editor", *EDITORS)))
)
_OPENERS = ("<i>", "<b>", "<sub>", "<sup>", "<span")


class EntryReader:
    """Reads the entries of one file.

    `source` is the format's name and `path` the file's, for origins; `lists` tells whether
    `and` parts a list of publishers.
    """

    def __init__(self, source: str, path: str, lists: bool) -> None:
        self.source = source
        self.path = path
        kinds = convert.KINDS
        self.kinds = kinds if lists else kinds | _ONE_TEXT

    def entry(
        self, record: Record, values: Values, span: Span, written: AsWritten | None = None
    ) -> Entry:
        """Read one entry from its resolved values, with those it inherits."""
        subtype = values["entrysubtype"].text if "entrysubtype" in values else ""
        rule = reading_rule(record.type, subtype)
        arxiv = "eprint" in values and eprint(values)[0] == "arxiv"
        csl = read_type(record.type, values, subtype, arxiv)
        building = _Building(self, values, rule)
        building.run()
        return Entry(
            record.key,
            csl,
            tuple(building.fields),
            tuple(building.extra),
            record.type,
            Origin(self.source, self.path, span),
            written,
        )


class _Building:
    """One entry while it is read: its values, and the fields made of them so far."""

    __slots__ = ("extra", "fields", "reader", "rule", "taken", "useprefix", "values")

    def __init__(self, reader: EntryReader, values: Values, rule: TypeRule) -> None:
        self.reader = reader
        self.values = values
        self.rule = rule
        self.useprefix = "options" in values and convert.useprefix(values["options"].text)
        self.fields: list[Field] = []
        self.extra: list[Field] = []
        self.taken: set[str] = set()

    def run(self) -> None:
        """Read every value, then what follows from them by rule."""
        kinds = self.reader.kinds
        rows = READ[self.rule.group]
        titles = title_plan(self.rule.group, self.values)
        for name, raw in self.values.items():
            text = raw.text
            if not text or text.isspace():
                self.keep(name, raw)
            elif (csl := titles.get(name)) is not None:
                self.add(csl, self.full_title(name, text), raw, name)
            elif (row := rows.get(name)) is None:
                if name not in _BY_OTHERS or not self.is_consumed(name):
                    self.keep(name, raw)
            elif row.unless and self.is_second(row):
                if name != "year" or not self.repeats_date(name):
                    self.keep(name, raw)
            elif (special := _SPECIAL.get(row.kind)) is not None:
                special(self, row, raw)
            else:
                self.add(row.csl, kinds[row.kind](text), raw, name)
        self.derive()

    def is_consumed(self, name: str) -> bool:
        """Tell whether a field is read together with another one: the month with the year."""
        if name in ("month", "day"):
            year = self.text("year")
            return self.repeats_date(name) if self.text("date") else bool(year)
        if name == "bookpagination":
            return self.in_sections()
        return bool(self.text(name[:-4])) and self.role(name[:-4]) in ROLES

    def repeats_date(self, name: str) -> bool:
        """Tell whether a year, month or day only says again what `date` begins with."""
        text, date = self.text(name).strip(), parse_date(self.text("date"))
        if name == "month":
            again = from_parts("2000", text)
            return again.year is not None and (again.month, again.season) == (
                date.month,
                date.season,
            )
        return text == str(getattr(date, name))

    def is_second(self, row: Row) -> bool:
        """Tell whether the entry has one of the fields that go before this one."""
        return any(self.text(name) for name in row.unless.split())

    def text(self, name: str) -> str:
        """Return a field's text, "" where it is absent or blank."""
        raw = self.values.get(name)
        return raw.text if raw is not None and not raw.text.isspace() else ""

    def keep(self, name: str, raw: Raw) -> None:
        """Keep a field that no CSL variable is for."""
        text, start, end, parent = raw
        origin = Origin(self.reader.source, parent or self.reader.path, Span(start, end))
        self.extra.append(Field(name, text, origin))

    def add(self, csl: str, value: Value, raw: Raw, name: str) -> None:
        """Add a CSL variable, or keep the field where the variable has its value already."""
        if not csl or not value or csl in self.taken:
            self.keep(name, raw)
            return
        self.taken.add(csl)
        text, start, end, parent = raw
        origin = Origin(self.reader.source, parent or self.reader.path, Span(start, end))
        self.fields.append(Field(csl, value, origin, text if text != value else ""))

    # fields that take more than their own text

    def full_title(self, name: str, text: str) -> str:
        """Read a title with the subtitle and the addition that belong to it."""
        subtitle, addon = COMPONENTS[name]
        return convert.full_title(text, self.text(subtitle), self.text(addon))

    def event(self, row: Row, raw: Raw) -> None:
        self.add(row.csl, self.full_title(row.bib, raw.text), raw, row.bib)

    def joined(self, row: Row, raw: Raw) -> None:
        other = self.text(COMPONENTS[row.bib][1])
        self.add(row.csl, convert.joined(row.bib, raw.text, other), raw, row.bib)

    def howpublished(self, row: Row, raw: Raw) -> None:
        """Read how something was published; a lone web address is the work's own."""
        url = convert.only_url(raw.text)
        if url:
            self.add("URL" if "url" not in self.values else "", url, raw, row.bib)
        else:
            self.add(row.csl, convert.plain_text(raw.text), raw, row.bib)

    def names(self, row: Row, raw: Raw) -> None:
        self.add(row.csl, parse_names(raw.text, useprefix=self.useprefix), raw, row.bib)

    def in_sections(self) -> bool:
        """Tell whether `pages` counts sections (BibLaTeX manual, 2.2.3, `bookpagination`)."""
        return bool(self.text("pages")) and self.text("bookpagination").strip() == "section"

    def pages(self, row: Row, raw: Raw) -> None:
        csl = "section" if self.in_sections() else row.csl
        self.add(csl, convert.KINDS[row.kind](raw.text), raw, row.bib)

    def role(self, name: str) -> str:
        return self.text(f"{name}type").strip().lower() or "editor"

    def editor(self, row: Row, raw: Raw) -> None:
        """Read an editor by the role that its `editortype` names."""
        role = self.role(row.bib)
        if role not in ROLES:
            role = "" if row.bib in EDITORS else "editor"
        if role in self.taken and f"{row.bib}type" in self.values:
            self.keep(f"{row.bib}type", self.values[f"{row.bib}type"])
        self.add(role, parse_names(raw.text, useprefix=self.useprefix), raw, row.bib)

    def date(self, row: Row, raw: Raw) -> None:
        self.add(row.csl, _unless_empty(parse_date(raw.text)), raw, row.bib)

    def year(self, row: Row, raw: Raw) -> None:
        """Read year, month and day; a month that cannot be read does not spoil the year."""
        month, day = self.text("month"), self.text("day")
        date = from_parts(raw.text, month, day)
        if date.year is None and (month or day):
            date = from_parts(raw.text)
            for name in ("month", "day"):
                if name in self.values:
                    self.keep(name, self.values[name])
        self.add(row.csl, _unless_empty(date), raw, row.bib)

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


_SPECIAL: dict[str, Callable[[_Building, Row, Raw], None]] = {
    "names": _Building.names,
    "role": _Building.editor,
    "date": _Building.date,
    "year": _Building.year,
    "joined": _Building.joined,
    "pages": _Building.pages,
    "event": _Building.event,
    "howpublished": _Building.howpublished,
}


def _unless_empty(date: Date) -> Date | str:
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
