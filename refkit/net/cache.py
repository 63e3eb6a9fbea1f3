"""Answers kept in one SQLite file: replies by URL, records by DOI, and what was not found."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
import weakref
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from refkit.net.fetch import Reply

DAY = 86_400.0
POSITIVE_TTL = 30 * DAY
NEGATIVE_TTL = 7 * DAY

_APPLICATION = 0x7265666B  # "refk", in the file's header
_VERSION = 1
_SCHEMA = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
CREATE TABLE IF NOT EXISTS replies (
  url TEXT PRIMARY KEY, status INTEGER NOT NULL, content_type TEXT NOT NULL, body BLOB NOT NULL,
  fetched TEXT NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  base TEXT NOT NULL, id TEXT NOT NULL, body BLOB, fetched TEXT NOT NULL, expires REAL NOT NULL,
  PRIMARY KEY (base, id)) WITHOUT ROWID;
COMMIT;
"""
_GET_REPLY = "SELECT status, content_type, body, fetched FROM replies WHERE url = ? AND expires > ?"
_PUT_REPLY = "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)"
_GET_RECORD = "SELECT id, body, fetched FROM records WHERE base = ? AND id = ? AND expires > ?"
_PUT_RECORD = """
INSERT INTO records VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET body = excluded.body, fetched = excluded.fetched, expires = excluded.expires
WHERE records.body IS NULL OR records.expires <= ?
"""
_PURGE = ("DELETE FROM replies WHERE expires <= ?", "DELETE FROM records WHERE expires <= ?")
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

Row = tuple[Any, ...]

_log = logging.getLogger(__name__)


class Stored(NamedTuple):
    """A kept record, None where the service has none; `fetched` ISO 8601 in UTC."""

    body: bytes | None
    fetched: str


def default_path() -> Path:
    """Return the cache file: `$REFKIT_CACHE`, else one in the user's cache folder."""
    chosen = os.environ.get("REFKIT_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("refkit", appauthor=False)) / "responses.sqlite"


def canonical_url(url: str) -> str:
    """Return a URL in the form that it is kept under: parameters sorted, `mailto` dropped."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in pairs if pair[0] != "mailto"), quote_via=quote)
    return parts._replace(netloc=parts.netloc.lower(), query=query, fragment="").geturl()


class Cache:
    """Answers that are still fresh; safe for threads, and for several processes on one file.

    A cache never fails a run: what cannot be kept on disk (a folder that is not writable, a
    broken file, a full disk) is kept in memory for this run, with a warning in the log.
    """

    def __init__(self, path: Path | None, *, now: Callable[[], float] = time.time) -> None:
        """Open the file at `path`, or keep answers in memory only (None)."""
        self._now = now
        self._lock = threading.Lock()
        self._path = path
        try:
            self._use(_connect(path))
        except (sqlite3.Error, OSError) as error:
            self._recover(error)

    def close(self) -> None:
        """Close the file; everything put is on it already."""
        self._connection.close()

    def reply(self, url: str) -> Reply | None:
        """Return the kept reply to that URL."""
        for row in self._select(_GET_REPLY, [(canonical_url(url), self._now())]):
            status, content_type, body, fetched = row
            return Reply(url, status, content_type, zlib.decompress(body), fetched, kept=True)
        return None

    def put_reply(self, url: str, reply: Reply, *, negative: bool = False) -> None:
        """Keep a reply; `negative` says that it is one of "nothing found", kept less long."""
        body = zlib.compress(reply.body)
        expires = self._expiry(negative=negative)
        row = (canonical_url(url), reply.status, reply.content_type, body, reply.fetched, expires)
        self._write(_PUT_REPLY, [row])

    def records(self, base: str, ids: Sequence[str]) -> dict[str, Stored]:
        """Return what is kept of those ids of the service at `base`."""
        now = self._now()
        rows = self._select(_GET_RECORD, [(base, each, now) for each in ids])
        return {each: Stored(_unpacked(body), fetched) for each, body, fetched in rows}

    def put_records(self, base: str, records: Mapping[str, Stored]) -> None:
        """Keep records (and, by a body of None, that there is none) by id.

        A record that is still fresh stays as it is, so that a second run sees what the first saw.
        """
        self._write(_PUT_RECORD, [self._record_row(base, *item) for item in records.items()])

    def _record_row(self, base: str, each: str, stored: Stored) -> Row:
        body = None if stored.body is None else zlib.compress(stored.body)
        expires = self._expiry(negative=body is None)
        return (base, each, body, stored.fetched, expires, self._now())

    def _expiry(self, *, negative: bool) -> float:
        return self._now() + (NEGATIVE_TTL if negative else POSITIVE_TTL)

    def _select(self, sql: str, keys: Sequence[Row]) -> list[Row]:
        with self._lock:
            try:
                return [row for key in keys for row in self._connection.execute(sql, key)]
            except sqlite3.Error as error:
                self._connection.close()
                self._recover(error)
                return []

    def _write(self, sql: str, rows: Sequence[Row]) -> None:
        with self._lock:
            try:
                with self._connection:
                    self._connection.executemany(sql, rows)
            except sqlite3.Error as error:
                self._connection.close()
                self._recover(error)

    def _use(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # A cache that nobody closes is closed with its last reference.
        weakref.finalize(self, connection.close)
        with suppress(sqlite3.OperationalError), connection:  # if busy, the next run purges
            for statement in _PURGE:
                connection.execute(statement, (self._now(),))

    def _recover(self, error: Exception) -> None:
        """Go on with a new file where the old one is broken, else without a file."""
        path, self._path = self._path, None  # a second fault ends in memory
        try:
            self._use(_connect(_renewed(path, error)))
        except (sqlite3.Error, OSError) as second:
            _log.warning("answers are not kept on disk: %s", second)
            self._use(_connect(None))


def _renewed(path: Path | None, error: Exception) -> Path:
    """Move a broken cache file aside and return its place; raise `error` if it is no such file."""
    code = getattr(error, "sqlite_errorcode", None)
    if path is None or code not in _BROKEN or path.suffix != ".sqlite":
        raise error  # a file of another name may be anything: it is left alone
    aside = path.with_suffix(".broken")
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    path.replace(aside)
    _log.warning("the cache %s is broken (%s); it was moved to %s", path, error, aside.name)
    return path


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    name = ":memory:" if path is None else str(path)
    connection = sqlite3.connect(name, timeout=5.0, check_same_thread=False)
    try:
        _prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    used = connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    made_by = (
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )
    if used and made_by != (_APPLICATION, _VERSION):
        raise sqlite3.OperationalError("the file is no response cache of this refkit version")
    if not used:
        with suppress(sqlite3.OperationalError):  # another process is doing the same just now
            connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
    connection.execute("PRAGMA synchronous = NORMAL")


def _unpacked(body: bytes | None) -> bytes | None:
    return None if body is None else zlib.decompress(body)
