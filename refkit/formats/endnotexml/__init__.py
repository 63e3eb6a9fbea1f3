"""EndNote XML: the format in which EndNote exports its whole records."""

from __future__ import annotations

from refkit.formats.endnotexml.read import read
from refkit.formats.endnotexml.write import write
from refkit.plugins import Format

FORMAT = Format("endnotexml", (".xml", ".enl.xml"), read, write)

__all__ = ["FORMAT"]
