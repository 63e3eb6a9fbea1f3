"""The programs whose round trip is measured: .bib to CSL-JSON and back to .bib."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import refkit

Trip = Callable[[str, str], str]
"""Takes .bib text and its dialect ("bibtex", "biblatex") there and back."""

SCRIPT = Path(__file__).parents[2] / "suites" / "citationjs.js"


def by_refkit(form: str) -> Trip:
    """Return the trip by way of `form`, "csljson" or "cslyaml", as `refkit convert` makes it."""

    def trip(text: str, dialect: str) -> str:
        there = refkit.convert(refkit.parse(text, dialect), form).text
        return refkit.convert(refkit.parse(there, form), dialect).text

    return trip


def by_pandoc(text: str, dialect: str) -> str:
    """Convert with pandoc; its own formats keep whole files."""
    there = _run(["pandoc", "-f", dialect, "-t", "csljson"], text)
    return _run(["pandoc", "-f", "csljson", "-t", dialect], there)


def by_citationjs(text: str, dialect: str) -> str:
    """Convert with citation.js, entry by entry, for one that it fails on costs it the file."""
    node = shutil.which("node") or "node"
    blocks = [_block(entry) for entry in refkit.parse(text, dialect).entries]
    there = [each for each in json.loads(_run([node, str(SCRIPT)], json.dumps(blocks))) if each]
    return "\n".join(json.loads(_run([node, str(SCRIPT), "write"], json.dumps(there))))


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
    if shutil.which("pandoc"):
        found["pandoc"] = by_pandoc
    if shutil.which("node") and os.environ.get("REFKIT_CITATIONJS"):
        found["citation.js"] = by_citationjs
    return found


def _run(command: list[str], text: str) -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
