"""Measure conversion on outside suites: `python -m tests.bench.conversion`.

*Reading*: the suite's input to CSL-JSON, compared with what the suite expects. *Writing*: the
expected CSL-JSON to BibLaTeX, read back by two programs that are not refkit, compared with
what was written. The figures are the fields that are right, in per cent, by the suites' own
lenient comparison. All programs run in the same run, each as its users run it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from tests.bench.conversion.programs import Program, programs
from tests.suites.suite_score import BESIDE_CSL, cases_of, scorer_of

SHARED = Path(__file__).resolve().parents[4] / "shared"
READING = ("pandoc-cmd", "citejs-bib", "zotero-ris", "zotero-nbib")
WRITING = ("pandoc-cmd", "citejs-bib")
SECONDS = 60.0


class Tally(NamedTuple):
    """How many of the expected fields are right, and how many cases gave nothing at all."""

    right: int
    fields: int
    errors: int

    def __str__(self) -> str:
        share = f"{100 * self.right / self.fields:.1f}" if self.fields else "-"
        return f"{share} ({self.errors} refused)" if self.errors else share


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="programs that run at a time")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder of the suites")
    chosen = parser.parse_args(arguments)
    if not (chosen.shared / "suites").is_dir():
        sys.exit(f"{chosen.shared}: the outside suites are not there; name them by --shared")
    suites = _Suites(chosen.shared, chosen.jobs)
    tools = programs()
    print(_table(["read", *(tool.name for tool in tools)], suites.reading(tools)))
    print(_table(["written, read back by", *(t.name for t in tools)], suites.writing(tools)))


class _Suites:
    def __init__(self, shared: Path, jobs: int) -> None:
        self.shared = shared
        self.jobs = jobs
        self.scorer: ModuleType = scorer_of(shared)

    def reading(self, tools: Sequence[Program]) -> Iterator[list[str]]:
        for suite in READING:
            cases = cases_of(self.shared, suite)
            knows = [all(case["informat"] in tool.reads for case in cases) for tool in tools]
            marks = [
                str(self._tally(suite, partial(self._read, tool))) if able else "-"
                for tool, able in zip(tools, knows, strict=True)
            ]
            yield [suite, *marks]

    def writing(self, tools: Sequence[Program]) -> Iterator[list[str]]:
        readers = [tool for tool in tools if tool.name != "refkit"]
        for suite in WRITING:
            for reader in readers:
                marks = [
                    str(self._tally(suite, partial(self._write, tool, reader))) for tool in tools
                ]
                yield [f"{suite}, {reader.name}", *marks]

    def _tally(self, suite: str, run: Any) -> Tally:
        ignore = BESIDE_CSL if suite.startswith("zotero") else set()
        with ThreadPoolExecutor(self.jobs) as pool:
            results = list(pool.map(partial(run, ignore), cases_of(self.shared, suite)))
        return Tally(*(sum(each) for each in zip(*results, strict=True)))

    def _read(self, tool: Program, ignore: set[str], case: dict[str, Any]) -> Tally:
        command = tool.call(case["informat"], "csljson")
        failed, text = self._call(command, case["input"], case["informat"])
        return self._scored(case, text, failed, ignore, written=False)

    def _write(
        self, tool: Program, reader: Program, ignore: set[str], case: dict[str, Any]
    ) -> Tally:
        items = json.dumps(case["expected"], ensure_ascii=False)
        failed, text = self._call(tool.call("csljson", "biblatex"), items, "json")
        if not failed:
            failed, text = self._call(reader.call("biblatex", "csljson"), text, "biblatex")
        return self._scored(case, text, failed, ignore, written=True)

    def _call(self, command: list[str], text: str, suffix: str) -> tuple[bool, str]:
        code, out, _ = self.scorer.call(command, text, suffix, SECONDS)
        # refkit's exit code 1 tells of a broken entry beside which the others were converted.
        return code != 0 and not out.strip(), out

    def _scored(
        self, case: dict[str, Any], text: str, failed: bool, ignore: set[str], *, written: bool
    ) -> Tally:
        items = _items(text)
        scored = self.scorer.score_items(case["expected"], items, ignore, written)
        marks = [bool(mark[2]) for item in scored for mark in item["f"]]
        return Tally(sum(marks), len(marks), int(failed))


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
