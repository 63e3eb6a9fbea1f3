"""Score a reader on an outside suite, field by field, with that suite's own comparison."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import refkit

PASSING = Path(__file__).parent / "passing"
UPDATE = "REFKIT_UPDATE_PASSING"
BESIDE_CSL = {"note", "annote", "keyword", "source"}
"""What Zotero keeps outside its CSL view, so that its suites do not score it."""


class Scored(NamedTuple):
    """The fields of one expected item that are right (leniently), and those that are not."""

    item: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def score(
    shared: Path,
    suite: str,
    ignore: Collection[str] = frozenset(BESIDE_CSL),
    options: refkit.Conversion | None = None,
) -> list[Scored]:
    """Convert every case of a suite to CSL-JSON and compare it with what is expected."""
    scorer = scorer_of(shared)
    return [
        each for case in cases_of(shared, suite) for each in _scored(scorer, case, options, ignore)
    ]


def cases_of(shared: Path, suite: str) -> list[dict[str, Any]]:
    """Return the cases of a suite."""
    path = shared / "suites" / "conversion" / f"{suite}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def scorer_of(shared: Path) -> Any:
    """Return the suites' own module of comparison."""
    path = shared / "suites" / "conversion" / "score.py"
    spec = importlib.util.spec_from_file_location("suite_scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _scored(
    scorer: Any, case: dict[str, Any], options: refkit.Conversion | None, ignore: Collection[str]
) -> Iterator[Scored]:
    document = refkit.parse(case["input"], case["informat"], path=case["id"])
    items = json.loads(refkit.convert(document, "csljson", options).text)
    for place, record in enumerate(scorer.score_items(case["expected"], items, ignore)):
        marks = [(name, lenient) for name, _, lenient, _ in record["f"]]
        yield Scored(
            f"{case['id']} {place}",
            tuple(name for name, lenient in marks if lenient),
            tuple(name for name, lenient in marks if not lenient),
        )


def check_passing(suite: str, scored: list[Scored]) -> None:
    """Compare with the list of what passes; any difference, better or worse, fails.

    Set REFKIT_UPDATE_PASSING=1 to write the list anew, and look at its diff.
    """
    path = PASSING / f"{suite}.txt"
    lines = [f"{each.item}: {' '.join(each.right)}".rstrip() for each in scored]
    if os.environ.get(UPDATE):
        path.write_text("\n".join(lines) + "\n", "utf-8")
    listed = path.read_text("utf-8").splitlines()
    worse = sorted(set(listed) - set(lines))
    better = sorted(set(lines) - set(listed))
    assert lines == listed, f"listed but not so now: {worse}; so now but not listed: {better}"


def share_right(scored: list[Scored]) -> float:
    """Return the share of expected fields that are right."""
    right = sum(len(each.right) for each in scored)
    return right / (right + sum(len(each.wrong) for each in scored))
