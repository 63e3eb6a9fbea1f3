"""The records of a catalogue: compressed JSON in SQLite, by number and by id."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from refkit.errors import InputError
from refkit.model.entry import Date
from refkit.normalise.ids import clean_arxiv
from refkit.sources.crossref_dates import read_date
from refkit.sources.crossref_fields import ID_URL
from refkit.sources.crossref_text import text_of

_TABLES = """
CREATE TABLE work (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stamp INTEGER NOT NULL,
    type TEXT NOT NULL, issued TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE code (kind TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (kind, value, id)) WITHOUT ROWID;
"""
# Of two records of one DOI the one that Crossref indexed or received later stands.
_PUT = """
INSERT INTO work (id, stamp, type, issued, data) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp, type = excluded.type,
    issued = excluded.issued, data = excluded.data
WHERE excluded.stamp >= work.stamp
"""
_ID = "id IN (SELECT value FROM json_each(?))"
_BY_ID = "SELECT id, data FROM work WHERE id IN (SELECT value FROM json_each(?))"
_OWN_ID = "(id GLOB 'key:*' OR id GLOB 'digest:*')"
_TYPE = "type IN (SELECT value FROM json_each(?))"
_CODE = """id IN (SELECT id FROM code
    WHERE kind = ? AND value IN (SELECT value FROM json_each(?)))"""
_WITH_ARXIV = ("article-number", "URL", "archive_location", "note")
_DATES = ("issued", "published", "published-print", "published-online", "posted")
_LATEST = 2**63

Refused = Callable[[str], None]
"""Is told, in a sentence without a subject, why a record cannot be kept."""


def refuse(reason: str) -> None:
    """Raise InputError for the first record that cannot be kept."""
    raise InputError(f"a record {reason}")


class Filter(NamedTuple):
    """Which records are asked for: empty parts ask for nothing; dates are ISO, `until` inclusive.

    `codes` are pairs such as ("issn", "1234-5678"); of one kind any may fit, of each kind one must.
    """

    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    since: str = ""
    until: str = ""
    with_doi: bool = False


class Store:
    """Works by number and id; safe to read from several threads."""

    def __init__(self, path: Path | None = None, *, write: bool = False) -> None:
        """Open a store: in memory without a path, else for reading unless `write`."""
        mode = "rwc" if write else "ro&immutable=1"
        place = ":memory:" if path is None else f"{path.resolve().as_uri()}?mode={mode}"
        self._lock = threading.Lock()
        try:
            self._base = sqlite3.connect(
                place, uri=path is not None, check_same_thread=False, isolation_level=None
            )
            # A store that nobody closes is closed with its last reference.
            self._closing = weakref.finalize(self, self._base.close)
            if path is None or write:
                self._base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
                self._base.executescript(_TABLES)
            self.count = self._count()
        except sqlite3.Error as error:
            raise InputError(f"{path}: the catalogue cannot be opened: {error}") from error

    def _count(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM work").fetchone()[0])

    def fill(self, works: Iterable[Mapping[str, Any]], refused: Refused = refuse) -> int:
        """Store works, of one id the newest; return how many were, duplicates included.

        A record that cannot be kept costs only itself: `refused` is told, before the next one
        is asked for. Raises InputError where the store cannot be written.
        """
        came = 0
        self._do("BEGIN")
        for work in works:
            try:
                row, codes = _row(work), list(codes_of(work))
            except Exception as error:
                refused(f"cannot be kept: {error}")
                continue
            self._do(_PUT, row)
            for code in codes:
                self._do("INSERT OR IGNORE INTO code VALUES (?, ?, ?)", (*code, row.id))
            came += 1
        self._do("COMMIT")
        self.count = self._count()
        return came

    def _do(self, sql: str, values: Sequence[Any] = ()) -> None:
        try:
            self._base.execute(sql, values)
        except sqlite3.Error as error:
            raise InputError(f"the catalogue cannot be written: {error}") from error

    def by_id(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the works of those ids (DOIs in lower case) that are there."""
        rows = self._rows(_BY_ID, [_json(ids)])
        return {key: _unpack(data) for key, data in rows}

    def by_number(self, numbers: Sequence[int]) -> list[tuple[str, dict[str, Any]]]:
        """Return the ids and works of those numbers, in their order."""
        sql = "SELECT number, id, data FROM work WHERE number IN (SELECT value FROM json_each(?))"
        rows = self._rows(sql, [_json(numbers)])
        found = {number: (key, _unpack(data)) for number, key, data in rows}
        return [found[number] for number in numbers if number in found]

    def numbers(self, wanted: Filter) -> list[int]:
        """Return the numbers of the works that pass a filter, ascending."""
        tests = list(_tests(wanted)) or [("1", ())]
        where = " AND ".join(test for test, _ in tests)
        values = [value for _, each in tests for value in each]
        sql = f"SELECT number FROM work WHERE {where} ORDER BY number"  # noqa: S608 (constants)
        rows = self._rows(sql, values)
        return [number for (number,) in rows]

    def without_doi(self) -> int:
        """Return how many works have an id of our own for want of a DOI."""
        return int(self._rows(f"SELECT count(*) FROM work WHERE {_OWN_ID}", ())[0][0])  # noqa: S608

    def all(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every work with its number, in the order of numbers."""
        last = -1
        sql = "SELECT number, data FROM work WHERE number > ? ORDER BY number LIMIT 1000"
        while rows := self._rows(sql, (last,)):
            for number, data in rows:
                yield number, _unpack(data)
            last = rows[-1][0]

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        with self._lock:
            return self._base.execute(sql, tuple(values)).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._closing()


def _tests(wanted: Filter) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield conditions in SQL with their values, which are never part of the SQL."""
    if wanted.ids:
        yield _ID, (_json(wanted.ids),)
    if wanted.types:
        yield _TYPE, (_json(wanted.types),)
    for kind in dict.fromkeys(kind for kind, _ in wanted.codes):
        yield _CODE, (kind, _json([value for each, value in wanted.codes if each == kind]))
    if wanted.with_doi:
        yield f"NOT {_OWN_ID}", ()
    if wanted.since:
        yield "issued >= ?", (wanted.since,)
    if wanted.until:
        yield "issued != '' AND issued <= ?", (wanted.until + "~",)


def id_of(work: Mapping[str, Any]) -> str:
    """Return a work's id: its DOI in lower case, else a digest of it, after its key if it has one.

    The key alone would not do: two bibliographies may each have their own "smith2001".
    """
    doi = text_of(work.get("DOI"))
    if doi:
        return ID_URL.sub("", doi).lower()
    text = json.dumps(work, sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    key = text_of(work.get("key"))
    return f"key:{key}#{digest}" if key else f"digest:{digest}"


class _Row(NamedTuple):
    id: str
    stamp: int
    type: str
    issued: str
    data: bytes


def _row(work: Mapping[str, Any]) -> _Row:
    """Raise ValueError for what is no JSON (NaN, say) or no text (half a surrogate pair)."""
    text = json.dumps(work, ensure_ascii=False, allow_nan=False)
    data = zlib.compress(text.encode("utf-8"), 3)
    return _Row(id_of(work), _stamp(work), text_of(work.get("type")), _issued(work), data)


def codes_of(work: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a work can be filtered by: ISSNs, ISBNs, its DOI's prefix, its arXiv id."""
    for kind in ("ISSN", "ISBN"):
        value = work.get(kind)
        for each in value if isinstance(value, list) else (value,):
            text = text_of(each)
            if text:
                yield kind.lower(), ID_URL.sub("", text)
    prefix, slash, _ = id_of(work).partition("/")
    if slash:
        yield "prefix", prefix
    arxiv = arxiv_of(work)
    if arxiv:
        yield "arxiv", arxiv.lower()


def arxiv_of(work: Mapping[str, Any]) -> str:
    """Return the arXiv id that a work's record gives, "" if it gives none.

    It stands in `eprint` (BibTeX, BibLaTeX), as "arXiv:..." in the number or note (Zotero), or
    in the address.
    """
    eprint, kind = text_of(work.get("eprint")), text_of(work.get("eprinttype")).lower()
    if eprint and kind in ("", "arxiv"):
        return clean_arxiv(eprint) or ""
    texts = (text_of(work.get(name)) for name in _WITH_ARXIV)
    marked = (clean_arxiv(text) for text in texts if "arxiv" in text.lower())
    return next((each for each in marked if each), "")


def _stamp(work: Mapping[str, Any]) -> int:
    for name in ("indexed", "deposited"):
        value = work.get(name)
        stamp = value.get("timestamp") if isinstance(value, Mapping) else None
        if isinstance(stamp, int | float) and 0 <= stamp < _LATEST:
            return int(stamp)
    return 0


def _issued(work: Mapping[str, Any]) -> str:
    for name in _DATES:
        date = read_date(work.get(name))
        if date is not None and date.year is not None:
            return _iso(date)
    return ""


def _iso(date: Date) -> str:
    parts = [f"{date.year:04d}"]
    parts += [f"{part:02d}" for part in (date.month, date.day) if part is not None]
    return "-".join(parts)


def _unpack(data: bytes) -> dict[str, Any]:
    work: dict[str, Any] = json.loads(zlib.decompress(data))
    return work


def _json(values: Sequence[Any]) -> str:
    return json.dumps(list(values))
