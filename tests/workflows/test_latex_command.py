"""`refkit latex`, and what LaTeX makes of its files: real runs of pdflatex, bibtex and biber."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refkit.api import documents

PLAIN = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\begin{document}
States \cite{may1977,kdd}. \include{methods}
\bibliographystyle{plain}
\bibliography{refs}
\end{document}
"""
BIBLATEX = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[backend=biber]{biblatex}
\addbibresource{refs.bib}
\begin{document}
CERMINE \parencite{tkaczyk2014,tkaczyk2015semweb}, states \textcite{may1977}.
\printbibliography
\end{document}
"""
BOOK = (
    "TY  - BOOK\nID  - kdd\nAU  - Łoś, Jan\nTI  - Sets & 100% more\nPB  - B\nPY  - 2001\nER  - \n"
)


def refkit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    return done.stdout.decode("utf-8", "replace")


@pytest.fixture
def paper(samples: Path, tmp_path: Path) -> Path:
    (tmp_path / "paper.tex").write_text(PLAIN, "utf-8")
    (tmp_path / "methods.tex").write_text(
        "Models \\cite{bates2015}. % \\cite{no}\n\\nocite{ribeiro2016}\n", "utf-8"
    )
    (tmp_path / "shelf.ris").write_text(BOOK, "utf-8")
    for name in ("paper.bib", "paper-biblatex.bib"):
        shutil.copy(samples / name, tmp_path / f"my-{name}")
    return tmp_path


LIBRARIES = ("-l", "my-paper.bib", "-l", "shelf.ris")


def needs(*programs: str) -> None:
    for each in programs:
        if shutil.which(each) is None:
            pytest.skip(f"{each} is not installed")


def keys(path: Path) -> set[str]:
    return {each.key for each in documents.read(path).entries}


def test_a_paper_compiles_with_bibtex(paper: Path) -> None:
    needs("pdflatex", "bibtex")
    assert refkit("latex", "paper.tex", *LIBRARIES, "-o", "refs.bib", cwd=paper).returncode == 0
    run("pdflatex", "-interaction=nonstopmode", "paper", cwd=paper)
    from_tex = (paper / "refs.bib").read_bytes()
    done = refkit("latex", "paper.aux", *LIBRARIES, "-o", "refs.bib", cwd=paper)
    assert "unchanged" in done.stderr
    assert (paper / "refs.bib").read_bytes() == from_tex
    told = run("bibtex", "paper", cwd=paper)
    assert "error message" not in told
    assert "I didn't find" not in told
    run("pdflatex", "-interaction=nonstopmode", "paper", cwd=paper)
    log = run("pdflatex", "-interaction=nonstopmode", "paper", cwd=paper)
    assert "undefined" not in log
    bibliography = (paper / "paper.bbl").read_text("utf-8")
    assert "Thresholds and breakpoints" in bibliography
    assert bibliography.count("\\bibitem") == 4


def test_a_paper_compiles_with_biber(paper: Path) -> None:
    needs("pdflatex", "biber", "kpsewhich")
    if not run("kpsewhich", "biblatex.sty", cwd=paper).strip():
        pytest.skip("biblatex is not installed")
    (paper / "paper.tex").write_text(BIBLATEX, "utf-8")
    shelf = documents.convert(documents.read(paper / "my-paper.bib"), "csljson").text
    (paper / "shelf.json").write_text(shelf, "utf-8")
    libraries = ("-l", "my-paper-biblatex.bib", "-l", "shelf.json")
    run("pdflatex", "-interaction=nonstopmode", "paper", cwd=paper)
    texts = []
    for suffix in ("tex", "aux", "bcf"):
        done = refkit("latex", f"paper.{suffix}", *libraries, "-o", "refs.bib", cwd=paper)
        assert done.returncode == 0, done.stderr
        texts.append((paper / "refs.bib").read_bytes())
    assert texts[0] == texts[1] == texts[2]
    assert keys(paper / "refs.bib") == {
        "tkaczyk2014", "tkaczyk2015semweb", "may1977", "das2014", "springer",
    }  # fmt: skip
    told = run("biber", "paper", cwd=paper)
    assert "ERROR" not in told
    assert "WARN" not in told
    run("pdflatex", "-interaction=nonstopmode", "paper", cwd=paper)
    log = run("pdflatex", "-interaction=nonstopmode", "paper", cwd=paper)
    assert "undefined" not in log
    assert "Springer International Publishing" in (paper / "paper.bbl").read_text("utf-8")


def test_entries_of_bib_libraries_are_their_own_text(paper: Path) -> None:
    done = refkit("latex", "paper.tex", *LIBRARIES, cwd=paper)
    library = (paper / "my-paper.bib").read_text("utf-8")
    blocks = [each for each in done.stdout.split("\n\n@") if "may1977" in each]
    assert len(blocks) == 1
    assert "@" + blocks[0].removeprefix("@").rstrip("\n") in library


def test_an_output_that_does_not_change_is_not_written(paper: Path) -> None:
    command = ("latex", "paper.tex", *LIBRARIES, "-o", "refs.bib")
    refkit(*command, cwd=paper)
    os.utime(paper / "refs.bib", (1, 1))
    done = refkit(*command, cwd=paper)
    assert (paper / "refs.bib").stat().st_mtime == 1
    assert "refs.bib: 4 entries, unchanged" in done.stderr
    assert refkit(*command, "--diff", cwd=paper).stdout == ""


def test_diff_and_dry_run_write_nothing(paper: Path) -> None:
    (paper / "refs.bib").write_text("@book{old, title={Old}}\n", "utf-8")
    command = ("latex", "paper.tex", *LIBRARIES, "-o", "refs.bib")
    done = refkit(*command, "--diff", cwd=paper)
    assert "-@book{old, title={Old}}\n" in done.stdout
    assert "4 entries, would be written" in refkit(*command, "--dry-run", cwd=paper).stderr
    assert (paper / "refs.bib").read_text("utf-8") == "@book{old, title={Old}}\n"


def test_a_device_is_written_to_and_never_read(paper: Path) -> None:
    done = refkit("latex", "paper.tex", *LIBRARIES, "-o", "/dev/stdout", cwd=paper)
    assert done.stdout == refkit("latex", "paper.tex", *LIBRARIES, cwd=paper).stdout != ""


def test_a_missing_key_is_told_with_its_place_and_the_rest_is_written(paper: Path) -> None:
    done = refkit("latex", "paper.tex", "-l", "my-paper.bib", "-o", "refs.bib", cwd=paper)
    assert done.returncode == 1
    assert "paper.tex:4:22: PAP001 [kdd] the key 'kdd' is in no library\n" in done.stderr
    assert "may1977" in keys(paper / "refs.bib")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("gone.tex",), "gone.tex: there is no such file"),
        (("my-paper.bib",), "a paper is an .aux, .bcf or .tex file"),
        ((".",), "a paper is an .aux, .bcf or .tex file"),
        (("paper.tex",), "names no library that is there; give some with -l"),
        (("paper.tex", "-l", "."), "this is a folder"),
        (("paper.tex", "-l", "binary.bib"), "binary file"),
        (("paper.tex", "-l", "my-paper.bib", "-o", "./my-paper.bib"), "is one of the libraries"),
        (("paper.tex", *LIBRARIES, "-o", "no/refs.bib"), "cannot be written"),
        (("paper.tex", *LIBRARIES, "-o", "./paper.tex"), "is one of the paper's files"),
        (("paper.tex", *LIBRARIES, "-o", "methods.tex"), "is one of the paper's files"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: tuple[str, ...], why: str, paper: Path) -> None:
    (paper / "binary.bib").write_bytes(b"\0\1\2")
    before = {path.name: path.read_bytes() for path in paper.iterdir()}
    done = refkit("latex", *arguments, cwd=paper)
    assert {path.name: path.read_bytes() for path in paper.iterdir()} == before
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_guessed_encoding_is_told_where_entries_are_taken(paper: Path) -> None:
    entry = "@book{kdd,\r\n  title = {Über Käfer},\r\n}\r\n"
    (paper / "latin.bib").write_bytes(entry.encode("latin-1"))
    done = refkit("latex", "paper.tex", "-l", "latin.bib", "-l", "my-paper.bib", cwd=paper)
    assert "latin.bib:1:1: TXT001 not UTF-8; read as cp1252" in done.stderr
    assert "title = {Über Käfer}" in done.stdout
    cited = refkit("cite", "may1977", "-l", "latin.bib", "-l", "my-paper.bib", cwd=paper)
    assert (cited.returncode, cited.stderr) == (0, "")
    cited = refkit("cite", "kdd", "-l", "latin.bib", "-l", "my-paper.bib", cwd=paper)
    assert "latin.bib:1:1: TXT001" in cited.stderr
    said = ("kdd", "-l", "latin.bib", "--encoding", "latin-1")
    cited = refkit("cite", *said, cwd=paper)
    assert "Über käfer" in cited.stdout
    done = refkit("latex", "paper.tex", *said[1:], cwd=paper)
    assert "title = {Über Käfer}" in done.stdout
    assert "TXT001" not in cited.stderr + done.stderr


def test_empty_files_give_an_empty_bibliography(paper: Path) -> None:
    (paper / "empty.tex").write_text("", "utf-8")
    (paper / "empty.bib").write_text("", "utf-8")
    done = refkit("latex", "empty.tex", "-l", "empty.bib", cwd=paper)
    assert (done.returncode, done.stdout) == (0, "")
