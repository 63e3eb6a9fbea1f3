"""The command: `refkit count`, how many entries of each type a bibliography has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import click
import refkit
from refkit.model.entry import Entry

_WHAT = ("type", "year", "container-title", "publisher")


def count(entries: Iterable[Entry], what: str) -> list[tuple[str, int]]:
    """Count entries by type, year or a text variable, the most frequent first, then by name."""
    counted = Counter(_label(entry, what) for entry in entries)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _label(entry: Entry, what: str) -> str:
    if what == "type":
        return entry.type
    if what == "year":
        date = entry.date()
        return str(date.year) if date is not None and date.year is not None else "(none)"
    return entry.text(what) or "(none)"


@click.command("count")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--by", "what", type=click.Choice(_WHAT), default="type", show_default=True)
def command(paths: tuple[str, ...], what: str) -> None:
    """Count the entries of bibliographies.

    Example: refkit count --by year paper.bib
    """
    entries = [entry for path in paths for entry in refkit.read(path).entries]
    for label, number in count(entries, what):
        click.echo(f"{number:6}  {label}")
    click.echo(f"{len(entries):6}  in all")
