"""`refkit cite`: references in the styles of CSL and BibTeX, and beside pandoc's."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pybtex import PybtexEngine

from refkit.api import citing, documents
from refkit.errors import InputError
from refkit.normalise.latex import to_plain
from refkit.rendering import csl
from refkit.rendering.reference import written

MAY = (
    "Robert M. May. Thresholds and breakpoints in ecosystems with a multiplicity of stable"
    " states. Nature, 269:471–477, 1977."
)
BST = r"""ENTRY { title author } {} { label }
FUNCTION {book} { "\bibitem[" cite$ * "]{" * cite$ * "}" * write$ newline$
  author empty$ { "no author in " cite$ * warning$ } { "\textsc{" author * "}. " * write$ } if$
  "\newblock {\em " title * "}." * write$ newline$ }
FUNCTION {article} { 1 "x" + }
READ
ITERATE {call.type$}
"""


def refkit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", "cite", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def simple(root: Path) -> str:
    return str(root / "tests/data/simple.csl")


# beside pandoc


@pytest.mark.parametrize(
    "library", ["tests/data/works.json", "samples/paper.bib", "samples/paper-biblatex.bib"]
)
def test_a_csl_style_gives_what_pandoc_gives(
    library: str, simple: str, root: Path, tmp_path: Path
) -> None:
    document = documents.read(root / library)
    documents.save(tmp_path / "works.json", documents.convert(document, "csljson").text)
    theirs = by_pandoc(tmp_path / "works.json", simple)
    cited = citing.cite([], [root / library], style=simple, everything=True)
    ours = {each.key: alike(each.written("html")) for each in cited.references}
    assert len(theirs) == len(ours) > 10
    assert ours == theirs


def by_pandoc(items: Path, style: str) -> dict[str, str]:
    import pypandoc

    page = f'---\nnocite: "@*"\nbibliography: {items}\ncsl: {style}\n---\n'
    out = pypandoc.convert_text(page, "html", "markdown", extra_args=["--citeproc", "--wrap=none"])
    entries = re.findall(r'<div id="ref-([^"]+)"[^>]*>\n(.*?)\n</div>', out, re.DOTALL)
    return {key: alike(text) for key, text in entries}


def alike(text: str) -> str:
    """Return a reference without what the two write differently: tags' names, inner quotes."""
    text = text.replace("em>", "i>").replace("strong>", "b>")
    text = re.sub(r"<(?!/?(?:i|b|sub|sup)>)[^>]*>", "", text)
    return re.sub(r"[“”‘’\"']", "'", html.unescape(text))


# beside bibtex and pybtex


def test_a_bst_style_gives_what_bibtex_gives(root: Path, tmp_path: Path) -> None:
    if shutil.which("bibtex") is None:
        pytest.skip("bibtex is not installed")
    document = documents.read(root / "samples/paper.bib")
    documents.save(tmp_path / "refs.bib", documents.convert(document, "bibtex").text)
    aux = "\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{refs}\n"
    (tmp_path / "p.aux").write_text(aux, "utf-8")
    subprocess.run(["bibtex", "-min-crossrefs=99", "p"], cwd=tmp_path, check=True)
    bbl = " ".join((tmp_path / "p.bbl").read_text("utf-8").split())
    cited = citing.cite([], [root / "samples/paper.bib"], style="plain.bst", everything=True)
    items = bbl.removesuffix("\\end{thebibliography}").split("\\bibitem")[1:]
    theirs = [re.sub(r"\\newblock ", "", each.partition("}")[2]) for each in items]
    assert len(theirs) == 52
    ours = sorted(each.written("text") for each in cited.references)
    assert ours == sorted(plain(to_plain(each)).strip() for each in theirs)


def test_a_style_of_pybtexs_gives_what_pybtex_gives(root: Path) -> None:
    text = documents.convert(documents.read(root / "samples/paper.bib"), "bibtex").text
    theirs = PybtexEngine().format_from_string(text, style="unsrt", output_backend="plaintext")
    cited = citing.cite([], [root / "samples/paper.bib"], style="unsrt", everything=True)
    lines = [re.sub(r"^\[\d+\] ", "", each) for each in theirs.splitlines()]
    ours = [each.written("text") for each in cited.references]
    assert len(lines) == 52
    assert ours == [plain(each) for each in lines]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("style", ["plain", "plain.bst", "tests/data/simple.csl"])
def test_markup_and_special_characters_reach_every_style(style: str, root: Path) -> None:
    if style == "plain.bst" and shutil.which("kpsewhich") is None:
        pytest.skip("no TeX installation to find plain.bst in")
    chosen = str(root / style) if "/" in style else style
    library = root / "tests/data/works.json"
    rich, organisation = citing.cite(["rich", "organisation"], [library], style=chosen).references
    assert "The <i>E. coli</i> genome, CO<sub>2</sub> and " in rich.rich
    assert "<2%" in organisation.written("text")
    assert "&lt;2%" in organisation.written("html")
    assert "\\textless{}2\\%" in organisation.written("latex")


# styles


def test_the_default_style_needs_no_file(root: Path) -> None:
    done = refkit("may1977", "-l", "samples/paper.bib", cwd=root)
    assert (done.returncode, done.stdout) == (0, f"{MAY}\n")


@pytest.mark.parametrize("style", ["alpha", "unsrt", "harvard-cite-them-right"])
def test_styles_are_found_by_name(style: str, root: Path) -> None:
    cited = citing.cite(["may1977"], [root / "samples/paper.bib"], style=style)
    assert "Thresholds and breakpoints" in cited.references[0].rich
    assert cited.told == ()


def test_a_bst_file_is_run_and_its_warnings_are_told(tmp_path: Path) -> None:
    (tmp_path / "own.bst").write_text(BST, "utf-8")
    (tmp_path / "a.bib").write_text(
        "@book{b, title={B \\& C}, author={Doe, Jo}}\n@book{a, title={A}}\n", "utf-8"
    )
    done = refkit("a", "b", "-l", "a.bib", "--style", "own.bst", "--format", "html", cwd=tmp_path)
    assert done.stdout == (
        '<p class="csl-entry"><i>A</i>.</p>\n<p class="csl-entry">'
        '<span style="font-variant:small-caps;">Doe, Jo</span>. <i>B &amp; C</i>.</p>\n'
    )
    assert done.stderr == "a.bib:2:1: STY002 [a] no author in a\n"
    assert done.returncode == 0


def test_an_entry_that_breaks_a_bst_style_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "own.bst").write_text(BST, "utf-8")
    (tmp_path / "a.bib").write_text("@article{x, title={X}}\n@book{y, title={Y}}\n", "utf-8")
    done = refkit("--all", "-l", "a.bib", "--style", "own.bst", cwd=tmp_path)
    assert done.stdout == "Y.\n"
    assert "a.bib:1:1: STY001 [x] the style fails" in done.stderr
    assert done.returncode == 1


def test_an_entry_that_breaks_citeproc_does_not_stop_the_others(simple: str, root: Path) -> None:
    chosen = csl.style(simple, Path(simple).read_bytes())
    items = [
        {"id": "bad", "type": "book", "author": "Doe"},
        {"id": "odd", "type": "book", "issued": {"date-parts": [[2001, None, 3]]}, "title": "O"},
        {"id": "empty", "type": "book"},
        {"id": "good", "type": "book", "title": "Good"},
    ]
    found = list(csl.formatted(items, chosen))
    assert found[3].rich == "Good."
    assert [each.problems[0].code for each in (found[0], found[1])] == ["STY001", "STY001"]
    assert [each.problems[0].key for each in (found[0], found[1])] == ["bad", "odd"]


def test_what_a_style_of_pybtexs_misses_is_told_and_the_entry_formatted(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text("TY  - BOOK\nID  - a\nTI  - Alone\nER  - \n", "utf-8")
    done = refkit("a", "-l", "a.ris", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Alone.\n")
    assert "STY002 [a] missing" in done.stderr


# keys


def test_references_come_in_the_order_asked(root: Path) -> None:
    keys = ["scheffer2001", "may1977", "bates2015"]
    cited = citing.cite(keys, [root / "samples/paper.bib"])
    assert [each.key for each in cited.references] == keys


def test_all_is_every_work_once(root: Path) -> None:
    paths = [root / "samples/paper-biblatex.bib", root / "samples/paper.bib"]
    cited = citing.cite([], [*paths, paths[0]], everything=True)
    assert len(cited.references) == len({each.key for each in cited.references}) == 72


def test_an_unknown_key_names_the_nearest(root: Path) -> None:
    done = refkit("may1997", "-l", "samples/paper.bib", cwd=root)
    assert done.returncode == 2
    assert "samples/paper.bib: there is no entry with the key 'may1997'" in done.stderr
    assert "near it: may1977" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("a",), "Missing option '-l'"),
        (("-l", "a.bib"), "name the KEYs, or give --all"),
        (("a", "--all", "-l", "a.bib"), "name the KEYs, or give --all"),
        (("a", "-l", "gone.bib"), "gone.bib: there is no such file"),
        (("a", "-l", "."), "this is a folder"),
        (("a", "-l", "a.bib", "--style", "gone.csl"), "gone.csl: there is no such file"),
        (("a", "-l", "a.bib", "--style", "gone.bst"), "gone.bst: there is no such file"),
        (("a", "-l", "a.bib", "--style", "no-such-style"), "no style named 'no-such-style'"),
        (("a", "-l", "a.bib", "--style", "x.csl"), "x.csl: this is no CSL style"),
        (("a", "-l", "a.bib", "--style", "y.csl"), "y.csl: this is no CSL style"),
        (("a", "-l", "a.bib", "--style", "x.bst"), "x.bst: this is no .bst file"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: tuple[str, ...], why: str, tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@book{a, title={A}}\n", "utf-8")
    (tmp_path / "x.csl").write_text("no XML", "utf-8")
    (tmp_path / "y.csl").write_text("<html/>", "utf-8")
    (tmp_path / "x.bst").write_text("{ ] no", "utf-8")
    done = refkit(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_without_citeproc_a_csl_style_says_how_to_install_it(simple: str, root: Path) -> None:
    code = "import sys; sys.modules['citeproc'] = None; from refkit.cli.main import run; run()"
    command = [sys.executable, "-c", code, "cite", "may1977", "-l", "samples/paper.bib"]
    done = subprocess.run(
        [*command, "--style", simple], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == ("refkit: CSL styles need citeproc-py: pip install 'refkit-bib[cite]'\n")
    plain = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert plain.returncode == 0


def test_a_dependent_style_names_its_parent(tmp_path: Path) -> None:
    text = (
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>D</title>'
        '<link rel="independent-parent" href="http://www.zotero.org/styles/apa"/></info></style>'
    )
    with pytest.raises(InputError, match=r"take http://www\.zotero\.org/styles/apa"):
        csl.style("d.csl", text.encode())


def test_an_empty_library_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("", "utf-8")
    done = refkit("--all", "-l", "a.bib", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


# markup


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("text", "A & B <C> x2 Dée"),
        ("html", "A &amp; <i>B</i> &lt;C&gt; x<sup>2</sup> <b>Dée</b>"),
        ("latex", r"A \& \textit{B} \textless{}C\textgreater{} x\textsuperscript{2} \textbf{Dée}"),
        ("markdown", r"A & *B* \<C\> x^2^ **Dée**"),
    ],
)
def test_markup(markup: citing.Markup, want: str) -> None:
    rich = 'A & <i>B</i>\n<C> x<sup>2</sup> <b><span class="nocase">Dée</span></b>'
    assert written(rich, markup) == want


def test_a_file_that_is_read_is_never_written_over(samples: Path, tmp_path: Path) -> None:
    shutil.copy(samples / "paper.bib", tmp_path / "refs.bib")
    before = (tmp_path / "refs.bib").read_bytes()
    done = refkit("may1977", "-l", "refs.bib", "-o", "./refs.bib", cwd=tmp_path)
    assert done.returncode == 2
    assert "write to another file" in done.stderr
    assert (tmp_path / "refs.bib").read_bytes() == before
