"""What several commands share: options, where output goes, progress."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from refkit.adapt.options import Conversion, Journals, Titles
from refkit.api import documents
from refkit.cli import diff, show
from refkit.errors import InputError
from refkit.model.text import SourceText

FILE = click.argument("file", metavar="FILE|-")
OUTPUT = click.option("-o", "--output", metavar="OUT", help="Write to this file.")
DIFF = click.option("--diff", "as_diff", is_flag=True, help="Print what would change, as a diff.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be done, write nothing.")
IN_PLACE = click.option("-i", "--in-place", is_flag=True, help="Write into FILE itself.")
ENCODING = click.option("--encoding", metavar="NAME", help="The file's encoding, if not UTF-8.")
LIBRARIES_ENCODING = click.option(
    "--encoding", metavar="NAME", help="The libraries' encoding, if not UTF-8."
)
JOURNALS = click.option(
    "--journals",
    type=click.Choice(["keep", "abbreviate", "expand"]),
    default="keep",
    show_default=True,
    help="Abbreviate journals' names by ISO 4, or expand them where the full name is known.",
)
CATALOGUE = click.option(
    "--catalogue", metavar="PATH", help="Records whose journals' names are known to --journals."
)


def journals(mode: Journals, catalogue: str | None, titles: Titles = "auto") -> Conversion:
    """Return what is asked of titles and journals; reads the catalogue if one is needed."""
    if catalogue is None or mode != "expand":
        return Conversion(titles, mode)
    from refkit.api.journals import journal_names

    warnings: list[str] = []
    names = journal_names(catalogue, warnings)
    for each in warnings:
        show.warn(each)
    return Conversion(titles, mode, names)


def one_destination(**chosen: object) -> None:
    """Refuse more than one of the options that say where output goes."""
    given = [name for name, value in chosen.items() if value]
    if len(given) > 1:
        flags = " and ".join("--" + name.replace("_", "-") for name in given)
        raise click.UsageError(f"{flags} cannot be used together")


def needs_file(file: str, *, in_place: bool) -> None:
    """Refuse to write into standard input."""
    if in_place and file == "-":
        raise click.UsageError("--in-place needs a file, not standard input")


def not_an_input(output: str | None, inputs: Iterable[str], what: str) -> None:
    """Refuse to write over one of the files that `output` is made from; `what` names these."""
    target = Path(output or "")
    if target.is_file() and any(Path(e).exists() and target.samefile(e) for e in inputs):
        raise InputError(f"{output}: is one of {what}; write to another file")


def deliver(source: SourceText, new: str, *, as_diff: bool, output: str | None) -> None:
    """Give a file's new text out: as a diff, to a file, or to standard output."""
    if as_diff:
        show.data(diff.unified(source, new))
    else:
        put(source.data(new), output)


def is_terminal() -> bool:
    """Tell whether there is a terminal to show things on and to take answers from."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def put(data: bytes, output: str | None) -> None:
    """Write bytes to a file, or to standard output for None and "-"."""
    if output and output != "-":
        documents.save(output, data)
    else:
        show.data(data)


@contextlib.contextmanager
def progress(label: str, length: int | None) -> Iterator[Callable[[int], object]]:
    """Show a progress bar on standard error, on a terminal only; yields its step function."""
    if not sys.stderr.isatty() or (length is not None and length < 10):
        yield lambda done: None
        return
    with click.progressbar(length=length or 0, label=label, file=sys.stderr) as bar:
        yield bar.update
