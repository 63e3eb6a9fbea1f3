"""`refkit explain`: the evidence as a table, as JSON, on a terminal, and where it cannot be had."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from refkit.api import documents, enriching, explaining
from refkit.config import SourceSettings
from refkit.errors import InputError
from refkit.match.weights import WEIGHTS
from refkit.model.evidence import Level

MAY = "10.1038/269471a0"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", "explain", *arguments]
    environment = os.environ | {"COLUMNS": "140"}
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )


def explained(samples: Path, *keys: str, everything: bool = False) -> explaining.Explained:
    return explaining.explain(
        keys,
        [samples / "paper.bib"],
        ["catalogue"],
        settings=SourceSettings(catalogue=str(samples / "catalogue.jsonl")),
        everything=everything,
    )


def test_every_entry_is_explained_by_the_verdict_that_enriching_gives_it(samples: Path) -> None:
    document = documents.read(samples / "paper.bib")
    settings = SourceSettings(catalogue=str(samples / "catalogue.jsonl"))

    enriched = enriching.enrich(document, ["catalogue"], settings=settings)
    found = explained(samples, everything=True)

    assert [(e.entry.key, e.verdict, e.reason) for e in found.explanations] == [
        (o.task.entry.key, o.verdict, o.reason) for o in enriched.outcomes
    ]


def test_the_points_of_the_rows_add_up_to_the_score(samples: Path) -> None:
    matches = 0
    for each in explained(samples, everything=True).explanations:
        for match in each.matches:
            share = explaining.points(match) / each.possible
            assert match.score == pytest.approx(min(1, max(0, share)), abs=0.01)
            matches += 1
    assert matches > 100


def test_the_table_shows_what_agrees_and_what_stops(samples: Path) -> None:
    done = run(
        "may1977", "boettiger2018", "ribeiro2016", "-l", "paper.bib", "--catalogue",
        "catalogue.jsonl", cwd=samples,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert f"1. {MAY} (catalogue): score 1.00, 14.2 of 14.2 points" in done.stdout
    assert re.search(r"venue +exact +\+1\.5 +Nature +Nature\n", done.stdout)
    assert "FLAGGED the record is another work" in done.stdout
    assert "stopped: the entry is a preprint, the candidate its published form" in done.stdout
    assert "more, less alike; see them with -n 12" in done.stdout


def test_json_has_every_row_whole(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "why.json"
    done = run(
        "may1977", "-l", "paper.bib", "--catalogue", "catalogue.jsonl", "--format", "json",
        "-o", str(out), cwd=samples,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "")
    (told,) = json.loads(out.read_text("utf-8"))
    best = told["candidates"][0]
    assert (told["key"], told["verdict"], best["id"]) == ("may1977", "match", MAY)
    assert best["veto"] is best["doubt"] is best["version"] is None
    page = {"feature": "page", "level": "exact", "weight": 2.0}
    assert page | {"ours": "471-477", "theirs": "471-477"} in best["evidence"]
    assert {row["level"] for row in best["evidence"]} <= {str(level) for level in Level}


def test_the_weights_are_all_shown_with_their_reasons(samples: Path) -> None:
    done = run("--weights", cwd=samples)

    assert done.returncode == 0
    for (feature, level), weight in WEIGHTS.items():
        row = rf"{feature} +{level} +{re.escape(f'{weight.points:+g}')} +{re.escape(weight.why)}"
        assert re.search(row, done.stdout), (feature, level)
    assert re.search(r"GAP +0\.04 +the least lead", done.stdout)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["may1976", "-l", "paper.bib", "--catalogue", "catalogue.jsonl"], "near it: may1977"),
        (["may1977", "-l", "none.bib"], "none.bib"),
        (["may1977"], "-l FILE"),
        (["-l", "paper.bib"], "name the KEYs"),
        (["may1977", "-l", "paper.bib", "--catalogue", "none.jsonl"], "none.jsonl"),
        (["may1977", "-l", "paper.bib", "--sources", "nonesuch"], "nonesuch"),
        (["may1977", "-l", "paper.bib", "--sources", ","], "no source"),
        (["may1977", "-l", "."], "."),
        (["may1977", "--weights"], "alone"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], says: str, samples: Path) -> None:
    done = run(*arguments, cwd=samples)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_what_no_source_can_answer_is_unchecked_and_exits_3(samples: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "refkit", "explain", "may1977", "-l", "paper.bib", "--no-cache"],
        cwd=samples, capture_output=True, text=True, check=False,
        env=os.environ | {"REFKIT_CROSSREF_URL": "http://127.0.0.1:9"},
    )  # fmt: skip

    assert done.returncode == 3
    assert "may1977: unchecked" in done.stdout


def test_helpers_that_stand_for_no_work_cannot_be_explained(tmp_path: Path, samples: Path) -> None:
    (tmp_path / "x.bib").write_text("@xdata{pub, publisher = {Springer}}\n")

    with pytest.raises(InputError, match="stands for no work"):
        explaining.explain(["pub"], [tmp_path / "x.bib"], ["catalogue"])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_drawn_table_in_colour(samples: Path) -> None:
    import pty

    controller, worker = pty.openpty()
    command = [sys.executable, "-m", "refkit", "explain", "may1977", "-l", "paper.bib"]
    with subprocess.Popen(
        [*command, "--catalogue", "catalogue.jsonl", "-n", "1"],
        cwd=samples, stdout=worker, stderr=worker,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "120"},
    ) as process:  # fmt: skip
        os.close(worker)
        shown = b""
        while True:
            try:
                part = os.read(controller, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
    os.close(controller)

    text = shown.decode()
    assert process.returncode == 0
    assert "\x1b[32m" in text
    assert "━" in text
    assert MAY in text
