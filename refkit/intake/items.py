"""What people have: an item of a list, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from refkit.model.entry import Entry
from refkit.model.evidence import Match, Verdict
from refkit.model.ids import Id


class Kind(StrEnum):
    """What an item is: an id, a web address, a formatted reference, or a title with abstract."""

    ID = "id"
    ADDRESS = "address"
    REFERENCE = "reference"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody has: its first line in the input, and its text.

    `ids` are those that the text itself gives, of which a reference broken by line ends may
    give several readings. `title` and `abstract` are those of a reading list.
    """

    line: int
    text: str
    kind: Kind
    ids: tuple[Id, ...] = ()
    title: str = ""
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of an item: the verdict with its reason, and the entry that is made of it.

    A matched entry is the source's record. Any other holds what the item says, with one of
    `MARKS` as a keyword. `others` are the candidates that were not taken, best first; `also`
    the ids of other versions of the same work.
    """

    item: Item
    verdict: Verdict
    reason: str
    entry: Entry
    match: Match | None = None
    others: tuple[Match, ...] = ()
    also: tuple[str, ...] = ()


MARKS = {
    Verdict.NONE: "refkit-unmatched",
    Verdict.AMBIGUOUS: "refkit-unmatched",
    Verdict.UNCHECKED: "refkit-unchecked",
}
"""The keyword that marks an entry for which no record was found, or none could be asked for."""
