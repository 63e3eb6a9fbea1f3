"""The lock file of a document's references: what each id stood for when it was resolved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refkit.errors import InputError

VERSION = 1
NAME = "refkit.lock.json"
_TEXTS = ("source", "record", "fetched", "sha256")


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


def parse(data: bytes, path: str) -> dict[str, Locked]:
    """Read a lock file: its entries by id; raises InputError where it is none or is damaged."""
    try:
        found = json.loads(data)
        if found["version"] != VERSION:
            raise InputError(f"{path}: a lock file of version {found['version']} is not known")
        return {each: _locked(entry) for each, entry in found["references"].items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{path}: this is no lock file of refkit's, or it is damaged; "
            "restore it, or delete it to resolve all ids anew"
        ) from None


def _locked(entry: Mapping[str, Any]) -> Locked:
    texts = {name: entry[name] for name in _TEXTS}
    if not isinstance(entry["item"], dict) or not all(isinstance(t, str) for t in texts.values()):
        raise TypeError
    return Locked(item=entry["item"], **texts)


def render(entries: Mapping[str, Locked]) -> str:
    """Write a lock file: sorted by id, the same for the same entries."""
    references = {
        each: {**{name: getattr(entry, name) for name in _TEXTS}, "item": entry.item}
        for each, entry in sorted(entries.items())
    }
    whole = {"version": VERSION, "references": references}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
