"""RIS records read and written, for the tests of that format."""

from __future__ import annotations

from refkit.formats.ris import FORMAT
from refkit.model.entry import Entry
from refkit.model.report import Document, Written
from refkit.model.text import SourceText


def read(text: str) -> Document:
    """Read RIS text."""
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.ris", text))


def one(*lines: str) -> Entry:
    """Read the one record that these lines make, without its end."""
    (entry,) = read("\n".join([*lines, "ER  - ", ""])).entries
    return entry


def write(*entries: Entry) -> Written:
    """Write entries as RIS."""
    assert FORMAT.write is not None
    return FORMAT.write(entries)
