"""`refkit check`: what is wrong with a bibliography, with code, line and column."""

from __future__ import annotations

import click

from refkit.api import documents
from refkit.cli import common, show


@click.command()
@common.FILE
@click.option("-f", "--from", "format_", metavar="FORMAT", help="The format of FILE.")
@common.ENCODING
def command(file: str, format_: str | None, encoding: str | None) -> None:
    """Report syntax faults, repeated keys and fields, and what rules of plugins find.

    Each finding has a code, a line and a column. Exit code 1 if there are any.

    \b
    Example:
      refkit check refs.bib
    """
    document = documents.read(file, format=format_, encoding=encoding)
    found = documents.check(document)
    show.findings(found, document.source)
    raise click.exceptions.Exit(1 if found else 0)
