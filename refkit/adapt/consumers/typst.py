"""Typst: one value that it cannot parse fails the whole file, without a line."""

from __future__ import annotations

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import named
from refkit.adapt.consumers.pandoc import LABELS
from refkit.adapt.consumers.steps import (
    live_links,
    plain_names,
    readable_dates,
    sound_latex,
    without_empty,
)

TYPST = Consumer(
    name="Typst",
    targets=("biblatex",),
    steps=dict.fromkeys(
        ("biblatex", "bibtex"),
        lambda keys: (without_empty, readable_dates, plain_names, live_links(keys), sound_latex),
    ),
    say=lambda target: named(LABELS),
)
