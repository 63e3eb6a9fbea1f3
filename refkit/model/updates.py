"""Notices on a work, as Crossref's `updated-by` and `update-to` have them, in one line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_UPDATE = re.compile(
    r"(?P<kind>\S*?)\s*(?P<doi>10\.\S+)?(?: by (?P<source>\S+))?(?: on (?P<date>\d{4}[\d-]*))?"
)


class Update(NamedTuple):
    """One notice: its kind ("retraction"), its DOI, who asserts it, and the day it was made.

    `source` is "publisher" or "retraction-watch"; each part may be "".
    """

    kind: str
    doi: str = ""
    source: str = ""
    date: str = ""


def updates_text(updates: Iterable[Update]) -> str:
    """Write notices as "retraction 10.1000/x by publisher on 2020-01-02; ..."."""
    return "; ".join(dict.fromkeys(map(_text, updates)))


def _text(update: Update) -> str:
    said = f"{_word(update.kind)} {_word(update.doi)}".strip()
    said += f" by {_word(update.source)}" if update.source else ""
    return said + (f" on {update.date}" if update.date else "")


def _word(text: str) -> str:
    return "_".join(text.split())


def updates_in(text: str) -> Iterator[Update]:
    """Read what `updates_text` wrote; what is not of that form is passed over."""
    for each in text.split("; "):
        found = _UPDATE.fullmatch(each)
        if found and each:
            yield Update(*(found[part] or "" for part in ("kind", "doi", "source", "date")))
