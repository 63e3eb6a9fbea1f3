"""A real Sphinx build whose bibliography is no .bib file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from refkit.api import documents

pytest.importorskip("sphinxcontrib.bibtex", reason="sphinxcontrib-bibtex is not installed")

INDEX = """Ecosystems
==========

Thresholds :cite:p:`{key}` are abrupt.

.. bibliography:: {name}
"""


def build(
    folder: Path, name: str, *options: str, key: str = "may1977"
) -> subprocess.CompletedProcess[str]:
    conf = f'extensions = ["refkit.hosts.sphinx_bibtex"]\nbibtex_bibfiles = ["{name}"]\n'
    (folder / "conf.py").write_text(conf, "utf-8")
    (folder / "index.rst").write_text(INDEX.format(name=name, key=key), "utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", *options, ".", "html"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "format"),
    [("refs.ris", "ris"), ("refs.json", "csljson"), ("refs.yaml", "cslyaml"),
     ("refs.xml", "endnotexml"), ("refs.bib", "bibtex")],
)  # fmt: skip
def test_the_page_holds_the_references(
    name: str, format: str, samples: Path, tmp_path: Path
) -> None:
    document = documents.read(samples / "paper.bib")
    (tmp_path / name).write_text(documents.convert(document, format).text, "utf-8")
    done = build(tmp_path, name, "-W")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "Robert M. May." in page
    assert "Thresholds and breakpoints in ecosystems with a multiplicity of stable states" in page
    assert "<em>Nature</em>" in page


def test_a_broken_record_is_a_warning_and_the_page_is_built(tmp_path: Path) -> None:
    whole = (
        '{"id": "may1977", "type": "book", "title": "Whole", "publisher": "B",'
        ' "author": [{"family": "May"}], "issued": {"date-parts": [[1977]]}}'
    )
    (tmp_path / "refs.json").write_text(f"[5, {whole}]", "utf-8")
    done = build(tmp_path, "refs.json")
    assert done.returncode == 0, done.stderr
    assert "1:2: SYN022" in done.stderr
    assert "Whole" in (tmp_path / "html" / "index.html").read_text("utf-8")
    assert build(tmp_path, "refs.json", "-W", "-E").returncode != 0


def test_several_files_make_one_bibliography_and_repeated_keys_are_warnings(
    samples: Path, tmp_path: Path
) -> None:
    document = documents.read(samples / "paper.bib")
    (tmp_path / "one.ris").write_text(documents.convert(document, "ris").text, "utf-8")
    (tmp_path / "two.bib").write_text("@misc{extra, title={Extra}, year=2000}\n", "utf-8")
    (tmp_path / "three.json").write_text('[{"id": "extra", "type": "document"}]', "utf-8")
    page = "X\n=\n:cite:p:`may1977` :cite:p:`extra`\n\n.. bibliography::\n"
    conf = (
        'extensions = ["sphinxcontrib.bibtex", "refkit.hosts.sphinx_bibtex"]\n'
        'bibtex_bibfiles = ["one.ris", "two.bib", "three.json"]\n'
    )
    (tmp_path / "conf.py").write_text(conf, "utf-8")
    (tmp_path / "index.rst").write_text(page, "utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "html"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    html = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "Robert M. May" in html
    assert "Extra" in html
    assert "three.json: repeated bibliography entry: extra" in done.stderr


def test_a_pubmed_record_is_cited_by_the_key_that_refkit_makes(tmp_path: Path) -> None:
    record = "PMID- 1\nTI  - Thresholds\nFAU - May, Robert M\nDP  - 1977\nJT  - Nature\n"
    (tmp_path / "refs.nbib").write_text(f"{record}PT  - Journal Article\n", "utf-8")
    done = build(tmp_path, "refs.nbib", "-W", key="May1977")
    assert done.returncode == 0, done.stderr
    assert "Robert M. May" in (tmp_path / "html" / "index.html").read_text("utf-8")


def test_a_file_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "refs.json").write_bytes(b"\0\0")
    done = build(tmp_path, "refs.json")
    assert "this is a binary file" in done.stderr
    assert "Traceback" not in done.stderr
