"""`refkit undo`: take back what enriching wrote, byte for byte."""

from __future__ import annotations

import click

from refkit.api import documents, undoing
from refkit.cli import common, diff, show


@click.command()
@common.FILE
@click.option("--key", "keys", metavar="KEY", multiple=True, help="Only in this entry; repeatable.")
@click.option("--field", "fields", metavar="NAME", multiple=True, help="Only this field; likewise.")
@click.option("--last", is_flag=True, help="Only the last run, even if it was an undo.")
@click.option("--since", metavar="TIME", help="Only what was written from then on (ISO 8601).")
@click.option("--all", "every", is_flag=True, help="All that enriching wrote (the default).")
@common.IN_PLACE
@common.DIFF
@common.DRY_RUN
@click.option("-f", "--from", "format_", metavar="FORMAT", help="The file's format.")
@common.ENCODING
@click.option("-q", "--quiet", is_flag=True, help="Say only what is left alone.")
def command(
    file: str,
    keys: tuple[str, ...],
    fields: tuple[str, ...],
    last: bool,
    since: str | None,
    every: bool,
    in_place: bool,
    as_diff: bool,
    dry_run: bool,
    format_: str | None,
    encoding: str | None,
    quiet: bool,
) -> None:
    """Take back what `refkit enrich` wrote into FILE.

    The ledger beside FILE (FILE.refkit.jsonl) tells what that was. A field that was added goes
    with its line, one that was overwritten gets its old text back. A field that you have changed
    since is left alone and told: exit code 1. The undo is recorded too: `--last` undoes it.

    \b
    Examples:
      refkit undo refs.bib --diff
      refkit undo refs.bib --key knuth1984 --field doi -i
      refkit undo refs.bib --since 2026-01-31 -i
    """
    common.one_destination(in_place=in_place, diff=as_diff, dry_run=dry_run)
    common.one_destination(last=last, since=since is not None, all=every)
    common.needs_file(file, in_place=in_place)
    document = documents.read(file, format=format_, encoding=encoding)
    found = undoing.undo(document, keys=keys, fields=fields, last=last, since=since or "")
    _say(found, quiet=quiet)
    if in_place:
        if found.changed:
            undoing.save_undo(found)
    elif as_diff:
        show.data(diff.unified(document.source, found.text))
    elif not dry_run:
        show.data(found.data())
    raise click.exceptions.Exit(1 if found.left else 0)


def _say(found: undoing.Undone, *, quiet: bool) -> None:
    """List what is taken back and what is left alone, on standard error."""
    if not quiet:
        for line, now in found.made:
            show.note(f"{line.key}  {line.field}: {_told(line.new_raw)} -> {_told(now.new_raw)}")
    for line, why in found.left:
        show.note(f"{line.key}  {line.field}: left alone: {why}")
    if not quiet:
        left = f", {len(found.left)} left alone" if found.left else ""
        fields = "field" if len(found.made) == 1 else "fields"
        show.note(f"{len(found.made)} {fields} taken back{left}")


def _told(raw: str | None) -> str:
    return "nothing" if raw is None else " ".join(raw.split())
