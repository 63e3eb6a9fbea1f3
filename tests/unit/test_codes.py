"""The table of diagnostic codes holds those that the package reports, and no others."""

from __future__ import annotations

import re
from pathlib import Path

from refkit.model.codes import CODES

_CODE = re.compile(r"""["']((?!PMC)[A-Z]{3}\d{3})["']""")
_ANY = re.compile(r"""Diagnostic\(\s*["']([^"']+)["']""")


def _sources(root: Path) -> list[str]:
    package = root / "refkit"
    files = sorted(package.rglob("*.py"))
    return [path.read_text("utf-8") for path in files if path != package / "model" / "codes.py"]


def test_the_codes_in_use_are_those_of_the_table(root: Path) -> None:
    used = {code for text in _sources(root) for code in _CODE.findall(text)}
    assert used == set(CODES)


def test_no_diagnostic_has_a_code_of_another_kind(root: Path) -> None:
    given = {code for text in _sources(root) for code in _ANY.findall(text)}
    assert given
    assert given <= set(CODES)


def test_each_code_has_one_meaning_in_one_line() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert all(re.fullmatch(r"[A-Z]{3}\d{3}", code) for code in CODES)
    assert all(meaning and "\n" not in meaning for meaning in CODES.values())
