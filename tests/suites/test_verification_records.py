"""Genuine Crossref records against entries made of them: as they are, reformatted, falsified."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from refkit import plugins
from refkit.api.documents import parse
from refkit.match.judge import confirm
from refkit.model.entry import Date, Entry, Field, Name, Origin, Value
from refkit.model.evidence import Candidate
from refkit.sources.crossref_record import read_record
from refkit.verification.verdicts import Finding, Looked, Status, finding

COUNT = 600
SOUND = {Status.VERIFIED, Status.CORRECTED, Status.RETRACTED, Status.SUPERSEDED}
Change = Callable[[Entry, random.Random], Entry | None]


@pytest.fixture(scope="module")
def pairs(shared: Path) -> list[tuple[Entry, Entry]]:
    """Return records, and the entries that a .bib file made of them has."""
    with gzip.open(shared / "data/crossref/works.jsonl.gz", "rt", encoding="utf-8") as lines:
        works = [json.loads(line) for line in lines]
    chosen = random.Random(11).sample(works, COUNT)  # noqa: S311
    records = [read_record(work, Origin("crossref", work["DOI"].lower())) for work in chosen]
    return list(_written(records))


def _written(records: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    write = plugins.load("refkit.formats", "bibtex").write
    for record in records:
        text = write([replace(record, extra=())]).text
        for entry in parse(text, "bibtex").entries:
            yield record, entry


def found(record: Entry, entry: Entry) -> Finding:
    proposal = confirm(entry, Candidate(record.key, record))
    return finding(entry, Looked(proposal.verdict, proposal.reason, proposal.matches, by_id=True))


def put(entry: Entry, name: str, value: Value) -> Entry:
    return entry.with_fields(
        [Field(name, value, each.origin) if each.name == name else each for each in entry.fields]
    )


def as_it_is(entry: Entry, _: random.Random) -> Entry:
    return entry


def initials(entry: Entry, _: random.Random) -> Entry | None:
    people = [
        replace(name, given=" ".join(f"{word[0]}." for word in name.given.split()))
        for name in entry.names("author")
    ]
    return put(entry, "author", tuple(people)) if people else None


def shouted(entry: Entry, _: random.Random) -> Entry | None:
    title = entry.text("title")
    return put(entry, "title", title.upper()) if title and "<" not in title else None


@pytest.mark.parametrize("change", [as_it_is, initials, shouted])
def test_what_says_the_same_is_hardly_ever_said_to_differ(
    pairs: list[tuple[Entry, Entry]], change: Change
) -> None:
    chance = random.Random(1)  # noqa: S311
    made = [(record, change(entry, chance)) for record, entry in pairs]
    statuses = Counter(found(record, entry).status for record, entry in made if entry)
    sound = sum(statuses[status] for status in SOUND)
    assert statuses.total() > COUNT * 0.5
    assert sound >= 0.99 * statuses.total(), statuses
    assert statuses[Status.DIFFERS] <= 0.005 * statuses.total(), statuses


def year(entry: Entry, chance: random.Random) -> Entry | None:
    date = entry.date()
    if date is None or date.year is None:
        return None
    return put(entry, "issued", Date(date.year + chance.choice([-4, -3, 3, 4])))


def volume(entry: Entry, chance: random.Random) -> Entry | None:
    text = entry.text("volume")
    return put(entry, "volume", str(int(text) + chance.randint(1, 9))) if text.isdigit() else None


def pages(entry: Entry, chance: random.Random) -> Entry | None:
    first = entry.text("page").partition("-")[0]
    return put(entry, "page", str(int(first) + chance.randint(3, 99))) if first.isdigit() else None


def author_lost(entry: Entry, chance: random.Random) -> Entry | None:
    people = entry.names("author")
    if not 3 <= len(people) <= 50:
        return None
    at = chance.randrange(1, len(people))
    return put(entry, "author", people[:at] + people[at + 1 :])


def author_added(entry: Entry, _: random.Random) -> Entry | None:
    people = entry.names("author")
    extra = Name(family="Zweistein", given="Xaver")
    return put(entry, "author", (*people, extra)) if 1 <= len(people) <= 50 else None


def title(entry: Entry, _: random.Random) -> Entry | None:
    long = len(entry.text("title").split()) > 4
    return put(entry, "title", "A treatise on medieval bridges and ferries") if long else None


@pytest.mark.parametrize("change", [year, volume, pages, author_lost, author_added, title])
def test_what_says_something_else_is_never_said_to_be_verified(
    pairs: list[tuple[Entry, Entry]], change: Change
) -> None:
    chance = random.Random(2)  # noqa: S311
    made = [(record, change(entry, chance)) for record, entry in pairs]
    results = [found(record, entry) for record, entry in made if entry]
    assert len(results) > 80
    told = [each for each in results if each.differences or each.status is Status.AMBIGUOUS]
    assert len(told) == len(results), [e for e in results if e not in told][:3]
    assert not [each for each in results if each.status is Status.VERIFIED]
