"""LaTeX with bibtex (and its standard styles) or with biblatex and biber."""

from __future__ import annotations

from dataclasses import replace

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import Draft, named
from refkit.adapt.consumers.pandoc import LABELS
from refkit.adapt.consumers.steps import (
    live_links,
    plain_names,
    readable_dates,
    sound_latex,
    told_letters,
    whole_titles,
    without_empty,
)

_UNREAD_MONTHS = ("month", "day")


def _plain_type(draft: Draft) -> None:
    """Write a set as a `misc`: the standard styles have no such type."""
    if draft.entry.native_type == "set":
        draft.retype("document", "misc", "@misc", "@set")


def _months(draft: Draft) -> None:
    """Move a month or day that is no number to the note: biber warns of it."""
    for each in draft.entry.extra:
        if each.name in _UNREAD_MONTHS and isinstance(each.value, str):
            draft.move(replace(each))


_BOTH = (without_empty, plain_names, sound_latex, told_letters)

LATEX = Consumer(
    name="LaTeX",
    targets=("biblatex",),
    steps={
        "bibtex": lambda keys: (*_BOTH, whole_titles, _plain_type),
        "biblatex": lambda keys: (readable_dates, _months, live_links(keys), *_BOTH),
    },
    say=lambda target: named(LABELS),
)
