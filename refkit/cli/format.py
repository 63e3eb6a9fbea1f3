"""`refkit format`: one style for a .bib file, proved to say the same as before."""

from __future__ import annotations

import click

from refkit.adapt.options import Conversion, Journals
from refkit.api import documents
from refkit.cli import common, show
from refkit.model.report import Document


@click.command()
@common.FILE
@common.IN_PLACE
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the style would change.")
@click.option(
    "--indent",
    type=click.IntRange(0, 40),
    default=2,
    show_default=True,
    help="Blanks before a field.",
)
@click.option("--align", is_flag=True, help="Align the equals signs of an entry.")
@click.option("--keep-quotes", is_flag=True, help="Leave values in quotes as they are.")
@common.JOURNALS
@common.CATALOGUE
@common.ENCODING
@click.option("-q", "--quiet", is_flag=True, help="Say only what is broken.")
def command(
    file: str,
    in_place: bool,
    output: str | None,
    as_diff: bool,
    dry_run: bool,
    check: bool,
    indent: int,
    align: bool,
    keep_quotes: bool,
    journals: Journals,
    catalogue: str | None,
    encoding: str | None,
    quiet: bool,
) -> None:
    """Bring the BibTeX or BibLaTeX file FILE into one style.

    Comments, text between entries, their order and every value stay; DOIs lose their resolver
    and page ranges get their two dashes. Broken entries are left alone and reported (exit
    code 1). With --journals the journals' names change too.

    \b
    Examples:
      refkit format refs.bib --in-place
      refkit format refs.bib --check
      refkit format refs.bib --journals abbreviate --diff
    """
    common.one_destination(
        in_place=in_place, output=output, diff=as_diff, dry_run=dry_run, check=check
    )
    common.needs_file(file, in_place=in_place)
    document = documents.read(file, format="bibtex" if file == "-" else None, encoding=encoding)
    style = documents.style(indent=indent, align=align, braces=not keep_quotes)
    new = documents.format(document, style)
    show.problems(document.problems, document.source)
    if journals != "keep":
        asked = common.journals(journals, catalogue)
        new = _with_journals(document, new, asked, quiet=quiet)
    changed = new != document.source.text
    if check or dry_run:
        if not quiet:
            show.note(f"{file}: {'would change' if changed else 'is in style'}")
    elif not in_place:
        common.deliver(document.source, new, as_diff=as_diff, output=output)
    elif changed:
        documents.save_back(document.source, new)
    failed = show.has_errors(document.problems) or (check and changed)
    raise click.exceptions.Exit(1 if failed else 0)


def _with_journals(document: Document, text: str, options: Conversion, *, quiet: bool) -> str:
    """Return a text in style with its journals' names changed; tell what could not be."""
    from refkit.api.journals import rename_journals

    styled = documents.parse(text, document.format, path=document.source.path)
    new, problems = rename_journals(styled, options)
    if not quiet:
        show.problems(problems, styled.source)
    return new
