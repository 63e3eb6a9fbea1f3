"""`refkit latex`: the .bib file that a paper needs, from libraries of any format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from refkit.api import documents
from refkit.cli import common, diff, show
from refkit.model.text import SourceText

if TYPE_CHECKING:
    from refkit.api.papers import Selection
    from refkit.formats.bibtex.types import Dialect


@click.command()
@click.argument("paper", metavar="PAPER.aux|.bcf|.tex")
@click.option(
    "-l", "--library", "libraries", multiple=True, metavar="LIBRARY",
    help="Take entries from this file; may be given again.",
)  # fmt: skip
@common.OUTPUT
@common.LIBRARIES_ENCODING
@click.option(
    "--dialect",
    type=click.Choice(["bibtex", "biblatex"]),
    help="What to write, if not what the paper uses.",
)
@common.DIFF
@common.DRY_RUN
@click.option("-q", "--quiet", is_flag=True, help="Say only what is missing or broken.")
def command(
    paper: str,
    libraries: tuple[str, ...],
    output: str | None,
    encoding: str | None,
    dialect: Dialect | None,
    as_diff: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Write the .bib file that PAPER needs: what it cites, and their parents.

    Entries of .bib libraries are copied as they stand, others are converted. Without -l the
    libraries are those that the paper names. Of several libraries that have a key the first
    counts. A cited key that no library has is told (exit code 1). OUT is written only when it
    changes.

    \b
    Examples:
      refkit latex paper.aux -l library.json -l old.bib -o refs.bib
      refkit latex paper.tex -o paper-refs.bib --diff
    """
    common.one_destination(diff=as_diff, dry_run=dry_run)
    from refkit.api import papers

    selection = papers.select(paper, libraries, dialect=dialect, encoding=encoding)
    common.not_an_input(output, selection.paper, "the paper's files")
    common.not_an_input(output, (e.source.path for e in selection.libraries), "the libraries")
    _tell(selection, quiet=quiet)
    old = documents.existing(output) if output and Path(output).is_file() else None
    changed = old is None or old.data() != selection.data()
    if as_diff:
        empty = SourceText(output or "/dev/null", "")
        show.data(diff.unified(old or empty, selection.text))
    elif not dry_run and changed:
        common.put(selection.data(), output)
    if not quiet and output:
        state = "would be " if dry_run or as_diff else ""
        state = f"{state}written" if changed else "unchanged"
        count = show.counted(selection.entries, "entry", "entries")
        click.echo(f"{output}: {count}, {state}", err=True)
    failed = show.has_errors(each for each, _ in selection.told)
    raise click.exceptions.Exit(1 if failed else 0)


def _tell(selection: Selection, *, quiet: bool) -> None:
    for problem, source in selection.told:
        if not quiet or show.has_errors([problem]):
            show.problems([problem], source)
