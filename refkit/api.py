"""refkit as a library: read, enrich, convert, format, build and serve catalogues.

Every verb takes and gives values; only `read`, `save`, `build_catalogue` and `serve` touch
files. All errors that are raised on purpose are `refkit.errors.RefkitError`s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refkit import files, plugins
from refkit.checks.run import run_rules
from refkit.config import SourceSettings
from refkit.enrichment import engine, ledger, merge
from refkit.enrichment.plan import plan
from refkit.enrichment.report import report
from refkit.errors import InputError
from refkit.formats.bibtex.types import DATA_ONLY
from refkit.formats.titlecase import csl_titles
from refkit.model.entry import Entry, Field
from refkit.model.report import Applied, Change, Diagnostic, Document, Patch, Severity, Written
from refkit.model.text import SourceText, apply_edits
from refkit.normalise.encoding import decode

if TYPE_CHECKING:
    from refkit.formats.bibtex.style import Style
    from refkit.net.httpd import Server
    from refkit.sources.catalogue import BuildReport, Catalogue

GZIP = b"\x1f\x8b"


# reading and writing


def read(path: str | Path, *, format: str | None = None, encoding: str | None = None) -> Document:
    """Read a bibliography file; "-" is standard input.

    `format` is a format's name (by default the suffix decides), `encoding` a Python codec
    name. Faults in the file become `Document.problems`; InputError is raised only where there
    is nothing to read: no file, a folder, a binary file, an unknown format.
    """
    name = str(path)
    data = files.read_bytes(name)
    chosen = format_named(format) if format else format_of(name, data)
    source, notes = decode(data, name, encoding)
    return _read(source, chosen, notes)


def parse(text: str, format: str, *, path: str = "<text>") -> Document:
    """Read a bibliography from a string."""
    return _read(SourceText(path, text), format_named(format), ())


def _read(source: SourceText, chosen: plugins.Format, notes: tuple[Diagnostic, ...]) -> Document:
    if chosen.read is None:
        raise InputError(f"{source.path}: the format {chosen.name} can be written, not read")
    document = chosen.read(source)
    return replace(document, problems=(*notes, *document.problems)) if notes else document


def format_named(name: str) -> plugins.Format:
    """Return a format by its name; raises PluginError, which names the known ones."""
    found: plugins.Format = plugins.load("refkit.formats", name)
    return found


def format_of(path: str, data: bytes = b"") -> plugins.Format:
    """Return the format of a file by its suffix, else by how its text begins."""
    suffix = Path(path).suffix.lower()
    each: plugins.Format
    for each in plugins.loaded("refkit.formats") if suffix else ():
        if suffix in each.suffixes:
            return each
    guessed = _sniff(data[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n"))
    if guessed:
        return format_named(guessed)
    known = ", ".join(sorted({point.name for point in plugins.registered("refkit.formats")}))
    raise InputError(f"{path}: name the format; known: {known}")


def _sniff(start: str) -> str | None:
    beginnings = {"[": "csljson", "{": "csljson", "<": "endnotexml", "@": "bibtex", "%": "bibtex"}
    for beginning, name in ("TY  -", "ris"), ("PMID", "nbib"), ("---", "cslyaml"):
        if start.startswith(beginning):
            return name
    if start.startswith("references:"):
        return "cslyaml"
    return beginnings.get(start[:1], "bibtex" if "\n@" in start else None)


def convert(document: Document, to: str, *, sentence_case: bool = False) -> Written:
    """Write a document's entries in another format; what it cannot hold is in `problems`.

    With `sentence_case`, English titles that come from a .bib file are put in the sentence case
    that CSL styles start from; what braces protect keeps its capitals.
    """
    chosen = format_named(to)
    if chosen.write is None:
        raise InputError(f"the format {chosen.name} can be read, not written")
    entries = [csl_titles(each) if sentence_case else each for each in document.entries]
    if to == "biblatex":
        return chosen.write(entries)
    written = chosen.write([each for each in entries if each.native_type not in DATA_ONLY])
    left_out = (_left_out(entry) for entry in document.entries if entry.native_type in DATA_ONLY)
    return Written(written.text, (*left_out, *written.problems))


def _left_out(entry: Entry) -> Diagnostic:
    message = "@xdata is no work; the entries that name it have its fields"
    return Diagnostic("LOS007", message, entry.origin.span, entry.key, severity=Severity.INFO)


def existing(path: str) -> SourceText:
    """Return what a file holds now, an empty text where there is no such file."""
    if not Path(path).exists():
        return SourceText(path, "")
    return decode(files.read_bytes(path), path)[0]


def check(document: Document) -> list[Diagnostic]:
    """Return a document's problems with what the registered rules find, in file order."""
    rules = plugins.loaded("refkit.rules")
    return run_rules(document, rules)


def save(path: str | Path, data: bytes | str) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename. Text is UTF-8."""
    files.write_bytes(str(path), data.encode() if isinstance(data, str) else data)


# enriching


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What an enrichment found: an outcome per entry, the changes, and the new text."""

    document: Document
    outcomes: tuple[engine.Outcome, ...]
    patch: Patch
    text: str
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the text differs from the file's."""
        return self.text != self.document.source.text

    def data(self) -> bytes:
        """Return the new text as bytes, in the file's own encoding."""
        return self.document.source.data(self.text)

    def report(self) -> list[dict[str, Any]]:
        """Return the report: one JSON-ready object per entry."""
        return report(self.outcomes, self.patch.applied)


def enrich(  # noqa: PLR0913
    document: Document,
    sources: Sequence[str] = ("crossref",),
    *,
    settings: SourceSettings | None = None,
    fields: Iterable[str] = (),
    overwrite: Iterable[str] = (),
    progress: engine.Progress = lambda done: None,
) -> Enrichment:
    """Find what a document's entries lack and write it into its text.

    `sources` are source names, asked in that order; `fields` are the fields to fill (by
    default those that each type is cited by); those in `overwrite` are set even where the
    entry has another value. A DOI is never overwritten. Raises InputError and PluginError; a
    source that cannot answer leaves entries with the verdict unchecked.
    """
    chosen = merge.policy(fields, overwrite)
    made, warnings = make_sources(sources, settings or SourceSettings())
    try:
        outcomes = engine.run(plan(document), made, progress)
    finally:
        for source in made:
            getattr(source, "close", _nothing)()
    changes = [each for outcome in outcomes for each in merge.changes(outcome, chosen)]
    patch, text = _patched(document, changes)
    return Enrichment(document, tuple(outcomes), patch, text, tuple(warnings))


def _nothing() -> None:
    """Sources need not have anything to close."""


def make_sources(
    names: Sequence[str], settings: SourceSettings
) -> tuple[list[plugins.Source], list[str]]:
    """Make the named sources, with a warning for each that does not load.

    Such a source answers nothing, so what depends on it is unchecked. Raises PluginError for
    an unknown name, InputError for a catalogue that cannot be read.
    """
    made: list[plugins.Source] = []
    warnings: list[str] = []
    for name in names:
        if name == "catalogue" and settings.catalogue:
            made.append(open_catalogue(settings.catalogue, warnings))
            continue
        source, warning = plugins.source(name, settings)
        made.append(source)
        warnings += [warning] if warning else []
    return made, warnings


def _patched(document: Document, changes: Sequence[Change]) -> tuple[Patch, str]:
    chosen = format_named(document.format)
    if not changes:
        return Patch(), document.source.text
    if chosen.patch is not None:
        patch = chosen.patch(document, changes)
        return patch, apply_edits(document.source.text, patch.edits)
    return _rewritten(document, changes, chosen)


def _rewritten(
    document: Document, changes: Sequence[Change], chosen: plugins.Format
) -> tuple[Patch, str]:
    """A format without spans (JSON, say) is written anew by its own writer."""
    if chosen.write is None:
        raise InputError(f"the format {chosen.name} cannot be written")
    entries = list(document.entries)
    for change in changes:
        entries[change.index] = _with(entries[change.index], change)
    written = chosen.write(entries)
    applied = tuple(_applied(change) for change in changes)
    return Patch(applied=applied, problems=written.problems), written.text


def _with(entry: Entry, change: Change) -> Entry:
    kept = [each for each in entry.fields if each.name != change.name]
    return entry.with_fields([*kept, Field(change.name, change.new, change.origin)])


def _applied(change: Change) -> Applied:
    return Applied(change, change.name, ledger.plain(change.old), ledger.plain(change.new))


def save_enrichment(enrichment: Enrichment, path: str | Path) -> None:
    """Write the new text to a file and its changes to the ledger beside it."""
    target = str(path)
    rows = [
        ledger.row(each.change, each.field, each.old, each.new) for each in enrichment.patch.applied
    ]
    if rows:
        book = ledger.ledger_path(target)
        old = files.read_bytes(book) if Path(book).exists() else b""
        files.write_bytes(book, old + ledger.lines(rows).encode())
    files.write_bytes(target, enrichment.data())


# formatting


def style(*, indent: int = 2, align: bool = False, braces: bool = True) -> Style:
    """Make a style: blanks before a field, aligned `=`, braces in place of quotes."""
    from refkit.formats.bibtex.style import Style

    return Style(indent, align, braces)


def format(document: Document, style: Style | None = None) -> str:
    """Return a .bib document's text in refkit's style; raises InputError for other formats."""
    from refkit.formats.bibtex.equal import formatted
    from refkit.formats.bibtex.style import Style

    if document.format not in ("bibtex", "biblatex"):
        raise InputError(f"{document.source.path}: only BibTeX and BibLaTeX files can be formatted")
    return formatted(document.source, style or Style())


# catalogues


def open_catalogue(path: str | Path, warnings: list[str]) -> Catalogue:
    """Open a built catalogue, or read a file that is none yet into memory.

    What is wrong with the file's records is added to `warnings`. Raises InputError.
    """
    from refkit.sources.catalogue import Catalogue, is_built, open_catalogue

    if is_built(Path(path)):
        return open_catalogue(Path(path))
    return Catalogue.in_memory(read_records(str(path), warnings))


def read_records(path: str, warnings: list[str]) -> Iterator[Mapping[str, Any]]:
    """Yield Crossref-shaped records from Crossref's JSON (gzipped or not), or from any format.

    What cannot be read is told in `warnings`. Raises InputError where the file cannot be read.
    """
    from refkit.sources.catalogue_read import is_work, read_jsonl
    from refkit.sources.crossref_record import write_record

    with files.opened(path) as stream:
        start = stream.peek(2)[:2]
        if start == GZIP or Path(path).suffix.lower() in (".jsonl", ".ndjson", ".json", ".gz"):
            found = read_jsonl(stream, path)
            first = next((each for each in found if not isinstance(each, Diagnostic)), None)
            if first is None or is_work(first) or start == GZIP:
                yield from _works(path, chain([first] if first else [], found), warnings)
                return
    document = read(path)
    warnings += [told(each, document.source) for each in document.problems]
    yield from (write_record(entry) for entry in document.entries)


def _works(
    path: str, found: Iterable[dict[str, Any] | Diagnostic], warnings: list[str]
) -> Iterator[Mapping[str, Any]]:
    for each in found:
        if isinstance(each, Diagnostic):
            warnings.append(each.message)
        else:
            yield each


def told(problem: Diagnostic, source: SourceText) -> str:
    """Return a diagnostic as `path:line:column: CODE [key] message`."""
    place = f"{source.path}:"
    if problem.span is not None:
        position = source.position(problem.span.start)
        place += f"{position.line}:{position.column}:"
    key = f" [{problem.key}]" if problem.key else ""
    return f"{place} {problem.code}{key} {problem.message}"


def build_catalogue(
    paths: Sequence[str | Path],
    output: str | Path,
    *,
    progress: Callable[[str, int], None] | None = None,
) -> tuple[BuildReport, list[str]]:
    """Build a catalogue's index from files; the old index stays until the new one is whole.

    Returns the counts, and a sentence for each record that could not be read. `progress` is
    told the step ("read", "index") and how many records are done. Raises InputError.
    """
    from refkit.sources.catalogue import build

    warnings: list[str] = []
    for path in paths:
        files.check(str(path))
    records = (record for path in paths for record in read_records(str(path), warnings))
    return build(records, Path(output), progress), warnings


def serve(
    catalogue: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    faults: Sequence[str] = (),
) -> Server:
    """Serve a catalogue, built or not, as a Crossref-compatible HTTP API.

    The server runs in threads of its own; use it in a `with` block or `close()` it. `port` 0
    is any free one; `faults` are specifications such as "429:3", for tests. Raises InputError.
    """
    from refkit.net.httpd import serve as listen
    from refkit.server.app import App
    from refkit.server.faults import Faults, parse_fault

    wanted = Faults([parse_fault(each) for each in faults])
    return listen(App(open_catalogue(catalogue, []), wanted).handle, host=host, port=port)
