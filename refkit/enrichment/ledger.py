"""The record of every field that refkit wrote: what, from where, when and why.

The ledger of `refs.bib` is `refs.bib.refkit.jsonl` beside it: one JSON object a line, only ever
appended to. Its lines are on disk before the file itself is replaced, so that no change is ever
without its source.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from refkit.model.entry import Date, Name, Value
from refkit.model.report import Change

SUFFIX = ".refkit.jsonl"


def ledger_path(path: str) -> str:
    """Return where the ledger of a bibliography file lies."""
    return path + SUFFIX


def lines(rows: Iterable[Mapping[str, object]], now: datetime | None = None) -> str:
    """Return ledger lines for report rows of changes, stamped with the time in UTC."""
    time = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    stamped = ({"time": time, **row} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in stamped)


def row(change: Change, field: str, old: str, new: str) -> dict[str, object]:
    """Return one change as the ledger and the report tell it, in the file's own terms."""
    return {
        "key": change.key,
        "field": field,
        "old": old or None,
        "new": new,
        "source": change.origin.source,
        "record": change.origin.ref,
        "fetched": change.origin.fetched or None,
        "reason": change.why,
    }


def plain(value: Value | None) -> str:
    """Return a value as one line of text, for people."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Date):
        parts = (value.year, value.month, value.day)
        return value.literal or "-".join(f"{part:02}" for part in parts if part is not None)
    return "; ".join(_plain_name(name) for name in value)


def _plain_name(name: Name) -> str:
    if name.literal:
        return name.literal
    family = " ".join(part for part in (name.dropping_particle, name.particle, name.family) if part)
    return ", ".join(part for part in (family, name.given, name.suffix) if part)
