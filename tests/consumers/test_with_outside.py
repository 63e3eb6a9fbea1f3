"""What other projects test their readers with, all in one file for each program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from consumer_programs import need, run
from test_with_latex import BIBLATEX, BIBTEX
from test_with_pandoc import SUFFIXES, rendered
from test_with_typst import compiled

import refkit
from refkit.model.entry import Entry
from refkit.model.report import Document
from refkit.model.text import SourceText

EMPTY = "item5-1"
PLAIN_TEX = "$\\sp{"  # math that pandoc cannot read


@pytest.fixture(scope="module")
def everything(shared: Path) -> Document:
    entries: list[Entry] = []
    for file in sorted((shared / "suites" / "conversion").glob("*.jsonl")):
        for line in file.read_text("utf-8").split("\n"):
            if line:
                case = json.loads(line)
                entries += refkit.parse(case["input"], case["informat"], path=case["id"]).entries
    printed = [entry for entry in entries if entry.key != EMPTY]
    kept = tuple(entry for entry in printed if PLAIN_TEX not in entry.text("title"))
    return Document(SourceText("suites", ""), "biblatex", kept)


def written(document: Document, consumer: str, target: str) -> str:
    return refkit.convert(document, target, refkit.Conversion(consumer=consumer)).text


@pytest.mark.parametrize("target", ["biblatex", "bibtex"])
def test_typst_takes_it_whole(everything: Document, target: str, tmp_path: Path) -> None:
    text = written(everything, "typst", target)
    assert len(compiled(text, tmp_path, "apa")) > 20_000


@pytest.mark.parametrize("target", SUFFIXES)
def test_pandoc_takes_it_whole(everything: Document, target: str, tmp_path: Path) -> None:
    text = rendered(written(everything, "pandoc", target), target, tmp_path, "numbered.csl")
    assert "300. " in text


@pytest.mark.parametrize(("target", "style"), [("bibtex", "alpha"), ("biblatex", "numeric")])
def test_latex_takes_it_whole(
    everything: Document, target: str, style: str, tmp_path: Path
) -> None:
    need("pdflatex", "bibtex", "biber")
    refkit.save(tmp_path / "refs.bib", written(everything, "latex", target))
    page = (BIBTEX if target == "bibtex" else BIBLATEX).replace("KEYS", "*")
    refkit.save(tmp_path / "main.tex", page.replace("STYLE", style))
    latex = ("pdflatex", "-interaction=nonstopmode", "main.tex")
    run(*latex, cwd=tmp_path)
    code, said = run("bibtex" if target == "bibtex" else "biber", "main", cwd=tmp_path)
    assert code == 0, said
    log = run(*latex, cwd=tmp_path)[1]
    errors = [line for line in log.splitlines() if line.startswith("! ")]
    assert [line for line in errors if "Unicode character" not in line] == []
