"""The scanner on golden cases, on its own fast lane, and beside bibtexparser and pybtex."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import bibtexparser
import pytest

from refkit.formats.bibtex import grammar
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.tree import (
    Block,
    RawBroken,
    RawComment,
    RawEntry,
    RawPreamble,
    RawString,
    Tree,
)
from refkit.formats.bibtex.values import resolve
from refkit.model.report import Diagnostic
from refkit.model.text import SourceText

CASES = tomllib.loads(
    (Path(__file__).parent.parent / "cases" / "bibtex_scan" / "cases.toml").read_text("utf-8")
)["case"]


def scanned(text: str) -> tuple[Tree, tuple[Diagnostic, ...]]:
    return scan(SourceText("x.bib", text))


def told(block: Block) -> str:
    match block:
        case RawEntry():
            return f"{block.type}:{'' if block.complete else '!'}{block.key}"
        case RawString():
            return f"string:{block.name}"
        case RawPreamble():
            return "preamble"
        case RawComment():
            return "comment"
        case RawBroken():
            return "broken"


def place(source: SourceText, problem: Diagnostic) -> str:
    assert problem.span is not None
    position = source.position(problem.span.start)
    return f"{problem.code} {position.line}:{position.column}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden(case: dict[str, Any]) -> None:
    tree, problems = scanned(case["input"])
    assert [told(block) for block in tree.blocks] == case["blocks"]
    assert [
        [f"{field.name}={tree.raw(field)}" for field in entry.fields] for entry in tree.entries()
    ] == case["fields"]
    assert [place(tree.source, each) for each in problems] == case.get("problems", [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_line_ends_do_not_matter(case: dict[str, Any]) -> None:
    tree, problems = scanned(case["input"])
    other, other_problems = scanned(case["input"].replace("\n", "\r\n"))
    assert [told(block) for block in other.blocks] == [told(block) for block in tree.blocks]
    assert [
        (p.code, other.source.position(p.span.start).line) for p in other_problems if p.span
    ] == [(p.code, tree.source.position(p.span.start).line) for p in problems if p.span]


def test_the_spans_are_exact(samples: Path) -> None:
    text = (samples / "paper.bib").read_text("utf-8")
    tree, problems = scanned(text)
    assert not problems
    for entry in tree.entries():
        assert text[entry.start] == "@"
        assert text[entry.end - 1] in "})"
        assert text[entry.key_start : entry.key_end] == entry.key
        for field in entry.fields:
            assert text[field.start : field.end].lower() == field.name
            assert text[field.end : field.value_start].strip() == "="


@pytest.mark.parametrize("name", ["paper.bib", "paper-biblatex.bib"])
def test_bibtexparser_sees_the_same(samples: Path, name: str) -> None:
    text = (samples / name).read_text("utf-8")
    library = bibtexparser.parse_string(text, parse_stack=[])
    assert not library.failed_blocks
    theirs = [
        (e.entry_type, e.key, [(f.key.lower(), f.value) for f in e.fields]) for e in library.entries
    ]
    tree, _ = scanned(text)
    ours = [(e.type, e.key, [(f.name, tree.raw(f)) for f in e.fields]) for e in tree.entries()]
    assert ours == theirs


def test_a_comma_that_is_missing_has_a_fix() -> None:
    text = "@misc{m, a = {1} b = {2}}"
    _, (problem,) = scanned(text)
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert (
        text[: edit.span.start] + edit.text + text[edit.span.end :] == "@misc{m, a = {1}, b = {2}}"
    )


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("{Größe", "Größe"),
        ('"Größe', "Größe"),
        ("{Some {title}", "Some {title}"),
        ('"a "b" c"', 'a "b" c'),
        ("{a} # {b", "ab"),
    ],
)
def test_the_text_of_a_value_that_is_never_closed(raw: str, text: str) -> None:
    assert resolve(raw, {})[0] == text


SLOW = {
    "one line": "@article{{k{0}, title={{a@b}}, year=2000}} ",
    "keys with blanks": "@article{{k {0}, title={{a@b}}, year=2000}}\n",
    "no keys": "@article{{title={{a@b}}, year=2000}}\n",
    "unclosed comments": "@comment{{ {0}\n",
    "unclosed values": "@article{{k {0}, title={{a,\n year=2000}}\n",
}


@pytest.mark.parametrize("name", SLOW)
def test_the_search_for_the_next_block_is_linear(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The characters looked at, not the time, must grow with the length of the file."""
    looked = []
    real = grammar.NEXT_BLOCK

    class Counting:
        def search(self, text: str, pos: int) -> Any:
            found = real.search(text, pos)
            looked.append((found.start() if found else len(text)) - pos)
            return found

        def match(self, text: str, pos: int) -> Any:
            return real.match(text, pos)

    monkeypatch.setattr(grammar, "NEXT_BLOCK", Counting())
    text = "".join(SLOW[name].format(n) for n in range(2000))
    scanned(text)
    assert sum(looked) <= 4 * len(text)
