"""Fixtures of the unit tests: records, a catalogue of them, and a server of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refkit.net.httpd import Server, serve
from refkit.server.app import App
from refkit.sources.catalogue import Catalogue


@pytest.fixture(scope="session")
def works(root: Path) -> list[dict[str, Any]]:
    """Return Crossref work records: the samples' catalogue and those with faults."""
    files = (root / "samples/catalogue.jsonl", root / "tests/cases/crossref/works.jsonl")
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


@pytest.fixture(scope="session")
def catalogue(works: list[dict[str, Any]]) -> Iterator[Catalogue]:
    """Return a catalogue of those records, in memory."""
    with Catalogue.in_memory(works) as made:
        yield made


@pytest.fixture
def crossref(catalogue: Catalogue) -> Iterator[Server]:
    """Return a running server of that catalogue that answers as Crossref's REST API does."""
    with serve(App(catalogue).handle) as server:
        yield server
