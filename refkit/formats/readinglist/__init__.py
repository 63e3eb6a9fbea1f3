"""Reading lists: plain text with a title and an abstract for each paper, and nothing else."""

from __future__ import annotations

from refkit.formats.readinglist.read import read
from refkit.plugins import Format

FORMAT = Format("readinglist", (), read)

__all__ = ["FORMAT"]
