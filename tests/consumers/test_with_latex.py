"""bibtex and biber take the whole of a library, and pdflatex prints every entry of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from consumer_programs import LIBRARIES, exported, lacking, need, run

import refkit

# pdflatex has no Cyrillic letters without further packages; refkit says so (FIT006).
CYRILLIC = "cyrillic"
HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[protrusion=false, expansion=false]{microtype}
\DisableLigatures{encoding=*, family=*}
"""
BIBTEX = (
    HEAD
    + r"""\usepackage{url}
\begin{document}
\nocite{KEYS}
\bibliographystyle{STYLE}
\bibliography{refs}
\end{document}
"""
)
BIBLATEX = (
    HEAD
    + r"""\usepackage[style=STYLE]{biblatex}
\addbibresource{refs.bib}
\begin{document}
\nocite{KEYS}
\printbibliography
\end{document}
"""
)
# What an entry has not got, no writer can give it.
MISSING = re.compile(r"Warning--empty [a-z ]+ in \w+|\(There (was|were) \d+ warnings?\)")
CASE = re.compile(r"WARN - Possible typo \(case mismatch\).*'casekey'")


def typeset(template: str, style: str, text: str, folder: Path) -> tuple[str, str]:
    """Typeset a bibliography; return what bibtex or biber said, and the text of the PDF."""
    biblatex = template is BIBLATEX
    need("pdflatex", "biber" if biblatex else "bibtex", "pdftotext")
    refkit.save(folder / "refs.bib", text)
    keys = [key for key in re.findall(r"^@(?!xdata)\w+\{(.*),$", text, re.M) if key != CYRILLIC]
    page = template.replace("STYLE", style).replace("KEYS", ",".join(keys))
    refkit.save(folder / "main.tex", page)
    latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex")
    assert run(*latex, cwd=folder)[0] == 0
    code, said = run("biber" if biblatex else "bibtex", "main", cwd=folder)
    assert code == 0, said
    for _ in range(2):
        code, log = run(*latex, cwd=folder)
        assert code == 0, log[-2000:]
    assert re.findall(r"^(?:LaTeX|Package \w+) Warning: .*", log, re.M) == []
    run("pdftotext", "-layout", "main.pdf", "main.txt", cwd=folder)
    return said, (folder / "main.txt").read_text("utf-8")


@pytest.mark.parametrize("style", ["plain", "alpha", "abbrv", "unsrt"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_bibtex_prints_every_entry(library: str, style: str, tmp_path: Path) -> None:
    document, written = exported(library, "latex", "bibtex")
    said, text = typeset(BIBTEX, style, written.text, tmp_path)
    warned = [line for line in said.splitlines() if "arning" in line or "rror" in line]
    assert [line for line in warned if not MISSING.fullmatch(line)] == []
    assert not lacking(document, text, CYRILLIC)


@pytest.mark.parametrize("style", ["numeric", "authoryear"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_biber_prints_every_entry(library: str, style: str, tmp_path: Path) -> None:
    document, written = exported(library, "latex", "biblatex")
    said, text = typeset(BIBLATEX, style, written.text, tmp_path)
    warned = re.findall(r"^(?:WARN|ERROR) - .*", said, re.M)
    assert [line for line in warned if not CASE.match(line)] == []
    assert not lacking(document, text, CYRILLIC)


@pytest.mark.parametrize("library", ["paper", "paper-biblatex"])
def test_biber_finds_the_samples_true_to_its_data_model(library: str, tmp_path: Path) -> None:
    _, written = exported(library, "latex", "biblatex")
    typeset(BIBLATEX, "numeric", written.text, tmp_path)
    _, said = run("biber", "--validate-datamodel", "main", cwd=tmp_path)
    invalid = re.findall(r"^WARN - Datamodel: .*Invalid.*", said, re.M)
    # The samples' parents have a booktitle for BibTeX's way of handing it down.
    assert [line for line in invalid if "'booktitle'" not in line] == []


def test_letters_that_pdflatex_lacks_are_told() -> None:
    for target in ("bibtex", "biblatex"):
        _, written = exported("dirty", "latex", target)
        told = [each.key for each in written.problems if each.code == "FIT006"]
        assert told == [CYRILLIC]


def test_what_bibtex_dies_of_without_help_is_in_the_dirty_file(tmp_path: Path) -> None:
    text = LIBRARIES["dirty"].read_text("utf-8")
    with pytest.raises(AssertionError):
        typeset(BIBTEX, "plain", text, tmp_path)
