"""Crossref records to entries and back."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from refkit.model.entry import OTHERS, Date, Entry, Field, Name, Origin, Value
from refkit.model.vocab import TYPES as CSL_TYPES
from refkit.model.vocab import VARIABLES
from refkit.sources.crossref_dates import read_date
from refkit.sources.crossref_names import read_names
from refkit.sources.crossref_record import TYPES, read_record, write_record
from refkit.sources.crossref_text import clean_text

ORIGIN = Origin("crossref", "test", fetched="2026-01-02T03:04:05Z")


def plain(value: Value | None) -> Any:
    if isinstance(value, tuple):
        return [{k: getattr(n, k) for k in n.__slots__ if getattr(n, k)} for n in value]
    if isinstance(value, Date):
        shown = {k: getattr(value, k) for k in value.__slots__ if k != "end"}
        parts = {k: v for k, v in shown.items() if v not in (None, "", False)}
        return parts | ({"end": plain(value.end)} if value.end is not None else {})
    return value


def content(entry: Entry) -> tuple[Any, ...]:
    groups = [sorted((f.name, repr(f.value)) for f in g) for g in (entry.fields, entry.extra)]
    return entry.key, entry.type, *groups


def test_golden_records(root: Path) -> None:
    cases = root / "tests/cases/crossref"
    expected = json.loads((cases / "entries.json").read_text("utf-8"))
    lines = (cases / "works.jsonl").read_text("utf-8").splitlines()
    entries = [read_record(json.loads(line), ORIGIN) for line in lines]
    assert [entry.key for entry in entries] == list(expected)
    for entry in entries:
        shown = {
            "type": entry.type,
            "fields": {f.name: plain(f.value) for f in entry.fields},
            "extra": {f.name: plain(f.value) for f in entry.extra},
        }
        assert shown == expected[entry.key], entry.key


def test_every_field_knows_its_origin(works: list[dict[str, Any]]) -> None:
    for work in works:
        entry = read_record(work, ORIGIN)
        assert entry.origin == ORIGIN
        assert all(field.origin is ORIGIN for field in entry.fields + entry.extra)


def test_what_is_written_reads_back(works: list[dict[str, Any]]) -> None:
    for work in works:
        entry = read_record(work, ORIGIN)
        written = json.loads(json.dumps(write_record(entry)))
        assert content(read_record(written, ORIGIN)) == content(entry)


def test_all_genuine_records(shared: Path) -> None:
    count = 0
    with gzip.open(shared / "data/crossref/works.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            count += 1
            work = json.loads(line)
            entry = read_record(work, ORIGIN)
            assert entry.key == work["DOI"].lower()
            assert entry.type in CSL_TYPES
            assert {f.name for f in entry.fields} <= VARIABLES
            assert all(f.value for f in entry.fields)
            texts = [f.value for f in entry.fields if isinstance(f.value, str)]
            assert not [t for t in texts if "\n" in t or "  " in t or "&amp;" in t or "mml:" in t]
            assert content(read_record(write_record(entry), ORIGIN)) == content(entry)
    assert count == 14_803


def test_the_types_of_crossref_become_types_of_csl() -> None:
    assert set(TYPES.values()) <= CSL_TYPES
    for crossref, csl in TYPES.items():
        entry = read_record({"DOI": "10.5555/x", "type": crossref}, ORIGIN)
        assert (entry.type, entry.beyond("crossref-type")) == (csl, crossref)
        assert write_record(entry)["type"] == crossref


@pytest.mark.parametrize("csl", sorted(CSL_TYPES))
def test_every_csl_type_survives(csl: str) -> None:
    entry = Entry("smith2020", csl, (Field("title", "A title"),))
    again = read_record(write_record(entry), ORIGIN)
    assert (again.key, again.type, again.text("title")) == ("smith2020", csl, "A title")


def test_entry_of_another_format() -> None:
    fields = (
        Field("title", 'The <span class="nocase">DNA</span> of <i>E. coli</i>'),
        Field("author", (Name("Gogh", "Vincent", "van"), Name(literal="The Team"), OTHERS)),
        Field("container-title", "Advances in Neural Information Processing Systems"),
        Field("collection-title", "Proceedings"),
        Field("issued", Date(2001, 2, end=Date(2001, 4))),
        Field("PMID", "123"),
        Field("note", "Our own words"),
    )
    again = read_record(write_record(Entry("k", "paper-conference", fields)), ORIGIN)
    values = {field.name: field.value for field in again.fields}
    assert values == {
        "title": "The DNA of <i>E. coli</i>",
        "author": (Name("Gogh", "Vincent", "van"), Name(literal="The Team")),
        "container-title": "Advances in Neural Information Processing Systems",
        "collection-title": "Proceedings",
        "issued": Date(2001, 2, end=Date(2001, 4)),
        "PMID": "123",
        "note": "Our own words",
    }


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A  title\n   in two\tlines", "A title in two lines"),
        ("Q&amp;amp;A &lt;i&gt;now&lt;/i&gt;", "Q&A <i>now</i>"),
        ("p &lt; 0.05 and a<b", "p < 0.05 and a<b"),
        ("AT&T; R&D &nosuch;", "AT&T; R&D &nosuch;"),
        ("<jats:italic>In vivo</jats:italic> <jats:sc>x</jats:sc>", "<i>In vivo</i> x"),
        ("<i>never closed", "never closed"),
        ("never opened</i>", "never opened"),
        ("<i>a <b>b</i> c", "<i>a b</i> c"),
        ("H<inf>2</inf>O", "H<sub>2</sub>O"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<math><msqrt><mi>x</mi></msqrt></math>", "√(x)"),
        ("<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>",
         "x<sub>i</sub><sup>2</sup>"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup></math> and", "x<sup>2</sup> and"),
        ("single\u2010phase\u00ad", "single-phase"),
        ("Fern\ufffdndez", "Fern\ufffdndez"),
        ("Cafe\u0301", "Caf\u00e9"),
    ],
)  # fmt: skip
def test_texts(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"given": "James", "family": "Johnson Jr"}, Name("Johnson", "James", suffix="Jr")),
        ({"given": "J.", "family": "Smith", "suffix": "III"}, Name("Smith", "J.", suffix="III")),
        ({"given": "Ludwig", "family": "van Beethoven"}, Name("Beethoven", "Ludwig", "van")),
        ({"given": "Al", "family": "García Márquez"}, Name("García Márquez", "Al")),
        ({"given": "JOHN M.", "family": "MCDONALD"}, Name("McDonald", "John M.")),
        ({"given": "J", "family": "LI"}, Name("LI", "J")),
        ({"family": "G. S.  Soreghan"}, Name("Soreghan", "G. S.")),
        ({"family": "Ramesha"}, Name("Ramesha")),
        ({"family": "World Health Organization"}, Name(literal="World Health Organization")),
        ({"name": "The ATLAS Collaboration"}, Name(literal="The ATLAS Collaboration")),
        ({"given": "Smith*", "family": "Lee†"}, Name("Lee", "Smith")),
    ],
)
def test_names(person: dict[str, str], name: Name) -> None:
    assert read_names([person]) == (name,)


def test_names_that_are_none() -> None:
    assert read_names([{}, None, "x", {"name": "NA"}, {"given": "", "family": ""}]) == ()
    assert read_names(None) == read_names({"family": "X"}) == ()


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[]]}, None),
        ({"date-parts": [[0]]}, None),
        ({"date-parts": None}, None),
        ("2001", None),
        ({"date-parts": [[2001, 2, 3]]}, Date(2001, 2, 3)),
        ({"date-parts": [["2001", "13"]]}, Date(2001)),
        ({"date-parts": [[2001, 2, 99]]}, Date(2001, 2)),
    ],
)
def test_dates(value: Any, date: Date | None) -> None:
    assert read_date(value) == date


def test_the_day_a_doi_was_made_is_no_date_of_the_work() -> None:
    work = {"issued": {"date-parts": [[None]]}, "created": {"date-parts": [[2020, 1, 1]]}}
    assert read_record(work, ORIGIN).date() is None
