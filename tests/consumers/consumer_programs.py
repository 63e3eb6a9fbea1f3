"""The programs that read what refkit writes, run for real."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import refkit
from refkit.model.entry import OTHERS, Entry
from refkit.model.report import Document, Written
from tests.peers import absent

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STYLES = ROOT / "tests" / "data" / "styles"
LIBRARIES = {
    "paper": ROOT / "samples" / "paper.bib",
    "paper-biblatex": ROOT / "samples" / "paper-biblatex.bib",
    "dirty": HERE / "dirty.bib",
}


def need(*programs: str) -> None:
    """Skip where a program is absent; fail if CI has promised that none is."""
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        absent(f"{', '.join(missing)} is not installed")


def exported(name: str, consumer: str, target: str) -> tuple[Document, Written]:
    """Read a library and write it for a program."""
    document = refkit.read(LIBRARIES[name])
    return document, refkit.convert(document, target, refkit.Conversion(consumer=consumer))


def run(*command: str, cwd: Path, stdin: str | None = None) -> tuple[int, str]:
    """Run a program; return its exit code and all that it said."""
    done = subprocess.run(
        command, cwd=cwd, input=stdin, check=False, timeout=240, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def cited(document: Document) -> Iterator[Entry]:
    """Yield the works of a document: what can be cited."""
    return (entry for entry in document.entries if entry.native_type != "xdata")


def folded(text: str) -> str:
    """Return a text's letters and figures alone, without accents, as PDF readers give them."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("ß", "ss")
    split = unicodedata.normalize("NFKD", text)
    return "".join(char for char in split.casefold() if char.isalnum())


def expected(document: Document, *, years: bool = True) -> Iterator[tuple[str, str]]:
    """Yield each work's key with what a reader must find: first family name, year."""
    for entry in cited(document):
        people = entry.names("author") or entry.names("editor")
        for person in people[:1]:
            if person != OTHERS:
                yield entry.key, person.family or person.literal
        date = entry.date()
        if years and date is not None and date.year is not None and date.year <= 9999:
            yield entry.key, str(date.year)


def lacking(document: Document, text: str, *but: str) -> list[tuple[str, str]]:
    """Return what a rendered bibliography lacks of what is expected, but for these keys."""
    got = folded(re.sub(r"-\n\s*", "", text))
    return [
        (key, word)
        for key, word in expected(document)
        if key not in but and folded(word) not in got
    ]
