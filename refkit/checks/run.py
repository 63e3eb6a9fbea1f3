"""Run rules over a document; a rule that fails costs a warning, never the run."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from refkit.model.report import Diagnostic, Document
from refkit.model.text import Span
from refkit.plugins import PluginWarning, Rule


def run_rules(document: Document, rules: Iterable[Rule]) -> list[Diagnostic]:
    """Return the document's own problems and all that the rules find, in file order."""
    found = list(document.problems)
    for rule in sorted(rules, key=lambda each: each.code):
        try:
            found += [_checked(each) for each in rule.check(document)]
        except Exception as error:
            message = f"rule {rule.code} failed: {type(error).__name__}: {error}"
            warnings.warn(message, PluginWarning, stacklevel=2)
    return sorted(found, key=lambda each: (each.span or Span(0, 0), each.code, each.message))


def _checked(found: object) -> Diagnostic:
    if not isinstance(found, Diagnostic):
        raise TypeError(f"it gave a {type(found).__name__}, not a Diagnostic")
    return found
