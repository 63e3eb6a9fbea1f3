"""Reading and writing the user's files: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from io import BufferedReader
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
    opened(path).close()


def opened(path: str) -> BufferedReader:
    """Open a file for reading bytes, standard input for "-"; raises InputError."""
    if path == STDIN:
        return cast(BufferedReader, sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name a file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def write_bytes(path: str, data: bytes) -> None:
    """Write a file so that a crash at any moment leaves the old file or the new one, whole.

    The text goes to a temporary file beside it, is flushed to disk, and takes the old name in
    one step; the old file's permissions are kept and a symbolic link is followed. A device or
    pipe such as /dev/stdout is written straight to. Raises InputError.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            _write_special(target, data)
        else:
            _replace(target, data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


def _write_special(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise InputError(f"{target}: this is a folder; name a file in it")
    with target.open("wb") as stream:
        stream.write(data)


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
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
