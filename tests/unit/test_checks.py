"""Rules are run in the order of their codes; one that fails costs one warning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import refkit
from refkit.checks.run import run_rules
from refkit.model.report import Diagnostic, Document
from refkit.model.text import Span
from refkit.plugins import PluginWarning, Rule


def late(document: Document) -> Iterable[Diagnostic]:
    yield Diagnostic("B1", "late", Span(9, 10))


def early(document: Document) -> Iterable[Diagnostic]:
    yield Diagnostic("Z1", "early", Span(0, 1))


def failing(document: Document) -> Iterable[Diagnostic]:
    raise KeyError("no")


def odd(document: Document) -> Any:
    return ["a sentence"]


DOCUMENT = refkit.parse("@misc{a, b = {c}}", "bibtex")


def test_findings_come_in_the_order_of_the_file() -> None:
    found = run_rules(DOCUMENT, [Rule("B1", "late", late), Rule("Z1", "early", early)])
    assert [each.code for each in found] == ["Z1", "B1"]


@pytest.mark.parametrize(("check", "said"), [(failing, "KeyError"), (odd, "gave a str")])
def test_a_rule_that_fails(check: Any, said: str) -> None:
    rules = [Rule("A1", "bad", check), Rule("Z1", "early", early)]
    with pytest.warns(PluginWarning, match=f"rule A1 failed: .*{said}"):
        found = run_rules(DOCUMENT, rules)
    assert [each.code for each in found] == ["Z1"]
