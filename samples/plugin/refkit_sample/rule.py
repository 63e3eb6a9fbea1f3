"""The rule: SMP001, a title that ends with a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.model.report import Diagnostic, Document, Severity
from refkit.plugins import Rule

DOC = """Titles end without a full stop: the citation style adds its own.

An ellipsis stays, and so does the full stop of an abbreviation ("Inc.", "et al.", "U.S.").
"""

_STOP = re.compile(r"(?<!\.)\.\s*\Z")
_ABBREVIATION = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|Sr|etc|al|[A-Z]|[^\W\d]\.[^\W\d])\.\s*\Z")


def check_titles(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every title with a full stop at its end."""
    for entry in document.entries:
        field = entry.field("title")
        title = entry.text("title")
        if field is not None and _STOP.search(title) and not _ABBREVIATION.search(title):
            yield Diagnostic(
                code="SMP001",
                message="the title ends with a full stop",
                span=field.origin.span,
                key=entry.key,
                severity=Severity.WARNING,
            )


TITLE_FULL_STOP = Rule("SMP001", "title-full-stop", check_titles, DOC)
