"""`refkit pandoc-filter`, and the program `refkit-pandoc-filter` that pandoc's --filter takes."""

from __future__ import annotations

import sys

import click

from refkit import files
from refkit.api import filtering
from refkit.cli import show
from refkit.cli.main import run_command


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("format_", metavar="[FORMAT]", default="")
@click.option("--locked", is_flag=True, help="Ask no service: the lock file and catalogue only.")
@click.option("--refresh", is_flag=True, help="Ask anew for what is in the lock file.")
@click.option("--lock", metavar="PATH.json", help="The lock file.  [default: refkit.lock.json]")
@click.option("--catalogue", metavar="PATH", help="A local catalogue to take records from.")
def command(
    format_: str, locked: bool, refresh: bool, lock: str | None, catalogue: str | None
) -> None:
    """Give the works that a Pandoc document cites by id their references.

    Reads pandoc's JSON from standard input and writes it to standard output; FORMAT is what
    pandoc passes, and makes no difference. Cite [@doi:10.1038/269471a0], [@arxiv:2502.08640],
    [@isbn:9780262046305], [@pmid:2231712] or [@pmc:PMC3531190]. Settings also come from the
    document's metadata (refkit: ...) and from the environment (REFKIT_...).

    \b
    Examples:
      pandoc paper.md --filter refkit-pandoc-filter --citeproc -o paper.html
      refkit pandoc-filter --locked < paper.json | pandoc -f json --citeproc -t plain
    """
    del format_
    if sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("this reads pandoc's JSON: pandoc --filter refkit-pandoc-filter")
    options = {"offline": locked, "refresh": refresh, "lock": lock, "catalogue": catalogue}
    given = {name: value for name, value in options.items() if value}
    found = filtering.filter_pandoc(files.read_bytes("-"), given=given)
    _say(found)
    show.data(found.data)
    raise click.exceptions.Exit(_exit_code(found) if found.strict else 0)


def _say(found: filtering.Filtered) -> None:
    for warning in found.warnings:
        show.warn(warning)
    for key, why in found.unknown.items():
        show.warn(f"@{key} is unknown and left as it is: {why}")
    for key, why in found.unchecked.items():
        show.warn(f"@{key} could not be checked and is left as it is: {why}")


def _exit_code(found: filtering.Filtered) -> int:
    return 3 if found.unchecked else int(bool(found.unknown))


def run() -> None:
    """Run the filter as a program of its own, and exit."""
    run_command(command)
