"""Adapt entries to a target, step by step; each step tells what it changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refkit.adapt.consumers import fitted
from refkit.adapt.conventions import as_zotero
from refkit.adapt.options import Conversion
from refkit.adapt.titles import csl_titles
from refkit.errors import InputError
from refkit.formats.bibtex.types import Dialect
from refkit.formats.bibtex.write import write_for_latex
from refkit.formats.csljson.write import write as write_csljson
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Written
from refkit.plugins import Format

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
    if options.consumer:
        works, told = fitted(works, options.consumer, target)
        problems += told
    return works, problems


def writer_of(chosen: Format, options: Conversion) -> Callable[[Sequence[Entry]], Written] | None:
    """Return the function that writes a format, in the form that the options ask for.

    Raises InputError where the format has no such form.
    """
    if options.convention == "zotero":
        if chosen.name != "csljson":
            raise InputError(f"the convention 'zotero' is one of csljson, not of {chosen.name}")
        return lambda entries: write_csljson(entries, as_zotero)
    if options.consumer == "latex" and chosen.name in ("bibtex", "biblatex"):
        dialect: Dialect = "bibtex" if chosen.name == "bibtex" else "biblatex"
        return lambda entries: write_for_latex(entries, dialect)
    return chosen.write
