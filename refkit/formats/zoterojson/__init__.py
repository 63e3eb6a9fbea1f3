"""Zotero's item JSON: what its Web API (version 3) and its local API send and take."""

from __future__ import annotations

from refkit.formats.zoterojson.read import read
from refkit.formats.zoterojson.write import children, item_data, write
from refkit.plugins import Format

FORMAT = Format("zoterojson", (), read, write)

__all__ = ["FORMAT", "children", "item_data"]
