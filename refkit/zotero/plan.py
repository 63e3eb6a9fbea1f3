"""What is to be sent to a library: items to make, items to change, and those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from refkit.normalise.titles import fold
from refkit.zotero.known import Known, Same, citation_key
from refkit.zotero.library import new_key
from refkit.zotero.service import Item


class Verdict(StrEnum):
    """What became, or would become, of an entry."""

    MADE = "made"
    UPDATED = "updated"
    THERE = "there already"
    REFUSED = "refused"
    UNREACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry to be sent: its citation key, its item's `data`, and its child notes'."""

    key: str
    data: Item
    notes: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done for an entry.

    `item` is the item's key in the library, `send` what is sent of it (empty for nothing),
    `notes` the child notes that are to be made.
    """

    wanted: Wanted
    verdict: Verdict
    item: str
    why: str = ""
    send: Item = field(default_factory=dict)
    notes: tuple[Item, ...] = ()


def plan(
    wanted: Iterable[Wanted], there: Sequence[Item], *, update: bool, collection: str = ""
) -> list[Step]:
    """Plan a step for each entry, in order; `there` are the library's items, notes among them.

    An entry that is an item already, or an earlier entry of the same file, is not made again:
    with `update` the item gets what the entry says.
    """
    works = [each for each in there if each["data"].get("itemType") not in ("note", "attachment")]
    known, notes = Known(works), _notes_by_parent(there)
    taken: dict[str, str] = {}  # which entry an item is
    steps = []
    for each in wanted:
        same = known.find(each.data)
        if same is None:
            step = _new(each, collection)
            known.add({"key": step.item, "data": each.data})
        elif same.item["key"] in taken:
            why = f"{same.why} as {taken[same.item['key']] or 'an entry'}, earlier in the file"
            step = Step(each, Verdict.THERE, same.item["key"], why)
        elif update:
            step = _changed(each, same, notes.get(same.item["key"], ()), collection)
        else:
            step = Step(each, Verdict.THERE, same.item["key"], same.why)
        taken.setdefault(step.item, each.key)
        steps.append(step)
    return steps


def _changed(wanted: Wanted, same: Same, notes: Iterable[Item], collection: str) -> Step:
    change, missing = _change(wanted.data, same.item, collection), _missing(wanted.notes, notes)
    verdict = Verdict.UPDATED if change or missing else Verdict.THERE
    return Step(wanted, verdict, same.item["key"], same.why, change, missing)


def _new(wanted: Wanted, collection: str) -> Step:
    key = new_key()
    send = {**wanted.data, "key": key}
    if collection:
        send["collections"] = _joined(wanted.data.get("collections") or [], [collection])
    return Step(wanted, Verdict.MADE, key, send=send, notes=wanted.notes)


def _change(data: Item, item: Item, collection: str) -> Item:
    """Return what an item lacks or has otherwise; nothing of its own is taken from it."""
    old = item["data"]
    new = {name: value for name, value in data.items() if value and name not in _NEVER}
    if citation_key(data) == citation_key(old):
        new.pop("citationKey", None)
    for name in ("tags", "collections"):
        added = [*(data.get(name) or []), *([collection] if name == "collections" else [])]
        new[name] = _joined(old.get(name) or [], [each for each in added if each])
    new["extra"] = _extra(str(old.get("extra", "")), str(data.get("extra", "")))
    change = {name: value for name, value in new.items() if (old.get(name) or "") != (value or "")}
    return {**change, "key": item["key"], "version": item["version"]} if change else {}


_NEVER = ("key", "version", "relations", "dateAdded", "dateModified", "parentItem")


def _joined(old: Sequence[object], new: Sequence[object]) -> list[object]:
    """Return both lists as one; a tag is the same whether a person or a program gave it."""
    seen = [_bare(each) for each in old]
    return [*old, *(each for each in new if _bare(each) not in seen)]


def _bare(value: object) -> object:
    return value.get("tag") if isinstance(value, dict) else value


def _extra(old: str, new: str) -> str:
    """Return the lines of both: a line "Name: value" takes the place of the old one."""
    lines, wanted = old.splitlines(), new.splitlines()
    free = [line for line in lines if line not in wanted]
    for line in wanted:
        name, colon, _ = line.partition(":")
        same = next((each for each in free if colon and each.partition(":")[0] == name), None)
        if line in lines:
            continue
        if same is None:
            lines.append(line)
        else:
            free.remove(same)
            lines[lines.index(same)] = line
    return old if lines == old.splitlines() else "\n".join(lines)


def _notes_by_parent(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for each in items:
        if each["data"].get("itemType") == "note" and each["data"].get("parentItem"):
            found.setdefault(each["data"]["parentItem"], []).append(each["data"])
    return found


def _missing(notes: Iterable[Item], there: Iterable[Item]) -> tuple[Item, ...]:
    """Return the notes whose words are in none of those there (Zotero rewrites their HTML)."""
    seen = {fold(str(each.get("note", ""))) for each in there}
    return tuple(each for each in notes if fold(str(each.get("note", ""))) not in seen)
