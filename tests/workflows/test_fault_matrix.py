"""Each fault, at the start and midway: the file stays, nothing is called missing, and it ends."""

from __future__ import annotations

import pytest

from tests.bench.faults.__main__ import line
from tests.bench.faults.matrix import CASES, DEADLINE, Case, Row, measure

ENTRIES = 52


@pytest.fixture(scope="module")
def rows() -> dict[Case, Row]:
    return {row.case: row for row in measure(jobs=4)}


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_an_outage_leaves_the_file_and_says_what_is_unchecked(
    rows: dict[Case, Row], case: Case
) -> None:
    row = rows[case]
    assert (row.code, row.kept, row.other) == (3, True, 0), line(row)
    assert row.answered + row.unchecked == ENTRIES
    assert row.unchecked > 0
    assert (row.answered > 0) == (case.when == "midway")
    assert row.seconds < DEADLINE + 20, "the deadline, and the start of a program on a busy machine"
