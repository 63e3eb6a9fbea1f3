"""Pandoc renders the whole of a library without a word of warning."""

from __future__ import annotations

from pathlib import Path

import pytest
from consumer_programs import LIBRARIES, STYLES, cited, exported, lacking

import refkit

SUFFIXES = {"csljson": "json", "cslyaml": "yaml", "bibtex": "bibtex", "biblatex": "bib"}
NOCITE = "---\nnocite: '@*'\n---\n"


def rendered(text: str, target: str, folder: Path, style: str = "") -> str:
    import pypandoc

    file = folder / f"refs.{SUFFIXES[target]}"
    refkit.save(file, text)
    chosen = [f"--csl={STYLES / style}"] if style else []
    arguments = ["--citeproc", f"--bibliography={file}", "--fail-if-warnings", *chosen]
    out: str = pypandoc.convert_text(NOCITE, "plain", format="markdown", extra_args=arguments)
    return out


@pytest.mark.parametrize("style", ["", "numbered.csl", "dated.csl"])
@pytest.mark.parametrize("target", SUFFIXES)
@pytest.mark.parametrize("library", LIBRARIES)
def test_pandoc_renders_every_entry(library: str, target: str, style: str, tmp_path: Path) -> None:
    document, written = exported(library, "pandoc", target)
    text = rendered(written.text, target, tmp_path, style)
    # pandoc takes a BibLaTeX @standard for a law, of which its own style prints no author.
    but = () if style or target != "biblatex" else ("standard",)
    assert not lacking(document, text, *but)
    if style == "numbered.csl":
        assert f"{len(list(cited(document)))}. " in text


def test_what_pandoc_dies_of_without_help_is_in_the_dirty_file(tmp_path: Path) -> None:
    text = LIBRARIES["dirty"].read_text("utf-8")
    with pytest.raises(RuntimeError):
        rendered(text, "biblatex", tmp_path)


def test_a_date_in_words_is_printed(tmp_path: Path) -> None:
    _, written = exported("dirty", "pandoc", "csljson")
    text = rendered(written.text, "csljson", tmp_path, "dated.csl")
    assert "around 1905, perhaps" in " ".join(text.split())
