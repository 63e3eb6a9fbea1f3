"""BibTeX and BibLaTeX: scan without loss, read, write, and patch by spans."""

from __future__ import annotations

from refkit.formats.bibtex.patch import patch
from refkit.formats.bibtex.read import read_biblatex, read_bibtex
from refkit.formats.bibtex.write import write_biblatex, write_bibtex
from refkit.plugins import Format

BIBTEX = Format("bibtex", (".bib", ".bibtex"), read_bibtex, write_bibtex, patch)
BIBLATEX = Format("biblatex", (".biblatex",), read_biblatex, write_biblatex, patch)
