"""`refkit undo` takes back what enriching wrote, to the byte, and leaves the user's work alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FILES = ["paper.bib", "paper-biblatex.bib"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "refkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=120)


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.fixture
def book(tmp_path: Path, samples: Path) -> Path:
    return Path(shutil.copy(samples / "paper.bib", tmp_path))


def enrich(target: Path, catalogue: Path, *options: str) -> None:
    done = run("enrich", target, "--catalogue", catalogue, "-i", "-q", *options)
    assert done.returncode == 0, done.stderr


def undo(target: Path, *options: str | Path, code: int = 0) -> str:
    done = run("undo", target, *options)
    assert done.returncode == code, done.stderr
    return done.stderr.decode()


def lines(target: Path) -> list[dict[str, object]]:
    text = Path(f"{target}.refkit.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", FILES)
def test_enrich_then_undo_is_the_same_file_and_undoing_that_the_enriched_one(
    tmp_path: Path, samples: Path, catalogue: Path, name: str, newline: str
) -> None:
    target = tmp_path / name
    before = (samples / name).read_bytes().replace(b"\n", newline.encode())
    target.write_bytes(before)
    enrich(target, catalogue, "--overwrite", "pages,journal,year")
    after = target.read_bytes()
    assert any(line["old"] for line in lines(target))
    undo(target, "-i")
    assert target.read_bytes() == before
    undo(target, "-i", "--last")
    assert target.read_bytes() == after
    undo(target, "-i")
    assert target.read_bytes() == before


def test_undoing_twice_changes_nothing(book: Path, catalogue: Path) -> None:
    enrich(book, catalogue)
    undo(book, "-i")
    text, ledger = book.read_bytes(), lines(book)
    assert undo(book, "-i") == "0 fields taken back\n"
    assert (book.read_bytes(), lines(book)) == (text, ledger)


def test_the_ledger_tells_of_the_undo(book: Path, catalogue: Path) -> None:
    enrich(book, catalogue)
    written = lines(book)
    undo(book, "-i")
    undone = lines(book)[len(written) :]
    assert [(e["key"], e["field"], e["undoes"]) for e in undone] == [
        (e["key"], e["field"], e["time"]) for e in written
    ]
    assert {e["source"] for e in undone} == {"undo"}


def test_runs_one_by_one(book: Path, catalogue: Path) -> None:
    first = book.read_bytes()
    enrich(book, catalogue, "--fields", "doi")
    second = book.read_bytes()
    enrich(book, catalogue, "--overwrite", "pages")
    third, times = book.read_bytes(), sorted({str(each["time"]) for each in lines(book)})
    assert len({first, second, third}) == 3
    undo(book, "-i", "--since", times[1])
    assert book.read_bytes() == second
    undo(book, "-i", "--last")
    assert book.read_bytes() == third
    undo(book, "-i")
    assert book.read_bytes() == first
    undo(book, "-i", "--last")
    assert book.read_bytes() == third


def test_a_value_that_was_added_and_then_overwritten_goes_altogether(
    tmp_path: Path, samples: Path, catalogue: Path
) -> None:
    entry = (samples / "paper.bib").read_text("utf-8").partition("@article{may1977")[2]
    text = "@article{may1977" + entry.partition("\n}\n")[0] + "\n}\n"
    text = "".join(line for line in text.splitlines(keepends=True) if "volume" not in line)
    target = tmp_path / "one.bib"
    target.write_text(text, "utf-8")
    enrich(target, catalogue, "--fields", "volume")
    assert "269" in target.read_text("utf-8").partition("volume")[2]
    other = tmp_path / "other.jsonl"
    other.write_text(catalogue.read_text("utf-8").replace('"269"', '"270"'), "utf-8")
    enrich(target, other, "--overwrite", "volume", "--fields", "volume")
    assert "270" in target.read_text("utf-8").partition("volume")[2]
    enriched = target.read_text("utf-8")
    undo(target, "-i", "--all")
    assert target.read_text("utf-8") == text
    undo(target, "-i", "--last")
    assert target.read_text("utf-8") == enriched


def test_one_field_of_one_entry(book: Path, catalogue: Path) -> None:
    enrich(book, catalogue)
    before = book.read_text("utf-8")
    undo(book, "-i", "--key", "may1977", "--field", "doi")
    expected = before.replace("  doi     = {10.1038/269471a0},\n", "")
    assert book.read_text("utf-8") == expected != before


def test_what_the_user_changed_since_is_left_alone_and_told(book: Path, catalogue: Path) -> None:
    original = book.read_text("utf-8")
    enrich(book, catalogue)
    text = book.read_text("utf-8")
    assert text.count("{10.1038/269471a0}") == 1
    book.write_text(text.replace("{10.1038/269471a0}", "{10.1038/269471A0}"), "utf-8")
    told = undo(book, "-i", code=1)
    assert "may1977  doi: left alone: it was changed since, to {10.1038/269471A0}\n" in told
    assert told.endswith("1 left alone\n")
    line = "  doi     = {10.1038/269471A0},\n"
    assert book.read_text("utf-8").replace(line, "") == original
    # The user's own field is still told of, and still left alone.
    before = book.read_bytes()
    undo(book, "-i", code=1)
    assert book.read_bytes() == before


def test_a_field_that_is_gone_is_as_it_was_and_an_entry_that_is_gone_is_told(
    book: Path, catalogue: Path
) -> None:
    original = book.read_text("utf-8")
    enrich(book, catalogue)
    text = book.read_text("utf-8").replace("  doi     = {10.1038/269471a0},\n", "")
    book.write_text(text, "utf-8")
    undo(book, "-i")
    assert book.read_text("utf-8") == original
    undo(book, "-i", "--last")
    book.write_text(book.read_text("utf-8").replace("{may1977,", "{may,"), "utf-8")
    assert "may1977  number: left alone: there is no such entry now" in undo(book, "-i", code=1)


def test_a_file_in_another_style_keeps_it(book: Path, catalogue: Path) -> None:
    plain = Path(shutil.copy(book, book.parent / "plain.bib"))
    run("format", plain, "-i")
    enrich(book, catalogue)
    run("format", book, "-i")
    undo(book, "-i")
    assert book.read_bytes() == plain.read_bytes()


@pytest.mark.parametrize("option", ["--diff", "--dry-run", None])
def test_nothing_is_written_unless_asked_for(
    book: Path, catalogue: Path, samples: Path, option: str | None
) -> None:
    enrich(book, catalogue)
    text, ledger = book.read_bytes(), lines(book)
    done = run("undo", book, *([option] if option else []))
    assert done.returncode == 0
    assert (book.read_bytes(), lines(book)) == (text, ledger)
    if option is None:
        assert done.stdout == (samples / "paper.bib").read_bytes()
    else:
        assert (b"\n-  doi     = {10.1038/269471a0},\n" in done.stdout) is (option == "--diff")


def test_what_was_written_elsewhere_is_undone_there(
    tmp_path: Path, samples: Path, catalogue: Path
) -> None:
    target = tmp_path / "out.bib"
    run("enrich", samples / "paper.bib", "--catalogue", catalogue, "-o", target)
    link = tmp_path / "link.bib"
    link.symlink_to(target)
    undo(link, "-i")
    assert target.read_bytes() == (samples / "paper.bib").read_bytes()
    assert link.is_symlink()


def test_entries_of_one_key_and_another_encoding(
    tmp_path: Path, samples: Path, catalogue: Path
) -> None:
    text = (samples / "paper.bib").read_text("utf-8")
    entry = "@article{may1977" + text.partition("@article{may1977")[2].partition("\n}\n")[0] + "\n}"
    other = entry.replace("\n}", ",\n  doi = {10.1038/269471a0},\n}").replace(",,", ",")
    before = f"@string{{x = {{é}}}}\n{other}\n{entry}\n{entry}\n".encode("latin-1")
    target = tmp_path / "twins.bib"
    target.write_bytes(before)
    assert run("enrich", target, "--catalogue", catalogue, "-i").returncode == 1  # twins
    assert {each.get("copy", 1) for each in lines(target) if each["field"] == "doi"} == {2, 3}
    undo(target, "-i")
    assert target.read_bytes() == before


def test_a_preprint_that_became_its_published_version_is_a_preprint_again(
    book: Path, catalogue: Path
) -> None:
    before = book.read_bytes()
    enrich(book, catalogue, "--published")
    after = book.read_bytes()
    changed = {each["field"] for each in lines(book) if each["key"] == "ribeiro2016"}
    assert {"type", "doi"} <= changed
    undo(book, "-i")
    assert book.read_bytes() == before
    undo(book, "-i", "--last")
    assert book.read_bytes() == after


@pytest.mark.parametrize("name", ["refs.json", "refs.yaml", "refs.ris", "refs.xml"])
def test_formats_that_are_written_anew_come_back_as_refkit_writes_them(
    book: Path, catalogue: Path, name: str
) -> None:
    target = book.parent / name
    run("convert", book, "-o", target, "-t", TARGETS[target.suffix])
    stable = run("convert", target, "-f", TARGETS[target.suffix], "-t", TARGETS[target.suffix])
    target.write_bytes(stable.stdout)
    asked = ("-i", "-q", "-f", TARGETS[target.suffix])
    run("enrich", target, "--catalogue", catalogue, "--overwrite", "pages", *asked)
    after = target.read_bytes()
    assert after != stable.stdout
    undo(target, *asked)
    assert target.read_bytes() == stable.stdout
    undo(target, "--last", *asked)
    assert target.read_bytes() == after


TARGETS = {
    ".json": "csljson",
    ".yaml": "cslyaml",
    ".ris": "ris",
    ".xml": "endnotexml",
}


def test_bytes_that_are_no_utf_8_come_back(book: Path, catalogue: Path) -> None:
    text = book.read_bytes().replace(b"{471-477}", b"{47\xff1-477}", 1)
    text += "@misc{é\u2014, title = {東京}}\n".encode() * 3
    book.write_bytes(text)
    for options in (["--overwrite", "pages"], ["--overwrite", "pages", "--lock"]):
        done = run("enrich", book, "--catalogue", catalogue, "-i", *options)
        assert b"Traceback" not in done.stderr
        assert book.read_bytes() != text
        undo(book, "-i")
        assert book.read_bytes() == text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.bib",), "there is no such file"),
        ((".",), "this is a folder"),
        (("bare.bib",), "no ledger (bare.bib.refkit.jsonl) lies beside it"),
        (("-",), "a pipe has no ledger"),
        (("-", "-i"), "--in-place needs a file"),
        (("paper.bib", "-i", "--diff"), "cannot be used together"),
        (("paper.bib", "--last", "--all"), "cannot be used together"),
        (("paper.bib", "--since", "soon"), "'soon' is no time"),
        (("paper.bib", "--key", "nobody"), "nothing of an entry 'nobody'"),
        (("refs.json",), "no ledger (refs.json.refkit.jsonl) lies beside it"),
        (("damaged.bib",), "damaged.bib.refkit.jsonl:1:1: this is no line of a ledger"),
    ],
)
def test_wrong_usage(book: Path, catalogue: Path, arguments: tuple[str, ...], message: str) -> None:
    enrich(book, catalogue)
    for name in ("bare.bib", "damaged.bib"):
        shutil.copy(book, book.parent / name)
    (book.parent / "damaged.bib.refkit.jsonl").write_text("damaged", "utf-8")
    (book.parent / "refs.json").write_text("[]", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "refkit", "undo", *arguments],
        capture_output=True,
        check=False,
        cwd=book.parent,
        input=b"@misc{a}",
        timeout=60,
    )
    assert message in done.stderr.decode()
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_ledger_that_cannot_be_written_leaves_the_file_alone(book: Path, catalogue: Path) -> None:
    enrich(book, catalogue)
    before = book.read_bytes()
    ledger = Path(f"{book}.refkit.jsonl")
    ledger.chmod(0o400)
    if os.access(ledger, os.W_OK):
        pytest.skip("this user may write to any file")
    assert "cannot be written" in undo(book, "-i", code=2)
    assert book.read_bytes() == before
