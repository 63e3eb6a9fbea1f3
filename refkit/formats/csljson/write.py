"""Entries to CSL-JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any

from refkit.formats.csljson.item import entry_to_item
from refkit.formats.losses import TYPE_CHANGED, repeated_keys
from refkit.model import vocab
from refkit.model.entry import OTHERS, Entry
from refkit.model.report import Diagnostic, Severity, Written

OTHERS_WRITTEN = "LOS006"

_SURROGATE = re.compile("[\ud800-\udfff]")


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as a JSON list, two spaces deep, in UTF-8 without escapes."""
    items = [_rendered(entry_to_item(entry), "\n  ") for entry in entries]
    text = "[\n  " + ",\n  ".join(items) + "\n]\n" if items else "[]\n"
    if _SURROGATE.search(text):
        text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return Written(text, problems_of(entries))


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
