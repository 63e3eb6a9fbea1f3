"""Golden cases of name lists, and agreement with pandoc."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from refkit.model.entry import Name
from refkit.normalise.names import format_names, parse_names

PATH = Path(__file__).parent.parent / "cases" / "normalise" / "names.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["latex"])
def test_reading(case: dict[str, Any]) -> None:
    names = parse_names(case["latex"], useprefix=case.get("useprefix", False))
    assert names == tuple(Name(**name) for name in case["names"])


@pytest.mark.parametrize("case", CASES["write"], ids=lambda case: case["latex"])
def test_writing(case: dict[str, Any]) -> None:
    names = tuple(Name(**name) for name in case["names"])
    assert format_names(names) == case["latex"]
    assert format_names(names, ascii=True) == case.get("ascii", case["latex"])
    useprefix = any(name.particle for name in names)
    assert parse_names(case["latex"], useprefix=useprefix) == names


@pytest.mark.parametrize("text", ["{" * 3000, "}" * 3000, "a, b, c, d, e", ",", "=", "\\", "{a"])
def test_no_name_list_is_an_error(text: str) -> None:
    assert isinstance(parse_names(text), tuple)
    assert len(parse_names(f"Doe, Jane and {text}")) >= 1


AGREED = """
    Knuth, Donald E. and others
    {\\"O}zg{\\"u}r, Jean-Paul and Ludwig van Beethoven
    de la Vall{\\'e}e Poussin, Charles Louis Xavier Joseph
    von Neumann, Jr., John and {van den} Berg and Plato
    {{Barnes and Noble, Inc.}} and A. B. Smith and {The {LaTeX} Team}
    family=Neumann, given=John, prefix=von, useprefix=true, suffix=Jr
    family=Gogh, given=Vincent, prefix=van
    {Foo Bar}, John and bell hooks and hooks, bell
    J.~R.~R. Tolkien and Jos{\\'e} Ortega y Gasset
    {\\O}stergaard, {\\AA}ge and Per {Brinch Hansen}
    S. {\\noopsort{A}}Smith and Mac{D}onald, Q and foo bar baz
"""


def test_pandoc_reads_the_same() -> None:
    lists = AGREED.split("\n")[1:-1]
    bib = "".join(f"@book{{k{i}, author={{{names}}}}}\n" for i, names in enumerate(lists))
    command = [pypandoc.get_pandoc_path(), "-f", "biblatex", "-t", "csljson"]
    done = subprocess.run(command, input=bib, capture_output=True, text=True, check=True)
    authors = {item["id"]: item["author"] for item in json.loads(done.stdout)}
    for i, names in enumerate(lists):
        assert [_csl(name) for name in parse_names(names)] == authors[f"k{i}"]


def _csl(name: Name) -> dict[str, str]:
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "dropping-particle": name.dropping_particle,
        "suffix": name.suffix,
        "literal": name.literal,
    }
    return {key: value for key, value in parts.items() if value}
