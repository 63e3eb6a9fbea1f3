"""What `refkit add` and `refkit import` share: their options, what they say, how they end."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

from refkit import files
from refkit.api.intake import Intake, Taken, told, verdicts, work_id
from refkit.cli import asking, common, show
from refkit.model.evidence import Verdict

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    asking.SOURCES,
    asking.LIMITS,
    click.option("-p", "--pattern", metavar="PATTERN", help="What keys are made of; see keys."),
    click.option("--report", metavar="OUT.json", help="Write one JSON object per item here."),
    click.option("--strict", is_flag=True, help="Exit 1 unless everything has a match."),
    click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong."),
)


def options(command: _F) -> _F:
    """Give a command the options of those that take works in."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def sources(given: Mapping[str, Any]) -> list[str]:
    """Return the names of the sources that are asked for, [] for the usual ones."""
    names = asking.names(given["sources"])
    if given["sources"] is not None and not names:
        raise click.UsageError("--sources names no source")
    return names


def check_places(places: Iterable[str | None], report: str | None, inputs: Iterable[str]) -> None:
    """Refuse, before anything is asked, what could not be written in the end."""
    wanted = [place for place in places if place and place != "-"]
    for place in wanted:
        files.check_place(place)
    if report and report != "-":
        files.check_place(report)
        for other in (*wanted, *inputs):
            if os.path.realpath(other) == os.path.realpath(report):
                raise click.UsageError(f"the report would overwrite {other}")


def say(found: Intake, *, quiet: bool) -> None:
    """Tell of each item what came of it, on standard error."""
    for warning in found.warnings:
        show.warn(warning)
    show.problems(found.problems, found.source)
    if quiet:
        return
    show.verdicts(map(_line, found.taken), 9)
    counts = [sum(each.settled.verdict is one for each in found.taken) for one in Verdict]
    parts = [f"{len(found.taken)} items", *map("{} {}".format, counts, Verdict)]
    there = sum(bool(each.there) for each in found.taken)
    parts += [f"{there} there already"] if there else []
    show.note(", ".join([*parts, f"{len(found.entries)} new entries"]))


def _line(each: Taken) -> tuple[str, str, str, str]:
    verdict = each.settled.verdict
    said = f"{work_id(each.settled) or ''} {told(each)}".strip()
    return each.key, str(verdict), show.COLOURS[verdict], said


def put_report(found: Intake, place: str | None) -> None:
    """Write the report, if one is asked for."""
    if place:
        text = json.dumps(found.report(), ensure_ascii=False, indent=2) + "\n"
        common.put(text.encode("utf-8", "replace"), place)


def exit_code(found: Intake, *, broken: bool, strict: bool) -> int:
    """Return 3 if anything is unchecked, 1 for broken input or if `strict` misses a match."""
    seen = verdicts(found)
    if Verdict.UNCHECKED in seen:
        return 3
    return 1 if broken or (strict and seen - {Verdict.MATCH}) else 0
