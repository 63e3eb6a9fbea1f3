"""Measure the round trip of a .bib file: `python -m tests.bench.roundtrip [FILE.bib]`.

Without FILE it is BibLaTeX's own examples (Debian's texlive-bibtex-extra) where these are
installed, else a sample. REFKIT_CITATIONJS names the folder with citation.js's node_modules.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.scan import scan
from refkit.model.text import SourceText
from tests.bench.roundtrip.compare import compare
from tests.bench.roundtrip.tools import tools

EXAMPLES = Path("/usr/share/texlive/texmf-dist/bibtex/bib/biblatex/biblatex/biblatex-examples.bib")
SAMPLE = Path(__file__).parents[3] / "samples" / "paper-biblatex.bib"


def table(text: str) -> str:
    """Return a table with a line for each program."""
    spoken = dialect(scan(SourceText("x.bib", text))[0])
    lines = [
        "| program | keys | types | fields the same | once LaTeX is read |",
        "|---|---|---|---|---|",
    ]
    for name, trip in tools().items():
        try:
            kept = compare(text, trip(text, spoken))
        except subprocess.CalledProcessError:
            lines.append(f"| {name} | does not read the file | - | - | - |")
            continue
        counts = f"{kept.keys} of {kept.entries} | {kept.types} of {kept.entries}"
        share = f"{kept.same} of {kept.fields} ({kept.share:.1%})"
        alike = f"{kept.alike} ({kept.alike / max(kept.fields, 1):.1%})"
        lines.append(f"| {name} | {counts} | {share} | {alike} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table for the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=None)
    chosen: Path | None = parser.parse_args().file
    path = chosen or (EXAMPLES if EXAMPLES.is_file() else SAMPLE)
    print(path.name)
    print(table(path.read_text("utf-8")))


if __name__ == "__main__":
    main()
