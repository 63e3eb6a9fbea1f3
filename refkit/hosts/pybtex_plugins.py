"""Readers and writers for pybtex: RIS, CSL-JSON, CSL-YAML, PubMed and EndNote XML.

pybtex finds them by its own entry points (`pybtex.database.input`, `pybtex.database.output` and
their `.suffixes`; see "Extending Pybtex with plugins" in its manual). Each reads as refkit
converts to BibTeX, and hands that text to pybtex's own BibTeX reader; each writes the reverse
way. So there is one mapping, and pybtex sees persons and fields as from a .bib file. The
suffixes .xml and .yaml are BibTeXML's and pybtex's own; name the format for these.

What is an error in a file goes to `pybtex.errors.report_error`, which raises, collects or
prints, as pybtex is told. Warnings, and what a format cannot hold, go to the logger
`refkit.pybtex`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, ClassVar

from pybtex.database import BibliographyData
from pybtex.database.input import BaseParser
from pybtex.database.input.bibtex import Parser as BibtexParser
from pybtex.database.output import BaseWriter
from pybtex.errors import report_error
from pybtex.exceptions import PybtexError

from refkit.api import documents
from refkit.errors import RefkitError
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText

_LEVELS = {
    Severity.ERROR: logging.WARNING,
    Severity.WARNING: logging.WARNING,
    Severity.INFO: logging.INFO,
}
_LOG = logging.getLogger("refkit.pybtex")


class RefkitParser(BaseParser):  # type: ignore[misc]
    """A pybtex reader of the format `bib_format`; raises PybtexError for what is unreadable."""

    bib_format: ClassVar[str]
    unicode_io = False

    def __init__(self, encoding: str | None = None, **options: Any) -> None:
        """Take the options of pybtex's BibTeX reader.

        Without an encoding, UTF-8 is tried first, then detection.
        """
        super().__init__(encoding, **options)
        self._options = options
        # Python's "utf-8-sig" wants a mark when it writes; refkit takes one or none.
        self._told = "utf-8" if encoding and encoding.lower() == "utf-8-sig" else encoding

    def parse_stream(self, stream: Any) -> BibliographyData:
        """Read a stream of bytes, or of text, and return all that was read so far."""
        path = str(getattr(self.filename, "name", self.filename))
        try:
            document = self._read(stream.read(), path)
            written = documents.convert(document, "bibtex")
        except RefkitError as error:
            raise PybtexError(str(error).removeprefix(f"{path}: "), filename=path) from error
        _report(document)
        _log(written.problems, document.source)
        reader = BibtexParser(self.encoding, **self._options)
        reader.data, reader.filename = self.data, path
        reader.parse_string(written.text)
        return self.data

    def _read(self, content: bytes | str, path: str) -> Document:
        if isinstance(content, str):
            return documents.parse(content, self.bib_format, path=path)
        return documents.read_data(content, path, format=self.bib_format, encoding=self._told)


def _report(document: Document) -> None:
    """Tell pybtex of a file's errors; the log of what is none."""
    errors = [each for each in document.problems if each.severity is Severity.ERROR]
    _log([each for each in document.problems if each not in errors], document.source)
    for each in errors:
        place = f"{document.source.path}:"
        message = documents.told(each, document.source)
        report_error(PybtexError(message.removeprefix(place), filename=document.source.path))


def _log(problems: Iterable[Diagnostic], source: SourceText) -> None:
    for each in problems:
        _LOG.log(_LEVELS[each.severity], "%s", documents.told(each, source))


class RefkitWriter(BaseWriter):  # type: ignore[misc]
    """A pybtex writer of the format `bib_format`."""

    bib_format: ClassVar[str]
    unicode_io = True

    def write_stream(self, bib_data: BibliographyData, stream: Any) -> None:
        """Write the data to a stream of text; what the format cannot hold is logged.

        Raises PybtexError where the stream's encoding lacks a character.
        """
        document = documents.parse(bib_data.to_string("bibtex"), "bibtex", path="<pybtex>")
        written = documents.convert(document, self.bib_format)
        _report(document)
        _log(written.problems, document.source)
        try:
            stream.write(written.text)
        except UnicodeEncodeError as error:
            raise PybtexError(f"{error}; write in UTF-8") from error


class RisParser(RefkitParser):
    """RIS."""

    bib_format, default_suffix = "ris", ".ris"


class CslJsonParser(RefkitParser):
    """CSL-JSON."""

    bib_format, default_suffix = "csljson", ".json"


class CslYamlParser(RefkitParser):
    """CSL-YAML, pandoc's `references`."""

    bib_format, default_suffix = "cslyaml", ".yaml"


class NbibParser(RefkitParser):
    """PubMed's format."""

    bib_format, default_suffix = "nbib", ".nbib"


class EndNoteXmlParser(RefkitParser):
    """EndNote XML."""

    bib_format, default_suffix = "endnotexml", ".xml"


class RisWriter(RefkitWriter):
    """RIS."""

    bib_format = "ris"


class CslJsonWriter(RefkitWriter):
    """CSL-JSON."""

    bib_format = "csljson"


class CslYamlWriter(RefkitWriter):
    """CSL-YAML, pandoc's `references`."""

    bib_format = "cslyaml"


class NbibWriter(RefkitWriter):
    """PubMed's format."""

    bib_format = "nbib"


class EndNoteXmlWriter(RefkitWriter):
    """EndNote XML."""

    bib_format = "endnotexml"
