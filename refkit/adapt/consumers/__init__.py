"""Programs that entries are made fit for: one file each, with what it refuses or loses.

What each does was measured by running it: Zotero's import code of April 2026 (schema 41), pandoc
3.9, bibtex and biber 2.18 of TeX Live 2022, Typst 0.15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import Draft
from refkit.adapt.consumers.latex import LATEX
from refkit.adapt.consumers.pandoc import PANDOC
from refkit.adapt.consumers.typst import TYPST
from refkit.adapt.consumers.zotero import ZOTERO
from refkit.errors import InputError
from refkit.formats.bibtex.inherit import keys_in
from refkit.formats.bibtex.keys import make_keys
from refkit.formats.losses import keys_lost, writable
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Severity

CONSUMERS = {"zotero": ZOTERO, "pandoc": PANDOC, "latex": LATEX, "typst": TYPST}


def fitted(
    entries: Sequence[Entry], consumer: str, target: str
) -> tuple[list[Entry], list[Diagnostic]]:
    """Return the entries as that program takes them in that format, and what was changed.

    Raises InputError for an unknown program, or where it does not read the format.
    """
    program = _named(consumer)
    if target not in program.steps:
        known = ", ".join(program.steps)
        raise InputError(f"{program.name} does not read {target}; it reads {known}")
    works, problems = writable(entries, data_only=program.takes_data)
    if target in program.distinct:
        works, renamed = _distinct(works)
        problems += renamed
    keys = frozenset(key for each in works for key in (each.key, *keys_in(each.beyond("ids"))))
    steps = program.steps[target](keys)
    done: list[Entry] = []
    for entry in works:
        draft = Draft(entry, program.name, program.say(target), program.between(target))
        for step in steps:
            step(draft)
        done.append(draft.entry)
        problems += draft.told
    if target in program.keyless:
        problems += keys_lost(done, f"{program.name}'s import of {target}")
    return done, problems


def _named(consumer: str) -> Consumer:
    if consumer not in CONSUMERS:
        raise InputError(f"there is no program {consumer!r}; known: {', '.join(CONSUMERS)}")
    return CONSUMERS[consumer]


def _distinct(entries: Sequence[Entry]) -> tuple[list[Entry], list[Diagnostic]]:
    """Give a key to each entry that has none, or one that an earlier entry has."""
    made, _ = make_keys(entries, "biblatex")
    seen: set[str] = set()
    works: list[Entry] = []
    problems: list[Diagnostic] = []
    for entry, other in zip(entries, made, strict=True):
        key = entry.key if entry.key and entry.key not in seen else other
        while key in seen:
            key += "-2"
        seen.add(key)
        if key != entry.key:
            was = f"{entry.key!r} is written as {key!r}" if entry.key else f"{key!r} is made up"
            message = f"the key {was}"
            problems.append(Diagnostic("KEY002", message, key=key, severity=Severity.WARNING))
        works.append(entry if key == entry.key else replace(entry, key=key))
    return works, problems
