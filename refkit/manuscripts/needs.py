"""What a paper needs of bibliographies: which keys, from which files, in which dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from refkit.manuscripts import latex
from refkit.manuscripts.citation import Citation

_ITEM = re.compile(r"[^,\s][^,]*")
_BIBLATEX = re.compile(
    r"\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]*\]\s*)?\{[^{}]*\bbiblatex\b[^{}]*\}"
    r"|\\(?:addbibresource|printbibliography)\b"
)
_BIBTEX = re.compile(r"\\(?:bibliographystyle|bibliography)\b")


class Needs(NamedTuple):
    r"""What one file of a paper says.

    `everything` is `\nocite{*}`; `libraries` and `included` are files as they are named;
    `dialect` is "bibtex", "biblatex", or "" where the file does not tell.
    """

    citations: tuple[Citation, ...] = ()
    everything: bool = False
    libraries: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    dialect: str = ""

    @classmethod
    def of(
        cls,
        cited: Iterable[Citation],
        libraries: Iterable[str],
        included: Iterable[str],
        dialect: str,
    ) -> Needs:
        """Make it of what was found; the key `*` stands for everything."""
        keys = tuple(cited)
        named = tuple(each for each in keys if each.key != "*")
        return cls(named, len(named) < len(keys), tuple(libraries), tuple(included), dialect)


def split(text: str, start: int, end: int) -> Iterator[Citation]:
    """Yield the items between the commas of `text[start:end]`, with their places."""
    for found in _ITEM.finditer(text, start, end):
        key = found[0].rstrip()
        yield Citation(key, found.start(), found.start() + len(key))


def tex(text: str) -> Needs:
    """Return what a LaTeX file asks for; comments and verbatim text ask for nothing."""
    shown = latex.shown(text)
    biblatex = _BIBLATEX.search(shown) is not None
    dialect = "biblatex" if biblatex else "bibtex" if _BIBTEX.search(shown) else ""
    libraries = [each if each.endswith(".bib") or biblatex else f"{each}.bib"
                 for each in latex.bibliographies(text)]  # fmt: skip
    return Needs(
        tuple(latex.citations(text)),
        latex.cites_everything(text),
        tuple(libraries),
        latex.included(text),
        dialect,
    )
