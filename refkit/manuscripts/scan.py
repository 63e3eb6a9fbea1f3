"""One way in for all kinds of manuscripts: what they cite, include and draw their works from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath

from refkit.errors import InputError
from refkit.manuscripts import aux, latex, markdown, typst
from refkit.manuscripts.citation import Citation

_SCANNERS: dict[str, Callable[[str], Iterator[Citation]]] = {
    "latex": latex.citations,
    "markdown": markdown.citations,
    "quarto": markdown.quarto,
    "typst": typst.citations,
    "aux": aux.citations,
}
_SUFFIXES = {
    ".tex": "latex", ".ltx": "latex", ".latex": "latex", ".cls": "latex", ".sty": "latex",
    ".md": "markdown", ".markdown": "markdown", ".rmd": "markdown", ".txt": "markdown",
    ".qmd": "quarto", ".typ": "typst", ".aux": "aux",
}  # fmt: skip
KINDS = tuple(_SCANNERS)


def kind_of(path: str) -> str:
    """Return what kind of manuscript a file is, by its suffix; raises InputError for others."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in _SUFFIXES:
        known = " ".join(sorted(_SUFFIXES))
        raise InputError(f"{path}: is no manuscript that refkit knows; known suffixes: {known}")
    return _SUFFIXES[suffix]


def cited(text: str, kind: str) -> tuple[Citation, ...]:
    """Return the citations of a manuscript of that kind (see `KINDS`), in the text's order.

    No two of them overlap.
    """
    kept: list[Citation] = []
    for each in sorted(set(_SCANNERS[kind](text)), key=lambda one: (one.start, -one.end)):
        if not kept or kept[-1].end <= each.start:
            kept.append(each)
    return tuple(kept)


def included(text: str, kind: str = "latex") -> tuple[str, ...]:
    """Return the files that a manuscript includes, as it names them (LaTeX and Typst)."""
    if kind in ("latex", "aux"):
        return latex.included(text)
    return typst.included(text) if kind == "typst" else ()


def bibliographies(text: str, kind: str = "latex") -> tuple[str, ...]:
    """Return the bibliography files that a manuscript draws on, as it names them."""
    if kind in ("latex", "aux"):
        return latex.bibliographies(text)
    return typst.bibliographies(text) if kind == "typst" else markdown.bibliographies(text)
