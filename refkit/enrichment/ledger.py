"""The record of every field that refkit wrote: what, from where, when and why.

The ledger of `refs.bib` is `refs.bib.refkit.jsonl` beside it: one JSON object a line, only ever
appended to. Its lines are on disk before the file itself is replaced, so that no change is ever
without its source.

Beside what people read of a change, a line holds what `refkit undo` needs to take it back to the
byte: the values as they were and are written (`old_raw`, `new_raw`, null for no field), all that
was `inserted` to add the field, and `copy`, which of the entries with that key it is. A line of
an undo has `undoes`, the time of the line that it takes back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from refkit.errors import InputError
from refkit.locks.record import is_escaped
from refkit.model.entry import Date, Entry, Name, Value
from refkit.model.report import Applied, Change, Inserted

SUFFIX = ".refkit.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a ledger, as far as it is needed to take the change back.

    `undoes` is the time of the line that was taken back, "" for a change of enrichment.
    """

    time: str
    key: str
    field: str
    source: str
    old_raw: str | None
    new_raw: str | None
    inserted: Inserted | None = None
    copy: int = 1
    undoes: str = ""


def ledger_path(path: str) -> str:
    """Return where the ledger of a bibliography file lies."""
    return path + SUFFIX


def lines(rows: Iterable[Mapping[str, object]], now: datetime | None = None) -> str:
    """Return ledger lines for report rows of changes, stamped with the time in UTC."""
    time = (now or datetime.now(UTC)).isoformat(timespec="milliseconds")
    stamped = ({"time": time, **row} for row in rows)
    return "".join(_json(row) + "\n" for row in stamped)


def _json(row: Mapping[str, object]) -> str:
    """Return a row as JSON that can be written: bytes that are no UTF-8 are lone surrogates."""
    text = json.dumps(row, ensure_ascii=False)
    return json.dumps(row) if is_escaped(text) else text


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


def kept(applied: Applied, copy: int) -> dict[str, object]:
    """Return a change as a ledger line, without its time; `copy` as in `copies`."""
    told = row(applied.change, applied.field, applied.old, applied.new)
    return told | raw(applied.old_raw, applied.new_raw, applied.inserted, copy)


def raw(
    old_raw: str | None, new_raw: str | None, inserted: Inserted | None, copy: int
) -> dict[str, object]:
    """Return the part of a line that an undo needs; the first entry of a key has no `copy`."""
    texts: dict[str, object] = {"old_raw": old_raw, "new_raw": new_raw}
    if inserted is not None:
        texts["inserted"] = list(inserted)
    return texts | ({"copy": copy} if copy > 1 else {})


def copies(entries: Iterable[Entry]) -> list[int]:
    """Return for each entry which of the entries with its key it is, from 1."""
    seen: Counter[str] = Counter()
    found = []
    for each in entries:
        seen[each.key] += 1
        found.append(seen[each.key])
    return found


def parse(data: bytes, path: str) -> list[Line]:
    """Read a ledger; raises InputError with the line that is none of refkit's."""
    lines = []
    for number, text in enumerate(data.split(b"\n"), 1):
        if text.strip():
            try:
                lines.append(_line(json.loads(text)))
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                raise InputError(
                    f"{path}:{number}:1: this is no line of a ledger; restore the file, or take "
                    "the line out"
                ) from None
    return lines


def _line(found: Mapping[str, Any]) -> Line:
    inserted = found.get("inserted")
    line = Line(
        **{name: found[name] for name in ("time", "key", "field", "source")},
        # Lines of refkit 0.1 hold the old value as it was written, and the new one's text.
        old_raw=found["old_raw"] if "old_raw" in found else found["old"],
        new_raw=found["new_raw"] if "new_raw" in found else "{" + found["new"] + "}",
        inserted=None if inserted is None else Inserted(*inserted),
        copy=found.get("copy", 1),
        undoes=found.get("undoes", ""),
    )
    texts = (line.time, line.key, line.field, line.source, line.undoes, *(line.inserted or ()))
    values = (line.old_raw, line.new_raw)
    if not all(isinstance(t, str) for t in texts) or not isinstance(line.copy, int):
        raise TypeError
    if values == (None, None) or not all(v is None or isinstance(v, str) for v in values):
        raise TypeError
    moment(line.time)
    return line


def moment(text: str) -> datetime:
    """Return an ISO 8601 time; one that names no zone is of this machine's. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone()


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
