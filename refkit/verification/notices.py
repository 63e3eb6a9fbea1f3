"""Notices on a work: retractions, corrections and the like, with those who assert them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from refkit.model.entry import Entry
from refkit.model.updates import updates_in

RETRACTIONS = frozenset("retraction partial_retraction withdrawal removal".split())
"""Kinds of notices (Crossref's update types) after which a work is no longer to be relied on."""

_VERSIONS = frozenset({"new_version", "new_edition"})
_TITLE = re.compile(
    r"^\W*(?P<kind>retracted|withdrawn)\b(?:\s+(?:article|chapter|paper))?\s*:", re.IGNORECASE
)
_TITLE_KINDS = {"retracted": "retraction", "withdrawn": "withdrawal"}


class Notice(NamedTuple):
    """One notice: its kind, its own DOI, who asserts it, and its date; "" for what is not told.

    `asserters` are "publisher", "retraction-watch", the name of a source, or "title" where only
    the record's title says so.
    """

    kind: str
    doi: str
    asserters: tuple[str, ...]
    date: str = ""

    @property
    def retracts(self) -> bool:
        """Whether the work is retracted by it."""
        return self.kind in RETRACTIONS


def notices(record: Entry) -> tuple[Notice, ...]:
    """Return the notices on a record's work, retractions first; each once, with all asserters."""
    found: dict[tuple[str, str], Notice] = {}
    for each in _asserted(record):
        key = (each.kind, each.doi.lower())
        known = found.get(key)
        if known is None:
            found[key] = each
        else:
            asserters = tuple(dict.fromkeys((*known.asserters, *each.asserters)))
            date = min(filter(None, (known.date, each.date)), default="")
            found[key] = known._replace(asserters=asserters, date=date)
    return tuple(sorted(_without_echoes(list(found.values())), key=lambda each: not each.retracts))


def _asserted(record: Entry) -> Iterator[Notice]:
    own = record.text("DOI").lower()
    for each in updates_in(record.beyond("updated-by")):
        if each.kind in _VERSIONS and each.doi.lower() == own:
            continue  # the record is of the newest version already
        yield Notice(each.kind, each.doi, (each.source,) if each.source else (), each.date)
    for kind in ("retraction", "withdrawal"):
        if record.beyond(f"has-{kind}"):
            yield Notice(kind, "", (record.origin.source,))
    found = _TITLE.match(record.text("title"))
    if found:
        yield Notice(_TITLE_KINDS[found["kind"].lower()], "", ("title",))


def _without_echoes(found: list[Notice]) -> list[Notice]:
    """Leave out a retraction that only a title or a flag tells, where a notice is known."""
    known = any(each.retracts and each.doi for each in found)
    return [each for each in found if each.doi or not (known and each.retracts)]
