"""Every example in the README is run, and gives what the README says."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
PYTHON = re.findall(r"```pycon\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def place(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(samples, tmp_path / "samples", ignore=shutil.ignore_patterns("plugin"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.split("\n")[0])
def test_console(block: str, place: Path) -> None:
    commands = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    for each in commands:
        line, _, want = each.partition("\n")
        code, got = run(line, place)
        assert code in (0, 1), f"{line}\n{got}"
        pattern = ".*".join(re.escape(part) for part in re.split(r"^\.\.\.$", want, flags=re.M))
        assert re.fullmatch(pattern, got, re.DOTALL), f"{line}\n{got}"


def run(line: str, place: Path) -> tuple[int, str]:
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        line, shell=True, cwd=place, env={**os.environ, "PATH": search}, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("block", PYTHON)
def test_python(block: str) -> None:
    parser = doctest.DocTestParser()
    example = parser.get_doctest(block, {}, "README", "README.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(example).failed == 0


def test_ci_runs_the_test_command(root: Path) -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README)
    assert commands[1] in (root / ".ci" / "run").read_text("utf-8").splitlines()
