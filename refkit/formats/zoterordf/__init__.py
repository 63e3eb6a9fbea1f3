"""Zotero RDF: the format in which Zotero exports, and imports again, all that an item holds."""

from __future__ import annotations

from refkit.formats.zoterordf.read import read
from refkit.formats.zoterordf.write import write
from refkit.plugins import Format

FORMAT = Format("zoterordf", (".rdf",), read, write)

__all__ = ["FORMAT"]
