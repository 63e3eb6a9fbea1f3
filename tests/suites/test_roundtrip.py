"""What goes from .bib to CSL and back is what it was; peers lose a third of it and more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.roundtrip.__main__ import EXAMPLES
from tests.bench.roundtrip.compare import compare
from tests.bench.roundtrip.tools import by_refkit, tools

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = [(SAMPLES / "paper.bib", "bibtex"), (SAMPLES / "paper-biblatex.bib", "biblatex")]


@pytest.fixture
def examples() -> str:
    if not EXAMPLES.is_file():
        pytest.skip("biblatex's examples are not installed (Debian's texlive-bibtex-extra)")
    return EXAMPLES.read_text("utf-8")


@pytest.mark.parametrize("form", ["csljson", "cslyaml"])
@pytest.mark.parametrize(("path", "dialect"), FILES, ids=lambda value: getattr(value, "name", ""))
def test_the_samples_come_back_whole(path: Path, dialect: str, form: str) -> None:
    text = path.read_text("utf-8")
    kept = compare(text, by_refkit(form)(text, dialect))
    assert kept.fields > 100
    assert (kept.keys, kept.types, kept.lost) == (kept.entries, kept.entries, ())


@pytest.mark.parametrize("form", ["csljson", "cslyaml"])
def test_the_examples_of_biblatex_come_back_whole(examples: str, form: str) -> None:
    kept = compare(examples, by_refkit(form)(examples, "biblatex"))
    assert kept.fields > 1000
    assert (kept.keys, kept.types, kept.lost) == (kept.entries, kept.entries, ())


def test_no_other_program_brings_back_as_much(examples: str) -> None:
    others = {name: trip for name, trip in tools().items() if not name.startswith("refkit")}
    assert others
    ours = compare(examples, by_refkit("csljson")(examples, "biblatex"))
    for name, trip in others.items():
        assert compare(examples, trip(examples, "biblatex")).share < 0.9 < ours.share, name
