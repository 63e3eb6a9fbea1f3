"""How results look: on standard output what was asked for, on standard error what is said of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from refkit.api.documents import told
from refkit.errors import InputError
from refkit.model.evidence import Verdict
from refkit.model.report import Applied, Diagnostic, Severity
from refkit.model.text import SourceText

if TYPE_CHECKING:
    from refkit.enrichment.engine import Outcome

HUNG_UP = 141
"""The exit code of a program whose reader has gone (128 + SIGPIPE)."""

COLOURS = {
    Verdict.MATCH: "green",
    Verdict.AMBIGUOUS: "yellow",
    Verdict.NONE: "blue",
    Verdict.UNCHECKED: "red",
}


def warn(message: str) -> None:
    """Say one sentence on standard error."""
    click.echo(f"refkit: {_printable(message)}", err=True)


def styled(text: str, colour: str) -> str:
    """Return a text in a colour where standard output is a terminal."""
    return click.style(text, fg=colour) if sys.stdout is not None and sys.stdout.isatty() else text


def note(line: str) -> None:
    """Say a line of a report on standard error."""
    click.echo(_printable(line), err=True)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def step(name: str, done: int) -> None:
    """Show how far a long step is, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{name}: {done} records", err=True, nl=False)


def step_done() -> None:
    """Clear what `step` showed."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)


def data(content: bytes) -> None:
    """Write bytes to standard output as they are; ends the program where nobody reads them."""
    if sys.stdout is None:
        raise InputError("standard output is closed; write to a file with -o")
    rest = memoryview(content)
    try:
        while rest:
            # An unbuffered stream (PYTHONUNBUFFERED) takes only as much as the pipe holds.
            rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(HUNG_UP) from None


def lines(texts: Iterable[str]) -> None:
    """Write lines to standard output, as what was asked for."""
    data("".join(f"{text}\n" for text in texts).encode("utf-8", "backslashreplace"))


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many}"


def findings(found: Iterable[Diagnostic], source: SourceText) -> None:
    """Print diagnostics to standard output, as what was asked for."""
    lines(told(each, source) for each in found)


def problems(found: Iterable[Diagnostic], source: SourceText) -> None:
    """Print diagnostics to standard error as `path:line:column: CODE message`, in file order."""
    for each in sorted(found, key=lambda one: (one.span or (0, 0), one.code, one.message)):
        click.echo(_printable(told(each, source)), err=True)


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """Tell whether any diagnostic is an error."""
    return any(each.severity is Severity.ERROR for each in found)


def outcomes(found: Sequence[Outcome], applied: Sequence[Applied]) -> None:
    """Print each entry's verdict with its reason, and under it what is written and from where."""
    width = max((len(each.task.entry.key) for each in found), default=0)
    by_entry: dict[int, list[Applied]] = {}
    for each in applied:
        by_entry.setdefault(each.change.index, []).append(each)
    for outcome in found:
        _outcome(outcome, width, by_entry.get(outcome.task.index, []))
    _tally(found, applied)


def _outcome(outcome: Outcome, width: int, applied: Sequence[Applied]) -> None:
    verdict = click.style(f"{outcome.verdict:<9}", fg=COLOURS[outcome.verdict])
    matched = f"{outcome.match.candidate.id} " if outcome.match else ""
    source = f" ({outcome.source})" if outcome.source else ""
    key = f"{outcome.task.entry.key:<{width}}"
    flag = click.style("FLAGGED ", fg="red") if outcome.flagged else ""
    line = f"{key}  {verdict}  {flag}{matched}{outcome.reason}{source}"
    click.echo(_printable(line), err=True)
    for each in applied:
        old = f"{each.old} -> " if each.old else ""
        click.echo(_printable(f"{'':<{width}}    + {each.field} = {old}{each.new}"), err=True)


def _tally(found: Sequence[Outcome], applied: Sequence[Applied]) -> None:
    counts = {verdict: sum(each.verdict is verdict for each in found) for verdict in Verdict}
    flagged = sum(each.flagged for each in found)
    parts = [
        counted(len(found), "entry", "entries"),
        *(f"{count} {verdict}" for verdict, count in counts.items()),
    ]
    changed = len({each.change.index for each in applied})
    parts.append(f"{len(applied)} fields for {changed} entries")
    if flagged:
        parts.append(f"{flagged} flagged")
    click.echo(", ".join(parts), err=True)


def verdicts(rows: Iterable[tuple[str, str, str, str]], width: int) -> None:
    """Print rows of key, verdict, the verdict's colour and what is said of it."""
    lines = list(rows)
    wide = max((len(key) for key, *_ in lines), default=0)
    for key, verdict, colour, said in lines:
        styled = click.style(f"{verdict:<{width}}" if said else verdict, fg=colour)
        rest = f"  {said}" if said else ""
        click.echo(_printable(f"{key:<{wide}}  {styled}{rest}"), err=True)
