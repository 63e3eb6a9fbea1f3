"""The fault matrix: each fault, at the start and midway, for each command that asks."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import refkit
from refkit.net.httpd import Request, Response, Server, serve
from refkit.server.app import App
from refkit.sources.catalogue import Catalogue

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
DEADLINE = 4.0
ANSWERED = 12
"""So many requests are answered before a fault that comes midway."""

FAULTS = {
    "connection refused": "",
    "DNS failure": "",
    "429": "429",
    "429 with Retry-After": "429-retry-after",
    "403": "403",
    "404": "404",
    "500": "500",
    "hang": "hang",
    "HTML with 200": "html",
    "truncated JSON": "truncated",
    "wrong content type": "text",
    "connection dropped": "drop",
}
"""Each fault, and what refkit's server calls it."""


class Case(NamedTuple):
    """One run: the fault, "start" or "midway", and the command."""

    fault: str
    when: str
    command: str


class Row(NamedTuple):
    """What came of a run; see the table's head."""

    case: Case
    code: int
    kept: bool
    answered: int
    unchecked: int
    other: int
    seconds: float


CASES = [
    Case(fault, when, command)
    for fault in FAULTS
    for when in ("start", "midway")
    for command in ("enrich", "verify")
]


def measure(jobs: int) -> Iterator[Row]:
    """Run every case, and yield its row, in the order of `CASES`."""
    with tempfile.TemporaryDirectory() as folder, refkit.serve(_catalogue()) as server:
        whole = {
            command: _verdicts(_run(command, ["--crossref-url", server.url], Path(folder))[1])
            for command in ("enrich", "verify")
        }
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(lambda case: _row(case, whole[case.command], folder), CASES)


def _row(case: Case, whole: dict[str, str], folder: str) -> Row:
    place = Path(tempfile.mkdtemp(dir=folder))
    with _service(case) as options:
        begun = time.monotonic()
        code, report = _run(case.command, options, place)
        seconds = time.monotonic() - begun
    found = _verdicts(report)
    unchecked = sum(verdict == "unchecked" for verdict in found.values())
    answered = sum(verdict == whole[key] for key, verdict in found.items())
    kept = (place / "paper.bib").read_bytes() == (SAMPLES / "paper.bib").read_bytes()
    other = len(whole) - unchecked - answered
    return Row(case, code, kept, answered, unchecked, other, seconds)


def _run(command: str, options: list[str], place: Path) -> tuple[int, Path]:
    """Run a command on a copy of the sample; enrich writes into it, if into anything."""
    target, report = place / "paper.bib", place / f"{command}.json"
    shutil.copy(SAMPLES / "paper.bib", target)
    limits = ["--no-cache", "--timeout", "1", "--deadline", str(DEADLINE)]
    into = ["-i"] if command == "enrich" else []
    asked = [sys.executable, "-m", "refkit", command, str(target), *options, *limits, *into]
    done = subprocess.run(
        [*asked, "-q", "--report", str(report)], capture_output=True, check=False, timeout=120
    )
    if not report.exists():
        raise RuntimeError(done.stderr.decode())
    return done.returncode, report


def _verdicts(report: Path) -> dict[str, str]:
    return {row["key"]: row["verdict"] for row in json.loads(report.read_text("utf-8"))}


def _catalogue() -> Path:
    return SAMPLES / "catalogue.jsonl"


@contextmanager
def _service(case: Case) -> Iterator[list[str]]:
    """Run the service of a case, and give the options that lead a command to it."""
    midway = case.when == "midway"
    if case.fault == "DNS failure":
        with _no_name(midway) as options:
            yield options
    elif case.fault == "connection refused":
        with _going_away(ANSWERED if midway else 0) as url:
            yield ["--crossref-url", url]
    else:
        spec = FAULTS[case.fault] + (f":{ANSWERED}+" if midway else "")
        with refkit.serve(_catalogue(), faults=[spec]) as server:
            yield ["--crossref-url", server.url]


@contextmanager
def _no_name(midway: bool) -> Iterator[list[str]]:
    """Name a host that there cannot be (RFC 6761): the only one asked, or the second of two."""
    if not midway:
        yield ["--crossref-url", "http://refkit.invalid"]
        return
    second = ["--sources", "crossref,datacite", "--url", "datacite=http://refkit.invalid"]
    with refkit.serve(_catalogue()) as server:
        yield ["--crossref-url", server.url, *second]


@contextmanager
def _going_away(after: int) -> Iterator[str]:
    """Run a server that stops listening after so many answers; give its address."""
    if not after:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        return
    records = map(json.loads, _catalogue().read_text("utf-8").splitlines())
    running: list[Server] = []
    with Catalogue.in_memory(records) as catalogue:
        app = App(catalogue)

        def handle(request: Request) -> Response:
            if running[0].requests <= after:
                return app.handle(request)
            threading.Thread(target=running[0].close).start()
            return Response(200, {}, b"", drop=True)

        with serve(handle) as server:
            running.append(server)
            yield server.url
