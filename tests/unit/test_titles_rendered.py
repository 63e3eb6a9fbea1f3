"""Titles as CSL's formats get them from a .bib file, and as a style renders them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pypandoc
import pytest

import refkit

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>t</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout><text variable="title" text-case="title"/></layout></bibliography></style>
"""
CASES = [
    # as written; as CSL has it; in a style with title case
    (
        "Introduction to Bayesian statistics",
        "Introduction to Bayesian statistics",
        "Introduction to Bayesian Statistics",
    ),
    (
        "Attention Is All You Need",
        "Attention is all you need",
        "Attention Is All You Need",
    ),
    (
        "The {Kalman} Filter and {DNA} in McDonald's E1 Genes",
        "The Kalman filter and DNA in McDonald's E1 genes",
        "The Kalman Filter and DNA in McDonald’s E1 Genes",
    ),
    (
        "The Limits of {ibn Bajja} and the {iPhone}",
        'The limits of <span class="nocase">ibn Bajja</span> and the '
        '<span class="nocase">iPhone</span>',
        "The Limits of ibn Bajja and the iPhone",
    ),
    (
        "Deep Learning: A Review of Networks",
        "Deep learning: A review of networks",
        "Deep Learning: A Review of Networks",
    ),
    (
        r"Diffusion of {H\textsubscript{2}O} in \emph{Escherichia coli} near Paris in cold winters",
        'Diffusion of <span class="nocase">H<sub>2</sub>O</span> in <i>Escherichia coli</i> '
        "near Paris in cold winters",
        "Diffusion of H₂O in Escherichia Coli Near Paris in Cold Winters",
    ),
]


def items(title: str) -> str:
    text = f"@book{{k, title = {{{title}}}, date = {{2000}}}}"
    return refkit.convert(refkit.parse(text, "biblatex"), "csljson").text


@pytest.mark.parametrize(("title", "csl", "rendered"), CASES, ids=[case[0] for case in CASES])
def test_a_title_has_the_case_that_csl_wants(title: str, csl: str, rendered: str) -> None:
    assert json.loads(items(title))[0]["title"] == csl


@pytest.mark.parametrize(("title", "csl", "rendered"), CASES, ids=[case[0] for case in CASES])
def test_a_style_renders_it_rightly(tmp_path: Path, title: str, csl: str, rendered: str) -> None:
    found = _rendered(tmp_path, items(title))
    assert found == rendered


def _rendered(folder: Path, bibliography: str) -> str:
    style, refs = folder / "style.csl", folder / "refs.json"
    style.write_text(STYLE, "utf-8")
    refs.write_text(bibliography, "utf-8")
    pandoc = [pypandoc.get_pandoc_path(), "--citeproc", "-f", "markdown", "-t", "plain"]
    command = [*pandoc, "--wrap=none", f"--csl={style}", f"--bibliography={refs}"]
    text = '---\nnocite: "@*"\n---\n'
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=True
    ).stdout.strip()
