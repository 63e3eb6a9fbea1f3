"""Entries to CSL-JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any

from refkit.formats.csljson.item import entry_to_item
from refkit.formats.csljson.words import named_data
from refkit.formats.losses import OTHERS_WRITTEN, TYPE_CHANGED, repeated_keys, writable
from refkit.model import vocab
from refkit.model.entry import OTHERS, Entry
from refkit.model.report import Diagnostic, Severity, Written


def write(
    entries: Sequence[Entry], finish: Callable[[dict[str, Any]], dict[str, Any]] | None = None
) -> Written:
    """Write entries as a JSON list, two spaces deep, in UTF-8 without escapes.

    `finish` may give each item another form.
    """
    works, data, problems = works_and_data(entries)
    made = (entry_to_item(entry, held) for entry, held in zip(works, data, strict=True))
    items = [_rendered(finish(item) if finish else item, "\n  ") for item in made]
    text = "[\n  " + ",\n  ".join(items) + "\n]\n" if items else "[]\n"
    return Written(text, (*problems, *problems_of(works)))


def works_and_data(
    entries: Sequence[Entry],
) -> tuple[list[Entry], list[list[Entry]], list[Diagnostic]]:
    """Return the works to be written, for each the @xdata to be kept with it, and what is lost."""
    whole, problems = writable(entries, data_only=True)
    data = named_data(whole)
    placed = {id(each) for held in data for each in held}
    works, left_out = writable([entry for entry in whole if id(entry) not in placed])
    return works, data, [*problems, *left_out]


def _rendered(value: Any, margin: str) -> str:
    """Render JSON with an indent; json.dumps does so too, but four times more slowly."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = margin + "  "
    if isinstance(value, dict):
        members = [f"{encode_basestring(k)}: {_rendered(v, inner)}" for k, v in value.items()]
        return "{" + inner + ("," + inner).join(members) + margin + "}" if members else "{}"
    if isinstance(value, list):
        if value and all(isinstance(each, int) for each in value):
            return "[" + ", ".join(map(str, value)) + "]"
        parts = [_rendered(each, inner) for each in value]
        return "[" + inner + ("," + inner).join(parts) + margin + "]" if parts else "[]"
    return json.dumps(value, ensure_ascii=False)


def problems_of(entries: Sequence[Entry]) -> tuple[Diagnostic, ...]:
    """Return what CSL's data model does not hold as it is."""
    problems = (each for entry in entries for each in _problems(entry))
    return (*repeated_keys(entries), *problems)


def _problems(entry: Entry) -> Iterator[Diagnostic]:
    if entry.type not in vocab.TYPES:
        message = f"CSL has no type {entry.type!r}; it is written as 'document'"
        yield Diagnostic(TYPE_CHANGED, message, key=entry.key, severity=Severity.WARNING)
    for field in entry.fields:
        if isinstance(field.value, tuple) and OTHERS in field.value:
            message = (
                f"'and others' in {field.name!r} is written as a name 'others', "
                "which pandoc renders as et al. and other programs as a person"
            )
            yield Diagnostic(OTHERS_WRITTEN, message, key=entry.key, severity=Severity.INFO)
