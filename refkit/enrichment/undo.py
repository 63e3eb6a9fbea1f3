"""Which changes of a ledger are to be taken back, and in what order.

A line of a ledger stands until a later line undoes it; that line can itself be undone. Changes
are taken back newest first, one batch after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from refkit.enrichment.ledger import Line, moment
from refkit.errors import InputError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be taken back: `()` for every key and every field.

    `last` means the last run alone, even if it was an undo; `since` only what was written at
    that time or later. Without both it is every change of enrichment that stands.
    """

    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    last: bool = False
    since: datetime | None = None


def wanted(
    keys: Iterable[str] = (), fields: Iterable[str] = (), *, last: bool = False, since: str = ""
) -> Wanted:
    """Make a `Wanted`; `since` is an ISO 8601 date or time. Raises InputError."""
    try:
        when = moment(since) if since else None
    except ValueError:
        raise InputError(
            f"{since!r} is no time; write a date, or a date and a time, as 2026-01-31T12:00"
        ) from None
    if last and when:
        raise InputError("the last run and a time cannot be asked for together")
    return Wanted(tuple(keys), tuple(each.lower() for each in fields), last, when)


def chosen(lines: Sequence[Line], asked: Wanted) -> list[Line]:
    """Return the lines to take back, oldest first; raises InputError for a key without any."""
    known = {each.key for each in lines}
    for key in asked.keys:
        if key not in known:
            raise InputError(f"the ledger has nothing of an entry {key!r}")
    standing = _standing(lines)
    found = [each for at, each in enumerate(lines) if standing[at]]
    if asked.last:
        found = [each for each in found if each.time == lines[-1].time]
    else:
        found = [each for each in found if not each.undoes]
    return [each for each in found if _is_asked(each, asked)]


def _is_asked(line: Line, asked: Wanted) -> bool:
    return (
        (not asked.keys or line.key in asked.keys)
        and (not asked.fields or line.field.lower() in asked.fields)
        and (asked.since is None or moment(line.time) >= asked.since)
    )


def _standing(lines: Sequence[Line]) -> list[bool]:
    """Tell of each line whether it has not been undone, or was made again."""
    standing = [True] * len(lines)
    known: dict[tuple[str, int, str, str], list[int]] = {}
    for at, line in enumerate(lines):
        known.setdefault((*_place(line), line.time), []).append(at)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.undoes and standing[at]:
            before = known.get((*_place(line), line.undoes), [])
            while before and before[-1] >= at:
                before.pop()
            if before:
                standing[before.pop()] = False
    return standing


def _place(line: Line) -> tuple[str, int, str]:
    return (line.key, line.copy, line.field)


def batches(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines that can be taken back together, the newest batch first.

    In a batch no field comes twice, and all lines are of one run and undo one run.
    """
    found: list[list[Line]] = []
    places: set[tuple[str, int, str]] = set()
    for line in lines:
        if not found or _place(line) in places or _run(line) != _run(found[-1][0]):
            found.append([])
            places = set()
        found[-1].append(line)
        places.add(_place(line))
    return found[::-1]


def _run(line: Line) -> tuple[str, str]:
    return (line.time, line.undoes)
