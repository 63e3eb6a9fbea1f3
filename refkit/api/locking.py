"""The lock file of a bibliography: opened, and written."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from refkit import files
from refkit.api.documents import save
from refkit.enrichment.engine import Outcome
from refkit.enrichment.replay import Book, LockSource, replayed
from refkit.errors import InputError
from refkit.locks.bibliography import NAME, Lock, parse, render

__all__ = ["Book", "LockSource", "Outcome", "open_lock", "replayed", "save_lock"]


def open_lock(path: str, named: str = "", *, must_exist: bool = False) -> Book:
    """Return the part of a lock file that is of the bibliography at `path`.

    The lock file is `named`, or `refkit.lock` beside the bibliography. One that is not there
    is empty, unless it `must_exist`. Raises InputError for what is no lock file.
    """
    bibliography = os.path.realpath(path) if path != files.STDIN else os.path.abspath(path)
    place = named or str(Path(path).parent / NAME)
    name = PurePath(os.path.relpath(bibliography, Path(os.path.realpath(place)).parent)).as_posix()
    if Path(place).exists():
        return Book(parse(files.read_bytes(place), place), name, place)
    if must_exist:
        raise InputError(f"{place}: there is no such lock file; refkit enrich --lock writes one")
    files.check_place(place)
    return Book(Lock(), name, place)


def save_lock(book: Book) -> None:
    """Write a lock file, unless it is as it should be already. Raises InputError."""
    text = render(book.lock)
    if not Path(book.path).exists() or files.read_bytes(book.path) != text.encode():
        save(book.path, text)
