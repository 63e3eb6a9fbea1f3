"""refkit: a toolkit that reads, checks, enriches and converts bibliographies."""

from __future__ import annotations

__version__ = "0.1.0"
