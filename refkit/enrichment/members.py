"""Changes taken back in a format that is written anew: values kept as CSL-JSON members."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from refkit.enrichment.ledger import plain
from refkit.formats.csljson import entry_to_item, item_to_entry
from refkit.model.entry import Entry, Field, Value
from refkit.model.report import Step, Stepped

_BESIDE = ("id", "type")


def member(name: str, value: Value | None) -> str | None:
    """Return a CSL variable's value as JSON, with all that the value needs; None for none."""
    if value is None:
        return None
    if name == "type":
        return json.dumps(value)
    item = entry_to_item(Entry("", "document", (Field(name, value),)))
    return json.dumps({key: each for key, each in item.items() if key not in _BESIDE})


def restored(entries: Sequence[Entry], steps: Sequence[Step]) -> tuple[list[Entry], list[Stepped]]:
    """Return entries with fields put back, and what came of each step.

    A field is named as its CSL variable. One that says something else than what was written is
    left alone.
    """
    found = list(entries)
    done = []
    for step in steps:
        now = _plain(_now(found[step.index], step.field))
        old, new = _value(step.field, step.old_raw), _value(step.field, step.new_raw)
        if now != _plain(new):
            # An added field that is gone is as it was, and so is a value that is the old one.
            why = "" if now == _plain(old) else _why(now)
            done.append(Stepped(made=False, why=why))
            continue
        found[step.index] = _with(found[step.index], step.field, old)
        done.append(Stepped(made=True, new_raw=step.old_raw))
    return found, done


def _now(entry: Entry, name: str) -> Value | None:
    field = entry.field(name)
    return entry.type if name == "type" else None if field is None else field.value


def _value(name: str, raw: str | None) -> Value | None:
    if raw is None:
        return None
    if name == "type":
        return str(json.loads(raw))
    field = item_to_entry({"type": "document", **json.loads(raw)}).field(name)
    return None if field is None else field.value


def _plain(value: Value | None) -> str | None:
    return None if value is None else plain(value)


def _with(entry: Entry, name: str, value: Value | None) -> Entry:
    """Return an entry with a field's value in its old place, or without the field."""
    if name == "type":
        return replace(entry, type=str(value), native_type="")
    new = [] if value is None else [Field(name, value)]
    if entry.field(name) is None:
        return entry.with_fields([*entry.fields, *new])
    at = [each.name for each in entry.fields].index(name)
    return entry.with_fields([*entry.fields[:at], *new, *entry.fields[at + 1 :]])


def _why(now: str | None) -> str:
    return "it is no longer there" if now is None else f"it was changed since, to {now}"
