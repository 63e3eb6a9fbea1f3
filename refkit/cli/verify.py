"""`refkit verify`: does each entry say what the record of its work says?"""

from __future__ import annotations

import json
import os
from typing import Any

import click

from refkit import files
from refkit.api import documents, verifying
from refkit.cli import asking, common, show
from refkit.verification.verdicts import Finding, Status

COLOURS = {
    Status.VERIFIED: "green",
    Status.CORRECTED: "yellow",
    Status.SUPERSEDED: "yellow",
    Status.DIFFERS: "yellow",
    Status.AMBIGUOUS: "yellow",
    Status.NOT_FOUND: "magenta",
    Status.RETRACTED: "red",
    Status.UNCHECKED: "red",
}
_WIDTH = max(map(len, Status))
_ALLOWED = [str(each) for each in Status if each is not Status.UNCHECKED]


@click.command()
@common.FILE
@asking.SOURCES
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How the result is printed.")  # fmt: skip
@click.option("--report", metavar="OUT.json", help="Write one JSON object per entry to this file.")
@click.option("--allow", metavar="VERDICT,…", help="Verdicts that are no findings, as corrected.")
@click.option("-f", "--from", "format", metavar="FORMAT", help="The file's format.")
@common.ENCODING
@asking.LIMITS
@click.option("-q", "--quiet", is_flag=True, help="Print only what is not verified.")
def command(file: str, **given: Any) -> None:
    """Compare FILE's entries with the records of their works. Nothing is ever written into FILE.

    Each entry is verified, or it differs (in which fields), is retracted, corrected, superseded
    by a published version, ambiguous, not found, or unchecked where a source could not answer.
    Exit code 0 means that all are verified, 3 that something is unchecked, whatever else was
    found, and 1 any other finding.

    \b
    Examples:
      refkit verify refs.bib --mailto you@example.org
      refkit verify refs.bib --sources crossref,datacite,arxiv --deadline 120
      refkit verify refs.bib --allow corrected,superseded --format json
    """
    allowed = _allowed(given["allow"])
    _check(file, given)
    document = documents.read(file, format=given["format"], encoding=given["encoding"])
    with common.progress("asking", len(document.entries)) as step:
        found = verifying.verify(
            document, asking.sources(given), settings=asking.settings(given), progress=step
        )
    for warning in found.warnings:
        show.warn(warning)
    show.problems(document.problems, document.source)
    _deliver(found, given)
    raise click.exceptions.Exit(_exit_code(found, allowed))


def _allowed(text: str | None) -> set[str]:
    allowed = {name.replace("-", " ").lower() for name in asking.names(text)}
    unknown = sorted(allowed - set(_ALLOWED))
    if unknown:
        raise click.UsageError(f"--allow takes {', '.join(_ALLOWED)}; not {unknown[0]!r}")
    return allowed | {Status.VERIFIED}


def _check(file: str, given: dict[str, Any]) -> None:
    if not asking.sources(given):
        raise click.UsageError("--sources names no source")
    report = given["report"]
    if report and report != "-":
        files.check_place(report)
        if os.path.realpath(file) == os.path.realpath(report):
            raise click.UsageError(f"the report would overwrite {file}")


def _deliver(found: verifying.Verification, given: dict[str, Any]) -> None:
    text = json.dumps(found.report(), ensure_ascii=False, indent=2) + "\n"
    told = text.encode("utf-8", "replace")
    if given["shape"] == "json":
        show.data(told)
    elif given["report"] != "-":
        show.data(_text(found, quiet=given["quiet"]).encode("utf-8", "backslashreplace"))
    if given["report"]:
        common.put(told, given["report"])
    show.note(_tally(found))


def _text(found: verifying.Verification, *, quiet: bool) -> str:
    shown = [e for e in found.findings if not quiet or e.status is not Status.VERIFIED]
    width = max((len(each.entry.key) for each in shown), default=0)
    return "".join(f"{line}\n" for each in shown for line in _lines(each, width))


def _lines(finding: Finding, width: int) -> list[str]:
    status = show.styled(f"{finding.status:<{_WIDTH}}", COLOURS[finding.status])
    head = f"{finding.entry.key:<{width}}  {status}  {_identity(finding)}{finding.reason}"
    told = [f"{each.field}: {each.ours} | record: {each.theirs}" for each in finding.differences]
    for notice in finding.notices:
        by = f", says {' and '.join(notice.asserters)}" if notice.asserters else ""
        parts = (notice.kind.replace("_", " "), notice.doi, notice.date)
        told.append(" ".join(filter(None, parts)) + by)
    if finding.published and finding.status is not Status.SUPERSEDED:
        told.append(f"published as {finding.published.doi} ({finding.published.how})")
    return [head, *(f"{'':<{width}}    {each}" for each in told)]


def _identity(finding: Finding) -> str:
    if finding.record is None:
        return ""
    origin = finding.record.candidate.entry.origin
    fetched = f" {origin.fetched}" if origin.fetched else ""
    return f"{finding.record.candidate.id} ({origin.source}{fetched}) "


def _tally(found: verifying.Verification) -> str:
    counts = found.counts()
    parts = [f"{counts[status]} {status}" for status in reversed(Status) if counts[status]]
    if not found.findings:
        return "there is no entry in it, so nothing was checked"
    return f"{len(found.findings)} entries: {', '.join(parts)}"


def _exit_code(found: verifying.Verification, allowed: set[str]) -> int:
    statuses = {str(each.status) for each in found.findings}
    if Status.UNCHECKED in statuses or not statuses:
        return 3
    broken = show.has_errors(found.document.problems)
    return 1 if broken or statuses - allowed else 0
