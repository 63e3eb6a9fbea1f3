"""Golden cases of decoding and encoding LaTeX, and agreement with pandoc."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from refkit.normalise.latex import from_rich, strip_markup, to_plain, to_rich, unknown_macros
from refkit.normalise.latex_write import to_ascii

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "latex.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["about"])
def test_reading(case: dict[str, Any]) -> None:
    assert to_rich(case["latex"]) == case["rich"]
    assert to_plain(case["latex"]) == case.get("plain", case["rich"])


@pytest.mark.parametrize("case", CASES["write"], ids=lambda case: case["about"])
def test_writing(case: dict[str, Any]) -> None:
    assert from_rich(case["rich"]) == case["latex"]
    assert from_rich(case["rich"], ascii=True) == case.get("ascii", to_ascii(case["latex"]))
    assert from_rich(case["rich"], ascii=True).isascii() or "王" in case["rich"]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["about"])
def test_what_was_read_can_be_written_and_read_again(case: dict[str, Any]) -> None:
    assert to_rich(from_rich(case["rich"])) == case["rich"]


def test_protection_can_be_left_out() -> None:
    assert to_rich("The {DNA} of \\emph{{M}ice}", protect=False) == "The DNA of <i>Mice</i>"


def test_unknown_macros_are_named_once_in_order() -> None:
    latex = r"\foo \emph{\bar} \foo $\nomath$ \'e \o \& \\textbf \textbaht \noopsort{a} \enquote{b}"
    assert unknown_macros(latex) == ("foo", "bar")
    assert unknown_macros("plain") == ()


def test_strip_markup_takes_only_markup() -> None:
    rich = '<span class="nocase">a</span> <i>b</i> < c > <x> <sup>d</sup>'
    assert strip_markup(rich) == "a b < c > <x> d"


AGREED = [
    r"{\"O}zg{\"u}r \v{s} \c c \H{o} {\o} \'Ecole {\'Ecole} \d{h} \k{a} \r{a} \u g \=a",
    r"a -- b --- c \& d \% \# \_ \$ \{x\}",
    r"``quoted'' {\LaTeX} \TeX{} \ldots",
    r"\emph{Foo bar} {\it baz} {\em qux} {\bf b} \textbf{\emph{x y}}",
    r"\textsuperscript{2} \textsubscript{3} \textsc{abc} \textit{Homo sapiens}",
    r"\enquote{hi there} \url{http://a.example/c_d} \href{http://x.example}{foo}",
    r"$\alpha + \beta$ in $n \log n$ and $\mathrm{CO_2}$",
    r"\uppercase{foo} \MakeUppercase{bar} \lowercase{FOO} \noopsort{1973b}1973",
    r"{\aa} \AA ngstr\"om \ss{} \ae{} \copyright{} \pounds \S \P a~b",
]


def test_pandoc_reads_the_same() -> None:
    """Pandoc's biblatex reader, told that the titles are not English, so that it keeps case."""
    bib = "".join(
        f"@book{{k{i}, langid={{german}}, title={{{t}}}}}\n" for i, t in enumerate(AGREED)
    )
    command = [pypandoc.get_pandoc_path(), "-f", "biblatex", "-t", "csljson"]
    done = subprocess.run(command, input=bib, capture_output=True, text=True, check=True)
    titles = {item["id"]: item["title"] for item in json.loads(done.stdout)}
    assert [to_rich(latex, protect=False) for latex in AGREED] == [
        titles[f"k{i}"] for i in range(len(AGREED))
    ]
