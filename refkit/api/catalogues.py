"""Catalogues: build, open, and serve local collections of work records."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refkit import files
from refkit.api.documents import read_data, told
from refkit.model.report import Diagnostic

if TYPE_CHECKING:
    from refkit.net.httpd import Server
    from refkit.sources.catalogue import BuildReport, Catalogue

_GZIP = b"\x1f\x8b"
_JSON = (b"{", b"[", b"\xef")


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
        start = stream.peek(64)
        packed = start[:2] == _GZIP
        if packed or not start or start.lstrip().startswith(_JSON):
            found = read_jsonl(stream, path)
            before, first = _first_record(found)
            if packed or first is None or is_work(first):
                yield from _works(path, chain(before, [first] if first else [], found), warnings)
                return
        stream.seek(0)
        document = read_data(stream.read(), path)
    warnings += [told(each, document.source) for each in document.problems]
    yield from (write_record(entry) for entry in document.entries)


_Found = dict[str, Any] | Diagnostic


def _first_record(found: Iterator[_Found]) -> tuple[list[_Found], dict[str, Any] | None]:
    """Return the faults before the first record, and that record, if there is one."""
    faults: list[_Found] = []
    for each in found:
        if not isinstance(each, Diagnostic):
            return faults, each
        faults.append(each)
    return faults, None


def _works(path: str, found: Iterable[_Found], warnings: list[str]) -> Iterator[Mapping[str, Any]]:
    for each in found:
        if isinstance(each, Diagnostic):
            warnings.append(each.message)
        elif each.get("DOI") or each.get("title"):
            yield each
        else:
            warnings.append(f"{path}: a record with neither DOI nor title is left out")


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
