"""The records in a lock file, and how any lock file is read and written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from refkit.errors import InputError

VERSION = 1
_TEXTS = ("source", "record", "fetched", "sha256")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Locked:
    """A CSL item, the source and record that it comes from, and when it was fetched.

    `sha256` is the item's own; where it differs, the item was edited by hand.
    """

    item: Mapping[str, Any]
    source: str
    record: str
    fetched: str
    sha256: str

    @property
    def edited(self) -> bool:
        """Whether the item is no longer what was fetched."""
        return self.sha256 != digest(self.item)


def digest(item: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an item's canonical JSON."""
    text = json.dumps(item, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def load(data: bytes, path: str, remedy: str, take: Callable[[Any], _T]) -> _T:
    """Read a lock file and return what `take` takes of its JSON object.

    Raises InputError, which says that the file may be restored or `remedy`, where it is no
    lock file, is damaged, or is of another version.
    """
    try:
        found = json.loads(data)
        if found["version"] != VERSION:
            raise InputError(f"{path}: a lock file of version {found['version']} is not known")
        return take(found)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{path}: this is no lock file of refkit's, or it is damaged; restore it, or {remedy}"
        ) from None


def dump(parts: Mapping[str, Any]) -> str:
    """Write a lock file of these parts: the same text for the same parts."""
    whole = {"version": VERSION, **parts}
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    return json.dumps(whole, indent=2) + "\n" if is_escaped(text) else text


def is_escaped(text: str) -> bool:
    """Tell whether a text holds lone surrogates: bytes of a file that are no UTF-8 (PEP 383)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def records(found: Mapping[str, Any]) -> dict[str, Locked]:
    """Read the `references` of a lock file, by name; raises what a damaged one raises."""
    return {each: _locked(entry) for each, entry in found["references"].items()}


def _locked(entry: Mapping[str, Any]) -> Locked:
    texts = {name: entry[name] for name in _TEXTS}
    if not isinstance(entry["item"], dict) or not all(isinstance(t, str) for t in texts.values()):
        raise TypeError
    return Locked(item=entry["item"], **texts)


def references(entries: Mapping[str, Locked]) -> dict[str, Any]:
    """Return records as a lock file holds them, sorted by name."""
    return {
        each: {**{name: getattr(entry, name) for name in _TEXTS}, "item": entry.item}
        for each, entry in sorted(entries.items())
    }
