"""`refkit catalogue`: build a local index that answers in place of Crossref."""

from __future__ import annotations

import click

from refkit.api import catalogues
from refkit.cli import show


@click.group()
def command() -> None:
    """Build local catalogues, for work without a network.

    \b
    Example:
      refkit catalogue build works.jsonl.gz -o catalogue
    """


@command.command()
@click.argument("files", metavar="FILES…", nargs=-1, required=True)
@click.option("-o", "--output", metavar="PATH", required=True, help="The index folder to make.")
def build(files: tuple[str, ...], output: str) -> None:
    """Build the index PATH from Crossref JSON Lines (gzipped or not), CSL-JSON or .bib files.

    An index that is there already is replaced only when the new one is whole. A record that
    cannot be read is reported (exit code 1) and the rest is indexed.

    \b
    Example:
      refkit catalogue build works.jsonl.gz mylibrary.bib -o catalogue
    """
    report, warnings = catalogues.build_catalogue(files, output, progress=show.step)
    show.step_done()
    for warning in warnings:
        show.warn(warning)
    click.echo(
        f"{output}: {report.records} works, {report.without_doi} of them without a DOI, "
        f"{report.duplicates} duplicates",
        err=True,
    )
    raise click.exceptions.Exit(1 if warnings else 0)
