"""Manuscripts: which works a text cites, held against Pandoc and LaTeX themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from refkit.errors import InputError
from refkit.manuscripts.scan import bibliographies, cited, included, kind_of

CASES = Path(__file__).parent.parent / "cases" / "manuscripts"
KINDS = ("latex", "markdown", "typst", "aux")


def cases(kind: str) -> list[dict[str, Any]]:
    return tomllib.loads((CASES / f"{kind}.toml").read_text("utf-8"))["case"]


def keys(text: str, kind: str) -> list[str]:
    return [each.key for each in cited(text, kind)]


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        pytest.param(kind, case, id=f"{kind}: {case['name']}")
        for kind in KINDS
        for case in cases(kind)
    ],
)
def test_a_text_cites_what_its_case_says(kind: str, case: dict[str, Any]) -> None:
    text = case["text"].removeprefix("\n")
    found = cited(text, kind)
    assert sorted(each.key for each in found) == sorted(case["keys"])
    assert all(text[each.start : each.end] == each.key for each in found)


def citation_ids(tree: Any) -> list[str]:
    if isinstance(tree, list):
        return [each for part in tree for each in citation_ids(part)]
    if not isinstance(tree, dict):
        return []
    own = [tree["citationId"]] if "citationId" in tree else []
    return own + [each for part in tree.values() for each in citation_ids(part)]


@pytest.mark.parametrize("case", cases("markdown"), ids=lambda case: case["name"])
def test_pandoc_finds_the_same_citations_in_markdown(case: dict[str, Any]) -> None:
    pypandoc = pytest.importorskip("pypandoc")
    text = case["text"].removeprefix("\n")
    tree = json.loads(pypandoc.convert_text(text, "json", format="markdown"))
    assert sorted(set(keys(text, "markdown"))) == sorted(set(citation_ids(tree)))


def test_latex_itself_writes_the_same_citations(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    body = r"""
\documentclass{article}
\usepackage[numbers]{natbib}
\begin{document}
\citep[see][p.~3]{a1, a2 ,% \cite{no1}
  a3} \verb|\cite{no2}| 50\% \citet*{a4} \\% \cite{no3}
\begin{verbatim}
\cite{no4}
\end{verbatim}
\cite[see \citealp{a5}]{a6} \citeauthor{a7} \nocite{a8} \citetext{x \citealp{a9}}
\end{document} \cite{no5}
"""
    (tmp_path / "paper.tex").write_text(body)
    command = ["pdflatex", "-interaction=batchmode", "paper.tex"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    written = (tmp_path / "paper.aux").read_text()
    assert sorted(set(keys(body, "latex"))) == sorted(set(keys(written, "aux")))
    assert set(keys(written, "aux")) == {f"a{n}" for n in range(1, 10)}


def test_quarto_cross_references_are_no_citations() -> None:
    text = "See @fig-map, @tbl-one and @figaro2020."
    assert keys(text, "quarto") == ["figaro2020"]
    assert "fig-map" in keys(text, "markdown")


def test_included_files_are_told_as_written() -> None:
    text = r"""\input{a} \input b \include{c/d} \import{e/}{f} % \input{no}
\includegraphics{no} \verb|\input{no}| \subfile{g} \newcommand{\x}[1]{\input{#1}}"""
    assert included(text) == ("a", "b", "c/d", "e/f", "g")
    assert included('#include "a.typ"\n#import "@preview/x:1.0.0": y', "typst") == ("a.typ",)
    assert included("text", "markdown") == ()


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        ("latex", r"\bibliography{a, b} % \bibliography{no}", ("a", "b")),
        ("latex", r"\addbibresource[location=local]{refs.bib}", ("refs.bib",)),
        ("aux", r"\bibdata{refs}", ("refs",)),
        ("markdown", "---\nbibliography: refs.bib # ours\n---\n", ("refs.bib",)),
        ("markdown", "---\nbibliography: [a.bib, 'b.json']\n---\n", ("a.bib", "b.json")),
        ("quarto", "---\nbibliography:\n  - a.bib\n  - b.json\nx: y\n---\n", ("a.bib", "b.json")),
        ("markdown", "bibliography: no.bib", ()),
        ("typst", '#bibliography("refs.bib", style: "apa")', ("refs.bib",)),
        ("typst", '#bibliography(("a.bib", "b.yml"))', ("a.bib", "b.yml")),
    ],
)
def test_bibliographies_are_told_as_written(kind: str, text: str, names: tuple[str, ...]) -> None:
    assert bibliographies(text, kind) == names


def test_the_suffix_tells_the_kind_and_others_are_refused() -> None:
    assert [kind_of(f"x{s}") for s in (".tex", ".MD", ".qmd", ".typ", ".aux")] == [
        "latex",
        "markdown",
        "quarto",
        "typst",
        "aux",
    ]
    with pytest.raises(InputError, match=r"paper\.docx.*known suffixes.*\.tex"):
        kind_of("paper.docx")
