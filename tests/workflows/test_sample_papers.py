"""The commands of the sample papers give what their READMEs say."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import refkit

PAPERS = Path(__file__).parent.parent.parent / "samples" / "papers"
TYPST = "#!{}\nimport sys, typst\ntypst.compile(sys.argv[2], output=sys.argv[3])\n"
# A PDF of LaTeX's own fonts gives no ligatures back ("ff").
CITED = ("May", "Sche", "Boettiger", "Bates")


def need(*programs: str) -> None:
    for name in programs:
        if shutil.which(name) is None:
            reason = f"{name} is not installed"
            if os.environ.get("REFKIT_REQUIRE_CONSUMERS") == "1":
                pytest.fail(reason)
            pytest.skip(reason)


@pytest.fixture
def search(tmp_path: Path) -> str:
    """Return a PATH with refkit, and with `typst` and `pandoc` where only their packages are."""
    import pypandoc

    programs = tmp_path / "bin"
    programs.mkdir()
    if shutil.which("typst") is None and importlib.util.find_spec("typst"):
        (programs / "typst").write_text(TYPST.format(sys.executable))
        (programs / "typst").chmod(0o755)
    if shutil.which("pandoc") is None:
        (programs / "pandoc").symlink_to(pypandoc.get_pandoc_path())
    return os.pathsep.join([str(Path(sys.executable).parent), str(programs), os.environ["PATH"]])


@pytest.fixture
def papers(samples: Path, tmp_path: Path) -> Path:
    shutil.copytree(samples, tmp_path / "samples", ignore=shutil.ignore_patterns("plugin"))
    return tmp_path / "samples" / "papers"


def followed(folder: Path, search: str) -> None:
    """Run the commands of a folder's README, as they stand there."""
    blocks = re.findall(r"```sh\n(.*?)```", (folder / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    done = subprocess.run(
        ["bash", "-e", "-c", blocks[0]], cwd=folder, env={**os.environ, "PATH": search},
        check=False, capture_output=True, text=True, errors="replace", timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_every_folder_is_listed_and_has_commands() -> None:
    listed = re.findall(r"^\| `(\w+)/`", (PAPERS / "README.md").read_text("utf-8"), re.M)
    assert sorted(listed) == sorted(each.name for each in PAPERS.iterdir() if each.is_dir())


def test_latex(papers: Path, search: str) -> None:
    need("pdflatex", "biber", "pdftotext")
    followed(papers / "latex", search)
    subprocess.run(["pdftotext", "paper.pdf"], cwd=papers / "latex", check=True)
    text = (papers / "latex" / "paper.txt").read_text("utf-8")
    assert all(text.count(name) > 1 for name in CITED)
    assert "undefined" not in (papers / "latex" / "paper.log").read_text("latin-1")


def test_pandoc(papers: Path, search: str) -> None:
    followed(papers / "pandoc", search)
    text = (papers / "pandoc" / "paper.html").read_text("utf-8")
    assert all(text.count(name) > 1 for name in CITED)


def test_typst(papers: Path, search: str) -> None:
    need("pdftotext")
    followed(papers / "typst", search)
    subprocess.run(["pdftotext", "paper.pdf"], cwd=papers / "typst", check=True)
    text = (papers / "typst" / "paper.txt").read_text("utf-8")
    assert all(text.count(name) > 1 for name in CITED)


def test_zotero(papers: Path, search: str) -> None:
    folder = papers / "zotero"
    followed(folder, search)
    ours = refkit.read(folder / "for-zotero.json").entries
    assert [each.key for each in ours] == [
        each.key for each in refkit.read(papers.parent / "paper.bib").entries
    ]
    back = refkit.read(folder / "refs.bib").entries
    assert [each.key for each in back] == ["may1977", "elton1958"]
