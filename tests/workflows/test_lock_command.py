"""`refkit enrich --lock` and `--locked`: found once, replayed anywhere without asking anyone."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FILES = ["paper.bib", "paper-biblatex.bib"]
# Whatever asks a service is refused at once, and there is nothing in the cache.
OFFLINE = ("--no-cache", "--crossref-url", "http://127.0.0.1:9")


def run(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "refkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, input=stdin, timeout=120)


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.fixture
def book(tmp_path: Path, samples: Path) -> Path:
    return Path(shutil.copy(samples / "paper.bib", tmp_path))


def lock(target: Path, catalogue: Path, *options: str | Path) -> bytes:
    done = run("enrich", target, "--catalogue", catalogue, "-q", "--lock", *options)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def rows(path: Path, name: str = "paper.bib") -> dict[str, dict[str, Any]]:
    found = json.loads(path.read_text("utf-8"))["bibliographies"][name]
    return {each["key"]: each for each in found}


@pytest.mark.parametrize("name", FILES)
def test_a_replay_is_the_same_byte_for_byte(
    tmp_path: Path, samples: Path, catalogue: Path, name: str
) -> None:
    target = Path(shutil.copy(samples / name, tmp_path))
    report = ("--report", tmp_path / "report.json")
    text = lock(target, catalogue, *report)
    assert text != target.read_bytes()
    changes = [each["changes"] for each in json.loads(report[1].read_text("utf-8"))]
    kept = (tmp_path / "refkit.lock").read_bytes()
    done = run("enrich", target, "--locked", *OFFLINE, *report)
    assert done.returncode == 0
    assert done.stdout == text
    again = [each["changes"] for each in json.loads(report[1].read_text("utf-8"))]
    assert again == changes
    assert (tmp_path / "refkit.lock").read_bytes() == kept


def test_the_enriched_file_is_locked_too_and_the_lock_stays_as_it_is(
    book: Path, catalogue: Path
) -> None:
    lock(book, catalogue, "-i")
    kept, text = (book.parent / "refkit.lock").read_bytes(), book.read_bytes()
    done = run("enrich", book, "--locked", "--dry-run", *OFFLINE)
    assert done.returncode == 0
    assert b" 0 unchecked, 0 fields for 0 entries" in done.stderr
    lock(book, catalogue, "-i")
    assert (book.parent / "refkit.lock").read_bytes() == kept
    assert book.read_bytes() == text


def test_a_lock_file_holds_what_is_known_of_each_entry(book: Path, catalogue: Path) -> None:
    lock(book, catalogue)
    whole = json.loads((book.parent / "refkit.lock").read_text("utf-8"))
    row = rows(book.parent / "refkit.lock")["may1977"]
    assert (row["verdict"], row["ids"]) == ("match", {"doi": "10.1038/269471a0"})
    assert row["record"] == "catalogue:10.1038/269471a0"
    assert {len(row["content"]), len(row["enriched"])} == {64}
    record = whole["references"][row["record"]]
    assert (record["source"], record["record"]) == ("catalogue", "10.1038/269471a0")
    assert record["item"]["DOI"] == "10.1038/269471a0"
    keys = [each["key"] for each in whole["bibliographies"]["paper.bib"]]
    assert keys == sorted(keys)
    assert list(whole["references"]) == sorted(whole["references"])


def test_what_is_new_or_was_changed_is_unchecked_and_the_rest_is_replayed(
    book: Path, catalogue: Path
) -> None:
    lock(book, catalogue)
    text = book.read_text("utf-8").replace("volume  = 269", "volume  = 270")
    book.write_text(text + "\n@misc{brandnew, title = {New}}\n", "utf-8")
    done = run("enrich", book, "--locked", "--dry-run", *OFFLINE)
    assert done.returncode == 3
    told = [line for line in done.stderr.decode().splitlines() if " unchecked" in line]
    assert [line.split()[0] for line in told[:2]] == ["may1977", "brandnew"]
    assert "was changed since" in told[0]
    assert "is not in" in told[1]
    assert all("run refkit enrich --lock" in line for line in told[:2])
    assert ", 2 unchecked, " in told[2]
    assert ", 38 match, " in told[2]


def test_an_outage_costs_nothing_that_is_locked(book: Path, catalogue: Path) -> None:
    lock(book, catalogue)
    kept = (book.parent / "refkit.lock").read_bytes()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    done = run("enrich", book, "--crossref-url", url, "--no-cache", "--deadline", "2", "--lock")
    assert done.returncode == 3
    assert (book.parent / "refkit.lock").read_bytes() == kept


def test_an_entry_that_is_gone_leaves_the_lock(book: Path, catalogue: Path) -> None:
    lock(book, catalogue)
    head, entry, rest = book.read_text("utf-8").partition("@article{may1977")
    book.write_text(head + rest.partition("\n}\n")[2], "utf-8")
    assert entry
    lock(book, catalogue)
    assert "may1977" not in rows(book.parent / "refkit.lock")
    assert "10.1038/269471a0" not in (book.parent / "refkit.lock").read_text("utf-8")


def test_one_lock_file_for_several_bibliographies(
    tmp_path: Path, samples: Path, catalogue: Path
) -> None:
    (tmp_path / "chapters").mkdir()
    first = Path(shutil.copy(samples / "paper.bib", tmp_path / "chapters"))
    second = Path(shutil.copy(samples / "paper-biblatex.bib", tmp_path))
    place = tmp_path / "all.lock"
    texts = [lock(each, catalogue, place) for each in (first, second)]
    names = json.loads(place.read_text("utf-8"))["bibliographies"]
    assert list(names) == ["chapters/paper.bib", "paper-biblatex.bib"]
    for target, text in zip((first, second), texts, strict=True):
        done = run("enrich", target, "--locked", "--lock", place, "-q", *OFFLINE)
        assert (done.returncode, done.stdout) == (0, text)


def test_twins_and_a_pipe(tmp_path: Path, samples: Path, catalogue: Path) -> None:
    text = (samples / "paper.bib").read_bytes()
    place = tmp_path / "x.lock"
    asked = ("-f", "bibtex", "-q", "--lock", place)
    first = run("enrich", "-", *asked, "--catalogue", catalogue, stdin=text * 2)
    again = run("enrich", "-", *asked, "--locked", *OFFLINE, stdin=text * 2)
    assert first.returncode == again.returncode == 1  # keys that are not unique
    assert first.stdout == again.stdout != text * 2


def test_another_format_is_replayed_too(book: Path, catalogue: Path) -> None:
    target = book.parent / "refs.json"
    run("convert", book, "-o", target)
    text = lock(target, catalogue)
    done = run("enrich", target, "--locked", "-q", *OFFLINE)
    assert done.returncode == 0
    assert done.stdout == text != target.read_bytes()


def test_a_dry_run_writes_no_lock_file(book: Path, catalogue: Path) -> None:
    lock(book, catalogue, "--dry-run")
    assert not (book.parent / "refkit.lock").exists()


def test_a_record_that_was_edited_by_hand_is_used_and_told(book: Path, catalogue: Path) -> None:
    lock(book, catalogue)
    place = book.parent / "refkit.lock"
    text = place.read_text("utf-8")
    assert '"issue": "5628"' in text
    place.write_text(text.replace('"issue": "5628"', '"issue": "5629"'), "utf-8")
    done = run("enrich", book, "--locked", *OFFLINE)
    assert b"number  = 5629," in done.stdout.replace(b"{5629}", b"5629")
    assert b"10.1038/269471a0: its record in" in done.stderr
    assert b"was edited by hand" in done.stderr


@pytest.mark.parametrize("option", ["--diff", "-i"])
def test_decisions_are_kept_and_not_asked_again(book: Path, catalogue: Path, option: str) -> None:
    answers = book.parent / "answers.json"
    answers.write_text('{"ribeiro2016": "y"}', "utf-8")
    lock(book, catalogue, "--answers", answers, option)
    row = rows(book.parent / "refkit.lock")["ribeiro2016"]
    assert (row["verdict"], row["decided"]) == ("match", True)
    answers.write_text("", "utf-8")
    done = run("enrich", book, "--catalogue", catalogue, "--lock", "--answers", answers)
    assert b"no answer for" not in done.stderr
    assert b"doi           = {10.1145/2939672.2939778}" in done.stdout
    again = run("enrich", book, "--locked", *OFFLINE)
    assert again.stdout == done.stdout


def test_what_the_user_refused_is_not_asked_again_until_the_entry_changes(
    book: Path, catalogue: Path
) -> None:
    answers = book.parent / "answers"
    answers.write_text("n\n", "utf-8")
    lock(book, catalogue, "--answers", answers)
    answers.write_text("", "utf-8")
    asked = ("--catalogue", catalogue, "--lock", "--answers", answers)
    done = run("enrich", book, *asked)
    assert b"no answer for" not in done.stderr
    assert b"ribeiro2016            none       the user decided" in done.stderr
    text = book.read_text("utf-8").replace("{1602.04938}", "{1602.04939}")
    book.write_text(text, "utf-8")
    assert b"no answer for ribeiro2016" in run("enrich", book, *asked).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--locked",), "there is no such lock file; refkit enrich --lock writes one"),
        (("--locked", "--lock", "damaged.lock"), "this is no lock file of refkit's"),
        (("--lock", "paper.bib"), "this is no lock file of refkit's"),
        (("--lock", "no/x.lock"), "no folder 'no'"),
        (("--lock", "."), "this is a folder"),
        (("--lock", "--published"), "a lock file does not hold published versions"),
        (("--locked", "--review"), "review without it"),
        (("--locked", "--answers", "x"), "review without it"),
    ],
)
def test_wrong_usage(book: Path, arguments: tuple[str, ...], message: str) -> None:
    (book.parent / "damaged.lock").write_text("{}", "utf-8")
    before = book.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "refkit", "enrich", book, *arguments, *OFFLINE],
        capture_output=True,
        check=False,
        cwd=book.parent,
        timeout=60,
    )
    assert message in done.stderr.decode()
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert book.read_bytes() == before
