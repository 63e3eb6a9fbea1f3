"""One entry while it is written: which of its values goes to which field, as which LaTeX."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field, replace

from refkit.formats.bibtex import convert
from refkit.formats.bibtex.dates import date_fields
from refkit.formats.bibtex.encode import (
    PROTECTED,
    balanced,
    encode,
    in_one,
    is_sound,
    localisation_key,
    protect,
)
from refkit.formats.bibtex.fields import (
    COMPONENTS,
    EDITORS,
    ROLES,
    field_name,
    written,
)
from refkit.formats.bibtex.grammar import FIELD_NAME
from refkit.formats.bibtex.links import LINKS, SOURCES, Links, is_inherited
from refkit.formats.bibtex.localization import LANGUAGES, babel_name
from refkit.formats.bibtex.types import (
    TYPES,
    Dialect,
    Group,
    reading_rule,
    subtype_for,
    write_type,
)
from refkit.formats.bibtex.verify import TITLES, repeats_eprint
from refkit.formats.losses import (
    BRACES_CHANGED,
    FIELD_CHANGED,
    LINK_LEFT_OUT,
    TYPE_CHANGED,
    lost,
)
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.report import Diagnostic, Severity
from refkit.normalise.latex import from_rich
from refkit.normalise.names import format_extended, format_names, parse_names

# What is said by key there; of any other source a genre is text, which all readers understand.
_KEYED = (*SOURCES, "rule")
# Formats whose `extra` may hold fields of BibTeX's: they were put there to be given back.
_CARRIERS = (*SOURCES, "csljson", "cslyaml", "zoterojson", "zoterordf", "consumer")
_EPRINT = {
    "bibtex": {"eprinttype": "archiveprefix", "eprintclass": "primaryclass"},
    "biblatex": {"archiveprefix": "eprinttype", "primaryclass": "eprintclass"},
}
_EPRINT_FIELDS = frozenset({"eprint", "eprinttype", "eprintclass"})


@dataclass(slots=True)
class Block:
    """One entry while it is written.

    `unlinked` tells why the entry's links are left out, "" if they are written.
    """

    entry: Entry
    dialect: Dialect
    links: Links
    unlinked: str
    type: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)

    def fill(self) -> None:
        """Choose the type, then the fields."""
        entry = self.entry
        self.type = write_type(entry, self.dialect)
        group = reading_rule(self.type, entry.type).group
        variables = {each.name for each in entry.fields}
        rows = written(group, self.dialect)
        for each in map(self._sound, entry.fields):
            if self._is_left_out(each):
                continue
            name = field_name(each.name, self.type, group, self.dialect, variables)
            if each.name == "publisher" and self._is_taken(name, each):
                name = "publisher"
            if not name or name == "issue":
                name = self._standing_in(each, group, variables) or name
            if isinstance(each.value, Date):
                self._date(each, each.value, name)
            elif isinstance(each.value, tuple):
                self._names(each, each.value, name)
            elif not name:
                self._lost(each.name)
            else:
                row = rows.get(each.name)
                self._text(each, name, row.kind if row else "title")
        for each in entry.extra:
            self._extra(each)
        if self.type == "phdthesis" and not entry.text("genre"):
            self.fields["type"] = "Thesis"
        self._subtype()
        self._prefixes()

    def _standing_in(self, each: Field, group: Group, has: Container[str]) -> str:
        """Return the field that holds a variable which has none of its own, "" if there is none."""
        if each.name == "section" and "page" not in has:
            self.fields["bookpagination"] = "section"
            return "pages"
        ours = each.origin.source in SOURCES
        if each.name != "issue" or group != "part" or ours or "collection-number" in has:
            return ""
        if "collection-title" not in has:
            return ""
        message = (
            "'issue' is written as the number in the series, for a part of a book has no other"
        )
        problem = Diagnostic(FIELD_CHANGED, message, key=self.entry.key, severity=Severity.INFO)
        self.problems.append(problem)
        return "number"

    def _sound(self, each: Field) -> Field:
        """Return a field without the text that it was read from, if that would break the file."""
        if not each.raw or is_sound(each.raw):
            return each
        self._changed(each.name)
        return replace(each, raw="")

    def _changed(self, name: str) -> None:
        message = f"the braces in {name!r} do not balance; they are written as text"
        problem = Diagnostic(BRACES_CHANGED, message, key=self.entry.key, severity=Severity.WARNING)
        self.problems.append(problem)

    # which fields are written

    def _is_taken(self, name: str, publisher: Field) -> bool:
        """Tell whether a field is needed otherwise, or would be read as something else."""
        text = publisher.raw or str(publisher.value)
        return bool(self.entry.beyond(name) or convert.only_url(text))

    def _is_left_out(self, each: Field) -> bool:
        if each.origin.source == "rule":
            return each.name != "genre" or TYPES[self.type].genre == each.value
        if each.name == "genre" and TYPES[self.type].genre == each.value:
            return not each.raw
        if each.origin.source not in SOURCES and repeats_eprint(each.name, each.value, self.entry):
            return True
        return not self.unlinked and is_inherited(self.entry, each)

    # one field

    def _lost(self, name: str) -> None:
        self.problems.append(lost(self.entry.key, name, TITLES[self.dialect]))

    def _put(self, name: str, text: str) -> None:
        if text and name not in self.fields:
            self.fields[name] = in_one(text)

    def _date(self, each: Field, value: Date, name: str) -> None:
        if not name:
            self._lost(each.name)
            return
        for key, text in date_fields(name, value, each.raw).items():
            self._put(key, text)

    def _own_slot(self, role: str) -> str:
        """Return the editor's field that the .bib file has a role in, "" where it has none."""
        words = dict(self.entry.as_written.fields) if self.entry.as_written else {}
        for slot in ("editor", *EDITORS):
            named = words.get(f"{slot}type", "").strip().lower() or "editor"
            if slot in words and slot not in self.fields and named == role:
                return slot
        return ""

    def _names(self, each: Field, value: tuple[Name, ...], name: str) -> None:
        if each.name in ROLES and (slot := self._own_slot(each.name)):
            self._put(slot, self._name_text(each, value))
            if slot != each.name:
                self._put(f"{slot}type", each.name)
            return
        if name and name not in self.fields:
            self._put(name, self._name_text(each, value))
            return
        slots: tuple[str, ...] = EDITORS
        if not self.entry.names("author") and not self.entry.names("editor"):
            slots = ("editor", *EDITORS)
        free = next((slot for slot in slots if slot not in self.fields), "")
        if each.name not in ROLES or not free:
            self._lost(each.name)
            return
        self._put(free, self._name_text(each, value))
        self._put(f"{free}type", each.name)

    def _name_text(self, each: Field, value: tuple[Name, ...]) -> str:
        raw = each.raw
        if raw and (self.dialect == "biblatex" or "=" not in raw):
            useprefix = convert.useprefix(self.entry.beyond("options"))
            if parse_names(raw, useprefix=useprefix) == value:
                return raw
        useprefix = self._uses_prefixes()
        texts = [format_names(value)]
        if self.dialect == "biblatex":
            texts.append(format_extended(value))
        for text in texts:
            if parse_names(text, useprefix=useprefix) == value:
                return text
        message = f"{TITLES[self.dialect]} does not hold the names in {each.name!r} in full"
        problem = Diagnostic(FIELD_CHANGED, message, key=self.entry.key, severity=Severity.WARNING)
        self.problems.append(problem)
        return texts[0]

    def _text(self, each: Field, name: str, kind: str) -> None:
        value = str(each.value)
        if name in COMPONENTS and self._composed(each, name):
            return
        if each.name == "language":
            self._language(each, value)
        elif each.raw and self._stands(each.raw, value, kind):
            self._put(name, each.raw)
        elif name in PROTECTED and each.origin.source not in SOURCES:
            self._put(name, from_rich(protect(value)))
        elif kind == "key" and each.origin.source in _KEYED:
            self._put(name, localisation_key(value, self.dialect) or from_rich(value))
        else:
            self._put(name, encode(value, kind, self.dialect))

    def _stands(self, raw: str, value: str, kind: str) -> bool:
        if kind == "url" and "\\url" in raw:
            return False
        if kind in ("list", "places", "address") and self.dialect == "bibtex":
            return value in (convert.plain_text(raw), convert.KINDS[kind](raw))
        return convert.KINDS[kind](raw) == value

    def _composed(self, each: Field, name: str) -> bool:
        """Give back a value that was read from several fields, if it is still what they say."""
        first, second = (self.entry.beyond(part) if part else "" for part in COMPONENTS[name])
        if not first and not second:
            return False
        leading = each.raw or convert.leading_part(str(each.value), first, second)
        if name in ("volume", "note", "number"):
            again = convert.joined(name, leading, second)
        else:
            again = convert.full_title(leading, first, second)
        if again == each.value or (not each.raw and again.lower() == str(each.value).lower()):
            self._put(name, leading)
            return True
        self.joined.update(part for part in COMPONENTS[name] if part)
        return False

    def _language(self, each: Field, value: str) -> None:
        if self.dialect == "bibtex":
            name = "langid" if self.entry.beyond("language") else "language"
            self._put(name, each.raw or babel_name(value) or from_rich(value))
        elif each.raw and each.raw not in LANGUAGES:
            self._put("language", each.raw)
        elif babel := each.raw or babel_name(value):
            self._put("langid", babel)
        else:
            self._put("language", from_rich(value))

    # what is beyond CSL

    def _extra(self, each: Field) -> None:
        name = _EPRINT[self.dialect].get(each.name, each.name)
        if each.origin.source == "consumer":  # named as that program reads it
            name = each.name
        if each.name in self.joined:
            return
        if not self.unlinked and is_inherited(self.entry, each):
            return
        known = each.origin.source in _CARRIERS or each.name in _EPRINT_FIELDS
        ours = known and isinstance(each.value, str)
        text = str(each.value)
        taken = name in self.fields and text not in ("", self.fields[name])
        if not ours or taken or not FIELD_NAME.fullmatch(f"{name}="):
            self._lost(each.name)
            return
        if not is_sound(text):
            self._changed(each.name)
            text = balanced(text)
        if name in LINKS:
            if self.unlinked:
                self._left_out(name, text)
                return
            text = self.links.written(text)
        if name not in self.fields:
            self.fields[name] = in_one(text)

    def _left_out(self, name: str, text: str) -> None:
        message = f"{name!r} is left out ({text!r}: {self.unlinked}); what came from it is written"
        problem = Diagnostic(LINK_LEFT_OUT, message, key=self.entry.key, severity=Severity.INFO)
        self.problems.append(problem)

    def _subtype(self) -> None:
        """Name the CSL type where the entry type alone would not give it back."""
        entry = self.entry
        if "entrysubtype" in self.fields:
            return
        arxiv = (
            entry.beyond("eprint") != ""
            and (entry.beyond("eprinttype") or entry.beyond("archiveprefix")).lower() == "arxiv"
        )
        subtype = subtype_for(entry.type, self.type, self.fields, arxiv)
        if subtype:
            self.fields["entrysubtype"] = subtype
            message = (
                f"{TITLES[self.dialect]} has no type {entry.type!r}; it is written as "
                f"@{self.type} with entrysubtype {subtype!r}"
            )
            problem = Diagnostic(TYPE_CHANGED, message, key=entry.key, severity=Severity.INFO)
            self.problems.append(problem)

    def _uses_prefixes(self) -> bool:
        """Tell whether prefixes belong to the family names: if all do, an option says so."""
        options = self.entry.beyond("options")
        if options:
            return convert.useprefix(options)
        names = [name for each in self.entry.fields if isinstance(each.value, tuple)
                 for name in each.value]  # fmt: skip
        kept = any(name.particle for name in names)
        return kept and not any(name.dropping_particle for name in names)

    def _prefixes(self) -> None:
        if self._uses_prefixes():
            self.fields.setdefault("options", "useprefix=true")
