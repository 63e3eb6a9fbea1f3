"""Reading a .bib file and writing it without a change gives the very bytes, whatever they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import refkit
from refkit.errors import InputError
from refkit.formats.bibtex import read_bibtex
from refkit.model.report import Document
from refkit.normalise.encoding import decode

PIECES = [
    *(b"@article{", b"@string{", b"@comment{", b"@", b"{", b"}", b"(", b")", b'"', b",", b"="),
    *(b"#", b"%", b"\n", b"\r\n", b"\r", b"\\", b"key,", b"title = {x},\n", b"\xff", b"\xc3\xa9"),
]
BYTES = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join) | st.binary(max_size=80)


def unchanged(document: Document) -> bytes:
    return refkit.enrich(document, []).data()


@given(BYTES)
def test_any_bytes(data: bytes) -> None:
    try:
        source, _ = decode(data, "x.bib")
    except InputError:
        assert b"\0" in data
        return
    document = read_bibtex(source)
    assert unchanged(document) == data


@pytest.mark.parametrize("name", ["paper.bib", "paper-biblatex.bib", "broken.bib"])
def test_the_samples(samples: Path, name: str) -> None:
    assert unchanged(refkit.read(samples / name)) == (samples / name).read_bytes()


def outside(shared: Path) -> Iterator[str]:
    for suite in ("pandoc-cmd", "citejs-bib"):
        path = shared / "suites" / "conversion" / f"{suite}.jsonl"
        yield from (json.loads(line)["input"] for line in path.read_text("utf-8").splitlines())


def test_the_outside_suites(shared: Path) -> None:
    inputs = list(outside(shared))
    assert len(inputs) > 200
    for text in inputs:
        assert unchanged(refkit.parse(text, "bibtex")) == text.encode("utf-8", "surrogateescape")


def test_no_field_of_the_outside_suites_is_lost_without_a_word(shared: Path) -> None:
    """From .bib to .bib every field comes back, or a diagnostic names the entry."""
    for text in outside(shared):
        document = refkit.parse(text, "biblatex")
        written = refkit.convert(document, "biblatex")
        back = refkit.parse(written.text, "biblatex")
        told = {problem.key for problem in (*document.problems, *written.problems)}
        assert len(back.entries) == len(document.entries)
        for before, after in zip(document.entries, back.entries, strict=True):
            lost = {f.name for f in before.fields} - {f.name for f in after.fields}
            assert not lost or before.key in told, (before.key, lost)
