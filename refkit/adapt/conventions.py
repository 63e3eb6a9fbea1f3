"""What other programs write into CSL data in their own way, where the specification differs."""

from __future__ import annotations

from typing import Any

from refkit.model.vocab import DATES


def as_zotero(item: dict[str, Any]) -> dict[str, Any]:
    """Return a CSL-JSON item with its dates in words as Zotero exports them.

    CSL 1.0.2 has `literal` for these; Zotero writes the year 0000, and the words as a season.
    """
    return {name: _date(value) if name in DATES else value for name, value in item.items()}


def _date(value: Any) -> Any:
    words = value.get("literal") if isinstance(value, dict) else None
    return {"date-parts": [["0000"]], "season": words} if words else value
