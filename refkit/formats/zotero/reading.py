"""A Zotero item to an `Entry`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from refkit.formats.zotero.dates import read_date, write_date
from refkit.formats.zotero.extra import ARXIV, CITATION_KEY, TYPE, Line, read_lines, value_of
from refkit.formats.zotero.files import write_files
from refkit.formats.zotero.item import Item, Tag
from refkit.formats.zotero.names import read_creator
from refkit.formats.zotero.notes import read_note
from refkit.formats.zotero.tables import DATES, TEXTS, TYPES, VARIABLES, creator_variable
from refkit.model import vocab
from refkit.model.entry import Entry, Field, Name, Origin, Value
from refkit.normalise.ids import clean_arxiv

ARCHIVES = ("eprinttype", "archiveprefix")
"""The fields of BibLaTeX and BibTeX that name an eprint's archive."""

_DATE_FIELDS = frozenset(DATES.values())
_ORDER = {base: place for place, (_, base) in enumerate(TEXTS)}


def item_to_entry(item: Item, origin: Origin) -> Entry:
    """Read an item with its children; what CSL has no variable for goes to `Entry.extra`.

    A field's `raw` holds what is more than its value: the tags of "keyword" as JSON, the HTML
    of a note, a date in other words or with a time.
    """
    reader = _Reading(item, origin)
    reader.run()
    fields = tuple(reader.fields.values())
    return Entry(reader.key, reader.type, fields, tuple(reader.extra), item.kind, origin)


class _Reading:
    """One item while it is read: the fields made of it so far."""

    def __init__(self, item: Item, origin: Origin) -> None:
        self.item = item
        self.origin = origin
        self.key = item.fields.get("citationKey", "")
        self.type = TYPES[item.kind].csl if item.kind in TYPES else "document"
        self.fields: dict[str, Field] = {}
        self.extra: list[Field] = []

    def run(self) -> None:
        fields = self.item.fields
        for base in sorted(fields, key=lambda each: _ORDER.get(each, len(_ORDER))):
            if base not in ("citationKey", "extra") and fields[base]:
                self._field(base, fields[base])
        self._creators()
        self._extra_lines(fields.get("extra", ""))
        self._tags()
        self._notes()
        self._folders()

    def _field(self, base: str, text: str) -> None:
        variable = VARIABLES.get(base, "")
        if base == "number" and text.startswith("arXiv:") and clean_arxiv(text):
            self._arxiv(text.removeprefix("arXiv:").strip())
        elif not variable or variable in self.fields:
            self._keep(base, text)
        elif base in _DATE_FIELDS:
            date = read_date(text)
            raw = text if write_date(date) != text else ""
            self.fields[variable] = Field(variable, date, self.origin, raw)
        else:
            self._set(variable, text)

    def _creators(self) -> None:
        names: dict[str, list[Name]] = {}
        for creator in self.item.creators:
            name = read_creator(creator)
            if name != Name():
                variable = creator_variable(self.item.kind, creator.role)
                names.setdefault(variable or creator.role, []).append(name)
        for name_variable, each in names.items():
            if name_variable in vocab.NAMES:
                self._set(name_variable, tuple(each))
            else:
                self._keep(name_variable, tuple(each))

    def _extra_lines(self, extra: str) -> None:
        lines, note = read_lines(extra)
        grouped: dict[str, list[str]] = {}
        for line in lines:
            if line.tex:
                self._tex(line)
            else:
                grouped.setdefault(line.name, []).append(line.text)
        again: list[str] = []
        for name, texts in grouped.items():
            again += self._line(name, texts)
        note = "\n".join(filter(None, (*again, note)))
        if note:
            self._set("note", note)

    def _tex(self, line: Line) -> None:
        """Keep a field of BibTeX's, which says more than what an arXiv id alone tells."""
        replaced = {"eprint": "eprint", **dict.fromkeys(ARCHIVES, "eprinttype")}.get(line.name)
        self.extra = [each for each in self.extra if each.name != replaced]
        self._keep(line.name, line.text)

    def _line(self, name: str, texts: Sequence[str]) -> list[str]:
        """Read the lines of one name; return those that a field has said before, as notes."""
        if name == CITATION_KEY:
            self.key = self.key or texts[0]
        elif name == TYPE:
            return self._type_line(texts[0])
        elif name == ARXIV:
            self._arxiv(texts[0].removeprefix("arXiv:").strip())
        elif name in self.fields:
            return [f"{name}: {text}" for text in texts]
        else:
            self._set(name, value_of(name, texts))
            rest = () if name in vocab.NAMES else texts[1:]
            return [f"{name}: {text}" for text in rest]
        return []

    def _type_line(self, text: str) -> list[str]:
        if text in vocab.TYPES:
            self.type = text
        elif text in TYPES:
            self.type = TYPES[text].csl
        else:
            return [f"type: {text}"]
        return []

    def _arxiv(self, number: str) -> None:
        held = {each.name for each in self.extra}
        if "eprint" not in held:
            self._keep("eprint", number)
        if held.isdisjoint(ARCHIVES):
            self._keep("eprinttype", "arXiv")

    def _tags(self) -> None:
        tags = [tag for tag in self.item.tags if tag.text.strip()]
        if not tags:
            return
        value = join_tags([tag.text.strip() for tag in tags])
        if "keyword" in self.fields:
            self._keep("keyword", value)
            return
        raw = json.dumps(tag_objects(tags), ensure_ascii=False)
        raw = "" if split_tags(value) == tags else raw
        self.fields["keyword"] = Field("keyword", value, self.origin, raw)

    def _notes(self) -> None:
        for html in self.item.notes:
            text = read_note(html)
            note = Field("annote", text, self.origin, html if html != text else "")
            if not text:
                continue
            if "annote" in self.fields:
                self.extra.append(note)
            else:
                self.fields["annote"] = note

    def _folders(self) -> None:
        """Keep files and collections, unless a line of `extra` tells more of them."""
        files, groups = write_files(self.item.attachments), ", ".join(self.item.collections)
        for name, text in (("file", files), ("groups", groups)):
            if text and not any(each.name == name for each in self.extra):
                self._keep(name, text)

    def _set(self, name: str, value: Value) -> None:
        self.fields[name] = Field(name, value, self.origin)

    def _keep(self, name: str, value: Value) -> None:
        self.extra.append(Field(name, value, self.origin))


def join_tags(tags: Sequence[str]) -> str:
    """Join tags to one text, with semicolons where one of them has a comma."""
    return ("; " if any("," in tag for tag in tags) else ", ").join(tags)


def split_tags(text: str) -> list[Tag]:
    """Part a text of keywords, at its semicolons if it has any, else at its commas."""
    parts = text.split(";" if ";" in text else ",")
    return [Tag(part.strip()) for part in parts if part.strip()]


def tag_objects(tags: Sequence[Tag]) -> list[dict[str, str | int]]:
    """Return tags as Zotero's API has them."""
    return [{"tag": tag.text, "type": 1} if tag.automatic else {"tag": tag.text} for tag in tags]
