"""`python -m refkit`."""

from __future__ import annotations

from refkit.cli.main import run

run()
