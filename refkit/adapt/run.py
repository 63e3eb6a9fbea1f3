"""Adapt entries to a target, step by step; each step tells what it changed."""

from __future__ import annotations

from collections.abc import Sequence

from refkit.adapt.options import Conversion
from refkit.adapt.titles import csl_titles
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic

CSL = frozenset(("csljson", "cslyaml"))


def adapted(
    entries: Sequence[Entry], target: str, options: Conversion
) -> tuple[list[Entry], list[Diagnostic]]:
    """Return the entries as they are to be written in the format `target`, and what to tell."""
    works, problems = list(entries), list[Diagnostic]()
    if options.titles == "sentence" or (options.titles == "auto" and target in CSL):
        works = [csl_titles(each) for each in works]
    return works, problems
