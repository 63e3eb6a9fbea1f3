"""The lock file of bibliographies: the verdict on each entry, and the records behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from refkit.locks.record import Locked, dump, load, records, references
from refkit.model.evidence import Verdict

NAME = "refkit.lock"


@dataclass(frozen=True, slots=True)
class LockedEntry:
    """What was found out of one entry.

    `copy` tells which of the entries with that key it is, from 1. `content` is the hash of
    what was compared, `enriched` the hash of the same entry once the record has been written
    into it. `record` names the record of a match, `candidates` those that were not taken, best
    first, `ids` the work's identifiers by kind. `decided` is True where the user decided.
    """

    key: str
    content: str
    verdict: Verdict
    reason: str
    copy: int = 1
    enriched: str = ""
    record: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    flagged: bool = False
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file: entries by the name of their bibliography, and records by their own."""

    bibliographies: Mapping[str, tuple[LockedEntry, ...]] = field(default_factory=dict)
    records: Mapping[str, Locked] = field(default_factory=dict)


_ORDER = (
    *("key", "copy", "content", "enriched", "verdict", "flagged", "decided", "reason"),
    *("record", "ids", "candidates"),
)
_NEEDED = frozenset({"key", "content", "verdict", "reason"})
_KINDS: dict[str, type] = {
    **dict.fromkeys(("key", "content", "enriched", "verdict", "reason", "record"), str),
    **{"copy": int, "flagged": bool, "decided": bool, "ids": dict, "candidates": list},
}
_DEFAULTS = {each.name: each.default for each in fields(LockedEntry)}


def parse(data: bytes, path: str) -> Lock:
    """Read a lock file; raises InputError where it is none, or is damaged."""
    return load(data, path, "delete it and run refkit enrich --lock", _lock)


def _lock(found: Mapping[str, Any]) -> Lock:
    known = records(found)
    books = {
        name: tuple(_entry(each, known) for each in entries)
        for name, entries in found["bibliographies"].items()
    }
    return Lock(books, known)


def _entry(found: Mapping[str, Any], known: Mapping[str, Locked]) -> LockedEntry:
    for name, value in found.items():
        if not isinstance(value, _KINDS[name]):
            raise TypeError
    given = {
        **found,
        "verdict": Verdict(found["verdict"]),
        "candidates": tuple(found.get("candidates", ())),
    }
    entry = LockedEntry(**given)
    if not all(isinstance(each, str) for each in (*entry.ids.values(), *entry.candidates)):
        raise TypeError
    if not set(named(entry)) <= known.keys() or (entry.verdict is Verdict.MATCH) != bool(
        entry.record
    ):
        raise LookupError
    return entry


def named(entry: LockedEntry) -> list[str]:
    """Return the names of the records that an entry refers to."""
    return [*([entry.record] if entry.record else []), *entry.candidates]


def render(lock: Lock) -> str:
    """Write a lock file, sorted by names and keys; records that nothing refers to are left out."""
    books = {
        name: sorted(entries, key=lambda each: (each.key, each.copy))
        for name, entries in sorted(lock.bibliographies.items())
    }
    used = {name for entries in books.values() for each in entries for name in named(each)}
    kept = {name: record for name, record in lock.records.items() if name in used}
    rows = {name: [_row(each) for each in entries] for name, entries in books.items()}
    return dump({"bibliographies": rows, "references": references(kept)})


def _row(entry: LockedEntry) -> dict[str, Any]:
    """Return an entry as JSON; what is as usual is left out."""
    values = {name: getattr(entry, name) for name in _ORDER}
    values |= {"ids": dict(sorted(entry.ids.items())), "candidates": list(entry.candidates)}
    return {
        name: value
        for name, value in values.items()
        if name in _NEEDED or value not in (_DEFAULTS[name], {}, [])
    }


def updated(
    lock: Lock, name: str, entries: Iterable[LockedEntry], new: Mapping[str, Locked]
) -> Lock:
    """Return a lock with a bibliography's entries, and with records new or changed.

    A record that says the same as before stays as it is, with the time when it was fetched.
    """
    changed = {
        each: record
        for each, record in new.items()
        if each not in lock.records or lock.records[each].item != record.item
    }
    books = {**lock.bibliographies, name: tuple(entries)}
    return Lock(books, {**lock.records, **changed})
