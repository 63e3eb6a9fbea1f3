"""`refkit cite`: formatted references on standard output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from refkit.cli import common, show

if TYPE_CHECKING:
    from refkit.rendering.reference import Markup


@click.command()
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option(
    "-l", "--library", "libraries", multiple=True, required=True, metavar="LIBRARY",
    help="Look here for the entries; may be given again.",
)  # fmt: skip
@click.option(
    "--style",
    default="plain",
    show_default=True,
    metavar="STYLE",
    help="A .csl or .bst file, plain, alpha, unsrt, or the name of a CSL style.",
)
@click.option(
    "--format",
    "markup",
    type=click.Choice(["text", "html", "latex", "markdown"]),
    default="text",
    show_default=True,
    help="What to write.",
)
@click.option("--all", "everything", is_flag=True, help="Take every entry.")
@common.OUTPUT
@common.LIBRARIES_ENCODING
def command(
    keys: tuple[str, ...],
    libraries: tuple[str, ...],
    style: str,
    markup: Markup,
    everything: bool,
    output: str | None,
    encoding: str | None,
) -> None:
    """Print the references of the entries with these KEYs, in this order.

    An entry that the style cannot format is told (exit code 1), and the rest go on.

    \b
    Examples:
      refkit cite may1977 scheffer2001 -l refs.bib
      refkit cite --all -l refs.json --style apa.csl --format html -o refs.html
    """
    if bool(keys) == everything:
        raise click.UsageError("name the KEYs, or give --all instead")
    common.not_an_input(output, (*libraries, style), "the files that are read")
    from refkit.api import citing

    cited = citing.cite(keys, libraries, style=style, everything=everything, encoding=encoding)
    for problem, source in cited.told:
        show.problems([problem], source)
    texts = [each.written(markup) for each in cited.references if each.rich]
    common.put(_page(texts, markup).encode(), output)
    failed = show.has_errors(problem for problem, _ in cited.told)
    raise click.exceptions.Exit(1 if failed else 0)


def _page(texts: Sequence[str], markup: Markup) -> str:
    """Return references a line each, as paragraphs where the markup needs blank lines for them."""
    if markup == "html":
        return "".join(f'<p class="csl-entry">{each}</p>\n' for each in texts)
    gap = "\n\n" if markup in ("latex", "markdown") else "\n"
    return gap.join(texts) + "\n" * bool(texts)
