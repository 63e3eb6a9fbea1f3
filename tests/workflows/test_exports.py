"""What refkit exports is read whole by those it is written for."""

from __future__ import annotations

import json
from pathlib import Path

import bibtexparser
import pybtex.database
import pypandoc
import pytest

import refkit
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.values import resolve
from refkit.model.text import SourceText

FILES = ("paper.bib", "paper-biblatex.bib")
DATA_ONLY = {"xdata"}


def pandoc(*arguments: str, stdin: str) -> str:
    """Run pandoc, with its warnings as errors."""
    extra = ["--fail-if-warnings", *arguments]
    out: str = pypandoc.convert_text(stdin, "plain", format="markdown", extra_args=extra)
    return out


@pytest.mark.parametrize("name", FILES)
def test_pandoc_renders_the_csl_json(samples: Path, tmp_path: Path, name: str) -> None:
    document = refkit.read(samples / name)
    target = tmp_path / "refs.json"
    refkit.save(target, refkit.convert(document, "csljson").text)
    out = pandoc("--citeproc", f"--bibliography={target}", stdin="---\nnocite: '@*'\n---\n")
    items = json.loads(target.read_text("utf-8"))
    works = [entry for entry in document.entries if entry.native_type not in DATA_ONLY]
    assert [item["id"] for item in items] == [entry.key for entry in works]
    assert len([line for line in out.split("\n\n") if line.strip()]) == len(works)
    for entry in works:
        for person in entry.names("author")[:1]:
            assert (person.family or person.literal) in out.replace("\n", " ")


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("name", FILES)
def test_pybtex_and_bibtexparser_read_the_same_keys_and_fields(
    samples: Path, name: str, dialect: str
) -> None:
    text = refkit.convert(refkit.read(samples / name), dialect).text
    tree, problems = scan(SourceText("x.bib", text))
    assert not problems
    ours = {
        entry.key: {f.name: resolve(tree.raw(f), {})[0] for f in entry.fields}
        for entry in tree.entries()
    }
    assert ours
    theirs = {e.key: {f.key: f.value for f in e.fields} for e in parsed(text).entries}
    assert {key: set(fields) for key, fields in theirs.items()} == {
        key: set(fields) for key, fields in ours.items()
    }
    for key, fields in ours.items():
        assert {n: v for n, v in theirs[key].items() if n != "month"} == {
            n: v for n, v in fields.items() if n != "month"
        }
    by_pybtex = pybtex.database.parse_string(text, "bibtex").entries
    assert list(by_pybtex) == list(ours)
    for key, fields in ours.items():
        people = set(by_pybtex[key].persons)
        assert people == {"author", "editor"} & set(fields)
        assert set(by_pybtex[key].fields) - people == set(fields) - people
        for field in set(fields) - people - {"month"}:
            assert by_pybtex[key].fields[field].split() == fields[field].split()


def parsed(text: str) -> bibtexparser.Library:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return library


@pytest.mark.parametrize(
    "to", ["bibtex", "biblatex", "csljson", "cslyaml", "ris", "nbib", "endnotexml"]
)
@pytest.mark.parametrize("name", [*FILES, "broken.bib"])
def test_no_entry_is_lost_on_the_way(samples: Path, name: str, to: str) -> None:
    document = refkit.read(samples / name)
    written = refkit.convert(document, to)
    back = refkit.parse(written.text, to)
    works = [entry for entry in document.entries if entry.native_type not in DATA_ONLY]
    kept = [entry for entry in back.entries if entry.native_type not in DATA_ONLY]
    assert len(kept) == len(works)
    assert not [problem for problem in back.problems if problem.code.startswith("SYN")]
