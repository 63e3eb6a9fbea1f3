"""Print what outages do to a run, as a table in Markdown: `python -m tests.bench.faults`.

refkit runs as a program of its own on a copy of samples/paper.bib, against its own server of
samples/catalogue.jsonl, which fails from the first request on, or after it has answered some.
`kept` says whether the file still has the same bytes, `answered` how many entries have the
verdict that they have without a fault, `unchecked` how many are said to be unchecked, `other`
how many have any other verdict, which there must not be.
"""

from __future__ import annotations

import argparse

from tests.bench.faults.matrix import DEADLINE, Row, measure

HEAD = "| fault | when | command | exit | kept | answered | unchecked | other | seconds |"


def main() -> None:
    """Run everything, and print one row for each run."""
    parser = argparse.ArgumentParser(prog="tests.bench.faults", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="how many runs at the same time")
    jobs = parser.parse_args().jobs
    print(f"Every run has a deadline of {DEADLINE:g} seconds, and of one second for a request.\n")
    print(HEAD)
    print("|" + "---|" * HEAD.count(" | ") + "---|")
    for row in measure(jobs):
        print(line(row))


def line(row: Row) -> str:
    """Return a row of the table."""
    cells = (
        row.case.fault, row.case.when, row.case.command, row.code, "yes" if row.kept else "NO",
        row.answered, row.unchecked, row.other, f"{row.seconds:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
