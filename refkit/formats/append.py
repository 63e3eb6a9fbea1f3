"""New entries at the end of a file of any format that grows there: .bib, JSON, RIS, PubMed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from refkit.errors import InputError
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document, Written
from refkit.model.text import Edit, Span

_ARRAYS = ("csljson", "zoterojson")
_TAGGED = ("ris", "nbib")

Writer = Callable[[Sequence[Entry]], Written]


def append(
    document: Document, entries: Sequence[Entry], write: Writer
) -> tuple[Edit, list[Diagnostic]]:
    """Return the edit that puts entries behind those of a document, and what they lose there.

    `write` is the format's writer. Raises InputError for formats that do not grow at the end.
    """
    if document.format in ("bibtex", "biblatex"):
        from refkit.formats.bibtex.append import append as append_bib

        return append_bib(document, entries)
    if document.format not in (*_ARRAYS, *_TAGGED):
        raise InputError(
            f"{document.source.path}: nothing can be added to {document.format}; "
            "convert it to bibtex, biblatex, csljson or ris first"
        )
    written = write(entries)
    inserted = _in_array if document.format in _ARRAYS else _behind
    return inserted(document, written.text), list(written.problems)


def _behind(document: Document, new: str) -> Edit:
    source = document.source
    text = source.text
    lead = source.newline if text and not text.endswith("\n") else ""
    return Edit(Span(len(text), len(text)), lead + new.replace("\n", source.newline))


def _in_array(document: Document, new: str) -> Edit:
    """Put items before the closing bracket, as the last items are indented."""
    source = document.source
    text = source.text
    if not text.strip():
        return Edit(Span(0, len(text)), new)
    end = text.rstrip().rfind("]")
    if not text.lstrip().startswith("[") or end != len(text.rstrip()) - 1:
        raise InputError(f"{source.path}: this is no list of items, so nothing can be added to it")
    before = text[:end].rstrip()
    indent = re.match(r"\[\r?\n([ \t]+)", text.lstrip())
    items = [_item(each, indent[1] if indent else "  ") for each in json.loads(new)]
    lead = "" if before.endswith("[") else ","
    joined = lead + "\n" + ",\n".join(items) + "\n"
    return Edit(Span(len(before), end), joined.replace("\n", source.newline))


def _item(item: object, indent: str) -> str:
    text = json.dumps(item, ensure_ascii=False, indent=indent)
    return "\n".join(indent + line for line in text.split("\n"))
