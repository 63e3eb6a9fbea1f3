"""What is written into a .bib file can be taken back to the byte, whatever its style."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from test_bibtex_scan_props import TEXTS

from refkit.formats.bibtex import read_bibtex
from refkit.formats.bibtex.patch import patch
from refkit.formats.bibtex.revert import revert
from refkit.model.entry import Date, Name, Value
from refkit.model.report import Applied, Change, Document, Step
from refkit.model.text import SourceText, apply_edits

VALUES: dict[str, Value] = {
    "DOI": "10.1000/x_(1)",
    "container-title": "Annals & Letters",
    "author": (Name("Gödel", "Kurt"),),
    "page": "1-9",
    "issue": "3",
    "issued": Date(2001, 2),
}
FIELDS = ["title={A {B} c}", "year=1999", 'pages="7"', "month=jan", 'note="a" # "b"', "doi={}"]


@dataclass(frozen=True)
class Layout:
    """How a generated file is laid out."""

    newline: str
    start: str
    between: str
    comma: str
    last: str
    close: str
    capitals: bool

    def entry(self, key: str, fields: list[str]) -> str:
        texts = [each.replace("=", self.between, 1) for each in fields]
        texts = [each.upper() if self.capitals else each for each in texts]
        body = self.comma.join(self.start + each for each in texts)
        opener = "(" if self.close.endswith(")") else "{"
        head = f"@misc{opener}{key}" + ("," if texts or opener == "(" else "")
        return (head + body + (self.last if texts else "") + self.close).replace("\n", self.newline)


LAYOUTS = st.builds(
    Layout,
    newline=st.sampled_from(["\n", "\r\n"]),
    start=st.sampled_from(["\n  ", "\n\t", " ", "\n", ""]),
    between=st.sampled_from([" = ", "=", " =  ", "\t= "]),
    comma=st.sampled_from([",", " ,", ", % why\n"]),
    last=st.sampled_from(["", ",", ", % c\n", " % c\n"]),
    close=st.sampled_from(["\n}", "}", ")", " }", "\n  }"]),
    capitals=st.booleans(),
)
ENTRIES = st.lists(st.lists(st.sampled_from(FIELDS), unique=True), min_size=1, max_size=3)
NAMES = st.lists(st.sampled_from(sorted(VALUES)), unique=True, min_size=1)


def outside(shared: Path) -> Iterator[str]:
    for suite in ("pandoc-cmd", "citejs-bib"):
        path = shared / "suites" / "conversion" / f"{suite}.jsonl"
        yield from (json.loads(line)["input"] for line in path.read_text("utf-8").splitlines())


def read(text: str) -> Document:
    return read_bibtex(SourceText("x.bib", text))


def enriched(document: Document, names: list[str]) -> tuple[str, list[Applied]]:
    changes = [
        Change(at, entry.key, name, old.value if old else None, VALUES[name], "why")
        for at, entry in enumerate(document.entries)
        for name in names
        for old in [entry.field(name)]
    ]
    made = patch(document, changes)
    return apply_edits(document.source.text, made.edits), list(made.applied)


def steps(applied: list[Applied]) -> list[Step]:
    return [
        Step(each.change.index, each.field, each.old_raw, each.new_raw, each.inserted)
        for each in applied
    ]


def undone(text: str, taken: list[Step]) -> tuple[str, list[Step]]:
    """Return the text with the steps taken, and the steps that take those back."""
    edits, results = revert(read(text), taken)
    assert all(each.made for each in results)
    back = [
        Step(step.index, step.field, step.new_raw, now.new_raw, now.inserted)
        for step, now in zip(taken, results, strict=True)
    ]
    return apply_edits(text, edits), back


@given(LAYOUTS, ENTRIES, NAMES)
def test_undo_gives_the_file_back_and_undoing_that_the_enriched_one(
    layout: Layout, entries: list[list[str]], names: list[str]
) -> None:
    text = "\n".join(layout.entry(f"k{at}", each) for at, each in enumerate(entries))
    new, applied = enriched(read(text), names)
    back, redo = undone(new, steps(applied))
    assert back == text
    again, final = undone(back, redo)
    assert again == new
    assert undone(again, final)[0] == text


@given(LAYOUTS, ENTRIES, NAMES, st.data())
def test_field_by_field_in_any_order_is_the_same(
    layout: Layout, entries: list[list[str]], names: list[str], data: st.DataObject
) -> None:
    text = "\n".join(layout.entry(f"k{at}", each) for at, each in enumerate(entries))
    new, applied = enriched(read(text), names)
    for step in data.draw(st.permutations(steps(applied))):
        new, _ = undone(new, [step])
    assert new == text


@given(TEXTS, NAMES)
def test_scraps_of_files_come_back_too(text: str, names: list[str]) -> None:
    document = read(text)
    new, applied = enriched(document, names)
    if len(read(new).entries) == len(document.entries):
        edits, results = revert(read(new), steps(applied))
        if all(each.made for each in results):
            assert apply_edits(new, edits) == text


def test_the_outside_suites_come_back(shared: Path) -> None:
    fields = 0
    for text in outside(shared):
        new, applied = enriched(read(text), list(VALUES))
        back, redo = undone(new, steps(applied))
        assert back == text
        assert undone(back, redo)[0] == new
        fields += len(applied)
    assert fields > 500


@given(LAYOUTS, ENTRIES, NAMES, LAYOUTS)
def test_in_a_file_that_was_laid_out_anew_the_fields_go_and_all_else_stays(
    layout: Layout, entries: list[list[str]], names: list[str], other: Layout
) -> None:
    """Nothing of what was inserted is found again: only the fields can be cut out."""
    text = "\n".join(layout.entry(f"k{at}", each) for at, each in enumerate(entries))
    applied = enriched(read(text), names)[1]
    added: list[list[str]] = [[] for _ in entries]
    for each in applied:
        if each.old_raw is None:
            added[each.change.index].append(f"{each.field}={each.new_raw}")
    plain = Layout(other.newline, other.start, other.between, ",", other.last, other.close, False)
    bib = [plain.entry(f"k{at}", each + added[at]) for at, each in enumerate(entries)]
    taken = [each for each in steps(applied) if each.old_raw is None]
    new, _ = undone("\n".join(bib), taken)
    document = read(new)
    assert not document.problems
    raws = [
        [f"{each.name}={document.tree.raw(each)}" for each in raw.fields]
        for raw in document.tree.entries()
    ]
    assert raws == entries
