"""`refkit explain`: the evidence for and against an entry's candidates, as tables."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from refkit.cli import common, show
from refkit.config import SourceSettings, urls_in
from refkit.model.evidence import Verdict
from refkit.normalise.latex import strip_markup

if TYPE_CHECKING:
    from rich.table import Table

    from refkit.api.explaining import Explanation
    from refkit.model.evidence import Evidence, Match

_HEADS = ("feature", "level", "weight", "the entry says", "the candidate says")
_WEIGHT_HEADS = ("feature", "level", "weight", "why")
_LIMIT_HEADS = ("limit", "figure", "why")
_LEVELS = {"exact": "green", "strong": "green", "weak": "yellow", "conflict": "red"}
_WIDEST = 44

Row = tuple[str, ...]


@click.command()
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option(
    "-l", "--library", "libraries", multiple=True, metavar="FILE",
    help="Look here for the entries; may be given again.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Explain every entry.")
@click.option("--catalogue", metavar="PATH", help="A local catalogue, built or not, to search.")
@click.option("--sources", metavar="NAME,…", help="Sources, in the order in which to ask them.")
@click.option("--mailto", metavar="ADDRESS", help="Your address, for Crossref's polite pool.")
@click.option("--cache", metavar="PATH", help="Keep Crossref's answers in this file.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep earlier answers.")
@click.option(
    "-n", "--candidates", "most", type=click.IntRange(min=1), default=3, show_default=True,
    help="How many candidates to show.",
)  # fmt: skip
@click.option(
    "--weights", is_flag=True, help="Print the table of weights and limits, with reasons."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How to print it.",
)  # fmt: skip
@common.OUTPUT
def command(
    keys: tuple[str, ...],
    libraries: tuple[str, ...],
    everything: bool,
    catalogue: str | None,
    sources: str | None,
    mailto: str | None,
    cache: str | None,
    no_cache: bool,
    most: int,
    weights: bool,
    form: str,
    output: str | None,
) -> None:
    """Show why the entries with these KEYs get the verdict that enrich gives them.

    For each of the best candidates: every feature compared, how well it agrees, and how many
    points that is worth; then the score, what stands against the candidate, and the verdict.
    Nothing is written into any file. Exit code 3 means that something could not be checked.

    \b
    Examples:
      refkit explain may1977 -l refs.bib --catalogue works.jsonl.gz
      refkit explain may1977 -l refs.bib --mailto you@example.org --format json
      refkit explain --weights
    """
    if weights:
        if keys or everything:
            raise click.UsageError("--weights explains no entry; give it alone")
        _weights(form, output)
        return
    if bool(keys) == everything:
        raise click.UsageError("name the KEYs, or give --all instead")
    if not libraries:
        raise click.UsageError("name the bibliography that has the entries with -l FILE")
    settings = SourceSettings(
        mailto=mailto or os.environ.get("REFKIT_MAILTO", ""),
        cache_path=cache,
        use_cache=not no_cache,
        catalogue=catalogue or "",
        urls=urls_in(os.environ),
    )
    _explain(
        keys, libraries, _names(sources, catalogue), settings, (everything, most, form, output)
    )


def _names(sources: str | None, catalogue: str | None) -> list[str]:
    if sources is None:
        return ["catalogue"] if catalogue else ["crossref"]
    names = [name.strip() for name in sources.split(",") if name.strip()]
    if not names:
        raise click.UsageError("--sources names no source")
    return names


def _explain(
    keys: Sequence[str],
    libraries: Sequence[str],
    sources: Sequence[str],
    settings: SourceSettings,
    options: tuple[bool, int, str, str | None],
) -> None:
    from refkit.api import explaining

    everything, most, form, output = options
    found = explaining.explain(keys, libraries, sources, settings=settings, everything=everything)
    for warning in found.warnings:
        show.warn(warning)
    for problem, source in found.told:
        show.problems([problem], source)
    if form == "json":
        common.put(_json([each.data() for each in found.explanations]), output)
    else:
        page = _Page(output)
        for each in found.explanations:
            _write(page, each, most)
        page.close()
    unchecked = any(each.verdict is Verdict.UNCHECKED for each in found.explanations)
    raise click.exceptions.Exit(3 if unchecked else 0)


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _weights(form: str, output: str | None) -> None:
    from refkit.api import explaining

    weights, limits = explaining.weights(), explaining.limits()
    if form == "json":
        rows = [dict(zip(_WEIGHT_HEADS, row, strict=True)) for row in weights]
        ends = [dict(zip(_LIMIT_HEADS, row, strict=True)) for row in limits]
        common.put(_json({"weights": rows, "limits": ends}), output)
        return
    page = _Page(output)
    page.table(_WEIGHT_HEADS, [(f, level, f"{p:+g}", why) for f, level, p, why in weights])
    page.line("")
    page.table(_LIMIT_HEADS, [(name, f"{figure:g}", why) for name, figure, why in limits])
    page.close()


def _write(page: _Page, each: Explanation, most: int) -> None:
    flag = "FLAGGED " if each.flagged else ""
    page.line(f"{each.entry.key}: {each.verdict}", style=show.COLOURS[each.verdict])
    page.line(f"  {flag}{each.reason}")
    for number, match in enumerate(each.matches[:most], 1):
        page.line("")
        page.line(f"  {number}. {_headline(match, each.possible)}")
        for cap, text in (("stopped", match.veto or match.version), ("doubtful", match.doubt)):
            if text:
                page.line(f"     {cap}: {text}", style="red" if cap == "stopped" else "yellow")
        page.table(_HEADS, [_row(row) for row in match.evidence])
    if each.gap is not None:
        page.line(f"\n  gap to the runner-up: {each.gap:.2f}")
    left = len(each.matches) - most
    if left > 0:
        page.line(f"\n  {left} more, less alike; see them with -n {len(each.matches)}")
    page.line("")


def _headline(match: Match, possible: float) -> str:
    from refkit.api.explaining import points

    source = match.candidate.entry.origin.source
    sums = f"{points(match):.1f} of {possible:.1f} points"
    return f"{match.candidate.id} ({source}): score {match.score:.2f}, {sums}"


def _row(each: Evidence) -> Row:
    ours, theirs = strip_markup(each.ours), strip_markup(each.theirs)
    return (each.feature, str(each.level), f"{each.weight:+.1f}", ours, theirs)


class _Page:
    """What is printed: tables drawn by rich on a terminal, plain columns anywhere else."""

    def __init__(self, output: str | None) -> None:
        self._output = output
        self._drawn = not (output and output != "-") and sys.stdout.isatty()
        self._lines: list[str] = []

    def line(self, text: str, *, style: str = "") -> None:
        """Print a line."""
        if self._drawn:
            click.secho(text, fg=style or None)
        else:
            self._lines.append(text)

    def table(self, heads: Row, rows: Iterable[Row]) -> None:
        """Print a table, of which texts may be cut short."""
        shown = [tuple(map(_brief, row)) for row in rows]
        if self._drawn:
            from rich.console import Console

            Console().print(_drawn(heads, shown))
        else:
            self._lines += _columns([heads, *shown])

    def close(self) -> None:
        """Write what is not yet printed."""
        if not self._drawn:
            text = "\n".join(self._lines) + "\n"
            common.put(text.encode("utf-8", "backslashreplace"), self._output)


def _brief(text: str) -> str:
    """Return a text on one line, cut where it is very long."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= 2 * _WIDEST else f"{line[: 2 * _WIDEST - 1]}…"


def _columns(rows: Sequence[Row]) -> list[str]:
    """Return rows in aligned columns, of which all but the last are cut where they are wide."""
    widths = [min(_WIDEST, max(len(row[at]) for row in rows)) for at in range(len(rows[0]))]
    widths[-1] = 2 * _WIDEST
    return [
        "     "
        + "  ".join(_cell(text, width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _cell(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…"


def _drawn(heads: Row, rows: Iterable[Row]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, show_edge=False, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(text, style=_LEVELS.get(text, "")) for text in row))
    return table
