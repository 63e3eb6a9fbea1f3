"""The one record that every format reads to and writes from: an entry in CSL 1.0.2 variables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from refkit.model.text import Span


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    `source` is a source or format name ("bibtex", "crossref", "catalogue", "user"); `ref` the
    file path or the record's id (a DOI); `span` the place in the file, if it is one; `fetched`
    an ISO 8601 UTC time for what came over a network, else "".
    """

    source: str
    ref: str = ""
    span: Span | None = None
    fetched: str = ""


NOWHERE = Origin("refkit")


@dataclass(frozen=True, slots=True)
class Name:
    """A person or an organisation (CSL 1.0.2 name variable, in Unicode).

    `particle` is CSL's non-dropping particle ("van" in "van Gogh"), `dropping_particle` the
    dropping one. An organisation, or a name that must not be taken apart, is a `literal` alone.
    `OTHERS` stands for BibTeX's "and others".
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    dropping_particle: str = ""
    suffix: str = ""
    literal: str = ""


OTHERS = Name(literal="others")


@dataclass(frozen=True, slots=True)
class Date:
    """A date, a range (`end`), or text that could not be read as a date (`literal` alone).

    `season` is 1 (spring) to 4 (winter), as in CSL. A range that is open at its end has
    `end=Date()`; one open at its start has no year of its own. `circa` is EDTF's `~`,
    `uncertain` its `?`. `month` is 1 to 12 and `day` 1 to 31. Years before 1 are negative
    or 0, as in EDTF (ISO 8601-2 level 1).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    end: Date | None = None
    circa: bool = False
    uncertain: bool = False
    literal: str = ""


Value = str | tuple[Name, ...] | Date


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an entry under a CSL variable's name, or in `Entry.extra` a format's own name.

    A str value is Unicode with CSL's HTML subset for rich text (`<i> <b> <sub> <sup>`,
    `<span class="nocase">`, `<span style="font-variant:small-caps;">`). `raw` is the text as
    the format wrote it, when that differs from the value.
    """

    name: str
    value: Value
    origin: Origin = NOWHERE
    raw: str = ""


@dataclass(frozen=True, slots=True)
class AsWritten:
    """An entry's own fields as its .bib file has them: names and LaTeX, in their order.

    `format` is the dialect that they were read in, "bibtex" or "biblatex". Macros are resolved
    but those of the months ("jan"); what is inherited is not among the fields.
    """

    format: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A bibliography entry.

    `type` is a CSL 1.0.2 type; `native_type` what the format itself called it ("inproceedings",
    "mvbook", "JOUR"). `fields` are CSL variables, in the format's order; `extra` holds what the
    format says beyond CSL, under the format's own field names, so that it can be written back.
    `as_written` is what a .bib file says in its own words; it is kept in CSL's `custom`.
    """

    key: str
    type: str
    fields: tuple[Field, ...] = ()
    extra: tuple[Field, ...] = ()
    native_type: str = ""
    origin: Origin = NOWHERE
    as_written: AsWritten | None = None

    def field(self, name: str) -> Field | None:
        """Return the first field of that CSL variable, or None."""
        for each in self.fields:
            if each.name == name:
                return each
        return None

    def text(self, name: str) -> str:
        """Return the text of a CSL variable, "" where absent or not a text."""
        each = self.field(name)
        return each.value if each is not None and isinstance(each.value, str) else ""

    def names(self, name: str) -> tuple[Name, ...]:
        """Return the names of a CSL name variable, () where absent."""
        each = self.field(name)
        return each.value if each is not None and isinstance(each.value, tuple) else ()

    def date(self, name: str = "issued") -> Date | None:
        """Return the date of a CSL date variable, None where absent."""
        each = self.field(name)
        return each.value if each is not None and isinstance(each.value, Date) else None

    def beyond(self, name: str) -> str:
        """Return the text of an `extra` field, "" where absent."""
        for each in self.extra:
            if each.name == name:
                return each.value if isinstance(each.value, str) else ""
        return ""

    def with_fields(self, fields: Iterable[Field]) -> Entry:
        """Return this entry with other CSL fields."""
        return replace(self, fields=tuple(fields))
