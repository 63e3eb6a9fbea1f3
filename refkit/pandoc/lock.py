"""The lock file of a document's references: what each id stood for when it was resolved."""

from __future__ import annotations

from collections.abc import Mapping

from refkit.locks.record import Locked, digest, dump, load, records, references

NAME = "refkit.lock.json"

__all__ = ["NAME", "Locked", "digest", "parse", "render"]


def parse(data: bytes, path: str) -> dict[str, Locked]:
    """Read a lock file: its entries by id; raises InputError where it is none or is damaged."""
    return load(data, path, "delete it to resolve all ids anew", records)


def render(entries: Mapping[str, Locked]) -> str:
    """Write a lock file: sorted by id, the same for the same entries."""
    return dump({"references": references(entries)})
