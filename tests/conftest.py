"""Fixtures that all tests may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from standing_clock import Time
from zotero_server import Zotero, running

ROOT = Path(__file__).resolve().parent.parent

# The machines that run the tests are shared: how long an example takes says nothing.
settings.register_profile("refkit", deadline=None)
settings.load_profile("refkit")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of the project's own samples."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of outside suites and records, or skip where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "suites").is_dir():
        pytest.skip("../shared (outside suites and records) is not beside this checkout")
    return folder


@pytest.fixture(autouse=True, scope="session")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the user's response cache, settings and proxies."""
    patch = pytest.MonkeyPatch()
    patch.setenv("REFKIT_CACHE", str(tmp_path_factory.mktemp("cache") / "responses.sqlite"))
    for name in [each for each in os.environ if _is_foreign(each)]:
        patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture
def zotero() -> Iterator[Zotero]:
    """Return a server on loopback that speaks as Zotero does, with an empty library."""
    with running(Zotero()) as server:
        yield server


@pytest.fixture
def time() -> Time:
    """Return a clock that stands still but for the sleeping."""
    return Time()


def _is_foreign(name: str) -> bool:
    """Tell whether a variable sends requests elsewhere, or names the user to a service."""
    ours = name.startswith("REFKIT_") and name.endswith(("_URL", "_MAILTO"))
    return ours or name == "ZOTERO_API_KEY" or name.lower().endswith("_proxy")
