"""Documents: read, check, convert, format, save.

Errors that are raised on purpose are `refkit.errors.RefkitError`s; faults in a file are a
document's `problems`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from refkit import files, plugins
from refkit.errors import InputError
from refkit.model.report import Diagnostic, Document, Written
from refkit.model.text import SourceText
from refkit.normalise.encoding import decode

if TYPE_CHECKING:
    from refkit.adapt.options import Conversion
    from refkit.formats.bibtex.style import Style

_BEGINNINGS = {
    "TY  -": "ris",
    "PMID": "nbib",
    "---": "cslyaml",
    "references:": "cslyaml",
    "[": "csljson",
    "{": "csljson",
    "<": "endnotexml",
    "@": "bibtex",
    "%": "bibtex",
}
_MARKS = {'"itemType"': "zoterojson", "<rdf:RDF": "zoterordf"}


def read(path: str | Path, *, format: str | None = None, encoding: str | None = None) -> Document:
    """Read a bibliography file; "-" is standard input.

    `format` is a format's name (by default the suffix decides, then how the text begins),
    `encoding` a Python codec name. Faults in the file become `Document.problems`; InputError is
    raised only where there is nothing to read: no file, a folder, a binary file, an unknown
    format.
    """
    return read_data(files.read_bytes(str(path)), str(path), format=format, encoding=encoding)


def read_data(
    data: bytes, path: str, *, format: str | None = None, encoding: str | None = None
) -> Document:
    """Read a bibliography from a file's bytes; `path` names it. As `read`."""
    chosen = format_named(format) if format else format_of(path, data)
    source, notes = decode(data, path, encoding)
    document = _read(source, chosen)
    return replace(document, problems=(*notes, *document.problems)) if notes else document


def parse(text: str, format: str, *, path: str = "<text>") -> Document:
    """Read a bibliography from a string."""
    return _read(SourceText(path, text), format_named(format))


def _read(source: SourceText, chosen: plugins.Format) -> Document:
    reader = chosen.read
    if reader is None:
        raise InputError(f"{source.path}: the format {chosen.name} can be written, not read")
    return plugins.guard(chosen.name, lambda: reader(source))


def format_named(name: str) -> plugins.Format:
    """Return a format by its name; raises PluginError, which names the known ones."""
    found: plugins.Format = plugins.load("refkit.formats", name)
    return found


def format_of(path: str, data: bytes = b"") -> plugins.Format:
    """Return the format of a file by its suffix, else by how its text begins."""
    suffix = Path(path).suffix.lower()
    start = data[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    for mark, name in _MARKS.items():
        # The suffix is that of all JSON, or of all XML.
        if mark in start and start.startswith(("[", "{", "<")):
            return format_named(name)
    each: plugins.Format
    for each in plugins.loaded("refkit.formats") if suffix else ():
        if suffix in each.suffixes:
            return each
    for beginning, name in _BEGINNINGS.items():
        if start.startswith(beginning):
            return format_named(name)
    if "\n@" in start:
        return format_named("bibtex")
    known = ", ".join(sorted({point.name for point in plugins.registered("refkit.formats")}))
    raise InputError(f"{path}: name the format; known: {known}")


def check(document: Document) -> list[Diagnostic]:
    """Return a document's problems with what the registered rules find, in file order."""
    from refkit.checks.run import run_rules

    return run_rules(document, plugins.loaded("refkit.rules"))


def told(problem: Diagnostic, source: SourceText) -> str:
    """Return a diagnostic as `path:line:column: CODE [key] message`."""
    place = f"{source.path}:"
    if problem.span is not None:
        position = source.position(problem.span.start)
        place += f"{position.line}:{position.column}:"
    key = f" [{problem.key}]" if problem.key else ""
    return f"{place} {problem.code}{key} {problem.message}"


def convert(document: Document, to: str, options: Conversion | None = None) -> Written:
    """Write a document's entries in another format; what it cannot hold is in `problems`.

    `options` say how the entries are adapted to the target: see `refkit.Conversion`.
    """
    from refkit.adapt.options import Conversion
    from refkit.adapt.run import adapted, writer_of
    from refkit.formats.bibtex.leftover import leftover

    chosen, wanted = format_named(to), options or Conversion()
    writer = writer_of(chosen, wanted)
    if writer is None:
        raise InputError(f"the format {chosen.name} can be read, not written")
    entries, told_of = adapted(document.entries, chosen.name, wanted)
    written = plugins.guard(chosen.name, lambda: writer(entries))
    return Written(written.text, (*leftover(document), *told_of, *written.problems))


def target_for(consumer: str, path: str = "") -> str:
    """Return the format to write for a program into a file of that name; "" is standard output.

    It is the suffix's, or without one the first that the program wants; `.bib` is BibLaTeX,
    for which every one of these programs takes it.
    """
    from refkit.adapt.consumers import CONSUMERS

    known = {point.name for point in plugins.registered("refkit.formats")}
    preferred = format_named(next(each for each in CONSUMERS[consumer].targets if each in known))
    suffix = Path(path).suffix.lower() if path != "-" else ""
    if not suffix or suffix in preferred.suffixes:
        return preferred.name
    found = format_of(path).name
    return "biblatex" if suffix == ".bib" else found


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


def existing(path: str) -> SourceText:
    """Return what a file holds now, an empty text where there is no such file."""
    if not Path(path).exists():
        return SourceText(path, "")
    return decode(files.read_bytes(path), path)[0]


def save(path: str | Path, data: bytes | str) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename. Text is UTF-8."""
    files.write_bytes(str(path), data.encode() if isinstance(data, str) else data)


def save_back(source: SourceText, text: str) -> None:
    """Write a new text into the file that it was made from; raises InputError as `unchanged`."""
    unchanged(source)
    files.write_bytes(source.path, source.data(text))


def unchanged(source: SourceText) -> None:
    """Raise InputError if a file is no longer what was read from it."""
    if files.read_bytes(source.path) != source.data():
        raise InputError(f"{source.path}: changed since it was read and left alone; run again")
