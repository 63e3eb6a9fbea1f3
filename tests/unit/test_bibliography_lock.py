"""The lock file of bibliographies: what is written is read back, sorted, stable and diffable."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import refkit
from refkit.enrichment.engine import Outcome, run
from refkit.enrichment.plan import plan
from refkit.enrichment.replay import Book, LockSource, content, kept, locked, replayed
from refkit.errors import InputError, SourceError
from refkit.locks.bibliography import Lock, LockedEntry, named, parse, render
from refkit.locks.record import Locked
from refkit.model.evidence import Verdict
from refkit.model.query import Query
from refkit.model.report import Document
from refkit.sources.catalogue import Catalogue

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
RECORDS = st.dictionaries(TEXT, st.builds(Locked, st.just({"a": 1}), TEXT, TEXT, TEXT, TEXT))


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    records = draw(RECORDS)
    name = st.sampled_from(sorted(records)) if records else st.nothing()
    candidates = st.lists(name, unique=True, max_size=2).map(tuple) if records else st.just(())
    open_verdicts = st.sampled_from([Verdict.NONE, Verdict.AMBIGUOUS])
    ids = st.dictionaries(TEXT, TEXT, max_size=2)
    rest = {"candidates": candidates, "flagged": st.booleans(), "decided": st.booleans()}
    common = {"key": TEXT, "content": TEXT, "reason": TEXT, "enriched": TEXT, "ids": ids, **rest}
    entry = st.builds(LockedEntry, verdict=open_verdicts, **common)
    if records:
        matches = name.filter(bool)
        if any(records):
            entry |= st.builds(
                LockedEntry, verdict=st.just(Verdict.MATCH), record=matches, **common
            )
    books = draw(st.dictionaries(TEXT, st.lists(entry, unique_by=lambda e: e.key, max_size=3)))
    used = {each for book in books.values() for entry in book for each in named(entry)}
    kept_records = {each: record for each, record in records.items() if each in used}
    return Lock({name: tuple(book) for name, book in books.items()}, kept_records)


def in_order(lock: Lock) -> dict[str, list[LockedEntry]]:
    return {
        name: sorted(each, key=lambda e: (e.key, e.copy))
        for name, each in lock.bibliographies.items()
    }


@given(locks())
def test_what_is_written_is_read_back_and_written_the_same(lock: Lock) -> None:
    text = render(lock)
    again = parse(text.encode(), "refkit.lock")
    assert in_order(again) == in_order(lock)
    assert again.records == lock.records
    turned = Lock({n: e[::-1] for n, e in reversed(lock.bibliographies.items())}, lock.records)
    assert render(turned) == render(again) == text


ROW = {"key": "a", "content": "0", "verdict": "none", "reason": "r"}


def damaged(**changes: Any) -> str:
    books = {"x.bib": [{**ROW, **changes}]}
    return json.dumps({"version": 1, "bibliographies": books, "references": {}})


def test_the_smallest_row_is_read() -> None:
    assert parse(damaged().encode(), "x").bibliographies["x.bib"] == (
        LockedEntry("a", "0", Verdict.NONE, "r"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 1}',
        '{"version": 1, "references": {}, "bibliographies": []}',
        '{"version": 1, "references": {}, "bibliographies": {"x": [1]}}',
        damaged(verdict="perhaps"),
        damaged(key=1),
        damaged(copy="2"),
        damaged(colour="red"),
        damaged(record="crossref:10.1000/gone"),
        damaged(verdict="match"),
        damaged(candidates=["crossref:10.1000/gone"]),
        damaged(candidates=[1]),
        damaged(ids={"doi": 1}),
        damaged(flagged="yes"),
    ],
)
def test_what_is_no_lock_file_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(InputError, match=r"^x\.lock: this is no lock file.*refkit enrich --lock"):
        parse(text.encode(), "x.lock")


def test_another_version_is_refused() -> None:
    with pytest.raises(InputError, match="version 2 is not known"):
        parse(b'{"version": 2}', "x.lock")


TEXT_BIB = """
@article{may, title = {Thresholds and breakpoints in ecosystems with a multiplicity of stable
  states}, author = {May, Robert M.}, journal = {Nature}, year = 1977, volume = 269}
@misc{none, title = {No such title anywhere in it}, author = {Nobody, A.}, year = 1999}
@article{doi, title = {Reproducible research}, doi = {10.1038/269471a0}}
"""


@pytest.fixture
def document() -> Document:
    return refkit.parse(TEXT_BIB, "bibtex", path="x.bib")


@pytest.fixture
def outcomes(document: Document, catalogue: Catalogue) -> list[Outcome]:
    return run(plan(document), [catalogue])


@pytest.fixture
def book(document: Document, outcomes: list[Outcome]) -> Book:
    return locked(document, outcomes, Book(Lock(), "x.bib", "refkit.lock"))[0]


def told(outcomes: list[Outcome]) -> list[tuple[object, ...]]:
    return [
        (o.task.entry.key, o.verdict, o.reason, o.flagged, o.match and o.match.candidate.id)
        for o in outcomes
    ]


def test_replaying_gives_the_same_outcomes_with_the_same_records(
    document: Document, outcomes: list[Outcome], book: Book
) -> None:
    assert [each.verdict for each in outcomes] == ["match", "none", "none"]
    assert outcomes[2].flagged
    read = Book(parse(render(book.lock).encode(), "refkit.lock"), "x.bib", "refkit.lock")
    again = replayed(document, read)
    assert told(again) == told(outcomes)
    before, after = outcomes[0].match, again[0].match
    assert before is not None
    assert after is not None
    fields = [{e.name: e.value for e in m.candidate.entry.fields} for m in (before, after)]
    assert fields[0] == fields[1]
    assert (after.evidence, after.score) == (before.evidence, before.score)


def test_an_entry_that_is_not_in_the_lock_or_was_changed_is_unchecked(book: Book) -> None:
    changed = refkit.parse(TEXT_BIB.replace("269}", "270}") + "@misc{new}", "bibtex")
    verdicts = {each.task.entry.key: each for each in replayed(changed, book)}
    assert [str(each.verdict) for each in verdicts.values()] == [
        *("unchecked", "none", "none", "unchecked")
    ]
    assert verdicts["may"].reason.startswith("it was changed since refkit.lock was written; run")
    assert verdicts["new"].reason.startswith("it is not in refkit.lock; run refkit enrich")


def test_only_what_is_compared_counts(document: Document) -> None:
    entry = document.entries[0]
    other = refkit.parse(TEXT_BIB.replace("{may,", "{k, abstract={A}, file={f},"), "bibtex")
    assert content(other.entries[0]) == content(entry)
    titled = refkit.parse(TEXT_BIB.replace("Thresholds", "Threshold"), "bibtex")
    assert content(titled.entries[0]) != content(entry)


def test_what_could_not_be_checked_keeps_what_is_known(
    document: Document, outcomes: list[Outcome], book: Book
) -> None:
    down = [replace(each, verdict=Verdict.UNCHECKED, match=None) for each in outcomes]
    again, shown = locked(document, down, book)
    assert render(again.lock) == render(book.lock)
    assert {each.verdict for each in shown} == {Verdict.UNCHECKED}


def test_the_users_decisions_are_kept_and_nothing_else_is(
    document: Document, outcomes: list[Outcome], book: Book
) -> None:
    chosen = [replace(outcomes[0], decided=True), *outcomes[1:]]
    new, _ = locked(document, chosen, book)
    found = kept(document, plan(document), new, decided=True)
    assert list(found) == [0]
    assert (found[0].decided, found[0].source) == (True, "user")


def test_a_source_made_of_the_lock_answers_for_what_is_in_it(
    document: Document, book: Book
) -> None:
    source = LockSource(document, book)
    doi = "10.1038/269471a0"
    assert source.lookup([doi])[doi].entry.text("volume") == "269"
    tasks = plan(document)
    query = tasks[0].query
    assert query is not None
    assert [each.id for each in source.search(query)] == [doi]
    assert tasks[1].query is not None
    assert source.search(tasks[1].query) == []
    with pytest.raises(SourceError, match=r"10\.1000/x: not in refkit\.lock"):
        source.lookup([doi, "10.1000/x"])
    with pytest.raises(SourceError, match=r"'Another': not in refkit\.lock"):
        source.search(Query("Another"))
    assert [each.verdict for each in run(tasks, [source])] == ["match", "none", "none"]


def test_a_record_that_was_edited_by_hand_is_told(book: Book) -> None:
    assert book.edited() == []
    records = {
        name: replace(each, item={**each.item, "volume": "7"})
        for name, each in book.lock.records.items()
    }
    edited = replace(book, lock=replace(book.lock, records=records))
    assert len(edited.edited()) == len(records) > 0
