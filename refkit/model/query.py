"""What a source is asked when an entry has no id that it knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """Plain Unicode text of an entry's main features; "" (or None) where not known."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    container: str = ""

    def text(self) -> str:
        """Return the free text that a bibliographic search takes."""
        parts = (self.title, *self.authors[:3], self.container, str(self.year or ""))
        return " ".join(part for part in parts if part)
