"""Typst: one value that it cannot parse fails the whole file, without a line."""

from __future__ import annotations

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import Draft, moved, named
from refkit.adapt.consumers.pandoc import LABELS
from refkit.adapt.consumers.steps import (
    plain_names,
    readable_dates,
    readable_months,
    sound_latex,
    unlinked,
    without_empty,
)
from refkit.formats.bibtex.fields import VERBATIM


def _counted_volumes(draft: Draft) -> None:
    """Note a number of volumes that is none: it fails the file beside a title of all volumes."""
    if not draft.entry.text("number-of-volumes").isdecimal():
        moved(("number-of-volumes",))(draft)


_AS_WRITTEN = ("url", "urlraw", "doi", "eprint", "file", "pdf", "verba", "verbb", "verbc")


def _unpaired_dollar(draft: Draft) -> None:
    """Leave out a technical field with a dollar sign: Typst reads it as text, and fails."""
    for each in draft.entry.extra:
        if each.name in VERBATIM and each.name not in _AS_WRITTEN and "$" in str(each.value):
            draft.drop(each, "Typst cannot parse a dollar sign in it")


TYPST = Consumer(
    name="Typst",
    targets=("biblatex",),
    steps=dict.fromkeys(
        ("biblatex", "bibtex"),
        lambda keys: (
            unlinked, without_empty, readable_dates(), readable_months, plain_names, sound_latex(),
            _counted_volumes, _unpaired_dollar,
        ),
    ),
    takes_data=False,
    say=lambda target: named(LABELS),
)  # fmt: skip
