"""Catalogues: build, open, and serve local collections of work records."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refkit import files
from refkit.api.documents import format_of, read_data, told
from refkit.errors import InputError
from refkit.model.entry import Entry, Field
from refkit.model.report import Diagnostic

if TYPE_CHECKING:
    from refkit.net.httpd import Server
    from refkit.sources.catalogue import BuildReport, Catalogue

_JSON = (".json", ".jsonl", ".ndjson")


def open_catalogue(path: str | Path, warnings: list[str]) -> Catalogue:
    """Open a built catalogue, or read a file that is none yet into memory.

    What is wrong with the file's records is added to `warnings`. Raises InputError, also where
    the file is damaged: what is missing from it would count as looked for and not found.
    """
    from refkit.sources.catalogue import Catalogue, is_built, open_catalogue

    if is_built(Path(path)):
        return open_catalogue(Path(path))
    reader = _Reader([str(path)], warnings)
    return Catalogue.in_memory(reader.records(), reader.refused)


def read_records(path: str | Path, warnings: list[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a catalogue, built or not, in Crossref's shape.

    What is wrong with them is added to `warnings`; raises InputError as `open_catalogue`.
    """
    from refkit.sources.catalogue import is_built, read_built

    if is_built(Path(path)):
        yield from read_built(Path(path))
    else:
        yield from _Reader([str(path)], warnings).records()


class _Reader:
    """Reads records in Crossref's shape, from its JSON or from any format, gzipped or not.

    What cannot be read becomes a warning; a file of which nothing can be read is an InputError.
    """

    def __init__(self, paths: Sequence[str], warnings: list[str]) -> None:
        self._paths = paths
        self._warnings = warnings
        self._place = ""
        self._read = 0

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Yield the records of all files, one by one; raises InputError."""
        for path in self._paths:
            self._read, before = 0, len(self._warnings)
            for place, record in self._records(path):
                self._place = place
                self._read += 1
                yield record
            if not self._read and len(self._warnings) > before:
                raise InputError(f"{path}: no record can be read ({self._warnings[before]})")
        self._place = ""

    def refused(self, reason: str) -> None:
        """Warn that the record that was yielded last cannot be kept."""
        self._read -= 1
        self._warn(self._place, reason)

    def _warn(self, place: str, message: str) -> None:
        self._warnings.append(f"{place}: {message}" if place else message)

    def _records(self, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        from refkit.sources.catalogue_read import unpacked

        with files.opened(path) as stream, unpacked(stream, path) as plain:
            start = plain.peek(4096)
            if not start or _is_json(path, start):
                yield from self._from_json(plain, path)
            else:
                yield from self._from_bibliography(plain.read(), path)

    def _from_json(
        self, stream: BufferedReader, path: str
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        from refkit.sources.catalogue_read import is_work, read_jsonl

        for found in read_jsonl(stream, path):
            if isinstance(found, Diagnostic):
                self._warn("", found.message)
                continue
            work = found.record if is_work(found.record) else self._from_item(*found)
            if work.get("DOI") or work.get("title"):
                yield found.place, work
            else:
                self._warn(found.place, "a record with neither DOI nor title is left out")

    def _from_item(self, place: str, item: Mapping[str, Any]) -> Mapping[str, Any]:
        from refkit.formats.csljson.item import read_item
        from refkit.sources.crossref_record import write_record

        entry, problems = read_item(item)
        for each in problems:
            self._warn(place, each.message)
        return write_record(_with_eprint(entry))

    def _from_bibliography(self, data: bytes, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        from refkit.sources.crossref_record import write_record

        chosen = format_of(_unpacked_name(path), data)
        document = read_data(data, path, format=chosen.name)
        for each in document.problems:
            self._warn("", told(each, document.source))
        if data.strip() and not document.entries and getattr(document.tree, "blocks", None) == ():
            self._warn("", "there is nothing of a bibliography in it")
        for entry in document.entries:
            yield f"{path} [{entry.key}]", write_record(entry)


def _with_eprint(entry: Entry) -> Entry:
    """Take an item's own member `arxiv`, which CSL-JSON does not know, for its eprint."""
    number = entry.beyond("arxiv")
    if not number or entry.beyond("eprint"):
        return entry
    eprint = Field("eprint", number), Field("eprinttype", "arxiv")
    return replace(entry, extra=(*entry.extra, *eprint))


def _unpacked_name(path: str) -> str:
    return path[:-3] if path.lower().endswith(".gz") else path


def _is_json(path: str, start: bytes) -> bool:
    """Tell by its name, else by how it begins, whether a file is JSON; raises InputError."""
    name = _unpacked_name(path)
    suffix = Path(name).suffix.lower()
    unnamed = name != path and not suffix
    return suffix in _JSON or unnamed or format_of(name, start).name == "csljson"


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
    reader = _Reader([str(path) for path in paths], warnings)
    return build(reader.records(), Path(output), progress, reader.refused), warnings


def serve(
    catalogue: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    faults: Sequence[str] = (),
    public: bool = False,
) -> Server:
    """Serve a catalogue, built or not, as a Crossref-compatible HTTP API.

    The server runs in threads of its own; use it in a `with` block or `close()` it. `port` 0
    is any free one; `faults` are specifications such as "429:3", for tests; `public` allows a
    `host` that other machines can reach. What is wrong with the catalogue's records is a
    Python warning. Raises InputError.
    """
    from refkit.net.httpd import serve as listen
    from refkit.server.app import App
    from refkit.server.faults import Faults, parse_fault

    wanted = Faults([parse_fault(each) for each in faults])
    said: list[str] = []
    app = App(open_catalogue(catalogue, said), wanted)
    for each in said:
        python_warnings.warn(each, stacklevel=2)
    return listen(app.handle, host=host, port=port, public=public)
