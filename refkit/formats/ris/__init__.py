"""RIS: the tagged format of Reference Manager, EndNote and most publishers' sites."""

from __future__ import annotations

from refkit.formats.ris.read import read
from refkit.formats.ris.write import write
from refkit.plugins import Format

FORMAT = Format("ris", (".ris",), read, write)

__all__ = ["FORMAT"]
