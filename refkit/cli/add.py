"""`refkit add`: works by their ids, titles or references, to a library's end or as new text."""

from __future__ import annotations

from typing import Any

import click

from refkit.api import documents, intake
from refkit.cli import asking, common, diff, intaking, show
from refkit.model.report import Document


@click.command()
@click.argument("things", metavar="ID|TITLE…", nargs=-1, required=True)
@click.option("-l", "--library", metavar="FILE", help="The bibliography to add to.")
@click.option("-i", "--in-place", is_flag=True, help="Write into the library itself.")
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@click.option("-t", "--to", metavar="TO", help="The format, without a library (default bibtex).")
@click.option("-f", "--format", "format_", metavar="NAME", help="The library's format.")
@common.ENCODING
@intaking.options
def command(
    things: tuple[str, ...],
    library: str | None,
    in_place: bool,
    output: str | None,
    as_diff: bool,
    dry_run: bool,
    to: str | None,
    format_: str | None,
    encoding: str | None,
    **given: Any,
) -> None:
    """Add works by DOI, arXiv id, ISBN, PMID, address, title or whole reference.

    New entries go to the end of the library, in its own style; a work that is there is told,
    not added again. Without a library the entries are printed. What is found nowhere becomes
    an entry of what was given, with the keyword refkit-unmatched (or refkit-unchecked).

    \b
    Examples:
      refkit add 10.1038/171737a0 arXiv:1706.03762
      refkit add isbn:9780262046305 "A title of a paper" -l refs.bib --diff
      refkit add https://doi.org/10.1038/171737a0 -l refs.bib -i
    """
    common.one_destination(in_place=in_place, output=output, diff=as_diff, dry_run=dry_run)
    if library is None and (in_place or as_diff):
        raise click.UsageError("--in-place and --diff need a library: -l FILE")
    if library == "-" and in_place:
        common.needs_file("-", in_place=True)
    if library is not None and to:
        raise click.UsageError("--to goes without --library, whose format is kept")
    places = (library if in_place else None, output)
    intaking.check_places(places, given["report"], [library] if library else [])
    base = _library(library, format_, encoding, to, output)
    added = intake.add(
        base,
        things,
        intaking.sources(given),
        settings=asking.settings(given),
        pattern=given["pattern"],
    )
    show.problems(base.problems, base.source)
    intaking.say(added.intake, quiet=given["quiet"])
    show.problems(added.problems, base.source)
    if in_place:
        if added.changed:
            documents.save_back(base.source, added.text)
    elif as_diff:
        show.data(diff.unified(base.source, added.text))
    elif not dry_run and (output or given["report"] != "-"):
        common.put(added.data(), output)
    intaking.put_report(added.intake, given["report"])
    broken = intake.is_broken(added.intake) or show.has_errors(base.problems)
    code = intaking.exit_code(added.intake, broken=broken, strict=given["strict"])
    raise click.exceptions.Exit(code)


def _library(
    path: str | None, format_: str | None, encoding: str | None, to: str | None, output: str | None
) -> Document:
    """Return the library, or an empty one of the format that is asked for."""
    if path is not None:
        return documents.read(path, format=format_, encoding=encoding)
    named = output and output != "-" and not to
    target = documents.format_of(output).name if named and output else to or "bibtex"
    return documents.parse("", target, path="<new>")
