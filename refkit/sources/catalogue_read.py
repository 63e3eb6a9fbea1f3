"""Reading work records lazily: JSON Lines, a JSON array, or replies of Crossref's REST API."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple, cast

from refkit.errors import InputError
from refkit.model import vocab
from refkit.model.report import Diagnostic, Severity
from refkit.sources.crossref_fields import type_of
from refkit.sources.crossref_record import TYPES

BAD_RECORD = "CAT001"
LINES = (".jsonl", ".ndjson")
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_BRACKETS = (b"{", b"[")
_MOST = 2**31
_BUFFER = 1 << 16
_ENVELOPES = ("message", "items", "references")
_DEPTH = 2  # a list of replies, each with a list of records

# What tells a Crossref work from a CSL-JSON item: lists where CSL has one text, members and
# types that only one of the two knows.
_LISTS = ("title", "subtitle", "container-title", "short-container-title")
_MEMBERS = frozenset(
    """indexed deposited created prefix member resource relation issn-type isbn-type
    reference-count references-count is-referenced-by-count content-domain subtype posted
    published published-print published-online csl-type""".split()
)
_PEOPLE = ("author", "editor", "translator", "chair")
_OF_A_PERSON = frozenset({"sequence", "affiliation"})


class Found(NamedTuple):
    """A record, and where it stands ("works.jsonl, line 3")."""

    place: str
    record: dict[str, Any]


@contextmanager
def unpacked(stream: io.BufferedReader, path: str) -> Iterator[io.BufferedReader]:
    """Give a stream, unpacked if it is gzipped.

    Raises InputError, also from the block, where the file is damaged, cut short or unreadable.
    """
    try:
        if stream.peek(2)[:2] == _GZIP:
            with gzip.GzipFile(fileobj=stream) as packed:
                yield io.BufferedReader(cast(io.RawIOBase, packed), _BUFFER)
        else:
            yield stream
    except (EOFError, OSError, zlib.error) as error:
        raise _damaged(path, error) from error


def read_jsonl(stream: io.BufferedReader, path: str) -> Iterator[Found | Diagnostic]:
    """Yield the records of a stream, and a diagnostic for each that cannot be read.

    Takes JSON Lines, one JSON array, `{"items": [...]}` (Crossref's public data files),
    `{"references": [...]}` and REST replies (`{"message": {"items": [...]}}`). JSON Lines are
    read line by line, anything else whole; where a first line is no JSON, the suffix .jsonl or
    .ndjson of `path` says that they are lines. Raises InputError where the end is cut off, or
    where what is one JSON value cannot be read: no one can tell then what is missing.
    """
    number, first = _first_line(stream)
    lines: Iterable[bytes] = stream
    if isinstance(_parsed(first), ValueError) and first.lstrip().startswith(_BRACKETS):
        rest = stream.read(_MOST) + stream.readline()
        whole = _parsed(first + rest)
        if not isinstance(whole, ValueError):
            yield from _records(whole, path)
            return
        if not path.lower().removesuffix(".gz").endswith(LINES):
            raise _damaged(path, whole)
        lines = chain(io.BytesIO(rest), stream)
    for at, line in enumerate(chain([first], lines), number):
        if line.strip():
            yield from _records(_value(line, f"{path}, line {at}"), f"{path}, line {at}")


def _first_line(stream: io.BufferedReader) -> tuple[int, bytes]:
    """Return the first line that is not blank, and its number."""
    number, line = 1, stream.readline().removeprefix(_BOM)
    while line and not line.strip():
        number, line = number + 1, stream.readline()
    return number, line


def _value(line: bytes, place: str) -> Any:
    """Return a line's value, as `_parsed`; raises InputError where the line is cut off."""
    value = _parsed(line)
    cut = isinstance(value, ValueError) and not line.endswith(b"\n")
    if cut and line.lstrip().startswith(_BRACKETS):
        raise _damaged(place, value)
    return value


def _parsed(text: bytes) -> Any:
    """Return the JSON value, or the ValueError that says why there is none."""
    try:
        return json.loads(text)
    except RecursionError:
        return ValueError("nested too deeply")
    except ValueError as error:
        return error


def _records(value: Any, place: str, depth: int = _DEPTH) -> Iterator[Found | Diagnostic]:
    """Yield the records of a JSON value, out of the envelopes and lists that they come in."""
    for name in _ENVELOPES:
        inner = value.get(name) if isinstance(value, dict) else None
        value = inner if isinstance(inner, list | dict) else value
    if isinstance(value, list) and depth:
        for number, each in enumerate(value, 1):
            yield from _records(each, f"{place}, record {number}", depth - 1)
    elif isinstance(value, dict):
        yield Found(place, value)
    else:
        fault = isinstance(value, ValueError)
        yield _bad(place, f"this is not JSON: {value}" if fault else "this is not a record")


def _bad(place: str, reason: str) -> Diagnostic:
    return Diagnostic(BAD_RECORD, f"{place}: {reason}", severity=Severity.WARNING)


def _damaged(place: str, error: Exception) -> InputError:
    return InputError(
        f"{place}: damaged or cut short ({error}); nothing is taken from it: get the file anew"
    )


def is_work(record: Mapping[str, Any]) -> bool:
    """Tell a Crossref work record from a CSL-JSON item, which is a record too.

    Some types are in both vocabularies ("book", "dataset", "report", "standard"); what has a
    title of Crossref's shape, or nothing that speaks for CSL, is Crossref's.
    """
    if any(isinstance(record.get(name), list) for name in _LISTS):
        return True
    kind = type_of(record)
    if isinstance(record.get("type"), str) and (kind in TYPES) != (kind in vocab.TYPES):
        return kind in TYPES
    if not _MEMBERS.isdisjoint(record) or any(map(_of_crossref, _people(record))):
        return True
    return "id" not in record and not isinstance(record.get("title"), str)


def _people(record: Mapping[str, Any]) -> Iterator[Any]:
    for role in _PEOPLE:
        people = record.get(role)
        yield from people if isinstance(people, list) else ()


def _of_crossref(person: Any) -> bool:
    return isinstance(person, Mapping) and not _OF_A_PERSON.isdisjoint(person)
