"""`refkit keys`: citation keys by a pattern, in the bibliography and wherever it is cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from refkit.api import documents, keys
from refkit.citekeys.options import DEFAULT, Keying, Postfix
from refkit.cli import common, diff, show


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says, by the names of the options."""

    in_place: bool
    output: str | None
    as_diff: bool
    dry_run: bool
    check: bool
    pattern: str
    only_missing: bool
    every: bool
    chosen: str | None
    postfix: Postfix
    keep_alias: bool
    manuscripts: tuple[str, ...]
    format_: str | None
    encoding: str | None


@click.command()
@common.FILE
@common.IN_PLACE
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a key would change.")
@click.option("-p", "--pattern", default=DEFAULT, show_default=True, help="What keys are made of.")
@click.option("--only-missing", is_flag=True, help="Only entries without a key (the default).")
@click.option("--all", "every", is_flag=True, help="Give every entry a new key.")
@click.option("--keys", "chosen", metavar="K1,K2", help="Give the entries of these keys new ones.")
@click.option(
    "--postfix",
    type=click.Choice(["alpha", "number"]),
    default="alpha",
    show_default=True,
    help="What a key gets that is taken: doe2020a or doe2020-2.",
)
@click.option("--keep-alias", is_flag=True, help="Keep the old key in BibLaTeX's field ids.")
@click.option(
    "--in",
    "manuscripts",
    metavar="PATH",
    multiple=True,
    help="A manuscript whose citations follow (.tex .md .qmd .typ .aux); may be repeated.",
)
@click.option("-f", "--format", "format_", metavar="NAME", help="The format of FILE.")
@common.ENCODING
def command(file: str, **given: Any) -> None:
    """Give entries of FILE citation keys by a pattern.

    Shows what would change as a diff; --in-place writes FILE and the manuscripts, all or none.
    A key that is there stays unless --all or --keys names it. In FILE all that names a key
    follows: crossref, xdata, xref, related, entryset and citations within fields.

    \b
    Examples:
      refkit keys refs.bib
      refkit keys refs.bib --all -p "authEtAl + year" --in paper.tex --in notes.md -i
      refkit keys refs.bib --keys doe,roe -p "[auth:lower][year][shorttitle1_1]"
    """
    asked = Options(**given)
    _check(file, asked)
    document = documents.read(file, format=asked.format_, encoding=asked.encoding)
    wanted = asked.chosen and frozenset(key.strip() for key in asked.chosen.split(","))
    options = Keying(asked.pattern, asked.every, wanted or None, asked.postfix, asked.keep_alias)
    found = keys.assign_keys(document, options, asked.manuscripts)
    _say(found)
    if asked.in_place:
        keys.save_keys(found)
    elif asked.output:
        common.put(found.data(), asked.output)
    elif not asked.dry_run and not asked.check:
        _show(found)
    failed = show.has_errors(found.problems) or (asked.check and found.changed)
    raise click.exceptions.Exit(1 if failed else 0)


def _check(file: str, asked: Options) -> None:
    """Refuse options that do not go together."""
    common.one_destination(
        in_place=asked.in_place,
        output=asked.output,
        diff=asked.as_diff,
        dry_run=asked.dry_run,
        check=asked.check,
    )
    chosen = asked.chosen is not None
    common.one_destination(only_missing=asked.only_missing, all=asked.every, keys=chosen)
    common.needs_file(file, in_place=asked.in_place)
    if asked.output and asked.manuscripts:
        raise click.UsageError("--in goes with --in-place or --diff, not with --output")
    if chosen and not (asked.chosen or "").strip(", "):
        raise click.UsageError("--keys names no key")


def _say(found: keys.Keyed) -> None:
    """List the renames and what is to be told, on standard error."""
    show.problems(found.problems, found.document.source)
    for each in found.renames:
        show.note(f"{each.old or '(no key)'} -> {each.new}")
    for manuscript in found.manuscripts:
        show.note(
            f"{manuscript.source.path}: {show.counted(manuscript.count, 'citation', 'citations')}"
        )
    entries = show.counted(len(found.document.entries), "entry", "entries")
    show.note(f"{entries}, {show.counted(len(found.renames), 'new key', 'new keys')}")


def _show(found: keys.Keyed) -> None:
    """Print all changes as one diff."""
    parts = [diff.unified(found.document.source, found.text)]
    parts += [diff.unified(each.source, each.text) for each in found.manuscripts]
    show.data(b"".join(parts))
