"""Catalogues of the user's own files: mixed, gzipped, damaged, and built twice at once."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit.errors import InputError

PAPER = """@book{b1,
  title = {The Art of Computer Programming}, author = {Knuth, Donald E.}, year = 1968}
@misc{d1, doi = {10.5555/data}}
@misc{r1, doi = {10.5555/report}}
"""
LETTERS = {
    "id": "gogh", "type": "dataset", "DOI": "10.5555/data", "title": "Letters & more",
    "author": [
        {"family": "Gogh", "non-dropping-particle": "van", "given": "Vincent"},
        {"literal": "Museum of Letters"},
    ],
    "issued": {"date-parts": [[1889]]}, "publisher": "Museum",
}  # fmt: skip
BOOK = {
    "id": "knuth", "type": "book", "DOI": "10.5555/taocp", "publisher": "Addison",
    "title": "The Art of Computer Programming",
    "author": [{"family": "Knuth", "given": "Donald E."}], "issued": {"date-parts": [[1968]]},
}  # fmt: skip
REPORT = {
    "type": "report", "DOI": "10.5555/report", "title": ["A Report"], "publisher": "ACME",
    "author": [{"name": "ACME Corporation", "sequence": "first", "affiliation": []}],
    "issued": {"date-parts": [[1999]]},
}  # fmt: skip


def as_lines(*records: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


def as_json(*records: Any) -> bytes:
    return json.dumps(records, indent=1).encode()


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.bib"
    path.write_text(PAPER, "utf-8")
    return path


def enriched(paper: Path, catalogue: Path) -> str:
    settings = refkit.SourceSettings(catalogue=str(catalogue))
    found = refkit.enrich(refkit.read(paper), ["catalogue"], settings=settings)
    assert found.warnings == ()
    return found.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("works.jsonl", as_lines(BOOK, LETTERS, REPORT)),
        ("works.json", as_json(LETTERS, REPORT, BOOK)),
        ("works.json.gz", gzip.compress(as_json(REPORT, BOOK, LETTERS))),
        ("works.gz", gzip.compress(as_lines(REPORT, LETTERS, BOOK))),
        ("works", as_lines(LETTERS, BOOK, REPORT)),
    ],
)
@pytest.mark.parametrize("built", [False, True])
def test_each_record_is_read_in_its_own_vocabulary(
    tmp_path: Path, paper: Path, name: str, data: bytes, built: bool
) -> None:
    catalogue = tmp_path / name
    catalogue.write_bytes(data)
    if built:
        report, warnings = refkit.build_catalogue([catalogue], tmp_path / "built")
        assert (report.records, warnings) == (3, [])
        catalogue = tmp_path / "built"
    text = enriched(paper, catalogue)
    for part in (
        "doi = {10.5555/taocp}",
        "author = {van Gogh, Vincent and {Museum of Letters}}",
        "title = {Letters \\& more}",
        "author = {{ACME Corporation}}",
        "title = {A Report}",
    ):
        assert part in text.replace("={", " = {")


def test_a_gzipped_bibliography(tmp_path: Path, samples: Path) -> None:
    packed = tmp_path / "paper.bib.gz"
    packed.write_bytes(gzip.compress((samples / "paper.bib").read_bytes()))
    report, warnings = refkit.build_catalogue([packed], tmp_path / "built")
    assert (report.records, warnings) == (len(refkit.read(samples / "paper.bib").entries), [])


def test_bibliographies_that_share_a_key(tmp_path: Path) -> None:
    titles = ("Work one about whales and their songs", "Quite another on bridges of steel")
    for number, title in enumerate(titles):
        text = f"@article{{smith2001, title = {{{title}}}, author = {{Smith, A.}}, year = 2001}}\n"
        (tmp_path / f"{number}.bib").write_text(text, "utf-8")
    report, _ = refkit.build_catalogue(sorted(tmp_path.glob("*.bib")), tmp_path / "built")
    assert report == (2, 0, 2)


BAD = {
    "NaN": b'{"DOI": "10.5555/1", "indexed": {"timestamp": NaN}}',
    "Infinity": b'{"DOI": "10.5555/1", "indexed": {"timestamp": Infinity}}',
    "1e999": b'{"DOI": "10.5555/1", "indexed": {"timestamp": 1e999}}',
    "half a pair in a DOI": rb'{"DOI": "10.5555/\ud800a", "type": "book"}',
    "half a pair in a type": rb'{"DOI": "10.5555/1", "type": "\ud800", "title": ["x"]}',
    "no title, no DOI": b'{"type": "book"}',
    "no record": b"7",
    "not JSON": b"{oops",
    "no UTF-8": b'{"DOI": "\xff"}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_bad_record_costs_a_warning(tmp_path: Path, paper: Path, line: bytes) -> None:
    catalogue = tmp_path / "works.jsonl"
    catalogue.write_bytes(as_lines(BOOK) + line + b"\n" + as_lines(LETTERS, REPORT))
    report, warnings = refkit.build_catalogue([catalogue], tmp_path / "built")
    assert (report.records, report.duplicates) == (3, 0)
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{catalogue}, line 2: ")
    done = run("enrich", paper, "--catalogue", catalogue)
    assert done.returncode == 0
    assert "3 match" in done.stderr
    assert warnings[0] in done.stderr


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
@pytest.mark.parametrize("first", [True, False])
def test_a_bad_record_in_front_or_behind(tmp_path: Path, line: bytes, first: bool) -> None:
    catalogue = tmp_path / "works.jsonl"
    parts = [line + b"\n", as_lines(BOOK, LETTERS)]
    catalogue.write_bytes(b"".join(parts if first else reversed(parts)))
    report, warnings = refkit.build_catalogue([catalogue], tmp_path / "built")
    assert (report.records, len(warnings)) == (2, 1)


ODD = {
    "type": {"DOI": "10.5555/1", "title": ["x"], "type": ["journal-article"]},
    "stamp": {"DOI": "10.5555/1", "title": ["x"], "indexed": {"timestamp": 1e300}},
    "people": {"DOI": "10.5555/1", "title": [None, ["x"]], "author": [1, None, {"family": 5}]},
    "dates": {"DOI": "10.5555/1", "issued": {"date-parts": [[10**30, 1e9]]}, "page": 12},
    "numbers": {"DOI": "10.5555/1", "id": 7, "type": "book", "title": 3, "volume": {"a": 1}},
}


@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_odd_values_in_a_record_are_no_trouble(tmp_path: Path, record: Any) -> None:
    catalogue = tmp_path / "works.jsonl"
    catalogue.write_bytes(as_lines(record, BOOK))
    assert refkit.build_catalogue([catalogue], tmp_path / "built")[0].records == 2


PACKED = gzip.compress(as_lines(BOOK, LETTERS))
DAMAGED = {
    "junk.jsonl.gz": b"\x1f\x8bjunk",
    "cut.jsonl.gz": PACKED[:-9],
    "random.json.gz": bytes(range(255, 100, -1)),
    "cut.jsonl": as_lines(BOOK, LETTERS)[:-9],
    "cut.json": as_json(BOOK, LETTERS)[:-9],
    "words.jsonl": b"there is no record here\n",
    "binary.jsonl": b"\xff\xfe\0\n",
    "unfit.jsonl": BAD["NaN"] + b"\n",
    "status.json": b'{"status": "ok"}',
    "deep.jsonl": b"[" * 100_000 + b"\n",
    "page.bib": b"<!DOCTYPE html><title>Not found</title>\n",
    "broken.yaml": b"references: [{id: x\n",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_catalogue_never_says_that_nothing_was_found(
    tmp_path: Path, paper: Path, name: str
) -> None:
    good, damaged = tmp_path / "good.jsonl", tmp_path / name
    good.write_bytes(as_lines(BOOK, REPORT))
    damaged.write_bytes(DAMAGED[name])
    refkit.build_catalogue([good], tmp_path / "built")
    with pytest.raises(InputError, match=name):
        enriched(paper, damaged)
    with pytest.raises(InputError, match=name):
        refkit.build_catalogue([good, damaged], tmp_path / "built")
    assert "10.5555/taocp" in enriched(paper, tmp_path / "built")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.jsonl", b""),
        ("blank.jsonl", b"\n\n"),
        ("empty.json", b"[]"),
        ("empty.json.gz", gzip.compress(b'{"items": []}')),
        ("names.bib", b'@string{a = "A"}\n'),
        ("empty.bib", b"\n"),
    ],
)
def test_an_empty_catalogue_is_no_damaged_one(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    report, warnings = refkit.build_catalogue([tmp_path / name], tmp_path / "built")
    assert (report.records, warnings) == (0, [])


def test_the_exit_codes(tmp_path: Path, paper: Path) -> None:
    for name, data in DAMAGED.items():
        (tmp_path / name).write_bytes(data)
    for name in ("junk.jsonl.gz", "cut.jsonl", "unfit.jsonl"):
        for command in (
            ("enrich", paper, "--catalogue", tmp_path / name),
            ("catalogue", "build", tmp_path / name, "-o", tmp_path / "built"),
        ):
            done = run(*command)
            assert (done.returncode, done.stdout) == (2, "")
            assert name in done.stderr
            assert "Traceback" not in done.stderr


def test_two_builds_at_once(tmp_path: Path) -> None:
    works = tmp_path / "works.jsonl"
    titles = (f"Title {number} of a work" for number in range(20_000))
    works.write_bytes(
        as_lines(*({"DOI": f"10.5555/{n}", "title": [t]} for n, t in enumerate(titles)))
    )
    command = [sys.executable, "-m", "refkit", "catalogue", "build", str(works)]
    command += ["-o", str(tmp_path / "c")]
    builds = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate(timeout=120)[1] for each in builds]
    codes = [each.returncode for each in builds]
    assert set(codes) <= {0, 2}
    assert 0 in codes
    for code, text in zip(codes, said, strict=True):
        assert ("20000 works" if code == 0 else "another build of it is running") in text
        assert "Traceback" not in text
    assert len(list((tmp_path / "c").glob("build-*"))) == 1
