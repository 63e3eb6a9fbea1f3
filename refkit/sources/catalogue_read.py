"""Reading work records lazily: JSON Lines, a JSON array, or replies of Crossref's REST API."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO, cast

from refkit.model.report import Diagnostic, Severity
from refkit.sources.crossref_record import TYPES

BAD_RECORD = "CAT001"
_GZIP = b"\x1f\x8b"
_MOST = 2**31
_BUFFER = 1 << 16


def read_jsonl(stream: BinaryIO, path: str) -> Iterator[dict[str, Any] | Diagnostic]:
    """Yield the work records of a stream, and a diagnostic for each that cannot be read.

    Takes JSON Lines, one JSON array, `{"items": [...]}` (Crossref's public data files) and
    REST replies (`{"message": {"items": [...]}}`), each gzipped or not. JSON Lines are read
    line by line, anything else whole. `path` is only named in diagnostics. Nothing is raised
    for what the stream holds; a damaged gzip file ends with a diagnostic.
    """
    reader = stream if isinstance(stream, io.BufferedReader) else _buffered(stream)
    try:
        if reader.peek(2)[:2] == _GZIP:
            with gzip.GzipFile(fileobj=reader) as unpacked:
                yield from _read(cast(BinaryIO, unpacked), path)
        else:
            yield from _read(reader, path)
    except (EOFError, OSError, zlib.error) as error:
        yield _bad(path, f"the file is damaged, what follows is lost: {error}")
    finally:
        if reader is not stream:
            reader.detach()  # so that the caller's stream is not closed with it


def _read(stream: BinaryIO, path: str) -> Iterator[dict[str, Any] | Diagnostic]:
    first = stream.readline().removeprefix(b"\xef\xbb\xbf")
    lines: Iterable[bytes] = stream
    if isinstance(_parsed(first), ValueError):
        rest = stream.read(_MOST)
        whole = _parsed(first + rest)
        if not isinstance(whole, ValueError):
            yield from _works(whole, path)
            return
        lines = io.BytesIO(rest)
    for number, line in enumerate(chain([first], lines), 1):
        if line.strip():
            yield from _works(_parsed(line), f"{path}, line {number}")


def is_work(value: Any) -> bool:
    """Tell a Crossref work record from another JSON object, such as a CSL-JSON item."""
    if not isinstance(value, dict):
        return False
    return value.get("type") in TYPES or isinstance(value.get("title"), list)


def _buffered(stream: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER)


def _parsed(text: bytes) -> Any:
    """Return the JSON value, or the ValueError that says why there is none."""
    try:
        return json.loads(text)
    except RecursionError:
        return ValueError("nested too deeply")
    except ValueError as error:
        return error


def _works(value: Any, place: str) -> Iterator[dict[str, Any] | Diagnostic]:
    if isinstance(value, ValueError):
        yield _bad(place, f"this is not JSON: {value}")
    elif isinstance(value, list):
        for each in value:
            yield from _works(each, place)
    elif not isinstance(value, dict):
        yield _bad(place, "this is not a record")
    else:
        inner = value.get("items", value.get("message"))
        if isinstance(inner, list | dict):
            yield from _works(inner, place)
        else:
            yield value


def _bad(place: str, reason: str) -> Diagnostic:
    return Diagnostic(BAD_RECORD, f"{place}: {reason}", severity=Severity.WARNING)
