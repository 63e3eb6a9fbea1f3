"""Measure conversion on outside suites: `python -m tests.bench.conversion`.

*Reading*: the suite's input to CSL-JSON, compared with what the suite expects. *Writing*: the
expected CSL-JSON to BibLaTeX, read back by two programs that are not refkit, compared with
what was written. The figures are the fields that are right, in per cent, by the suites' own
lenient comparison, and how many cases a program gave nothing for. All programs run in the
same run, each as its users run it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.peers import READS, converted, missing
from tests.suites.suite_score import BESIDE_CSL, cases_of, scorer_of

SHARED = Path(__file__).resolve().parents[4] / "shared"
READING = ("pandoc-cmd", "citejs-bib", "zotero-ris", "zotero-nbib")
WRITING = ("pandoc-cmd", "citejs-bib")


class Tally(NamedTuple):
    """How many of the expected fields are right, and how many cases gave nothing at all."""

    right: int
    fields: int
    refused: int

    def __str__(self) -> str:
        share = f"{100 * self.right / self.fields:.1f}" if self.fields else "-"
        return f"{share} ({self.refused} refused)" if self.refused else share


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder of the suites")
    shared = parser.parse_args(arguments).shared
    if not (shared / "suites").is_dir():
        sys.exit(f"{shared}: the outside suites are not there; name them by --shared")
    for name in READS:
        if why := missing(name):
            print(f"{name} is left out: {why}", file=sys.stderr)
    tools = [name for name in READS if not missing(name)]
    print(_table(["read", *tools], _reading(shared, tools)))
    print(_table(["written, read back by", *tools], _writing(shared, tools)))


def _reading(shared: Path, tools: Sequence[str]) -> Iterator[list[str]]:
    for suite in READING:
        cases = cases_of(shared, suite)
        yield [suite, *(str(_read(shared, suite, cases, tool)) for tool in tools)]


def _read(shared: Path, suite: str, cases: list[dict[str, Any]], tool: str) -> Tally | str:
    formats = sorted({case["informat"] for case in cases})
    if not READS[tool].issuperset(formats):
        return "-"
    texts: dict[str, str] = {}
    for each in formats:
        chosen = [case for case in cases if case["informat"] == each]
        done = converted(tool, each, "csljson", [case["input"] for case in chosen])
        texts |= {case["id"]: text for case, text in zip(chosen, done, strict=True)}
    ignore = BESIDE_CSL if suite.startswith("zotero") else frozenset()
    return _tally(shared, cases, [texts[case["id"]] for case in cases], ignore)


def _writing(shared: Path, tools: Sequence[str]) -> Iterator[list[str]]:
    for suite in WRITING:
        cases = cases_of(shared, suite)
        items = [json.dumps(case["expected"], ensure_ascii=False) for case in cases]
        written = {tool: converted(tool, "csljson", "biblatex", items) for tool in tools}
        for reader in tools[1:]:
            again = (converted(reader, "biblatex", "csljson", written[tool]) for tool in tools)
            marks = [str(_tally(shared, cases, texts, only_expected=True)) for texts in again]
            yield [f"{suite}, {reader}", *marks]


def _tally(
    shared: Path,
    cases: Iterable[dict[str, Any]],
    texts: Sequence[str],
    ignore: Iterable[str] = (),
    *,
    only_expected: bool = False,
) -> Tally:
    scorer = scorer_of(shared)
    marks = [
        bool(mark[2])
        for case, text in zip(cases, texts, strict=True)
        for item in scorer.score_items(case["expected"], _items(text), ignore, only_expected)
        for mark in item["f"]
    ]
    return Tally(sum(marks), len(marks), sum(not text.strip() for text in texts))


def _items(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text) if text.strip() else []
    except ValueError:
        return []
    return [each for each in found if isinstance(each, dict)]


def _table(head: list[str], rows: Iterator[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
