"""How much a run asks: counted on a server, at the rates that the pools have."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit.net.httpd import Request, Response, Server, serve
from refkit.server.app import CROSSREF_RATES, App
from refkit.sources.catalogue import Catalogue


def command(target: Path, url: str, cache: Path, *options: str) -> list[str]:
    asked = ["enrich", str(target), "--crossref-url", url, "--cache", str(cache), "--dry-run"]
    return [sys.executable, "-m", "refkit", *asked, *options]


def run(target: Path, url: str, cache: Path, *options: str) -> dict[str, str]:
    report = cache.with_suffix(".json")
    call = command(target, url, cache, "--report", str(report), *options)
    done = subprocess.run(call, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return {row["key"]: row["verdict"] for row in json.loads(report.read_text("utf-8"))}


@pytest.fixture(scope="module")
def works(samples: Path) -> list[dict[str, Any]]:
    lines = (samples / "catalogue.jsonl").read_text("utf-8").splitlines()
    return [work for work in map(json.loads, lines) if work.get("DOI")]


@pytest.fixture
def server(samples: Path) -> Iterator[Server]:
    with refkit.serve(samples / "catalogue.jsonl") as running:
        yield running


def known(works: Sequence[dict[str, Any]], tmp_path: Path) -> Path:
    target = tmp_path / "known.bib"
    entries = (f"@misc{{k{n}, doi = {{{work['DOI']}}}}}\n" for n, work in enumerate(works))
    target.write_text("".join(entries), "utf-8")
    return target


def unknown(tmp_path: Path, count: int) -> Path:
    target = tmp_path / "unknown.bib"
    entries = (
        f"@article{{u{n}, title = {{Uncharted widget number {n}}}, author = {{Doe, J{n}}}}}\n"
        for n in range(count)
    )
    target.write_text("".join(entries), "utf-8")
    return target


@pytest.mark.parametrize(("count", "lists"), [(1, 1), (50, 1), (51, 2), (120, 3)])
def test_n_known_dois_cost_one_request_for_each_fifty(
    works: list[dict[str, Any]], server: Server, tmp_path: Path, count: int, lists: int
) -> None:
    short = [work for work in works if "<" not in work["DOI"]][:count]
    found = run(known(short, tmp_path), server.url, tmp_path / "c.sqlite")
    assert len(found) == count
    assert server.requests == lists, list(server.log)


def test_a_doi_that_is_missing_costs_one_more(
    works: list[dict[str, Any]], server: Server, tmp_path: Path
) -> None:
    missing = [{"DOI": "10.1000/none"}, {"DOI": "10.1000/nil"}]
    run(known([*works[:20], *missing], tmp_path), server.url, tmp_path / "c.sqlite")
    assert server.requests == 1 + 2, list(server.log)


def test_an_unknown_entry_costs_one_list_request_and_a_second_run_none(
    server: Server, tmp_path: Path
) -> None:
    target = unknown(tmp_path, 30)
    first = run(target, server.url, tmp_path / "c.sqlite")
    assert server.requests == 30
    assert all("/works?" in each for each in server.log)
    assert run(target, server.url, tmp_path / "c.sqlite") == first
    assert server.requests == 30


class Watched:
    """Answers slowly, as Crossref's pools allow, and notes how many are asked for at once."""

    def __init__(self, app: App, pause: float) -> None:
        self.app = app
        self.pause = pause
        self.running = self.most = 0
        self.times: list[float] = []
        self.lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.times.append(time.monotonic())
        time.sleep(self.pause)
        with self.lock:
            self.running -= 1
        return self.app.handle(request)


@pytest.mark.parametrize(
    ("options", "at_once", "count"),
    [(("--mailto", "me@example.org"), 3, 10), ((), 1, 4)],
    ids=["polite", "public"],
)
def test_searches_keep_to_the_pool_and_use_it(
    works: list[dict[str, Any]],
    tmp_path: Path,
    options: tuple[str, ...],
    at_once: int,
    count: int,
) -> None:
    with Catalogue.in_memory(works) as catalogue:
        watched = Watched(App(catalogue, rates=CROSSREF_RATES), pause=1.2)
        with serve(watched) as server:
            run(unknown(tmp_path, count), server.url, tmp_path / "c.sqlite", *options)
    assert watched.most == at_once
    gaps = [b - a for a, b in zip(watched.times[1:], watched.times[2:], strict=False)]
    assert min(gaps) > 0.5 / at_once  # each pool takes as many a second as at once
    assert len(watched.times) == count


def test_the_headers_widen_or_narrow_what_is_asked_at_once(
    works: list[dict[str, Any]], tmp_path: Path
) -> None:
    with Catalogue.in_memory(works) as catalogue:
        watched = Watched(App(catalogue), pause=0.3)  # says 500 a second, 8 at once
        with serve(watched) as server:
            run(unknown(tmp_path, 24), server.url, tmp_path / "c.sqlite")
    assert 4 <= watched.most <= 8


def test_verdicts_are_the_same_however_many_are_asked_for_at_once(
    works: list[dict[str, Any]], samples: Path, tmp_path: Path
) -> None:
    reports = []
    for name, rates in (("slow", CROSSREF_RATES), ("fast", None)):
        with Catalogue.in_memory(works) as catalogue:
            app = App(catalogue, rates=rates) if rates else App(catalogue)
            with serve(app.handle) as server:
                cache = tmp_path / f"{name}.sqlite"
                run(samples / "paper-biblatex.bib", server.url, cache, "--mailto", "a@example.org")
                text = cache.with_suffix(".json").read_text("utf-8")
        rows = json.loads(text)
        for row in rows:
            for change in row["changes"]:
                change.pop("fetched")
        reports.append(rows)
    assert reports[0] == reports[1]


def test_an_interrupted_run_goes_on_where_it_was(
    works: list[dict[str, Any]], tmp_path: Path
) -> None:
    target, cache = unknown(tmp_path, 40), tmp_path / "c.sqlite"
    before = target.read_bytes()
    with Catalogue.in_memory(works) as catalogue:
        watched = Watched(App(catalogue), pause=0.1)
        with serve(watched) as server:
            call = command(target, server.url, cache, "--mailto", "me@example.org")
            with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                while len(watched.times) < 15:
                    assert process.poll() is None
                    time.sleep(0.02)
                process.send_signal(signal.SIGINT)
                begun = time.monotonic()
                _, said = process.communicate(timeout=30)
            assert process.returncode not in (0, 3), said
            assert b"Traceback" not in said
            assert time.monotonic() - begun < 5
            asked = server.requests
            assert 15 <= asked < 40
            run(target, server.url, cache, "--mailto", "me@example.org")
            # What was under way when the signal came may have to be asked for again.
            assert 40 <= server.requests <= 40 + 8
            assert server.requests < asked + 40
    assert target.read_bytes() == before
