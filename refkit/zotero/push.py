"""Sending entries to a library in batches, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from refkit.errors import SourceError
from refkit.zotero.known import title_of
from refkit.zotero.library import AT_ONCE, Library, Receipt, new_key
from refkit.zotero.options import PushOptions
from refkit.zotero.plan import Step, Verdict, Wanted, plan
from refkit.zotero.service import Item, RefusedError

_LAST_WORDS = frozenset({401, 403, 404, 501})  # what the next batch would be told too

Send = Callable[[Sequence[Item]], list[Receipt]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: `item` is its item's key, `reason` why it is as it is."""

    key: str
    verdict: Verdict
    reason: str = ""
    item: str = ""
    notes: int = 0


def existing(library: Library, *, notes: bool = False) -> list[Item]:
    """Return a library's items, if asked with their child notes.

    Raises RefusedError and SourceError.
    """
    found = library.items("items" if notes else "items/top", itemType="-attachment")
    return [each for each in found.items if _is_item(each)]


def prepare(library: Library, wanted: Iterable[Wanted], options: PushOptions) -> list[Step]:
    """Read the library and plan what is to be sent; raises as `existing`."""
    there = existing(library, notes=options.update)
    return plan(wanted, there, update=options.update, collection=options.collection)


def _is_item(each: Item) -> bool:
    return isinstance(each.get("data"), dict) and "key" in each and "version" in each


def planned(steps: Iterable[Step]) -> list[Outcome]:
    """Return what will become of each entry where all goes well; a new item has no key yet."""
    return [
        Outcome(
            each.wanted.key,
            each.verdict,
            each.why,
            "" if each.verdict is Verdict.MADE else each.item,
        )
        for each in steps
    ]


def send(library: Library, steps: Sequence[Step]) -> list[Outcome]:
    """Carry out a plan; an outcome for each step, in order.

    Items first, then changes, then the child notes of items that are there by then. What is
    refused or not reached never stops the rest.
    """
    outcomes = planned(steps)
    mail = _Mail(outcomes)
    mail.send(_to_send(steps, Verdict.MADE), library.create)
    mail.send(_to_send(steps, Verdict.UPDATED), library.update)
    arrived = (Verdict.MADE, Verdict.UPDATED)
    notes = [
        (index, {**note, "key": new_key(), "parentItem": step.item})
        for index, step in enumerate(steps)
        for note in step.notes
        if outcomes[index].verdict in arrived
    ]
    mail.send(notes, library.create, notes=True)
    return outcomes


def _to_send(steps: Sequence[Step], verdict: Verdict) -> list[tuple[int, Item]]:
    return [(i, each.send) for i, each in enumerate(steps) if each.verdict is verdict and each.send]


class _Mail:
    """Sends items in batches and writes into `outcomes`, by index, what became of them."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        self._outcomes = outcomes
        self._over: Receipt | SourceError | None = None

    def send(self, items: Sequence[tuple[int, Item]], way: Send, *, notes: bool = False) -> None:
        for start in range(0, len(items), AT_ONCE):
            batch = items[start : start + AT_ONCE]
            result = self._over or self._sent([item for _, item in batch], way)
            for place, (index, _) in enumerate(batch):
                found = result[place] if isinstance(result, list) else result
                self._outcomes[index] = _noted(self._outcomes[index], found, notes=notes)

    def _sent(self, items: list[Item], way: Send) -> list[Receipt] | Receipt | SourceError:
        try:
            return way(items)
        except RefusedError as error:
            refused = Receipt(refused=str(error))
            if error.status in _LAST_WORDS:
                self._over = refused
            return refused
        except SourceError as error:
            if error.final:
                self._over = error
            return error


def _noted(old: Outcome, found: Receipt | SourceError, *, notes: bool) -> Outcome:
    of = "a child note: " if notes else ""
    if isinstance(found, SourceError):
        return replace(old, verdict=Verdict.UNREACHED, reason=f"{of}{found}")
    if found.refused:
        return replace(old, verdict=Verdict.REFUSED, reason=f"{of}{found.refused}")
    if notes:
        return replace(old, notes=old.notes + 1)
    verdict = Verdict.THERE if found.unchanged else old.verdict
    return replace(old, verdict=verdict, item=found.key)


def failed(wanted: Iterable[Wanted], error: RefusedError | SourceError) -> list[Outcome]:
    """Return the outcomes of entries of which none was sent."""
    verdict = Verdict.REFUSED if isinstance(error, RefusedError) else Verdict.UNREACHED
    return [Outcome(each.key, verdict, str(error)) for each in wanted]


def imported(wanted: Sequence[Wanted], made: Iterable[Item]) -> list[Outcome]:
    """Tell which entries of an import arrived, by the titles of the items that it made."""
    items = list(made)
    if len(items) >= len(wanted):
        return [Outcome(each.key, Verdict.MADE) for each in wanted]
    left = Counter(title_of(each) for each in items)
    outcomes = []
    for each in wanted:
        title = title_of(each.data)
        arrived = left[title] > 0
        left[title] -= arrived
        outcomes.append(
            Outcome(each.key, Verdict.MADE)
            if arrived
            else Outcome(each.key, Verdict.REFUSED, "Zotero's importer left it out")
        )
    return outcomes
