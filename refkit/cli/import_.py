"""`refkit import`: a bibliography from ids, pasted references or a reading list."""

from __future__ import annotations

import itertools
from typing import Any

import click

from refkit import files
from refkit.api import documents, intake
from refkit.cli import asking, common, diff, intaking, show
from refkit.model.report import Written
from refkit.model.text import SourceText
from refkit.normalise.encoding import decode


@click.command()
@common.FILE
@click.option(
    "-f",
    "--from",
    "listing",
    type=click.Choice(intake.LISTINGS),
    required=True,
    help="What FILE holds.",
)
@click.option("-t", "--to", metavar="TO", help="The format to write (default bibtex).")
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@common.ENCODING
@intaking.options
def command(
    file: str,
    listing: intake.Listing,
    to: str | None,
    output: str | None,
    as_diff: bool,
    dry_run: bool,
    encoding: str | None,
    **given: Any,
) -> None:
    """Make a bibliography of what FILE lists.

    ids: DOIs, arXiv ids, ISBNs, PMIDs and addresses, parted by line ends, blanks or commas.
    references: a formatted bibliography as text, numbered, hanging or one a line.
    readinglist: titles, each with its abstract behind it.

    Only a certain match gives a record. What is found nowhere becomes an entry of what FILE
    says, with the keyword refkit-unmatched, or refkit-unchecked where a source could not be
    asked (exit code 3).

    \b
    Examples:
      refkit import dois.txt -f ids -o refs.bib
      pbpaste | refkit import - -f references -t biblatex -o refs.bib
      refkit import list.txt -f readinglist --catalogue works.jsonl -o refs.json
    """
    common.one_destination(diff=as_diff, dry_run=dry_run)
    target = _target(to, output)
    intaking.check_places((output,), given["report"], (file,))
    chosen, settings = intaking.sources(given), asking.settings(given)
    source, notes = decode(files.read_bytes(file), file, encoding)
    done = itertools.count(1)
    found = intake.import_list(
        source,
        listing,
        chosen,
        settings=settings,
        pattern=given["pattern"],
        progress=lambda _: show.step("asking", next(done)),
    )
    show.step_done()
    written = found.written(target)
    show.problems(notes, source)
    intaking.say(found, quiet=given["quiet"])
    show.problems(written.problems, source)
    if not dry_run:
        _deliver(written, output, as_diff=as_diff, report=given["report"])
    intaking.put_report(found, given["report"])
    broken = intake.is_broken(found) or show.has_errors(notes)
    code = intaking.exit_code(found, broken=broken, strict=given["strict"])
    raise click.exceptions.Exit(code)


def _target(to: str | None, output: str | None) -> str:
    if to:
        return documents.format_named(to).name
    if output and output != "-":
        return documents.format_of(output).name
    return "bibtex"


def _deliver(written: Written, output: str | None, *, as_diff: bool, report: str | None) -> None:
    if as_diff:
        old = (
            documents.existing(output) if output and output != "-" else SourceText("/dev/null", "")
        )
        show.data(diff.unified(old, written.text))
    elif output or report != "-":
        common.put(written.text.encode(), output)
