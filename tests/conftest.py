"""Fixtures that all tests may use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
