"""CSL-JSON: the data format of CSL processors (citeproc, pandoc, Zotero)."""

from __future__ import annotations

from refkit.formats.csljson.item import entry_to_item, item_to_entry
from refkit.formats.csljson.read import read
from refkit.formats.csljson.write import write
from refkit.plugins import Format

FORMAT = Format("csljson", (".json", ".csljson"), read, write)

__all__ = ["FORMAT", "entry_to_item", "item_to_entry"]
