"""The converters that refkit is measured beside, and how each is called."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NoReturn

import pypandoc
import pytest

SCRIPT = Path(__file__).parent / "citationjs.js"
FOLDER = "REFKIT_CITATIONJS"
"""The environment variable that names a folder in which npm installed citation.js."""

READS = {
    "refkit": frozenset(("bibtex", "biblatex", "ris", "nbib", "csljson")),
    "pandoc": frozenset(("bibtex", "biblatex", "ris", "csljson")),
    "citation-js": frozenset(("bibtex", "biblatex", "ris", "csljson")),
}
"""The converters, and the formats that each reads of those that are measured."""


def absent(reason: str) -> NoReturn:
    """Skip a test, or fail it where CI has promised that no program is missing."""
    if os.environ.get("REFKIT_REQUIRE_CONSUMERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def missing(name: str) -> str:
    """Return why a converter cannot be run here, "" if it can."""
    if name != "citation-js":
        return ""
    if shutil.which("node") is None:
        return "node is not installed"
    folder = os.environ.get(FOLDER, "")
    if not folder or not (Path(folder) / "node_modules" / "@citation-js").is_dir():
        return f"{FOLDER} names no folder with node_modules/@citation-js"
    return ""


def converted(name: str, from_: str, to: str, texts: Sequence[str], jobs: int = 2) -> list[str]:
    """Convert texts one by one with a converter, "" where it gives nothing."""
    if name == "citation-js":
        command = ["node", str(SCRIPT), from_, to]
        return [str(text) for text in json.loads(run(command, json.dumps(texts)))]
    command = {
        "refkit": [sys.executable, "-m", "refkit", "convert", "-q", "-f", from_, "-t", to, "-"],
        "pandoc": [pypandoc.get_pandoc_path(), "-f", from_, "-t", to],
    }[name]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(partial(run, command), texts))


def run(command: Sequence[str], text: str) -> str:
    """Return what a program prints of a text on standard input, "" if it finds no end."""
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout
