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
from refkit.formats.bibtex.patch import patch
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.tree import Tree
from refkit.model.report import Change, Document
from refkit.model.text import SourceText, apply_edits
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


def test_new_fields_are_all_that_is_new_in_the_outside_suites(shared: Path) -> None:
    for text in outside(shared):
        check_insertion(text)


@pytest.mark.parametrize("name", ["paper.bib", "paper-biblatex.bib", "broken.bib"])
def test_new_fields_are_all_that_is_new_in_the_samples(samples: Path, name: str) -> None:
    check_insertion((samples / name).read_bytes().decode())


def check_insertion(text: str) -> None:
    """Put a field into every entry that is whole; nothing else may change, in or between them."""
    document = refkit.parse(text, "bibtex")
    changes = [
        Change(index, entry.key, "PMID", None, "12345", "a reason")
        for index, entry in enumerate(document.entries)
        if entry.field("PMID") is None
    ]
    made = patch(document, changes)
    new, _ = scan(SourceText("x.bib", apply_edits(text, made.edits)))
    old: Tree = document.tree
    assert between(new) == between(old)
    added = {each.change.index for each in made.applied}
    for index, (before, after) in enumerate(zip(old.entries(), new.entries(), strict=True)):
        fields = [(f.name, new.raw(f)) for f in after.fields]
        if index in added:
            fields.remove(("pmid", fields[[name for name, _ in fields].index("pmid")][1]))
        assert fields == [(f.name, old.raw(f)) for f in before.fields]
        assert (before.type, before.key, before.complete) == (after.type, after.key, after.complete)


def between(tree: Tree) -> list[str]:
    """Return all that is not an entry: text, comments, strings, preambles."""
    text, done, out = tree.source.text, 0, []
    for entry in tree.entries():
        out.append(text[done : entry.start])
        done = entry.end
    return [*out, text[done:]]


def test_no_field_of_the_outside_suites_is_lost_without_a_word(shared: Path) -> None:
    """From .bib to .bib every field comes back, or a diagnostic names the entry and the loss."""
    for text in outside(shared):
        document = refkit.parse(text, "biblatex")
        written = refkit.convert(document, "biblatex")
        back = refkit.parse(written.text, "biblatex")
        told = {p.key for p in (*document.problems, *written.problems) if is_loss(p.code)}
        assert len(back.entries) == len(document.entries)
        for before, after in zip(document.entries, back.entries, strict=True):
            lost = names(before) - names(after)
            assert not lost or before.key in told, (before.key, lost)


def is_loss(code: str) -> bool:
    return code.startswith(("LOS", "SYN", "FLD", "XRF"))


def names(entry: refkit.Entry) -> set[str]:
    return {field.name for field in (*entry.fields, *entry.extra)}
