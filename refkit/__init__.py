"""refkit: a toolkit that reads, enriches, checks and converts bibliographies.

The five verbs and what they take and give; each is loaded when it is first used, so that
`import refkit` costs nothing. See `refkit.api` for their documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refkit.api import (
        Enrichment,
        build_catalogue,
        convert,
        enrich,
        format,
        parse,
        read,
        save,
        save_enrichment,
        serve,
        style,
    )
    from refkit.config import SourceSettings
    from refkit.errors import InputError, PluginError, RefkitError, SourceError
    from refkit.model.entry import Date, Entry, Field, Name, Origin
    from refkit.model.evidence import Verdict
    from refkit.model.report import Diagnostic, Document, Written

__version__ = "0.1.0"

_HOMES = {
    "refkit.api": (
        "Enrichment build_catalogue convert enrich format parse read save save_enrichment serve "
        "style"
    ),
    "refkit.config": "SourceSettings",
    "refkit.errors": "InputError PluginError RefkitError SourceError",
    "refkit.model.entry": "Date Entry Field Name Origin",
    "refkit.model.evidence": "Verdict",
    "refkit.model.report": "Diagnostic Document Written",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Date",
    "Diagnostic",
    "Document",
    "Enrichment",
    "Entry",
    "Field",
    "InputError",
    "Name",
    "Origin",
    "PluginError",
    "RefkitError",
    "SourceError",
    "SourceSettings",
    "Verdict",
    "Written",
    "__version__",
    "build_catalogue",
    "convert",
    "enrich",
    "format",
    "parse",
    "read",
    "save",
    "save_enrichment",
    "serve",
    "style",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'refkit' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
