"""References: entries of libraries in a CSL style, a .bst file or a style of pybtex's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from refkit import files
from refkit.api import documents
from refkit.api.shelves import places_of
from refkit.manuscripts.choice import Shelf
from refkit.model.entry import Entry
from refkit.model.report import Diagnostic, Document
from refkit.model.text import SourceText
from refkit.normalise.encoding import decode
from refkit.rendering.reference import Formatted, Markup, written

_Renderer = Callable[[Sequence[Entry]], Iterable[Formatted]]


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry's reference; `rich` is in CSL's HTML subset, "" where the style failed."""

    key: str
    rich: str

    def written(self, markup: Markup) -> str:
        """Return it as "text", "html", "latex" or "markdown" (Pandoc's)."""
        return written(self.rich, markup)


@dataclass(frozen=True, slots=True)
class Cited:
    """References in the order in which they were asked for, and what is to be said of them."""

    references: tuple[Reference, ...]
    told: tuple[tuple[Diagnostic, SourceText], ...]


def cite(
    keys: Sequence[str],
    libraries: Sequence[str | Path],
    *,
    style: str = "plain",
    everything: bool = False,
    encoding: str | None = None,
) -> Cited:
    """Format the entries with these keys, or with `everything` all entries of the libraries.

    `style` is the path of a .csl or .bst file, the name of a style of pybtex's (plain, alpha,
    unsrt, unsrtalpha), or the name of a CSL style that citeproc-py finds. An entry that a style
    cannot format is told, and the rest go on. Of several libraries the first that has a key
    counts; `encoding` is that of all, if not UTF-8. Raises InputError for unknown keys, which
    names those nearest, for files that cannot be read, and for styles that are none.
    """
    render = _renderer(style)
    shelf = Shelf([documents.read(each, encoding=encoding) for each in libraries], "biblatex")
    places = places_of(shelf, keys, everything=everything)
    entries = [shelf.entry(place) for place in places]
    references: list[Reference] = []
    told = [(each, shelf.libraries[n].source) for n, each in shelf.problems(places)]
    for place, entry, each in zip(places, entries, render(entries), strict=True):
        source = shelf.libraries[place.library].source
        references.append(Reference(entry.key, each.rich))
        told += [(_about(entry, problem), source) for problem in each.problems]
    return Cited(tuple(references), tuple(told))


def _about(entry: Entry, problem: Diagnostic) -> Diagnostic:
    """Return a problem of a style under the entry's own key, and at its place."""
    message = problem.message.replace(problem.key, entry.key) if problem.key else problem.message
    return replace(problem, message=message, key=entry.key, span=entry.origin.span)


def _renderer(style: str) -> _Renderer:
    """Return what formats entries in a style; heavy libraries are loaded here."""
    suffix = Path(style).suffix.lower()
    if suffix == ".csl":
        return _csl(style, files.read_bytes(style))
    from refkit.rendering import pybtex_styles

    if suffix == ".bst":
        path = style if Path(style).exists() else pybtex_styles.find_bst(style) or style
        text = decode(files.read_bytes(path), path)[0].text
        script = pybtex_styles.bst_style(text, path)
        return lambda entries: pybtex_styles.formatted_by_bst(_bibtex(entries), script)
    found = pybtex_styles.python_style(style)
    if found is None:
        return _csl(style, None)
    return lambda entries: pybtex_styles.formatted(_bibtex(entries), found)


def _csl(style: str, content: bytes | None) -> _Renderer:
    from refkit.rendering import csl

    chosen = csl.style(style, content)
    return lambda entries: csl.formatted(_items(entries), chosen)


def _items(entries: Sequence[Entry]) -> list[dict[str, object]]:
    written = documents.convert(_document(entries), "csljson")
    items: list[dict[str, object]] = json.loads(written.text)
    return items


def _bibtex(entries: Sequence[Entry]) -> list[str]:
    """Return each entry as BibTeX, under a key of its own."""
    numbered = (replace(each, key=f"entry{number}") for number, each in enumerate(entries))
    return [documents.convert(_document([each]), "bibtex").text for each in numbered]


def _document(entries: Sequence[Entry]) -> Document:
    return Document(SourceText("<entries>", ""), "refkit", tuple(entries))
