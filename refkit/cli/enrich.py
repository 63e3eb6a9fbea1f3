"""`refkit enrich`: find DOIs and venues, and write them into the file they lack in."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import click

from refkit import files
from refkit.api import documents, enriching, locking
from refkit.cli import asking, common, diff, show
from refkit.enrichment.engine import Outcome
from refkit.enrichment.review import answered, parse_answers
from refkit.model.evidence import Verdict


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the command, as they were given."""

    in_place: bool
    partial: bool
    output: str | None
    as_diff: bool
    dry_run: bool
    report: str | None
    fields: str | None
    overwrite: str | None
    published: bool
    format: str | None
    encoding: str | None
    lock: str | None
    locked: bool
    review: bool
    answers: str | None
    strict: bool
    quiet: bool


@click.command()
@common.FILE
@asking.SOURCES
@common.IN_PLACE
@click.option("--partial", is_flag=True, help="With -i: write although something is unchecked.")
@common.OUTPUT
@common.DIFF
@common.DRY_RUN
@click.option("--report", metavar="OUT.json", help="Write one JSON object per entry to this file.")
@click.option("--fields", metavar="NAME,…", help="Fill only these fields where they are missing.")
@click.option("--overwrite", metavar="NAME,…", help="Set these even where they have a value.")
@click.option(
    "--published", is_flag=True, help="Make preprints their published versions; both ids stay."
)
@click.option("-f", "--from", "format", metavar="FORMAT", help="The file's format.")
@common.ENCODING
@click.option(
    "--lock",
    metavar="[PATH]",
    is_flag=False,
    flag_value="",
    help="Keep what was found in a lock file: refkit.lock beside FILE, or PATH.",
)
@click.option("--locked", is_flag=True, help="Use the lock file alone and ask no source.")
@click.option("--review", is_flag=True, help="Decide ambiguous matches yourself, one by one.")
@click.option(
    "--answers",
    metavar="PATH|-",
    help="Answers for --review from a file: one a line, or JSON by key.",
)
@asking.LIMITS
@click.option("--strict", is_flag=True, help="Exit 1 unless every entry has a match.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong.")
def command(file: str, **given: Any) -> None:
    """Find the DOIs and venues that FILE's entries lack.

    The enriched text goes to standard output, the reasons to standard error. Only a certain
    match writes anything, a field that is there is kept, and a DOI is never replaced, but with
    --published by the published version's. Exit code 3 means that something could not be
    checked: no network, an outage, a limit.

    \b
    Examples:
      refkit enrich refs.bib --mailto you@example.org --diff
      refkit enrich refs.bib --catalogue works.jsonl.gz --in-place
      refkit enrich - -f bibtex < refs.bib > enriched.bib
      refkit enrich refs.bib --review -i
      refkit enrich refs.bib --lock -i
      refkit enrich refs.bib --locked --dry-run
    """
    options = Options(**{each.name: given[each.name] for each in fields(Options)})
    _check(file, options, asking.sources(given))
    document = documents.read(file, format=options.format, encoding=options.encoding)
    review = _review(options)
    book = None
    if options.locked or options.lock is not None:
        book = locking.open_lock(file, options.lock or "", must_exist=options.locked)
    with contextlib.ExitStack() as bar:
        step = bar.enter_context(common.progress("asking", len(document.entries)))
        found = enriching.enrich(
            document,
            asking.sources(given),
            settings=asking.settings(given),
            fields=asking.names(options.fields),
            overwrite=asking.names(options.overwrite),
            published=options.published,
            progress=step,
            book=book,
            locked_only=options.locked,
            review=_after(bar, review),
        )
    _say(found, quiet=options.quiet)
    _deliver(found, options)
    if found.book and not options.locked and not options.dry_run:
        locking.save_lock(found.book)
    raise click.exceptions.Exit(_exit_code(found, strict=options.strict))


def _check(file: str, options: Options, sources: list[str]) -> None:
    """Refuse, before anything is asked, what could not be delivered in the end."""
    common.one_destination(
        in_place=options.in_place,
        output=options.output,
        diff=options.as_diff,
        dry_run=options.dry_run,
    )
    common.needs_file(file, in_place=options.in_place)
    _check_review(file, options)
    if not sources:
        raise click.UsageError("--sources names no source")
    for place in (file if options.in_place else None, options.output, options.report):
        if place and place != "-":
            files.check_place(place)
    if options.report and options.report != "-":
        for other in (file, options.output or ""):
            if os.path.realpath(other) == os.path.realpath(options.report):
                raise click.UsageError(f"the report would overwrite {other}")


def _check_review(file: str, options: Options) -> None:
    if not options.review and options.answers is None:
        return
    if options.locked:
        raise click.UsageError("--locked keeps to what the lock file says; review without it")
    if options.answers == "-" and file == "-":
        raise click.UsageError("FILE and --answers cannot both be standard input")
    if options.answers is None and not common.is_terminal():
        raise click.UsageError("--review needs a terminal; give answers by --answers PATH or -")


def _review(options: Options) -> enriching.Review:
    """Return what decides ambiguous matches: the user, a file of answers, or nothing."""
    if options.answers is not None:
        text = documents.text_of(options.answers)
        answers = parse_answers(text, options.answers)

        def decide(outcomes: Sequence[Outcome]) -> list[Outcome]:
            decided, told = answered(outcomes, answers)
            for each in told:
                show.warn(each)
            return decided

        return decide
    if options.review:
        from refkit.cli import review

        return review.in_terminal
    return enriching.unreviewed


def _after(bar: contextlib.ExitStack, review: enriching.Review) -> enriching.Review:
    """End the progress bar before the review, for it hides the cursor."""

    def end(outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        bar.close()
        return review(outcomes)

    return end


def _say(found: enriching.Enrichment, *, quiet: bool) -> None:
    for warning in found.warnings:
        show.warn(warning)
    show.problems([*found.document.problems, *found.patch.problems], found.document.source)
    if not quiet:
        show.outcomes(found.outcomes, found.patch.applied)


def _deliver(found: enriching.Enrichment, options: Options) -> None:
    source = found.document.source
    if options.in_place:
        if found.changed and _may_write(found, options):
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


def _may_write(found: enriching.Enrichment, options: Options) -> bool:
    """An outage leaves the file as it is: what was answered is kept, and costs nothing again."""
    open_ = sum(each.verdict is Verdict.UNCHECKED for each in found.outcomes)
    if open_ and not options.partial:
        show.warn(
            f"{open_} of {len(found.outcomes)} entries could not be checked, so "
            f"{found.document.source.path} is left as it is; run it again later, or write what was "
            "found with --partial"
        )
        return False
    return True


def _exit_code(found: enriching.Enrichment, *, strict: bool) -> int:
    verdicts = {each.verdict for each in found.outcomes}
    if Verdict.UNCHECKED in verdicts:
        return 3
    broken = show.has_errors(found.document.problems) or show.has_errors(found.patch.problems)
    return 1 if broken or (strict and verdicts - {Verdict.MATCH}) else 0
