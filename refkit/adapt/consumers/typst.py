"""Typst: one value that it cannot parse fails the whole file, without a line."""

from __future__ import annotations

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import named
from refkit.adapt.consumers.pandoc import LABELS
from refkit.adapt.consumers.steps import (
    plain_names,
    readable_dates,
    readable_months,
    sound_latex,
    unlinked,
    without_empty,
)

TYPST = Consumer(
    name="Typst",
    targets=("biblatex",),
    steps=dict.fromkeys(
        ("biblatex", "bibtex"),
        lambda keys: (
            unlinked, without_empty, readable_dates, readable_months, plain_names, sound_latex,
        ),
    ),
    takes_data=False,
    say=lambda target: named(LABELS),
)  # fmt: skip
