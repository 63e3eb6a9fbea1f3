"""The main job on the samples: from the catalogue, over HTTP, twice, and with nothing working."""

from __future__ import annotations

import difflib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit.net.httpd import Server

FILES = ("paper.bib", "paper-biblatex.bib")
FAULTS = ("429", "429-retry-after", "503", "hang", "html", "drop", "403")


def run(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "refkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, input=stdin, timeout=120)


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.fixture
def server(catalogue: Path) -> Iterator[Server]:
    with refkit.serve(catalogue) as running:
        yield running


def expected(samples: Path, name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((samples / "expected.json").read_text("utf-8"))[
        name
    ]
    return found


def by_key(report: Path) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in json.loads(report.read_text("utf-8"))}


@pytest.mark.parametrize("name", FILES)
def test_every_doi_that_can_be_found_and_no_wrong_one(
    samples: Path, catalogue: Path, tmp_path: Path, name: str
) -> None:
    out, report = tmp_path / name, tmp_path / "report.json"
    done = run("enrich", samples / name, "--catalogue", catalogue, "-o", out, "--report", report)
    assert done.returncode == 0, done.stderr.decode()
    rows = by_key(report)
    dois = {e.key: e.text("DOI").lower() for e in refkit.read(out).entries}
    for key, want in expected(samples, name).items():
        if want["status"] in ("fill", "keep"):
            assert (rows[key]["verdict"], dois[key]) == ("match", want["doi"].lower()), key
        elif want["status"] == "flag":
            assert rows[key]["flagged"], key
            assert not rows[key]["changes"], key
        else:
            assert rows[key]["verdict"] in ("none", "ambiguous"), key
            assert not dois[key], key


@pytest.mark.parametrize("name", FILES)
def test_the_diff_only_adds_lines(
    samples: Path, catalogue: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    run("enrich", samples / name, "--catalogue", catalogue, "-o", out)
    before, after = (
        (folder / name).read_text("utf-8").split("\n") for folder in (samples, tmp_path)
    )
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "-+"]
    assert changed
    assert all(line.startswith("+ ") for line in changed)
    shown = run("enrich", samples / name, "--catalogue", catalogue, "--diff").stdout.decode()
    assert len(re.findall(r"^\+(?!\+\+)", shown, re.MULTILINE)) == len(changed)


@pytest.mark.parametrize("name", FILES)
def test_a_second_run_changes_nothing(
    samples: Path, catalogue: Path, tmp_path: Path, name: str
) -> None:
    target = Path(shutil.copy(samples / name, tmp_path / name))
    run("enrich", target, "--catalogue", catalogue, "--in-place")
    first, ledger = target.read_bytes(), Path(f"{target}.refkit.jsonl").read_bytes()
    assert first != (samples / name).read_bytes()
    run("enrich", target, "--catalogue", catalogue, "--in-place")
    assert target.read_bytes() == first
    assert Path(f"{target}.refkit.jsonl").read_bytes() == ledger


def test_the_ledger_tells_where_each_field_comes_from(
    samples: Path, catalogue: Path, tmp_path: Path
) -> None:
    target = Path(shutil.copy(samples / "paper.bib", tmp_path))
    run("enrich", target, "--catalogue", catalogue, "-i", "--report", tmp_path / "r.json")
    book = [
        json.loads(line) for line in Path(f"{target}.refkit.jsonl").read_text("utf-8").splitlines()
    ]
    changes = [change for row in by_key(tmp_path / "r.json").values() for change in row["changes"]]
    assert [{name: row[name] for name in changes[0]} for row in book] == changes
    assert all(row["source"] == "catalogue" and row["record"] and row["reason"] for row in book)
    text = target.read_text("utf-8")
    assert all(row["new"] in text for row in book)


@pytest.mark.parametrize("name", FILES)
def test_the_same_over_http_and_nothing_is_asked_twice(
    samples: Path, catalogue: Path, server: Server, tmp_path: Path, name: str
) -> None:
    local, remote = tmp_path / "local.bib", tmp_path / "remote.bib"
    cache = tmp_path / "cache.sqlite"
    over_http = ("--crossref-url", server.url, "--mailto", "a@example.org", "--cache", cache)
    run("enrich", samples / name, "--catalogue", catalogue, "-o", local)
    done = run("enrich", samples / name, *over_http, "-o", remote)
    assert done.returncode == 0, done.stderr.decode()
    assert remote.read_bytes() == local.read_bytes()
    asked = server.requests
    assert asked > 0
    again = run("enrich", remote, *over_http, "-o", tmp_path / "again.bib")
    assert again.returncode == 0
    assert (tmp_path / "again.bib").read_bytes() == remote.read_bytes()
    assert server.requests == asked


def test_fifty_known_dois_cost_at_most_two_requests(
    catalogue: Path, server: Server, tmp_path: Path
) -> None:
    works = [json.loads(line) for line in catalogue.read_text("utf-8").splitlines()][:50]
    entries = (f"@misc{{k{n},\n  doi = {{{work['DOI']}}}\n}}\n" for n, work in enumerate(works))
    target = tmp_path / "known.bib"
    target.write_text("\n".join(entries), "utf-8")
    report = tmp_path / "r.json"
    done = run(
        "enrich",
        target,
        "--crossref-url",
        server.url,
        "--no-cache",
        "--dry-run",
        "--report",
        report,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert len(by_key(report)) == 50
    assert {row["verdict"] for row in by_key(report).values()} == {"match"}
    assert server.requests <= 2


def failing(
    url: str, target: Path, tmp_path: Path
) -> tuple[subprocess.CompletedProcess[bytes], float]:
    begun = time.monotonic()
    limits = ("--no-cache", "--timeout", "0.5", "--deadline", "5")
    done = run(
        "enrich", target, "--crossref-url", url, *limits, "-i", "--report", tmp_path / "r.json"
    )
    return done, time.monotonic() - begun


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_service_leaves_the_file_and_everything_unchecked(
    samples: Path, catalogue: Path, tmp_path: Path, fault: str
) -> None:
    target = Path(shutil.copy(samples / "paper.bib", tmp_path))
    with refkit.serve(catalogue, faults=[fault]) as server:
        done, seconds = failing(server.url, target, tmp_path)
    check_unchecked(done, target, samples, tmp_path)
    assert seconds < 60  # the stated deadline is 5 seconds; the rest is this machine's


def test_no_service_at_all(samples: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    target = Path(shutil.copy(samples / "paper.bib", tmp_path))
    done, _ = failing(f"http://127.0.0.1:{port}", target, tmp_path)
    check_unchecked(done, target, samples, tmp_path)


def check_unchecked(
    done: subprocess.CompletedProcess[bytes], target: Path, samples: Path, tmp_path: Path
) -> None:
    assert done.returncode == 3, done.stderr.decode()
    assert target.read_bytes() == (samples / "paper.bib").read_bytes()
    assert not Path(f"{target}.refkit.jsonl").exists()
    rows = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert len(rows) == len(refkit.read(target).entries)
    assert {row["verdict"] for row in rows} == {"unchecked"}
    assert all(row["reason"].startswith("crossref: ") for row in rows)
    assert not any(row["changes"] for row in rows)


@pytest.mark.parametrize("fault", ["429:2", "503:2", "html:1", "429-retry-after:1"])
def test_a_passing_fault_changes_nothing_in_the_end(
    samples: Path, catalogue: Path, tmp_path: Path, fault: str
) -> None:
    local, remote = tmp_path / "local.bib", tmp_path / "remote.bib"
    name = samples / "paper-biblatex.bib"
    run("enrich", name, "--catalogue", catalogue, "-o", local)
    with refkit.serve(catalogue, faults=[fault]) as server:
        done = run("enrich", name, "--crossref-url", server.url, "--no-cache", "-o", remote)
    assert done.returncode == 0, done.stderr.decode()
    assert remote.read_bytes() == local.read_bytes()


@pytest.mark.parametrize("moment", [0.3, 0.6, "ledger"])
def test_a_killed_run_leaves_the_old_file_or_the_new_one(
    samples: Path, catalogue: Path, tmp_path: Path, moment: float | str
) -> None:
    whole = tmp_path / "whole.bib"
    run("enrich", samples / "paper.bib", "--catalogue", catalogue, "-o", whole)
    target = Path(shutil.copy(samples / "paper.bib", tmp_path / "killed.bib"))
    ledger = Path(f"{target}.refkit.jsonl")
    command = [sys.executable, "-m", "refkit", "enrich", target, "--catalogue", catalogue, "-i"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if isinstance(moment, float):
            time.sleep(moment)
        while moment == "ledger" and not ledger.exists():
            assert process.poll() is None or ledger.exists()
        process.kill()
    after = target.read_bytes()
    assert after in ((samples / "paper.bib").read_bytes(), whole.read_bytes())
    assert ledger.exists() or after != whole.read_bytes()


def test_a_pipe(samples: Path, catalogue: Path, tmp_path: Path) -> None:
    name = samples / "paper.bib"
    run("enrich", name, "--catalogue", catalogue, "-o", tmp_path / "out.bib")
    piped = run("enrich", "-", "--catalogue", catalogue, stdin=name.read_bytes())
    assert piped.stdout == (tmp_path / "out.bib").read_bytes()


def test_broken_entries_stop_no_others(samples: Path, catalogue: Path, tmp_path: Path) -> None:
    text = (samples / "broken.bib").read_text("utf-8") + "\n"
    text += (samples / "paper.bib").read_text("utf-8")
    both = tmp_path / "both.bib"
    both.write_text(text, "utf-8")
    report = tmp_path / "r.json"
    done = run(
        "enrich", both, "--catalogue", catalogue, "-o", tmp_path / "out.bib", "--report", report
    )
    assert done.returncode == 1
    rows = by_key(report)
    wanted = {k for k, w in expected(samples, "paper.bib").items() if w["status"] == "fill"}
    assert {key for key in wanted if rows[key]["verdict"] == "match"} == wanted
    assert b"SYN001 [unbalanced]" in done.stderr


def test_a_file_that_changed_meanwhile_is_left_alone(
    samples: Path, catalogue: Path, tmp_path: Path
) -> None:
    target = Path(shutil.copy(samples / "paper.bib", tmp_path))
    found = refkit.enrich(
        refkit.read(target),
        ["catalogue"],
        settings=refkit.SourceSettings(catalogue=str(catalogue)),
    )
    target.write_bytes(target.read_bytes() + b"% edited\n")
    edited = target.read_bytes()
    with pytest.raises(refkit.InputError, match="changed since"):
        refkit.save_enrichment(found, target)
    assert target.read_bytes() == edited
    assert not Path(f"{target}.refkit.jsonl").exists()
