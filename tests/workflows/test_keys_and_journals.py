"""`refkit keys` and `--journals` as they are used: shown first, written when asked for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import refkit
from refkit.normalise import ltwa


def run(
    *arguments: str | Path, cwd: Path, stdin: bytes | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, check=False, input=stdin, timeout=120, cwd=cwd
    )
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def project(tmp_path: Path, samples: Path) -> Path:
    shutil.copy(samples / "paper.bib", tmp_path / "refs.bib")
    (tmp_path / "paper.tex").write_text("\\citep[see][]{may1977,scheffer2001} % \\cite{may1977}\n")
    (tmp_path / "notes.qmd").write_text("By @may1977, as in @fig-may1977.\n")
    return tmp_path


KEYS = ("keys", "refs.bib", "--keys", "may1977", "--in", "paper.tex", "--in", "notes.qmd")


def test_keys_are_shown_as_a_diff_and_nothing_is_written(project: Path) -> None:
    before = {path.name: path.read_bytes() for path in project.iterdir()}
    done = run(*KEYS, cwd=project)
    assert done.returncode == 0
    assert {path.name: path.read_bytes() for path in project.iterdir()} == before
    lines = [line for line in done.stdout.splitlines() if line[:1] in "+-"]
    assert lines == [
        "--- refs.bib",
        "+++ refs.bib",
        "-@article{may1977,",
        "+@article{may1977thresholds,",
        "--- paper.tex",
        "+++ paper.tex",
        "-\\citep[see][]{may1977,scheffer2001} % \\cite{may1977}",
        "+\\citep[see][]{may1977thresholds,scheffer2001} % \\cite{may1977}",
        "--- notes.qmd",
        "+++ notes.qmd",
        "-By @may1977, as in @fig-may1977.",
        "+By @may1977thresholds, as in @fig-may1977.",
    ]
    assert done.stderr == (
        "may1977 -> may1977thresholds\npaper.tex: 1 citation\nnotes.qmd: 1 citation\n"
        "52 entries, 1 new key\n"
    )


def test_keys_are_written_in_place_and_then_are_as_asked_for(project: Path) -> None:
    done = run("keys", "refs.bib", "--all", "-p", "[auth:lower][year]", "--check", cwd=project)
    assert done.returncode == 1
    assert done.stdout == ""
    done = run("keys", "refs.bib", "--all", "-p", "[auth:lower][year]", "-i", cwd=project)
    assert done.returncode == 0
    done = run("keys", "refs.bib", "--all", "-p", "[auth:lower][year]", "--check", cwd=project)
    assert done.returncode == 0
    keys = [each.key for each in refkit.read(project / "refs.bib").entries]
    assert keys[:3] == ["may1977", "scheffer2001", "scheffer2009"]
    assert len(set(keys)) == len(keys) == 52


def test_a_pattern_that_cannot_be_read_is_pointed_at(project: Path) -> None:
    done = run("keys", "refs.bib", "-p", "auth + yaer", cwd=project)
    assert done.returncode == 2
    assert done.stdout == ""
    told, pattern, caret = done.stderr.splitlines()
    assert told.startswith("refkit: key pattern, column 8: there is no function 'yaer'; did you")
    assert caret.index("^") == pattern.index("yaer")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--all", "--keys", "may1977"), "cannot be used together"),
        (("--keys", "nobody"), "no entry has the key 'nobody'"),
        (("--in", "none.tex"), "none.tex: there is no such file"),
        (("--in", "refs.bib"), "is no manuscript that refkit knows"),
        (("--in", "paper.tex", "-o", "new.bib"), "--in goes with --in-place or --diff"),
    ],
)
def test_wrong_usage_of_keys_is_refused(
    project: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run("keys", "refs.bib", *arguments, cwd=project)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_keys_through_a_pipe(tmp_path: Path) -> None:
    items = b'[{"type": "book", "title": "Odd things", "author": [{"family": "Doe"}]}]'
    done = run("keys", "-", "-f", "csljson", "-o", "-", cwd=tmp_path, stdin=items)
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["id"] == "doeodd"


def test_typst_still_compiles_after_a_renaming(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst")
    (tmp_path / "refs.bib").write_text(
        "@book{old:1, author={Döe, Jane}, title={Odd Things}, year=2020}\n"
        "@book{Old 2, author={Roe, R}, title={Even Things}, year=2021}\n"
    )
    (tmp_path / "paper.typ").write_text(
        '#set heading(numbering: "1.")\n= A <a>\n@old:1 @a #cite(<old:1>) #cite(label("Old 2"))\n'
        '#bibliography("refs.bib")\n'
    )
    done = run("keys", "refs.bib", "--all", "--in", "paper.typ", "-i", cwd=tmp_path)
    assert done.returncode == 0
    text = (tmp_path / "paper.typ").read_text()
    assert '@doe2020odd @a #cite(<doe2020odd>) #cite(label("roe2021even"))' in text
    assert typst.compile(str(tmp_path / "paper.typ"))


def test_journals_are_abbreviated_and_expanded_in_a_file(project: Path, samples: Path) -> None:
    if not ltwa.installed():
        pytest.skip("the extra 'journals' is not installed")
    done = run("format", "refs.bib", "--journals", "abbreviate", "-i", cwd=project)
    assert done.returncode == 0
    text = (project / "refs.bib").read_text()
    assert "{J. R. Soc. Interface}" in text
    assert '"Mach. Learn."' in text  # where the macro is defined
    done = run("format", "refs.bib", "--journals", "abbreviate", "--check", cwd=project)
    assert done.returncode == 0
    catalogue = samples / "catalogue.jsonl"
    done = run(
        "format", "refs.bib", "--journals", "expand", "--catalogue", catalogue, "-i", cwd=project
    )
    assert done.returncode == 0
    text = (project / "refs.bib").read_text()
    assert '"Methods in Ecology and Evolution"' in text
    assert "JRN001" in done.stderr
    quiet = ("format", "refs.bib", "--journals", "expand", "--check", "-q")
    assert run(*quiet, cwd=project).stderr == ""


def test_journals_in_a_conversion(project: Path) -> None:
    if not ltwa.installed():
        pytest.skip("the extra 'journals' is not installed")
    done = run(
        "convert", "refs.bib", "-t", "csljson", "--journals", "abbreviate", "-q", cwd=project
    )
    items = {each["id"]: each for each in json.loads(done.stdout)}
    item = items["boettiger2012limits"]
    assert item["container-title"] == "Journal of the Royal Society Interface"
    assert item["container-title-short"] == "J. R. Soc. Interface"
    done = run("convert", "refs.bib", "-t", "ris", "--journals", "abbreviate", "-q", cwd=project)
    assert "J. R. Soc. Interface" in done.stdout
