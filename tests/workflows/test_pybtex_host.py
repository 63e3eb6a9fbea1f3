"""pybtex, in its Python API and its command line, reads and writes refkit's formats."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pybtex.database as db
import pybtex.errors
import pytest
from pybtex import PybtexEngine
from pybtex.bibtex import BibTeXEngine
from pybtex.exceptions import PybtexError
from pybtex.plugin import enumerate_plugin_names

from refkit.api import documents
from refkit.hosts.pybtex_plugins import RisParser
from refkit.normalise.latex import to_plain

FORMATS = {"ris": "ris", "json": "csljson", "yml": "cslyaml", "nbib": "nbib", "xml": "endnotexml"}
NAMED = {
    "type": "book",
    "id": "beethoven",
    "title": "Letters",
    "author": [
        {"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van", "suffix": "Jr."},
        {"literal": "Society of Sound, and Light"},
    ],
    "issued": {"date-parts": [[1812, 7]]},
    "publisher": "Brill",
}
BROKEN = '[{"id": "whole", "type": "book", "title": "Whole"}, 5]'


def program(name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def exported(samples: Path, tmp_path: Path) -> Path:
    document = documents.read(samples / "paper.bib")
    for suffix, name in FORMATS.items():
        documents.save(tmp_path / f"refs.{suffix}", documents.convert(document, name).text)
    return tmp_path


@pytest.mark.parametrize(("suffix", "name"), FORMATS.items())
def test_reads_what_refkit_converts_to_bibtex(suffix: str, name: str, exported: Path) -> None:
    path = exported / f"refs.{suffix}"
    bibtex = documents.convert(documents.read(path, format=name), "bibtex").text
    found = db.parse_file(str(path), name)
    assert len(found.entries) == 52
    assert found == db.parse_string(bibtex, "bibtex")


def test_suffixes_decide_where_pybtex_has_no_format_of_its_own(exported: Path) -> None:
    for suffix in ("ris", "json", "yml", "nbib"):
        assert len(db.parse_file(str(exported / f"refs.{suffix}")).entries) == 52


def test_parts_of_names_reach_pybtex() -> None:
    entry = db.parse_string(json.dumps([NAMED]), "csljson").entries["beethoven"]
    first, second = entry.persons["author"]
    assert (first.prelast_names, first.last_names) == (["van"], ["Beethoven"])
    assert (first.first_names, first.lineage_names) == (["Ludwig"], ["Jr."])
    assert second.last_names == ["{Society of Sound, and Light}"]
    assert (entry.type, entry.fields["month"], entry.fields["year"]) == ("book", "July", "1812")


def test_a_broken_record_is_pybtexs_error_and_the_rest_is_read() -> None:
    with pybtex.errors.capture() as faults:
        found = db.parse_string(BROKEN, "csljson")
    assert "whole" in found.entries
    assert len(faults) == 1
    assert "1:53: SYN022" in str(faults[0])
    with pytest.raises(PybtexError, match="SYN022"):
        db.parse_string(BROKEN, "csljson")


@pytest.mark.parametrize("content", [b"\0\1\2\0", b"{]", b"[", b"plain text"])
def test_no_content_raises_anything_but_pybtexs_errors(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    with pytest.raises(PybtexError) as caught:
        db.parse_file(str(path))
    assert caught.value.get_filename() == str(path)


def test_what_bibtex_cannot_hold_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "refkit.pybtex"):
        db.parse_string("TY  - BOOK\nID  - a\nTI  - T\nCN  - QA 76\nM2  - skip\nER  - \n", "ris")
    assert any("LOS001" in each.message for each in caplog.records)


def test_only_wanted_entries_are_kept(exported: Path) -> None:
    found = db.parse_file(str(exported / "refs.ris"), "ris", wanted_entries=["may1977"])
    assert list(found.entries) == ["may1977"]


def test_an_encoding_with_a_mark_is_taken_with_and_without_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + "TY  - BOOK\nID  - a\nTI  - Éa\nER  - \n".encode())
        assert db.parse_file(str(path), encoding="utf-8-sig").entries["a"].fields["title"] == "Éa"


@pytest.mark.parametrize("name", FORMATS.values())
def test_what_pybtex_writes_it_reads_again(name: str, exported: Path) -> None:
    data = db.parse_file(str(exported / "refs.json"))
    again = db.parse_string(data.to_string(name), name)
    assert titles(again) == titles(data)


def titles(data: db.BibliographyData) -> list[str]:
    """Return the titles without what only guards their case, and free of LaTeX."""
    found = (each.fields["title"] for each in data.entries.values())
    return [to_plain(re.sub(r"</?span[^>]*>", "", each)) for each in found]


def test_a_bst_style_and_a_style_of_pybtexs_format_a_ris_file(exported: Path) -> None:
    style = (
        "ENTRY { title } {} {}\nFUNCTION {article} { title write$ newline$ }\n"
        'MACRO {may} {"5"}\nREAD\nITERATE {call.type$}\n'
    )
    (exported / "own.bst").write_text(style, "utf-8")
    refs, keys = [str(exported / "refs.ris")], ["may1977"]
    by_bst = BibTeXEngine().format_from_files(
        refs, style=str(exported / "own"), citations=list(keys), bib_format=RisParser
    )
    assert by_bst.startswith("Thresholds and breakpoints")
    by_python = PybtexEngine().format_from_files(
        refs, style="plain", citations=keys, bib_format="ris", output_backend="plaintext"
    )
    assert by_python.startswith("[1] Robert M. May. Thresholds and breakpoints")


def test_an_encoding_that_lacks_a_letter_is_pybtexs_error(tmp_path: Path) -> None:
    record = "TY  - BOOK\nID  - a\nTI  - 書\nER  - \n"
    (tmp_path / "a.ris").write_text(record, "utf-8")
    done = program(
        "pybtex-convert", "--output-encoding", "latin-1", "a.ris", "a.json", cwd=tmp_path
    )
    assert done.returncode == 1
    assert "write in UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_plugins_are_listed() -> None:
    for group in ("pybtex.database.input", "pybtex.database.output"):
        assert set(FORMATS.values()) <= set(enumerate_plugin_names(group))


def test_pybtex_convert_takes_both_ways(exported: Path) -> None:
    done = program("pybtex-convert", "--preserve-case", "refs.ris", "out.bib", cwd=exported)
    assert done.returncode == 0, done.stderr
    assert len(documents.read(exported / "out.bib").entries) == 52
    done = program("pybtex-convert", "--preserve-case", "out.bib", "out.json", cwd=exported)
    assert done.returncode == 0, done.stderr
    assert json.loads((exported / "out.json").read_text("utf-8"))[0]["id"] == "may1977"


def test_pybtex_format_prints_a_ris_file(tmp_path: Path) -> None:
    record = (
        "TY  - BOOK\nID  - a\nAU  - van Dyck, Anna\nTI  - Skies\nPB  - Brill\nPY  - 2001\nER  - \n"
    )
    (tmp_path / "a.ris").write_text(record, "utf-8")
    done = program("pybtex-format", "a.ris", "a.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.txt").read_text(
        "utf-8"
    ).strip() == "[1] Anna van Dyck. Skies. Brill, 2001."


def test_pybtex_convert_warns_of_a_broken_record_and_says_so_in_its_exit_code(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.json").write_text(BROKEN, "utf-8")
    done = program("pybtex-convert", "a.json", "a.bib", cwd=tmp_path)
    assert done.returncode == 2
    assert "a.json: WARNING: 1:53: SYN022" in done.stderr
    assert "Whole" in (tmp_path / "a.bib").read_text("utf-8")
