"""citeproc-py renders the whole of a library."""

from __future__ import annotations

import warnings

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.json import CiteProcJSON
from consumer_programs import LIBRARIES, STYLES, cited, exported, lacking


@pytest.mark.parametrize("style", ["numbered.csl", "dated.csl", "harvard-cite-them-right"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_citeproc_renders_every_entry(library: str, style: str) -> None:
    import json

    document, written = exported(library, "pandoc", "csljson")
    items = json.loads(written.text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = CiteProcJSON(items)
        path = str(STYLES / style) if style.endswith(".csl") else style
        chosen = CitationStylesStyle(path, validate=False)
        bibliography = CitationStylesBibliography(chosen, source, formatters.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        lines = [str(each) for each in bibliography.bibliography()]
    # For citeproc-py keys that differ only in case are one.
    but = ("CaseKey",) if library == "dirty" else ()
    assert len(lines) == len(list(cited(document))) - len(but)
    assert not lacking(document, "\n".join(lines), *but)
