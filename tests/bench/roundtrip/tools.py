"""The programs whose round trip is measured: .bib to CSL-JSON and back to .bib."""

from __future__ import annotations

from collections.abc import Callable

import refkit
from tests.peers import converted, missing

Trip = Callable[[str, str], str]
"""Takes .bib text and its dialect ("bibtex", "biblatex") there and back."""


def by_refkit(form: str) -> Trip:
    """Return the trip by way of `form`, "csljson" or "cslyaml", as `refkit convert` makes it."""

    def trip(text: str, dialect: str) -> str:
        there = refkit.convert(refkit.parse(text, dialect), form).text
        return refkit.convert(refkit.parse(there, form), dialect).text

    return trip


def by_pandoc(text: str, dialect: str) -> str:
    """Convert with pandoc; its own formats keep whole files."""
    there = converted("pandoc", dialect, "csljson", [text])
    return converted("pandoc", "csljson", dialect, there)[0]


def by_citationjs(text: str, dialect: str) -> str:
    """Convert with citation.js, entry by entry, for one that it fails on costs it the file."""
    blocks = [_block(entry) for entry in refkit.parse(text, dialect).entries]
    there = [each for each in converted("citation-js", dialect, "csljson", blocks) if each]
    return "\n".join(converted("citation-js", "csljson", dialect, there))


def _block(entry: refkit.Entry) -> str:
    """Return an entry alone, its macros resolved."""
    assert entry.as_written is not None
    fields = "".join(f"  {name} = {{{text}}},\n" for name, text in entry.as_written.fields)
    return f"@{entry.native_type}{{{entry.key},\n{fields}}}\n"


def tools() -> dict[str, Trip]:
    """Return refkit's trips and those of the other programs that are installed."""
    found: dict[str, Trip] = {
        "refkit, CSL-JSON": by_refkit("csljson"),
        "refkit, CSL-YAML": by_refkit("cslyaml"),
    }
    found["pandoc"] = by_pandoc
    if not missing("citation-js"):
        found["citation.js"] = by_citationjs
    return found
