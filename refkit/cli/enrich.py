"""`refkit enrich`: find DOIs and venues, and write them into the file they lack in."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import click

from refkit import files
from refkit.api import documents, enriching
from refkit.cli import common, diff, show
from refkit.config import URLS, SourceSettings, urls_in
from refkit.model.evidence import Verdict

SECONDS = click.FloatRange(min=0.001, max=1e6)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the command, as they were given."""

    catalogue: str | None
    sources: str | None
    crossref_url: str | None
    urls: tuple[str, ...]
    mailto: str | None
    in_place: bool
    output: str | None
    as_diff: bool
    dry_run: bool
    report: str | None
    fields: str | None
    overwrite: str | None
    format: str | None
    encoding: str | None
    cache: str | None
    no_cache: bool
    timeout: float
    deadline: float | None
    strict: bool
    quiet: bool


@click.command()
@common.FILE
@click.option("--catalogue", metavar="PATH", help="A local catalogue, built or not, to search.")
@click.option("--sources", metavar="NAME,…", help="Sources, in the order in which to ask them.")
@click.option("--crossref-url", metavar="URL", help="Short for --url crossref=URL.")
@click.option(
    "--url", "urls", metavar="SOURCE=URL", multiple=True, help="Another address of a source."
)
@click.option("--mailto", metavar="ADDRESS", help="Your address, for Crossref's polite pool.")
@common.IN_PLACE
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@click.option("--report", metavar="OUT.json", help="Write one JSON object per entry to this file.")
@click.option("--fields", metavar="NAME,…", help="Fill only these fields where they are missing.")
@click.option("--overwrite", metavar="NAME,…", help="Set these even where they have a value.")
@click.option("-f", "--from", "format", metavar="FORMAT", help="The file's format.")
@common.ENCODING
@click.option("--cache", metavar="PATH", help="Keep Crossref's answers in this file.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep earlier answers.")
@click.option("--timeout", type=SECONDS, default=10.0, show_default=True, help="For one request.")
@click.option("--deadline", type=SECONDS, help="Seconds for the whole run; the rest is unchecked.")
@click.option("--strict", is_flag=True, help="Exit 1 unless every entry has a match.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong.")
def command(file: str, **given: Any) -> None:
    """Find the DOIs and venues that FILE's entries lack.

    The enriched text goes to standard output, the reasons to standard error. Only a certain
    match writes anything, a field that is there is kept, and a DOI is never replaced. Exit
    code 3 means that something could not be checked: no network, an outage, a limit.

    \b
    Examples:
      refkit enrich refs.bib --mailto you@example.org --diff
      refkit enrich refs.bib --catalogue works.jsonl.gz --in-place
      refkit enrich - -f bibtex < refs.bib > enriched.bib
    """
    options = Options(**given)
    _check(file, options)
    document = documents.read(file, format=options.format, encoding=options.encoding)
    with common.progress("asking", len(document.entries)) as step:
        found = enriching.enrich(
            document,
            _sources(options),
            settings=_settings(options),
            fields=_names(options.fields),
            overwrite=_names(options.overwrite),
            progress=step,
        )
    _say(found, quiet=options.quiet)
    _deliver(found, options)
    raise click.exceptions.Exit(_exit_code(found, strict=options.strict))


def _check(file: str, options: Options) -> None:
    """Refuse, before anything is asked, what could not be delivered in the end."""
    common.one_destination(
        in_place=options.in_place,
        output=options.output,
        diff=options.as_diff,
        dry_run=options.dry_run,
    )
    common.needs_file(file, in_place=options.in_place)
    if not _sources(options):
        raise click.UsageError("--sources names no source")
    for place in (file if options.in_place else None, options.output, options.report):
        if place and place != "-":
            files.check_place(place)
    if options.report and options.report != "-":
        for other in (file, options.output or ""):
            if os.path.realpath(other) == os.path.realpath(options.report):
                raise click.UsageError(f"the report would overwrite {other}")


def _settings(options: Options) -> SourceSettings:
    return SourceSettings(
        mailto=options.mailto or os.environ.get("REFKIT_MAILTO", ""),
        cache_path=options.cache,
        use_cache=not options.no_cache,
        timeout=options.timeout,
        deadline=options.deadline,
        catalogue=options.catalogue or "",
        urls=urls_in(os.environ) | _urls(options),
    )


def _urls(options: Options) -> dict[str, str]:
    alias = () if options.crossref_url is None else (f"crossref={options.crossref_url}",)
    urls = {}
    for each in (*alias, *options.urls):
        source, equals, url = each.partition("=")
        if not equals or source not in URLS:
            raise click.UsageError(f"--url takes SOURCE=URL, SOURCE one of {', '.join(URLS)}")
        urls[source] = url
    return urls


def _sources(options: Options) -> list[str]:
    if options.sources:
        return _names(options.sources)
    return ["catalogue"] if options.catalogue else ["crossref"]


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _say(found: enriching.Enrichment, *, quiet: bool) -> None:
    for warning in found.warnings:
        show.warn(warning)
    show.problems([*found.document.problems, *found.patch.problems], found.document.source)
    if not quiet:
        show.outcomes(found.outcomes, found.patch.applied)


def _deliver(found: enriching.Enrichment, options: Options) -> None:
    source = found.document.source
    if options.in_place:
        if found.changed:
            enriching.save_enrichment(found, source.path)
    elif options.output and options.output != "-":
        enriching.save_enrichment(found, options.output)
    elif options.as_diff:
        show.data(diff.unified(source, found.text))
    elif not options.dry_run and options.report != "-":
        show.data(found.data())
    if options.report:
        text = json.dumps(found.report(), ensure_ascii=False, indent=2) + "\n"
        common.put(text.encode("utf-8", "replace"), options.report)


def _exit_code(found: enriching.Enrichment, *, strict: bool) -> int:
    verdicts = {each.verdict for each in found.outcomes}
    if Verdict.UNCHECKED in verdicts:
        return 3
    broken = show.has_errors(found.document.problems) or show.has_errors(found.patch.problems)
    return 1 if broken or (strict and verdicts - {Verdict.MATCH}) else 0
