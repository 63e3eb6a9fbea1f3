"""Reading and writing the user's files: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import cast

from refkit.errors import InputError

STDIN = "-"


def read_bytes(path: str) -> bytes:
    """Read a file, or standard input for "-"; raises InputError with what to do."""
    with opened(path) as stream:
        return stream.read()


def check(path: str) -> None:
    """Raise InputError, with what to do, unless a file can be opened for reading."""
    if path != STDIN:
        opened(path).close()


def check_place(path: str) -> None:
    """Raise InputError, with what to do, unless a file can be written at `path`."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise InputError(f"{path}: this is a folder; name a file in it")
    if not is_regular(path):
        return
    if not target.parent.is_dir():
        raise InputError(f"{path}: cannot be written: there is no folder {target.parent.name!r}")
    if not os.access(target.parent, os.W_OK) or (
        target.exists() and not os.access(target, os.W_OK)
    ):
        raise InputError(f"{path}: cannot be written: permission denied")


def is_regular(path: str) -> bool:
    """Tell whether a path is, or would become, an ordinary file: no device, no pipe."""
    return Path(path).is_file() or not Path(path).exists()


def opened(path: str) -> BufferedReader:
    """Open a file for reading bytes, standard input for "-"; raises InputError."""
    if path == STDIN and sys.stdin is None:
        raise InputError("standard input is closed; name a file")
    if path == STDIN:
        return BufferedReader(cast(RawIOBase, BytesIO(sys.stdin.buffer.read())))
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name a file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def append_bytes(path: str, data: bytes) -> None:
    """Append to a file, flushed to disk; raises InputError."""
    try:
        with Path(path).open("ab") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


def write_bytes(path: str, data: bytes, before: Callable[[], None] = lambda: None) -> None:
    """Write a file so that a crash at any moment leaves the old file or the new one, whole.

    The text goes to a temporary file beside it, is flushed to disk, and takes the old name in
    one step; the old file's permissions are kept and a symbolic link is followed. `before` is
    called when only that last step is left. A device or pipe such as /dev/stdout is written
    straight to. Raises InputError.
    """
    place = Path(path)
    try:
        if place.exists() and not place.is_file():
            _write_special(place, data)
        else:
            _replace(Path(os.path.realpath(path)), data, before)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


def write_all(contents: Sequence[tuple[str, bytes]]) -> None:
    """Write several files, all of them or none; each is written as `write_bytes` does it.

    All new texts are on the disk before the first file takes its own; should a later one fail
    to, those that have are put back. Raises InputError.
    """
    old = [read_bytes(path) if Path(path).exists() else None for path, _ in contents]
    done: list[int] = []

    def write(at: int) -> None:
        if at < len(contents):
            path, data = contents[at]
            write_bytes(path, data, before=lambda: write(at + 1))
            done.append(at)

    try:
        write(0)
    except BaseException:
        for at in done:
            _put_back(contents[at][0], old[at])
        raise


def _put_back(path: str, data: bytes | None) -> None:
    if data is None:
        Path(path).unlink()
    else:
        write_bytes(path, data)


def _write_special(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise InputError(f"{target}: this is a folder; name a file in it")
    with target.open("wb") as stream:
        stream.write(data)


def _replace(target: Path, data: bytes, before: Callable[[], None]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
        before()
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, on systems whose folders can be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
