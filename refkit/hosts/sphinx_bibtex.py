"""A Sphinx extension: sphinxcontrib-bibtex with bibliographies in every format that refkit reads.

sphinxcontrib-bibtex (2.6, 2.7) makes pybtex's BibTeX reader itself and asks none of pybtex's
plugins. With `extensions = ["refkit.hosts.sphinx_bibtex"]` it makes this one, which reads a file
that is no .bib file through the plugin of its suffix. A fault is a warning of Sphinx's (type
"bibtex"), so `sphinx-build -W` stops at it and other builds go on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pybtex.database import BibliographyData
from pybtex.database.input.bibtex import Parser
from pybtex.errors import capture
from pybtex.exceptions import PybtexError

from refkit.hosts import pybtex_plugins as plugins

PARSERS = {
    ".ris": plugins.RisParser,
    ".json": plugins.CslJsonParser,
    ".csljson": plugins.CslJsonParser,
    ".yaml": plugins.CslYamlParser,
    ".yml": plugins.CslYamlParser,
    ".nbib": plugins.NbibParser,
    ".xml": plugins.EndNoteXmlParser,
}


class AnyParser(Parser):  # type: ignore[misc]
    """pybtex's BibTeX reader, but that it reads files of other suffixes through refkit."""

    def parse_file(self, filename: Any, file_suffix: str | None = None) -> BibliographyData:
        """Add a file's entries to `self.data` and return it; raises nothing of pybtex's."""
        chosen = PARSERS.get(Path(filename).suffix.lower())
        if chosen is None:
            return super().parse_file(filename, file_suffix)
        other = chosen(self.encoding)
        other.data = self.data
        with capture() as faults:
            try:
                other.parse_file(str(filename))
            except PybtexError as error:
                faults.append(error)
        for each in faults:
            _warn(each, str(filename))
        return self.data


def _warn(fault: PybtexError, filename: str) -> None:
    from sphinx.util.logging import getLogger

    message = f"{fault.get_filename() or filename}: {fault}"
    getLogger(__name__).warning(message, type="bibtex", subtype="bibfile_data_error")


def setup(app: Any) -> dict[str, Any]:
    """Load sphinxcontrib-bibtex and give it the reader above (Sphinx's extension interface)."""
    app.setup_extension("sphinxcontrib.bibtex")
    from sphinxcontrib.bibtex import bibfile

    bibfile.Parser = AnyParser  # type: ignore[attr-defined]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
