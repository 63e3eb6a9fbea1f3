"""refkit: a toolkit that reads, enriches, checks and converts bibliographies.

The verbs and what they take and give; each is loaded when it is first used, so that
`import refkit` costs nothing. See `refkit.api` for their documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refkit.adapt.options import Conversion
    from refkit.api.catalogues import build_catalogue, serve
    from refkit.api.citing import Cited, Reference, cite
    from refkit.api.documents import check, convert, format, parse, read, save, style
    from refkit.api.enriching import Enrichment, enrich, save_enrichment
    from refkit.api.explaining import Explained, Explanation, explain
    from refkit.api.filtering import Filtered, filter_pandoc
    from refkit.api.intake import Addition, Intake, add, import_list
    from refkit.api.keys import Keyed, assign_keys, save_keys
    from refkit.api.papers import Selection, select
    from refkit.api.resolving import Resolution, resolve
    from refkit.api.undoing import Undone, save_undo, undo
    from refkit.api.verifying import Verification, verify
    from refkit.api.zotero import zotero_pull, zotero_push, zotero_status
    from refkit.citekeys.options import Keying
    from refkit.config import SourceSettings, ZoteroSettings
    from refkit.enrichment.engine import Outcome
    from refkit.errors import InputError, PluginError, RefkitError, SourceError
    from refkit.model.entry import Date, Entry, Field, Name, Origin
    from refkit.model.evidence import Candidate, Evidence, Match, Verdict
    from refkit.model.ids import Id
    from refkit.model.report import Applied, Change, Diagnostic, Document, Patch, Written
    from refkit.zotero.options import PullOptions, PushOptions

__version__ = "0.1.0"

_HOMES = {
    "refkit.adapt.options": "Conversion",
    "refkit.api.catalogues": "build_catalogue serve",
    "refkit.api.citing": "Cited Reference cite",
    "refkit.api.documents": "check convert format parse read save style",
    "refkit.api.enriching": "Enrichment enrich save_enrichment",
    "refkit.api.explaining": "Explained Explanation explain",
    "refkit.api.intake": "Addition Intake add import_list",
    "refkit.api.papers": "Selection select",
    "refkit.api.keys": "Keyed assign_keys save_keys",
    "refkit.citekeys.options": "Keying",
    "refkit.config": "SourceSettings ZoteroSettings",
    "refkit.api.undoing": "Undone save_undo undo",
    "refkit.api.zotero": "zotero_pull zotero_push zotero_status",
    "refkit.api.filtering": "Filtered filter_pandoc",
    "refkit.api.resolving": "Resolution resolve",
    "refkit.api.verifying": "Verification verify",
    "refkit.enrichment.engine": "Outcome",
    "refkit.errors": "InputError PluginError RefkitError SourceError",
    "refkit.model.entry": "Date Entry Field Name Origin",
    "refkit.model.evidence": "Candidate Evidence Match Verdict",
    "refkit.model.ids": "Id",
    "refkit.model.report": "Applied Change Diagnostic Document Patch Written",
    "refkit.zotero.options": "PullOptions PushOptions",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Addition",
    "Applied",
    "Candidate",
    "Change",
    "Cited",
    "Conversion",
    "Date",
    "Diagnostic",
    "Document",
    "Enrichment",
    "Entry",
    "Evidence",
    "Explained",
    "Explanation",
    "Field",
    "Filtered",
    "Id",
    "InputError",
    "Intake",
    "Keyed",
    "Keying",
    "Match",
    "Name",
    "Origin",
    "Outcome",
    "Patch",
    "PluginError",
    "PullOptions",
    "PushOptions",
    "Reference",
    "RefkitError",
    "Resolution",
    "Selection",
    "SourceError",
    "SourceSettings",
    "Undone",
    "Verdict",
    "Verification",
    "Written",
    "ZoteroSettings",
    "__version__",
    "add",
    "assign_keys",
    "build_catalogue",
    "check",
    "cite",
    "convert",
    "enrich",
    "explain",
    "filter_pandoc",
    "format",
    "import_list",
    "parse",
    "read",
    "resolve",
    "save",
    "save_enrichment",
    "save_keys",
    "save_undo",
    "select",
    "serve",
    "style",
    "undo",
    "verify",
    "zotero_pull",
    "zotero_push",
    "zotero_status",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'refkit' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
