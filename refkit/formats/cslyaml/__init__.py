"""CSL-YAML: the references in pandoc's YAML metadata."""

from __future__ import annotations

from refkit.formats.cslyaml.read import read
from refkit.formats.cslyaml.write import write
from refkit.plugins import Format

FORMAT = Format("cslyaml", (".yaml", ".yml"), read, write)

__all__ = ["FORMAT"]
