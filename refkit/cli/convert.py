"""`refkit convert`: from one format to another, saying what the target cannot hold."""

from __future__ import annotations

from dataclasses import replace

import click

from refkit.adapt.options import ConsumerName, Convention, Journals, Titles
from refkit.api import documents
from refkit.cli import common, diff, show
from refkit.model.report import Written
from refkit.model.text import SourceText


@click.command()
@click.argument("file", metavar="[FILE|-]", default="-")
@click.option("-f", "--from", "from_", metavar="FROM", help="The format of FILE.")
@click.option("-t", "--to", metavar="TO", help="The format to write.")
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@common.ENCODING
@click.option(
    "--titles",
    type=click.Choice(["auto", "keep", "sentence"]),
    default="auto",
    show_default=True,
    help="The case of English titles from .bib files; auto: sentence case for CSL formats.",
)
@common.JOURNALS
@common.CATALOGUE
@click.option(
    "--for",
    "consumer",
    type=click.Choice(["zotero", "pandoc", "latex", "typst"]),
    default=None,
    help="The program that will read the result: steer round what it refuses or loses.",
)
@click.option(
    "--convention",
    type=click.Choice(["csl", "zotero"]),
    default="csl",
    show_default=True,
    help="How CSL-JSON holds dates in words: as CSL has it, or as Zotero exports them.",
)
@click.option("--strict", is_flag=True, help="Exit 1 if anything cannot be held by the target.")
@click.option("-q", "--quiet", is_flag=True, help="Do not list what the target cannot hold.")
def command(
    file: str,
    from_: str | None,
    to: str | None,
    output: str | None,
    as_diff: bool,
    dry_run: bool,
    encoding: str | None,
    titles: Titles,
    journals: Journals,
    catalogue: str | None,
    consumer: ConsumerName | None,
    convention: Convention,
    strict: bool,
    quiet: bool,
) -> None:
    """Convert FILE from one format to another, saying what the target cannot hold.

    The formats are bibtex, biblatex, csljson, cslyaml, ris, nbib, endnotexml, zoterordf,
    zoterojson and those of plugins (refkit plugins). Without -f or -t the suffixes of FILE
    and OUT decide. Broken entries are reported (exit code 1) and the rest is converted.

    \b
    Examples:
      refkit convert refs.bib -o refs.json
      refkit convert refs.bib -t bibtex --journals abbreviate -o short.bib
      refkit convert -f ris -t biblatex < export.ris > refs.bib
      refkit convert refs.bib --for typst -o typst.bib
    """
    target = to or _target(output, consumer)
    document = documents.read(file, format=from_, encoding=encoding)
    adapted = common.journals(journals, catalogue, titles)
    options = replace(adapted, consumer=consumer or "", convention=convention)
    written = documents.convert(document, target, options)
    show.problems(document.problems, document.source)
    if not quiet or strict:
        show.problems(written.problems, document.source)
    if not dry_run:
        _deliver(written, output, as_diff=as_diff)
    failed = show.has_errors(document.problems) or (strict and bool(written.problems))
    raise click.exceptions.Exit(1 if failed else 0)


def _target(output: str | None, consumer: str | None) -> str:
    if consumer:
        return documents.target_for(consumer, output or "")
    if not output or output == "-":
        raise click.UsageError("name the target: -t FORMAT, or -o with a known suffix")
    return documents.format_of(output).name


def _deliver(written: Written, output: str | None, *, as_diff: bool) -> None:
    if as_diff:
        show.data(diff.unified(_current(output), written.text))
    else:
        common.put(written.text.encode(), output)


def _current(output: str | None) -> SourceText:
    """Return what OUT holds now, for the diff to begin from; empty where there is no such file."""
    return documents.existing(output) if output and output != "-" else SourceText("/dev/null", "")
