"""Building a catalogue's folder: the old one stays in use until the new one is whole."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from refkit.errors import InputError
from refkit.sources.catalogue_index import need_tantivy, write_index
from refkit.sources.catalogue_store import Refused, Store, id_of, refuse
from refkit.sources.catalogue_terms import Features, features

SCHEMA = 1
META = "catalogue.json"
STORE = "works.sqlite"
INDEX = "index"
LOCK = "build.lock"
_PARTS = "build-"
_REPORT_EVERY = 1000

Progress = Callable[[str, int], None]
_T = TypeVar("_T")


class BuildReport(NamedTuple):
    """How many works a catalogue holds, how many came twice, and how many are without a DOI."""

    records: int
    duplicates: int
    without_doi: int


class Meta(NamedTuple):
    """What `catalogue.json` says: the folder of the build in use, and its count."""

    build: str
    records: int


def build(
    records: Iterable[Mapping[str, Any]],
    path: Path,
    progress: Progress | None = None,
    refused: Refused = refuse,
) -> BuildReport:
    """Build a catalogue of work records at `path`, in place of one that may be there.

    Of several records of one DOI the newest stands, of equally new ones the last. `progress`
    is told the step ("read", "index") and how many records are done, `refused` why a record
    cannot be kept (by default it raises InputError). The build goes into a folder of its own,
    is flushed to disk, and comes into use by one renaming. Raises InputError where tantivy is
    missing, where `path` is something else than a catalogue or cannot be written, or while
    another build works on it.
    """
    need_tantivy()
    _check_place(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            return _build(records, path, progress or _silent, refused)
    except OSError as error:
        raise InputError(f"{path}: the catalogue cannot be written: {error.strerror}") from error


def _build(
    records: Iterable[Mapping[str, Any]], path: Path, progress: Progress, refused: Refused
) -> BuildReport:
    folder = _new_folder(path)
    try:
        report = _fill(folder, records, progress, refused)
        _flush(folder)
        _use(path, folder.name, report)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _clear(path, keep=folder.name)
    return report


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one build at a time work on a catalogue.

    SQLite can lock a file on every system, and such a lock ends with its process, however that
    ends. The file stays: two builds could each lock one of that name if it came and went.
    """
    try:
        lock = sqlite3.connect(path / LOCK, timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        raise InputError(f"{path}: the catalogue cannot be written: {error}") from error
    with closing(lock):
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            why = "another build of it is running; wait for its end" if busy else str(error)
            raise InputError(f"{path}: the catalogue cannot be written: {why}") from error
        yield


def read_meta(path: Path) -> Meta:
    """Return what a catalogue's folder says of itself; raises InputError if it is none."""
    try:
        meta = json.loads((path / META).read_text("utf-8"))
        schema, name, records = meta["schema"], str(meta["build"]), int(meta["records"])
    except OSError as error:
        raise InputError(f"{path}: this is no catalogue: it has no {META}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: its {META} is damaged; build the catalogue anew") from error
    if schema != SCHEMA:
        raise InputError(
            f"{path}: built by another version of refkit (schema {schema}); build it anew"
        )
    return Meta(name, records)


def is_built(path: Path) -> bool:
    """Tell whether `path` is the folder of a built catalogue."""
    return (path / META).is_file()


def _check_place(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise InputError(f"{path}: there is a file of that name; a catalogue is a folder")
    if path.is_dir() and not is_built(path):
        ours = (_PARTS, LOCK)
        foreign = sorted(p.name for p in path.iterdir() if not p.name.startswith(ours))
        if foreign:
            raise InputError(f"{path}: the folder holds other things ({foreign[0]}, ...)")


def _new_folder(path: Path) -> Path:
    for number in count(1):
        folder = path / f"{_PARTS}{number}"
        with suppress(FileExistsError):
            folder.mkdir()
            break
    return folder


def _fill(
    folder: Path, records: Iterable[Mapping[str, Any]], progress: Progress, refused: Refused
) -> BuildReport:
    store = Store(folder / STORE, write=True)
    try:
        came = store.fill(_told(records, "read", progress), refused)
        (folder / INDEX).mkdir()
        write_index(folder / INDEX, _told(searched(store, refused), "index", progress))
        return BuildReport(store.count, came - store.count, store.without_doi())
    finally:
        store.close()


def _told(records: Iterable[_T], step: str, progress: Progress) -> Iterator[_T]:
    done = 0
    for done, record in enumerate(records, 1):
        if done % _REPORT_EVERY == 0:
            progress(step, done)
        yield record
    progress(step, done)


def searched(store: Store, refused: Refused) -> Iterator[tuple[int, Features]]:
    """Yield what is searched of each work, with its number; `refused` as for `Store.fill`."""
    for number, work in store.all():
        try:
            found = features(work)
        except Exception as error:
            refused(f"{id_of(work)} cannot be searched by its words: {error}")
        else:
            yield number, found


def _flush(folder: Path) -> None:
    for each in sorted(folder.rglob("*")):
        _sync(each)
    _sync(folder)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows has no way to flush a folder
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _use(path: Path, name: str, report: BuildReport) -> None:
    """Write `catalogue.json` beside itself and rename it: from then on the new build is in use."""
    meta = {"schema": SCHEMA, "build": name, **report._asdict()}
    part = path / name / META
    with part.open("w", encoding="utf-8") as stream:
        json.dump(meta, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path / META)
    _sync(path)


def _clear(path: Path, keep: str) -> None:
    for each in path.glob(f"{_PARTS}*"):
        if each.name != keep:
            with suppress(OSError):
                shutil.rmtree(each)


def _silent(_step: str, _done: int) -> None:
    """Tell nobody."""
