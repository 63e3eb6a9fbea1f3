from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from refkit.model.entry import Date, Entry, Field

from refkit_sample.count import command, count

ENTRIES = [
    Entry("a", "book", (Field("issued", Date(1958)), Field("publisher", "Methuen"))),
    Entry("b", "article-journal", (Field("issued", Date(1977)),)),
    Entry("c", "article-journal", (Field("issued", Date(literal="forthcoming")),)),
]

BIB = """\
@article{may1977, author = {May, Robert M.}, title = {Thresholds}, year = 1977}
@book{elton1958, author = {Elton, Charles S.}, title = {Invasions}, year = 1958}
@article{lecun2015, author = {LeCun, Yann}, title = {Deep Learning}, year = 2015}
"""


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("type", [("article-journal", 2), ("book", 1)]),
        ("year", [("(none)", 1), ("1958", 1), ("1977", 1)]),
        ("publisher", [("(none)", 2), ("Methuen", 1)]),
    ],
)
def test_counts_by(what: str, expected: list[tuple[str, int]]) -> None:
    assert count(ENTRIES, what) == expected


def test_the_command_counts_a_bibliography(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(BIB, encoding="utf-8")
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 0, result.output
    assert result.output.split() == ["2", "article-journal", "1", "book", "3", "in", "all"]


def test_the_command_explains_itself() -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "Example: refkit count" in result.output
