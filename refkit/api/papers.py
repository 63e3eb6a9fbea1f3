r"""Papers: the .bib file that one needs, from libraries of any format.

A paper is its .aux file (which has what LaTeX itself found), biblatex's .bcf file, or the .tex
file, whose \input and \include are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refkit import files
from refkit.api import documents
from refkit.errors import InputError
from refkit.formats.bibtex.subset import Subset, stands, subset
from refkit.formats.bibtex.types import Dialect
from refkit.manuscripts import control, needs
from refkit.manuscripts.choice import Choice, Place, Shelf, choose
from refkit.manuscripts.needs import Needs
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span
from refkit.normalise.encoding import decode

Told = tuple[Diagnostic, SourceText]
"""A diagnostic and the text that it is about."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The .bib file that a paper needs.

    `text` is the file, in `dialect`; `paper` are the paths of the paper's files, `libraries`
    those that were searched, `entries` how many entries the file has, `missing` the cited keys
    that no library has, and `told` what is to be said of all this.
    """

    text: str
    dialect: Dialect
    paper: tuple[str, ...]
    libraries: tuple[Document, ...]
    entries: int
    missing: tuple[str, ...]
    told: tuple[Told, ...]

    def data(self) -> bytes:
        """Return the file in UTF-8; bytes of a library that are not UTF-8 stay as they are."""
        return self.text.encode("utf-8", "surrogateescape")


@dataclass(slots=True)
class _Paper:
    """A paper's files as they are read."""

    path: str
    parts: list[tuple[SourceText, Needs]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return Path(self.path).parent

    def named(self) -> list[str]:
        """Return the paper's own libraries that are there, and tell of those that are not."""
        names = dict.fromkeys(
            (name, source) for source, found in self.parts for name in found.libraries
        )
        paths = []
        for name, source in names:
            place = self.folder / name
            if place.is_file():
                paths.append(str(place))
            else:
                self.say(source, name, Severity.ERROR)
        return list(dict.fromkeys(paths))

    def of_missing(self, keys: Iterable[str]) -> Iterator[Told]:
        """Yield for keys that no library has where they are cited first."""
        citations = {each.key: (each, source) for source, found in reversed(self.parts)
                     for each in reversed(found.citations)}  # fmt: skip
        for key in keys:
            citation, source = citations[key]
            message = f"the key {key!r} is in no library"
            yield Diagnostic("PAP001", message, Span(*citation[1:]), key), source

    def say(self, source: SourceText, name: str, severity: Severity) -> None:
        """Tell that a file named in `source` is not there."""
        written = name if name in source.text else name.removesuffix(".bib")
        at = source.text.find(written)
        span = Span(at, at + len(written)) if at >= 0 else None
        message = f"the file {name!r} is not there; the paper is read without it"
        self.told.append((Diagnostic("PAP004", message, span, severity=severity), source))


def select(
    paper: str | Path,
    libraries: Sequence[str | Path] = (),
    *,
    dialect: Dialect | None = None,
    encoding: str | None = None,
) -> Selection:
    """Return the .bib file that a paper needs; `libraries` default to those that it names.

    Of several libraries that have a key the first one counts. `dialect` defaults to what the
    paper uses; `encoding` is that of the libraries, if not UTF-8. Raises InputError for files
    that cannot be read and where no library is named.
    """
    read = _read_paper(str(paper))
    paths = [str(each) for each in libraries] or read.named()
    if not paths:
        absent = "".join(f"\n{documents.told(*each)}" for each in read.told)
        raise InputError(f"{paper}: names no library that is there; give some with -l{absent}")
    shelves = [documents.read(path, encoding=encoding) for path in paths]
    spoken: Dialect = dialect or _dialect(read)
    alone = {n for n, each in enumerate(shelves) if not stands(each, spoken)}
    shelf = Shelf(shelves, spoken, alone)
    everything = any(found.everything for _, found in read.parts)
    keys = (each.key for _, found in read.parts for each in found.citations)
    choice = choose(shelf, keys, everything=everything)
    made = subset(shelves, choice.places, spoken)
    about = _of_libraries(shelf, choice, made, spoken)
    told = (*read.told, *about, *read.of_missing(choice.missing))
    files_read = tuple(source.path for source, _ in read.parts)
    missing = tuple(choice.missing)
    count = len(choice.places)
    return Selection(made.text, spoken, files_read, tuple(shelves), count, missing, told)


def _read_paper(path: str) -> _Paper:
    suffix = Path(path).suffix.lower()
    if suffix not in (".aux", ".bcf", ".tex", ".ltx"):
        raise InputError(f"{path}: a paper is an .aux, .bcf or .tex file")
    paper = _Paper(path)
    waiting, seen = [Path(path)], {Path(path).resolve()}
    while waiting:
        here = waiting.pop(0)
        source, _ = decode(files.read_bytes(str(here)), str(here))
        found = _needs(source, suffix)
        paper.parts.append((source, found))
        for name in found.included:
            place = _place(name, (paper.folder, here.parent), suffix)
            if place is None:
                paper.say(source, name, Severity.WARNING)
            elif place.resolve() not in seen:
                seen.add(place.resolve())
                waiting.append(place)
    control_file = Path(path).with_suffix(".bcf")
    if suffix == ".aux" and _dialect(paper) == "biblatex" and control_file.is_file():
        source, _ = decode(files.read_bytes(str(control_file)), str(control_file))
        paper.parts.append((source, control.bcf(source.text, source.path)))
    return paper


def _needs(source: SourceText, suffix: str) -> Needs:
    if suffix == ".bcf":
        return control.bcf(source.text, source.path)
    return control.aux(source.text) if suffix == ".aux" else needs.tex(source.text)


def _place(name: str, folders: Sequence[Path], suffix: str) -> Path | None:
    endings = ("",) if suffix == ".aux" else (".tex", "")
    places = (folder / f"{name}{ending}" for folder in folders for ending in endings)
    return next((place for place in places if place.is_file()), None)


def _dialect(paper: _Paper) -> Dialect:
    spoken = {found.dialect for _, found in paper.parts}
    return "biblatex" if "biblatex" in spoken else "bibtex"


def _of_libraries(shelf: Shelf, choice: Choice, made: Subset, dialect: str) -> Iterator[Told]:
    """Yield what is to be said of the libraries and of the entries that are taken from them."""
    for number, each in shelf.problems(choice.places):
        if each.code != "XRF001":
            yield each, shelf.libraries[number].source
    used = {place.library for place in choice.places}
    for number, library in enumerate(shelf.libraries):
        if number not in used:
            yield _note("PAP003", "nothing that is cited is taken from here"), library.source
        if number in made.converted and library.format in ("bibtex", "biblatex"):
            message = f"entries are written anew as {dialect}: as they are they do not fit there"
            yield _note("PAP005", message), library.source
    for number, problem in made.problems:
        yield problem, shelf.libraries[number].source
    yield from _of_entries(shelf, choice)


def _of_entries(shelf: Shelf, choice: Choice) -> Iterator[Told]:
    for place, key in choice.broken_links:
        message = f"it points at {key!r}, which is in no library"
        yield _about(shelf, place, "XRF001", message)
    for first, other in choice.differing:
        where = shelf.libraries[other.library].source.path
        message = f"{where} has this key too and says something else; it is taken from here"
        yield _about(shelf, first, "PAP002", message)


def _note(code: str, message: str) -> Diagnostic:
    return Diagnostic(code, message, severity=Severity.INFO)


def _about(shelf: Shelf, place: Place, code: str, message: str) -> Told:
    entry, source = shelf.entry(place), shelf.libraries[place.library].source
    span, key = entry.origin.span, entry.key
    return Diagnostic(code, message, span, key, severity=Severity.WARNING), source
