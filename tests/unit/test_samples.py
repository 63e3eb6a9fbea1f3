"""The samples hold together: each expected DOI is a record of the catalogue, of that very work.

The files are read by pybtex and json here, so that these facts do not rest on refkit itself.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pybtex.database import BibliographyData, Entry, parse_file

BIBS = ("paper.bib", "paper-biblatex.bib")


@pytest.fixture(scope="module")
def records(samples: Path) -> dict[str, dict[str, Any]]:
    """Return the catalogue's records by DOI in lower case."""
    lines = (samples / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    works = [json.loads(line) for line in lines]
    return {work["DOI"].lower(): work for work in works}


@pytest.fixture(scope="module")
def expected(samples: Path) -> dict[str, dict[str, dict[str, str | None]]]:
    """Return what each entry of each file should get."""
    found: dict[str, dict[str, dict[str, str | None]]]
    found = json.loads((samples / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def bibs(samples: Path) -> dict[str, BibliographyData]:
    """Return the two bibliographies, read by pybtex."""
    return {name: parse_file(str(samples / name), bib_format="bibtex") for name in BIBS}


def _fold(text: str) -> str:
    plain = re.sub(r"<[^>]+>|\\[a-zA-Z]+|&\w+;|\\.", "", text)
    return re.sub(r"[\W_]+", "", plain).casefold()


def _main_title(text: str) -> str:
    return _fold(re.split(r"[:?]|--", text)[0])


def _rows(expected: dict[str, Any], *statuses: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (name, key, row)
        for name, rows in expected.items()
        for key, row in rows.items()
        if row["status"] in statuses
    ]


def test_the_catalogue_is_crossref_records_without_repeats(samples: Path) -> None:
    lines = (samples / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    works = [json.loads(line) for line in lines]
    assert 80 <= len(works) <= 150
    assert len({work["DOI"].lower() for work in works}) == len(works)
    for work in works:
        assert re.fullmatch(r"10\.\d{4,9}/\S+", work["DOI"])
        assert isinstance(work["type"], str)
        assert all(isinstance(title, str) for title in work.get("title", []))
        assert work["URL"].lower().endswith(work["DOI"].lower())
        assert isinstance(work["issued"]["date-parts"][0], list)


def test_every_entry_has_an_expected_outcome(
    expected: dict[str, Any], bibs: dict[str, BibliographyData]
) -> None:
    for name, bib in bibs.items():
        keys = [key for key, entry in bib.entries.items() if entry.type != "xdata"]
        assert keys == list(expected[name])
    assert 40 <= len(expected["paper.bib"]) <= 55
    assert len(_rows(expected, "fill")) >= 20


def test_no_key_is_in_both_files(expected: dict[str, Any]) -> None:
    counted = Counter(key for rows in expected.values() for key in rows)
    assert max(counted.values()) == 1


def test_what_is_to_be_filled_is_missing_and_in_the_catalogue(
    expected: dict[str, Any],
    bibs: dict[str, BibliographyData],
    records: dict[str, dict[str, Any]],
) -> None:
    for name, key, row in _rows(expected, "fill"):
        entry = bibs[name].entries[key]
        record = records[row["doi"].lower()]
        assert "doi" not in entry.fields, key
        ours, theirs = _title(entry), " ".join(record["title"])
        assert _main_title(ours) == _main_title(theirs) or _fold(ours) == _fold(theirs), key
        families = _families(record)
        assert _family(entry) in families or (not families and "page" in record), key


def _title(entry: Entry) -> str:
    return ": ".join(entry.fields[name] for name in ("title", "subtitle") if name in entry.fields)


def _family(entry: Entry) -> str:
    written = entry.persons["author"][0]
    last = " ".join(written.last_names) or str(written)
    extended = re.search(r"family=(\w+)", str(written))
    return _fold(extended[1] if extended else last)


def _families(record: dict[str, Any]) -> set[str]:
    people = record.get("author", []) + record.get("editor", [])
    return {_fold(person.get("family", person.get("name", ""))) for person in people}


def test_the_years_agree_within_one(
    expected: dict[str, Any],
    bibs: dict[str, BibliographyData],
    records: dict[str, dict[str, Any]],
) -> None:
    for name, key, row in _rows(expected, "fill"):
        fields = bibs[name].entries[key].fields
        year = fields.get("year", fields.get("date", ""))[:4]
        known = records[row["doi"].lower()]["issued"]["date-parts"][0]
        if year and known[:1] != [None]:
            assert abs(int(year) - known[0]) <= 1, key


def test_what_is_kept_or_flagged_has_a_doi_already(
    expected: dict[str, Any],
    bibs: dict[str, BibliographyData],
    records: dict[str, dict[str, Any]],
) -> None:
    kept = _rows(expected, "keep", "flag")
    assert {row["status"] for _, _, row in kept} == {"keep", "flag"}
    for name, key, row in kept:
        assert bibs[name].entries[key].fields["doi"].endswith(row["doi"])
        record = records[row["doi"].lower()]
        same = _fold(record["title"][0]) == _fold(_title(bibs[name].entries[key]))
        assert same == (row["status"] == "keep"), key
        assert row["status"] == "keep" or row["right"].lower() in records


def test_what_gets_nothing_says_why_and_its_decoy_is_there(
    expected: dict[str, Any], records: dict[str, dict[str, Any]]
) -> None:
    rows = _rows(expected, "none")
    assert {row["reason"] for _, _, row in rows} == {"absent", "decoy", "preprint"}
    for _, key, row in rows:
        assert row["doi"] is None
        assert row["why"], key
        assert row["reason"] == "absent" or "decoy" in row, key
    every = [row for rows in expected.values() for row in rows.values()]
    decoys = [row["decoy"].lower() for row in every if "decoy" in row]
    assert set(decoys) <= set(records)


def test_the_paper_has_the_defects_that_its_readme_tells_of(samples: Path) -> None:
    text = (samples / "paper.bib").read_text(encoding="utf-8")
    for trait in (
        "@string{",
        "@preamble{",
        "@comment{jabref",
        "@article(",
        '" # "',
        "month   = oct",
        "and others",
        "{{R Core Team}}",
        '{\\"a}',
        "archivePrefix",
        "@phdthesis{",
        "crossref = {",
        "doi     = {https://doi.org/",
    ):
        assert trait in text, trait


def test_the_broken_file_is_broken_and_the_others_are_not(samples: Path) -> None:
    for name in BIBS:
        text = (samples / name).read_text(encoding="utf-8")
        assert text.count("{") == text.count("}"), name
    broken = (samples / "broken.bib").read_text(encoding="utf-8")
    assert broken.count("{") > broken.count("}")
    assert len(re.findall(r"^@\w+\{", broken, re.MULTILINE)) == 11
