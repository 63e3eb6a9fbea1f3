"""Adapt entries to a target, step by step; each step tells what it changed."""

from __future__ import annotations

from collections.abc import Sequence

from refkit.adapt.options import Conversion
from refkit.adapt.titles import csl_titles
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic

CSL = frozenset(("csljson", "cslyaml"))
SHORT = frozenset(("biblatex", "ris", "nbib"))
"""Other formats that have a place for a journal's abbreviation beside its name."""


def adapted(
    entries: Sequence[Entry], target: str, options: Conversion
) -> tuple[list[Entry], list[Diagnostic]]:
    """Return the entries as they are to be written in the format `target`, and what to tell."""
    works, problems = list(entries), list[Diagnostic]()
    if options.titles == "sentence" or (options.titles == "auto" and target in CSL):
        works = [csl_titles(each) for each in works]
    if options.journals != "keep":
        from refkit.adapt.journals import with_journals

        csl = target in CSL
        works, told = with_journals(works, options, csl=csl, short=csl or target in SHORT)
        problems += told
    return works, problems
