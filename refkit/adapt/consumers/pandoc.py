"""Pandoc: one bad value ends its run, and of entries with one key it keeps the last."""

from __future__ import annotations

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import Draft, named
from refkit.adapt.consumers.steps import (
    live_links,
    plain_names,
    readable_dates,
    readable_months,
    sound_latex,
    unicode_math,
    without_empty,
)
from refkit.model.vocab import DATES

LABELS = {"issued": ""}
"""What a date that no program reads is called in a note; the year of issue speaks for itself."""


def _one_id(draft: Draft) -> None:
    """Let the citation key be the id: pandoc cites by the latter."""
    draft.drop_extra("id")


_CSL = (without_empty, unicode_math, readable_dates(DATES), _one_id)

PANDOC = Consumer(
    name="pandoc",
    targets=("csljson",),
    steps={
        "csljson": lambda keys: _CSL,
        "cslyaml": lambda keys: _CSL,
        "bibtex": lambda keys: (
            without_empty, readable_dates(("issued",)), readable_months, plain_names, sound_latex(),
        ),
        "biblatex": lambda keys: (
            without_empty, readable_dates(("issued",)), readable_months, plain_names,
            live_links(keys), sound_latex(),
        ),
        "ris": lambda keys: (without_empty,),
        "endnotexml": lambda keys: (without_empty,),
    },
    say=lambda target: named(LABELS),
    distinct=frozenset(("csljson", "cslyaml")),
)  # fmt: skip
