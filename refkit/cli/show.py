"""How results look: on standard output what was asked for, on standard error what is said of it."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Sequence

import click

from refkit import api
from refkit.enrichment.engine import Outcome
from refkit.model.evidence import Verdict
from refkit.model.report import Applied, Diagnostic, Severity
from refkit.model.text import SourceText

_NO_NEWLINE = "\n\\ No newline at end of file\n"
COLOURS = {
    Verdict.MATCH: "green",
    Verdict.AMBIGUOUS: "yellow",
    Verdict.NONE: "blue",
    Verdict.UNCHECKED: "red",
}


def warn(message: str) -> None:
    """Say one sentence on standard error."""
    click.echo(f"refkit: {_printable(message)}", err=True)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def step(name: str, done: int) -> None:
    """Show how far a long step is, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r{name}: {done} records", err=True, nl=False)


def data(content: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def silence_stdout() -> None:
    """Let nothing more be flushed to a pipe that is closed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def diff(source: SourceText, new: str) -> bytes:
    """Return a unified diff from a file's text to a new one, in the file's encoding."""
    lines = difflib.unified_diff(_lines(source.text), _lines(new), source.path, source.path)
    ended = (line if line.endswith("\n") else f"{line}{_NO_NEWLINE}" for line in lines)
    return "".join(ended).encode(source.encoding, "surrogateescape")


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def findings(found: Iterable[Diagnostic], source: SourceText) -> None:
    """Print diagnostics to standard output, as what was asked for."""
    for each in found:
        click.echo(_printable(api.told(each, source)))


def problems(found: Iterable[Diagnostic], source: SourceText) -> None:
    """Print diagnostics to standard error as `path:line:column: CODE message`, in file order."""
    for each in sorted(found, key=lambda one: (one.span or (0, 0), one.code, one.message)):
        click.echo(_printable(api.told(each, source)), err=True)


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
    parts = [f"{len(found)} entries", *(f"{count} {verdict}" for verdict, count in counts.items())]
    changed = len({each.change.index for each in applied})
    parts.append(f"{len(applied)} fields for {changed} entries")
    if flagged:
        parts.append(f"{flagged} flagged")
    click.echo(", ".join(parts), err=True)
