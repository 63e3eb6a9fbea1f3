"""`refkit zotero`: tell what runs, send entries to a library, read a library."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Container
from typing import Any, TypeVar

import click

from refkit import files
from refkit.api import documents
from refkit.api import zotero as api
from refkit.cli import common, show
from refkit.config import ZoteroSettings
from refkit.model.report import Document
from refkit.zotero.desktop import LocalAPI
from refkit.zotero.options import PullOptions, PushOptions
from refkit.zotero.plan import Verdict
from refkit.zotero.push import Outcome

_C = TypeVar("_C", bound=Callable[..., Any])

SECONDS = click.FloatRange(min=0.001, max=3600)
COLOURS = {
    Verdict.MADE: "green",
    Verdict.UPDATED: "green",
    Verdict.THERE: "blue",
    Verdict.REFUSED: "red",
    Verdict.UNREACHED: "red",
}

_BAD = (Verdict.REFUSED, Verdict.UNREACHED)

_QUESTION = (
    "Zotero asks in its window for leave to write: answer there ('Always Allow' covers more "
    "than one write of 50 items)"
)


def where(command: _C) -> _C:
    """Give a command the options that say where Zotero is."""
    for option in reversed(
        (
            click.option("--url", metavar="URL", help="Another address of the running Zotero."),
            click.option("--library", metavar="PATH", help="A library: users/123 or groups/456."),
            click.option("--api-key", metavar="KEY", help="For the Web API; or $ZOTERO_API_KEY."),
            click.option("--web-url", metavar="URL", help="Another address of the Web API."),
            click.option(
                "--timeout",
                type=SECONDS,
                default=30.0,
                show_default=True,
                help="Seconds for one request.",
            ),
        )
    ):
        command = option(command)
    return command


def settings(given: dict[str, Any]) -> ZoteroSettings:
    """Take the options of `where` out of a command's, as settings."""
    default = ZoteroSettings()
    key = given.pop("api_key") or os.environ.get("ZOTERO_API_KEY", "")
    return ZoteroSettings(
        url=given.pop("url") or default.url,
        library=given.pop("library") or "",
        api_key=key.strip(),
        web_url=given.pop("web_url") or default.web_url,
        timeout=given.pop("timeout"),
    )


@click.group()
def command() -> None:
    """Speak to Zotero: to the one that runs here, or to the Web API.

    \b
    Examples:
      refkit zotero ping
      refkit zotero push refs.bib
      refkit zotero pull -o library.bib
    """


@command.command()
@where
def ping(**given: Any) -> None:
    """Tell whether Zotero runs, and what its APIs allow.

    With --library the Web API is asked for the rights of the key, too. Exit code 3 means that
    something could not be reached, 1 that the key cannot read the library.

    \b
    Examples:
      refkit zotero ping
      refkit zotero ping --library users/123456
    """
    chosen = settings(given)
    found = api.zotero_status(chosen)
    said = [f"zotero     {_running(found)}"]
    if found.local is not None:
        said.append(f"local API  {_local(found.local)}")
    if chosen.library:
        said.append(f"web API    {_web(found, chosen.library)}")
    show.lines(said)
    if found.down or found.web_down:
        raise click.exceptions.Exit(3)
    barred = chosen.library and not found.may(chosen.library, "library")
    raise click.exceptions.Exit(1 if barred else 0)


def _running(found: api.Status) -> str:
    if found.down:
        return f"not reached: {found.down}"
    into = f", imports go to {found.target}" if found.target else ""
    bar = " (read-only)" if found.target and not found.target.editable else ""
    return f"running, version {found.version or 'unknown'}{into}{bar}"


def _local(local: LocalAPI) -> str:
    if local.off:
        return f"not to be used: {local.off}"
    return "on, for reading and writing" if local.server else "on, for reading"


def _web(found: api.Status, library: str) -> str:
    if found.web_down or found.refused:
        return found.web_down or found.refused
    rights = [
        name
        for name, right in (("read", "library"), ("write", "write"))
        if found.may(library, right)
    ]
    return f"the key of {found.owner} may {' and '.join(rights) or 'do nothing'} in {library}"


@command.command()
@common.FILE
@click.option(
    "--to",
    type=click.Choice(["zotero", "web", "local"]),
    default="zotero",
    show_default=True,
    help="The running Zotero's import, the Web API, the local API.",
)
@where
@click.option("-f", "--from", "from_", metavar="FROM", help="The format of FILE.")
@common.ENCODING
@click.option("--format", metavar="NAME", default="", help="The format that Zotero imports.")
@click.option("--update", is_flag=True, help="Give items that are there what the entries say.")
@click.option("--collection", metavar="KEY", default="", help="Put the items into this, too.")
@common.DRY_RUN
@click.option("--report", metavar="OUT.json", help="Write one JSON object per entry to this file.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what did not arrive.")
def push(
    file: str,
    from_: str | None,
    encoding: str | None,
    report: str | None,
    quiet: bool,
    **given: Any,
) -> None:
    """Send FILE's entries to Zotero, as new items.

    By default the running Zotero imports them into what is selected in its window. Entries
    that are items already are not made again. Every entry that does not arrive is named with
    Zotero's reason: exit code 1 where it was refused, 3 where Zotero was not reached.

    \b
    Examples:
      refkit zotero push refs.bib
      refkit zotero push refs.bib --to web --library users/123456 --dry-run
      refkit zotero push refs.bib --to web --library groups/456 --collection ABCD2345 --update
    """
    if report and report != "-":
        files.check_place(report)
        if os.path.realpath(report) == os.path.realpath(file):
            raise click.UsageError(f"the report would overwrite {file}")
    chosen = settings(given)
    options = PushOptions(**given)
    document = documents.read(file, format=from_, encoding=encoding)
    if options.to == "local" and not (options.dry_run or quiet):
        show.warn(_QUESTION)
    done = api.zotero_push(document, chosen, options)
    _say(done, document, options, quiet=quiet)
    if report:
        text = json.dumps(done.report(), ensure_ascii=False, indent=2) + "\n"
        common.put(text.encode("utf-8", "replace"), report)
    raise click.exceptions.Exit(_exit_code(done, document))


def _say(done: api.Push, document: Document, options: PushOptions, *, quiet: bool) -> None:
    for warning in done.warnings:
        show.warn(warning)
    show.problems([*document.problems, *(() if quiet else done.problems)], document.source)
    bad = [each for each in done.outcomes if each.verdict in _BAD]
    counts = Counter(each.reason for each in bad)
    shared = [reason for reason, count in counts.items() if count > 1]
    rows = (_row(each, shared) for each in (bad if quiet else done.outcomes))
    show.verdicts(rows, len("there already"))
    for reason in shared:
        show.warn(f"{counts[reason]} entries: {reason}")
    if not quiet:
        show.note(_tally(done, dry_run=options.dry_run))


def _row(each: Outcome, shared: Container[str]) -> tuple[str, str, str, str]:
    """Return an entry's line; a reason that several share is said once, after all lines."""
    notes = f"with {show.counted(each.notes, 'child note', 'child notes')}" if each.notes else ""
    reason = "" if each.verdict in _BAD and each.reason in shared else each.reason
    said = ", ".join(part for part in (each.item, reason, notes) if part)
    return each.key, str(each.verdict), COLOURS[each.verdict], said


def _tally(done: api.Push, *, dry_run: bool) -> str:
    counts = [f"{sum(e.verdict is v for e in done.outcomes)} {v}" for v in Verdict]
    into = f" ({done.place})" if done.place else ""
    dry = "nothing was sent; it would be: " if dry_run else ""
    entries = show.counted(len(done.outcomes), "entry", "entries")
    return f"{dry}{entries}, {', '.join(counts)}{into}"


def _exit_code(done: api.Push, document: Document) -> int:
    verdicts = {each.verdict for each in done.outcomes}
    if Verdict.UNREACHED in verdicts:
        return 3
    return 1 if Verdict.REFUSED in verdicts or show.has_errors(document.problems) else 0


@command.command()
@common.OUTPUT
@click.option("-t", "--to", metavar="TO", help="The format to write.  [default: by OUT's suffix]")
@click.option(
    "--via",
    type=click.Choice(["auto", "local", "web"]),
    default="auto",
    show_default=True,
    help="The API to read from.",
)
@where
@click.option("--collection", metavar="KEY", default="", help="Only the items in this.")
@click.option("--tag", metavar="TAG", default="", help="Only the items with this tag.")
@click.option("--since", type=click.IntRange(min=0), help="Only what changed since this version.")
@click.option("-q", "--quiet", is_flag=True, help="Do not list what the target cannot hold.")
def pull(output: str | None, to: str | None, quiet: bool, **given: Any) -> None:
    """Read a library, with child notes, and write it in any format.

    The running Zotero's local API is asked where it is on, else, with --library, the Web API.
    Without -t and -o the items are written as the API gives them (zoterojson). A library that
    cannot be read, because it is refused, is exit code 2, one that is not reached 3.

    \b
    Examples:
      refkit zotero pull -o library.bib
      refkit zotero pull --via web --library groups/456 --tag thesis -t csljson
    """
    if output and output != "-":
        files.check_place(output)
    chosen = settings(given)
    target = to or _target(output)
    found = api.zotero_pull(chosen, PullOptions(**given))
    for warning in found.warnings:
        show.warn(warning)
    text, problems = found.document.source.text, found.document.problems
    show.problems(problems, found.document.source)
    if target != api.ITEMS:
        written = documents.convert(found.document, target)
        text = written.text
        if not quiet:
            show.problems(written.problems, found.document.source)
    common.put(text.encode("utf-8", "replace"), output)
    if not quiet:
        click.echo(_pulled(found), err=True)
    raise click.exceptions.Exit(1 if show.has_errors(problems) else 0)


def _target(output: str | None) -> str:
    return documents.format_of(output).name if output and output != "-" else api.ITEMS


def _pulled(found: api.Pull) -> str:
    left = f", {found.left} files and lone notes left" if found.left else ""
    works = show.counted(found.works, "item", "items")
    return f"{works}{left} ({found.place}, version {found.version})"
