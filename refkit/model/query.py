"""What a source is asked when an entry has no id that it knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """Plain Unicode text of an entry's main features; "" (or None) where not known.

    `reference` is a whole formatted reference, where its features are not known for sure: a
    source that can searches by it, and one that cannot by `title`, which is then a guess.
    """

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    container: str = ""
    reference: str = ""

    def text(self) -> str:
        """Return the free text that a bibliographic search takes."""
        if self.reference:
            return self.reference
        parts = (self.title, *self.authors[:3], self.container, str(self.year or ""))
        return " ".join(part for part in parts if part)
