"""The programs that are compared: how each is called, and whether it is there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pypandoc

CITATION_JS = Path(__file__).with_name("citationjs.cjs")
NODE_MODULES = "REFKIT_CITATIONJS"
"""The environment variable that names a folder in which @citation-js was installed by npm."""


class Program(NamedTuple):
    """A converter: `{from_}` and `{to}` in its command stand for refkit's format names.

    `reads` and `writes` are the formats that it knows of those that are measured.
    """

    name: str
    command: tuple[str, ...]
    reads: frozenset[str]
    writes: frozenset[str]

    def call(self, from_: str, to: str) -> list[str]:
        """Return the command line that converts standard input to standard output."""
        return [part.format(from_=from_, to=to) for part in self.command]


def programs() -> list[Program]:
    """Return refkit and the peers that are installed, and say on standard error which are not."""
    found = [_refkit(), _pandoc()]
    modules = os.environ.get(NODE_MODULES, "")
    if shutil.which("node") and modules and (Path(modules) / "node_modules/@citation-js").is_dir():
        found.append(_citation_js())
    else:
        print(f"citation-js is left out: {NODE_MODULES} names no folder of it", file=sys.stderr)
    return found


def _refkit() -> Program:
    formats = frozenset(("bibtex", "biblatex", "ris", "nbib", "csljson"))
    command = (sys.executable, "-m", "refkit", "convert", "-q", "-f", "{from_}", "-t", "{to}", "-")
    return Program("refkit", command, formats, formats)


def _pandoc() -> Program:
    command = (pypandoc.get_pandoc_path(), "-f", "{from_}", "-t", "{to}")
    reads = frozenset(("bibtex", "biblatex", "ris", "csljson"))
    return Program("pandoc", command, reads, frozenset(("bibtex", "biblatex", "csljson")))


def _citation_js() -> Program:
    command = ("node", str(CITATION_JS), "{from_}", "{to}")
    formats = frozenset(("bibtex", "biblatex", "ris", "csljson"))
    return Program("citation-js", command, formats, formats)
