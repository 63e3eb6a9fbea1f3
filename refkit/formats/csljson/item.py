"""One CSL-JSON item to an `Entry`, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refkit.formats.characters import mended, whole_text
from refkit.formats.csljson.dates import is_exact, read_date, write_date
from refkit.formats.csljson.names import read_names, write_names
from refkit.formats.csljson.tables import (
    ALIASES,
    EPRINTS,
    KINDS,
    LISTS,
    NOT_IN_SCHEMA,
    ORDER,
    SCHEMA_EXTRAS,
    SCHEMA_NAMES,
    TYPES,
)
from refkit.formats.csljson.words import extras_of, is_in_words, read_words, words_of
from refkit.formats.losses import DATA_ONLY
from refkit.model import vocab
from refkit.model.entry import NOWHERE, AsWritten, Date, Entry, Field, Origin, Value
from refkit.model.report import Diagnostic, Severity
from refkit.normalise.dates import format_edtf, parse_date

TYPE_UNKNOWN = "VAL001"
VALUE_UNREADABLE = "VAL002"
KEY_MISSING = "VAL003"
NO_CHARACTER = "VAL004"

_OUR_NAME = "refkit"
_BESIDE = frozenset({"id", "citation-key", "type", "custom"})


def item_to_entry(item: Mapping[str, Any], origin: Origin = NOWHERE) -> Entry:
    """Read one CSL-JSON item; raises nothing, whatever the item holds."""
    return read_item(item, origin)[0]


def read_item(
    item: Mapping[str, Any], origin: Origin = NOWHERE
) -> tuple[Entry, tuple[Diagnostic, ...]]:
    """Read one CSL-JSON item, with what is wrong in it.

    A member that is no CSL variable goes to `Entry.extra`, as JSON text unless it is a text.
    What `entry_to_item` put into `custom` goes back to where it was.
    """
    reader = _Item(item, origin)
    entry, faulty = mended(reader.entry())
    for name in faulty:
        reader.say(
            NO_CHARACTER, f"what is no character in {name!r} is read as U+FFFD", Severity.WARNING
        )
    return entry, tuple(reader.problems)


class _Item:
    """The reading of one item: gathers fields, extras and problems."""

    def __init__(self, item: Mapping[str, Any], origin: Origin) -> None:
        self.item = item
        self.origin = origin
        self.key = _key(item)
        self.problems: list[Diagnostic] = []
        self.fields: dict[str, Field] = {}
        self.extra: list[Field] = []
        self.words: AsWritten | None = None

    def entry(self) -> Entry:
        kind, native = self._type()
        for name, value in self.item.items():
            if name not in _BESIDE and value not in (None, "", [], {}):
                self._member(name, value)
        native = self._custom(self.item.get("custom")) or native
        if native in DATA_ONLY:  # an item is a work, whatever it calls itself
            native = ""
        identity = self.item.get("id")
        if identity not in (None, "") and str(identity) != self.key:
            self._keep("id", str(identity))
        if not self.key:
            self.say(KEY_MISSING, "this item has no id", Severity.WARNING)
        fields = tuple(self.fields.values())
        return Entry(self.key, kind, fields, tuple(self.extra), native, self.origin, self.words)

    def _type(self) -> tuple[str, str]:
        given = self.item.get("type")
        if isinstance(given, str) and given in vocab.TYPES:
            return given, ""
        if isinstance(given, str) and given in TYPES:
            return TYPES[given], given
        what = f"the type {given!r} is not one of CSL's" if given else "this item has no type"
        self.say(TYPE_UNKNOWN, f"{what}; it is read as 'document'", Severity.WARNING)
        return "document", given if isinstance(given, str) else ""

    def _member(self, name: str, value: Any) -> None:
        known = ALIASES.get(name, name)
        kind = KINDS.get(known)
        if known != name and known in self.item:
            kind = None if self.item[known] != value else "same"
        if kind == "text":
            self._text(known, value)
        elif kind == "names":
            self._names(known, value)
        elif kind == "date":
            self._date(known, value)
        elif kind is None:
            self._keep(name, value)

    def _text(self, name: str, value: Any) -> None:
        if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
            text = LISTS.get(name, "; ").join(str(each) for each in value)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value)
        else:
            self._unreadable(name, value)
            return
        self._set(name, text)

    def _names(self, name: str, value: Any) -> None:
        names, whole = read_names(value)
        if not names:
            self._unreadable(name, value)
            return
        if not whole:
            self.say(VALUE_UNREADABLE, f"{name!r} is not a plain list of names", Severity.WARNING)
        self._set(name, names)

    def _date(self, name: str, value: Any) -> None:
        date = read_date(value)
        if date is None:
            self._unreadable(name, value)
        else:
            self._set(name, date)

    def _unreadable(self, name: str, value: Any) -> None:
        self.say(VALUE_UNREADABLE, f"{name!r} cannot be read: {_json(value)[:80]}")
        self._keep(name, value)

    def _custom(self, custom: Any) -> str:
        """Take back what `entry_to_item` kept in `custom`; return the native type."""
        if not isinstance(custom, Mapping):
            if custom not in (None, "", []):
                self._keep("custom", custom)
            return ""
        others = {name: value for name, value in custom.items() if name != _OUR_NAME}
        if others:
            self._keep("custom", others)
        ours = custom.get(_OUR_NAME)
        if not isinstance(ours, Mapping):
            return ""
        self.words = read_words(ours)
        if self.words is not None:
            self.extra.extend(extras_of(ours, self.words, self.origin))
        self._variables(_mapping(ours.get("variables")))
        for name, value in _mapping(ours.get("fields")).items():
            self.extra.extend(Field(name, each, self.origin) for each in _unpacked(value))
        if ours.get("derived") == ["URL"]:
            self._drop_derived_address()
        return str(ours.get("type") or "")

    def _variables(self, variables: Mapping[str, Any]) -> None:
        for name, value in variables.items():
            kind = KINDS.get(name)
            if kind == "date":
                # The member wins where someone has changed it since.
                date = parse_date(str(value))
                if write_date(date) == self.item.get(name):
                    self._set(name, date)
            elif name not in self.fields:
                for each in _unpacked(value):
                    self._set(name, each)

    def _drop_derived_address(self) -> None:
        url = self.fields.get("URL")
        if url is not None and url.value == _eprint_address(self.extra):
            del self.fields["URL"]

    def _set(self, name: str, value: Value) -> None:
        self.fields[name] = Field(name, value, self.origin)

    def _keep(self, name: str, value: Any) -> None:
        text = value if isinstance(value, str) else _json(value)
        self.extra.append(Field(name, text, self.origin))

    def say(self, code: str, message: str, severity: Severity = Severity.ERROR) -> None:
        """Tell of a fault in the item."""
        key, message = whole_text(self.key), whole_text(message)
        self.problems.append(Diagnostic(code, message, self.origin.span, key, severity=severity))


def _key(item: Mapping[str, Any]) -> str:
    """Return the citation key: Zotero's ids are addresses, its `citation-key` is the key."""
    for member in ("citation-key", "id"):
        value = item.get(member)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value)
    return ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def entry_to_item(entry: Entry, data: Sequence[Entry] = ()) -> dict[str, Any]:
    """Write an entry as a CSL-JSON item that is valid against the official schema.

    What the schema has no place for goes to `custom`:
    `{"refkit": {"type": …, "variables": {…}, "derived": […], "fields": {…}, "biblatex": {…},
    "extra": […], "xdata": {…}}}`.
    `type` is the format's own type (unless it is named as CSL's), `variables` what the schema
    lacks or holds only in part (dates as EDTF), `derived` which members were made up from
    others, and `fields` is `Entry.extra`. What comes from a .bib file has its own fields, as
    written, in `biblatex` (or `bibtex`) instead, the names of those beyond CSL in `extra`, and
    `data`, the @xdata entries to be kept with this one, in `xdata`: see `words`.
    """
    item: dict[str, Any] = {"id": entry.beyond("id") or entry.key}
    if entry.key:
        item["citation-key"] = entry.key
    item["type"] = entry.type if entry.type in vocab.TYPES else "document"
    beyond: dict[str, Any] = {}
    for field in sorted(_distinct(entry.fields), key=lambda each: ORDER.get(each.name, 999)):
        name = field.name
        if name in NOT_IN_SCHEMA or name not in KINDS:
            beyond[name] = _packed(field.value)
            continue
        item[SCHEMA_NAMES.get(name, name)] = _written(field.value)
        if isinstance(field.value, Date) and not is_exact(field.value):
            beyond[name] = format_edtf(field.value)
    derived: list[str] = []
    if "URL" not in item:
        address = _eprint_address(entry.extra)
        if address:
            item["URL"] = address
            derived = ["URL"]
    _write_extra(item, entry, {"variables": beyond, "derived": derived}, words_of(entry, data))
    return item


def _distinct(fields: tuple[Field, ...]) -> Iterator[Field]:
    seen: set[str] = set()
    for field in fields:
        if field.name not in seen and field.value not in ("", ()):
            seen.add(field.name)
            yield field


def _written(value: Value) -> Any:
    if isinstance(value, Date):
        return write_date(value)
    return write_names(value) if isinstance(value, tuple) else value


def _write_extra(
    item: dict[str, Any], entry: Entry, beyond: Mapping[str, Any], words: Mapping[str, Any]
) -> None:
    custom: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for extra in entry.extra:
        if extra.name == "id" or is_in_words(entry, extra):
            continue
        if extra.name == "custom":
            custom = dict(_mapping(_parsed(extra.value)))
        elif extra.name in SCHEMA_EXTRAS and _fits(extra):
            item[extra.name] = _parsed(extra.value) if extra.name == "categories" else extra.value
        else:
            _add(fields, extra)
    native = entry.native_type if words or entry.native_type != item["type"] else ""
    ours = {"type": native, **beyond, "fields": fields, **words}
    kept = {name: value for name, value in ours.items() if value}
    if kept:
        custom[_OUR_NAME] = kept
    if custom:
        item["custom"] = custom


def _fits(extra: Field) -> bool:
    if extra.name != "categories":
        return isinstance(extra.value, str)
    value = _parsed(extra.value)
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _parsed(value: Value) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _add(fields: dict[str, Any], extra: Field) -> None:
    """Add an extra field; one that occurs several times becomes a list."""
    value = _packed(extra.value)
    if extra.name not in fields:
        fields[extra.name] = value
        return
    held = fields[extra.name]
    fields[extra.name] = [*held, value] if isinstance(held, list) else [held, value]


def _packed(value: Value) -> Any:
    if isinstance(value, Date):
        return {"date": format_edtf(value)}
    return {"names": write_names(value)} if isinstance(value, tuple) else value


def _unpacked(value: Any) -> Iterator[Value]:
    if isinstance(value, list):
        for each in value:
            yield from _unpacked(each)
    elif isinstance(value, Mapping) and "names" in value:
        yield read_names(value["names"])[0]
    elif isinstance(value, Mapping) and "date" in value:
        yield parse_date(str(value["date"]))
    else:
        yield value if isinstance(value, str) else _json(value)


def _eprint_address(extra: tuple[Field, ...] | list[Field]) -> str:
    """Return the web address that an eprint id stands for, as pandoc derives it too."""
    found: dict[str, str] = {}
    for each in extra:
        if isinstance(each.value, str):
            found.setdefault(each.name, each.value)
    kind = found.get("eprinttype") or found.get("archiveprefix") or ""
    pattern = EPRINTS.get(kind.casefold(), "")
    return pattern.format(found["eprint"]) if pattern and found.get("eprint") else ""
