"""NBIB: the format that PubMed exports (MEDLINE tagged text), and ERIC's variety of it."""

from __future__ import annotations

from refkit.formats.nbib.read import read
from refkit.formats.nbib.write import write
from refkit.plugins import Format

FORMAT = Format("nbib", (".nbib",), read, write)

__all__ = ["FORMAT"]
