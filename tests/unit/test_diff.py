"""Diffs are what `patch` and git take, and the same as difflib's where that is quick enough."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.cli.diff import unified
from refkit.model.text import SourceText

LINES = st.lists(st.sampled_from(["@a{\n", "x\n", "y\n", "}\n", "\n", "\r\n", "z"]), max_size=14)


def applied(old: str, new: str) -> str:
    """Apply a diff by its own words: drop what it takes away, add what it brings."""
    diff = (
        unified(SourceText("a.bib", old), new)
        .decode()
        .replace("\n\\ No newline at end of file", "")
    )
    lines = old.splitlines(keepends=True)
    out: list[str] = []
    done = 0
    hunks = diff.split("@@ -")[1:]
    for hunk in hunks:
        head, _, body = hunk.partition("\n")
        start, _, length = head.split(" ")[0].partition(",")
        at = int(start) - (length != "0")
        out += lines[done:at]
        done = at
        for line in body.splitlines(keepends=True):
            if line[0] != "+":
                assert lines[done].rstrip("\n") == line[1:].rstrip("\n")
                done += 1
            if line[0] != "-":
                out.append(line[1:])
    joined = "".join([*out, *lines[done:]])
    return joined if new.endswith("\n") else joined.removesuffix("\n")


@given(LINES.map("".join), LINES.map("".join))
def test_a_diff_gives_the_new_text(old: str, new: str) -> None:
    assert applied(old, new) == new


def test_nothing_to_say() -> None:
    assert unified(SourceText("a.bib", "x\n"), "x\n") == b""


@pytest.mark.skipif(shutil.which("patch") is None, reason="the program patch is not installed")
def test_patch_takes_it(samples: Path, tmp_path: Path) -> None:
    old = (samples / "paper.bib").read_text("utf-8")
    new = old.replace("  year", "    year").replace("@article", "@ARTICLE", 3) + "@misc{new}"
    (tmp_path / "a.bib").write_text(old, "utf-8")
    diff = unified(SourceText("a.bib", old), new)
    subprocess.run(["patch", "-p0"], cwd=tmp_path, input=diff, check=True, capture_output=True)
    assert (tmp_path / "a.bib").read_text("utf-8") == new
