"""The options of commands that ask sources, and what they come to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from refkit import files
from refkit.api.intake import Intake, Taken, told, verdicts, work_id
from refkit.cli import common, show
from refkit.cli.enrich import SECONDS, service_urls
from refkit.config import SourceSettings, urls_in
from refkit.model.evidence import Verdict

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--catalogue", metavar="PATH", help="A local catalogue, built or not, to search."),
    click.option("--sources", metavar="NAME,…", help="Sources, in the order in which to ask them."),
    click.option(
        "--url", "urls", metavar="SOURCE=URL", multiple=True, help="The address of any source."
    ),
    click.option("--mailto", metavar="ADDRESS", help="Your address, for Crossref's polite pool."),
    click.option("--cache", metavar="PATH", help="Keep the services' answers in this file."),
    click.option("--no-cache", is_flag=True, help="Neither use nor keep earlier answers."),
    click.option(
        "--timeout", type=SECONDS, default=10.0, show_default=True, help="For one request."
    ),
    click.option(
        "--deadline", type=SECONDS, help="Seconds for the whole run; the rest is unchecked."
    ),
    click.option("-p", "--pattern", metavar="PATTERN", help="What keys are made of; see keys."),
    click.option("--report", metavar="OUT.json", help="Write one JSON object per item here."),
    click.option("--strict", is_flag=True, help="Exit 1 unless everything has a match."),
    click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong."),
)


def options(command: _F) -> _F:
    """Give a command the options of those that ask sources."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def settings(given: dict[str, Any]) -> SourceSettings:
    """Return the settings that the options come to; raises UsageError."""
    return SourceSettings(
        mailto=given["mailto"] or os.environ.get("REFKIT_MAILTO", ""),
        cache_path=given["cache"],
        use_cache=not given["no_cache"],
        timeout=given["timeout"],
        deadline=given["deadline"],
        catalogue=given["catalogue"] or "",
        urls=urls_in(os.environ) | service_urls(given["urls"]),
    )


def sources(given: dict[str, Any]) -> list[str]:
    """Return the names of the sources that are asked for, [] for the usual ones."""
    names = [name.strip() for name in (given["sources"] or "").split(",") if name.strip()]
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
