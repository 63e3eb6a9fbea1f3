"""Which lines of a ledger are taken back, and what is no ledger."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from refkit.enrichment.ledger import Line, parse
from refkit.enrichment.undo import batches, chosen, wanted
from refkit.errors import InputError
from refkit.model.report import Inserted

FIRST = Line("2026-01-01T10:00:00.000+00:00", "a", "doi", "crossref", None, "{1}")
OTHER = replace(FIRST, key="b", field="pages", old_raw="{7}")
SECOND = replace(FIRST, time="2026-01-02T10:00:00.000+00:00", old_raw="{1}", new_raw="{2}")
THIRD = replace(OTHER, time="2026-01-03T10:00:00.000+00:00", field="year")
ALL = [FIRST, OTHER, SECOND, THIRD]


def undo_of(line: Line, time: str) -> Line:
    return replace(
        line, time=time, old_raw=line.new_raw, new_raw=line.old_raw, undoes=line.time, source="undo"
    )


U = undo_of(THIRD, "2026-01-04T10:00:00.000+00:00")
AGAIN = undo_of(U, "2026-01-05T10:00:00.000+00:00")


@pytest.mark.parametrize(
    ("lines", "asked", "expected"),
    [
        (ALL, {}, ALL),
        (ALL, {"keys": ["b"]}, [OTHER, THIRD]),
        (ALL, {"fields": ["DOI"]}, [FIRST, SECOND]),
        (ALL, {"keys": ["b"], "fields": ["year"]}, [THIRD]),
        (ALL, {"since": "2026-01-02T10:00:00+00:00"}, [SECOND, THIRD]),
        (ALL, {"since": "2026-01-02T12:00:00+01:00"}, [THIRD]),
        (ALL, {"last": True}, [THIRD]),
        ([*ALL, U], {}, [FIRST, OTHER, SECOND]),
        ([*ALL, U], {"last": True}, [U]),
        ([*ALL, U, AGAIN], {}, ALL),
        ([*ALL, U, AGAIN], {"last": True}, [AGAIN]),
        ([], {}, []),
        ([], {"last": True}, []),
    ],
)
def test_what_is_taken_back(
    lines: list[Line], asked: dict[str, object], expected: list[Line]
) -> None:
    assert chosen(lines, wanted(**asked)) == expected  # type: ignore[arg-type]


def test_the_newest_goes_first_and_a_field_comes_once_in_a_batch() -> None:
    assert batches(ALL) == [[THIRD], [SECOND], [FIRST, OTHER]]
    same = [FIRST, replace(SECOND, time=FIRST.time)]
    assert batches(same) == [[same[1]], [FIRST]]


def test_an_unknown_key_and_what_is_no_time_are_refused() -> None:
    with pytest.raises(InputError, match="nothing of an entry 'c'"):
        chosen(ALL, wanted(["c"]))
    with pytest.raises(InputError, match="'yesterday' is no time"):
        wanted(since="yesterday")
    with pytest.raises(InputError, match="together"):
        wanted(since="2026-01-01", last=True)


def test_lines_of_the_first_version_are_read() -> None:
    old = {"time": FIRST.time, "key": "a", "field": "doi", "source": "crossref"}
    lines = [old | {"old": None, "new": "1"}, old | {"old": '"7"', "new": "8"}]
    text = "\n".join(map(json.dumps, lines)) + "\n"
    assert parse(text.encode(), "x") == [FIRST, replace(FIRST, old_raw='"7"', new_raw="{8}")]


def test_what_is_written_for_an_undo_is_read_back() -> None:
    line = {
        **{"time": FIRST.time, "key": "a", "field": "doi", "source": "x", "old": None, "new": "1"},
        **{"old_raw": None, "new_raw": '"1"', "inserted": [" doi", ",", "\n"], "copy": 2},
    }
    inserted = Inserted(" doi", ",", "\n")
    assert parse(json.dumps(line).encode(), "x") == [
        replace(FIRST, source="x", new_raw='"1"', inserted=inserted, copy=2)
    ]


GOOD = {"time": FIRST.time, "key": "a", "field": "doi", "source": "x", "old": None, "new": "1"}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "no",
        "1",
        *(
            json.dumps(GOOD | damage)
            for damage in (
                {"time": "then"},
                {"key": 1},
                {"new_raw": 1},
                {"old_raw": None, "new_raw": None},
                {"inserted": [1]},
                {"inserted": ["a", "b", "c", "d"]},
                {"copy": "1"},
            )
        ),
        "[" * 100_000,
    ],
)
def test_what_is_no_line_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError, match=r"^x\.jsonl:2:1: this is no line of a ledger"):
        parse(f"{json.dumps(GOOD)}\n{text}\n".encode(), "x.jsonl")
