"""`refkit enrich --review` in a real pseudo-terminal, and over a pipe."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROMPT = b"the number of a candidate: "
CHOSEN = b"doi           = {10.1145/2939672.2939778}"


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.fixture
def book(tmp_path: Path, samples: Path) -> Path:
    return Path(shutil.copy(samples / "paper.bib", tmp_path))


def command(book: Path, catalogue: Path, *options: str | Path) -> list[str]:
    given = [book, "--catalogue", catalogue, "--fields", "doi", *options]
    return [sys.executable, "-m", "refkit", "enrich", *map(str, given)]


def piped(
    book: Path, catalogue: Path, *options: str | Path, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(book, catalogue, *options),
        capture_output=True,
        check=False,
        input=stdin,
        timeout=120,
    )


def in_terminal(arguments: list[str], *replies: bytes | int) -> tuple[int, str]:
    """Run a program in a pseudo-terminal, reply to each prompt by bytes or a signal."""
    main, side = pty.openpty()
    wide = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(
        arguments, stdin=side, stdout=side, stderr=side, start_new_session=True, env=wide
    )
    os.close(side)
    left, screen, seen = list(replies), b"", 0
    while True:
        if not select.select([main], [], [], 60)[0]:
            process.kill()
        try:
            read = os.read(main, 4096)
        except OSError:  # as Linux ends a terminal
            break
        if not read:
            break
        screen += read
        if left and screen.count(PROMPT) > seen:
            seen += 1
            reply = left.pop(0)
            time.sleep(0.3)  # a key of the line editor is one only once that listens
            if isinstance(reply, int):
                process.send_signal(reply)
            else:
                os.write(main, reply)
    os.close(main)
    return process.wait(timeout=60), re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.decode())


def test_the_entry_and_its_candidates_are_shown_side_by_side(book: Path, catalogue: Path) -> None:
    before = book.read_bytes()
    code, screen = in_terminal(command(book, catalogue, "--review", "-q", "--dry-run"), b"skip\n")
    assert code == 0
    assert "ribeiro2016 (1 of 1)" in screen
    assert "the entry is a preprint, the candidate its published form" in screen
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in screen.splitlines()]
    rows = {row[0]: row[1:] for row in cells if len(row) == 3}
    assert rows["type"] == ["article", "≠ paper-conference"]
    assert rows["date"] == ["2016", "2016-08-13"]
    assert rows["doi"] == ["", "+ 10.1145/2939672.2939778"]
    assert rows["evidence"] == ["", "title: exact"]
    assert "skipped" in screen
    assert book.read_bytes() == before


def test_a_flagged_doi_is_shown_and_never_replaced(book: Path, catalogue: Path) -> None:
    _, screen = in_terminal(command(book, catalogue, "--review", "-q", "-i"), b"y\n")
    assert "boettiger2018 FLAGGED the record is another work" in screen
    assert "is never replaced" in " ".join(screen.split())
    assert b"10.1111/ele.14024" in book.read_bytes()


@pytest.mark.parametrize("answer", [b"y\n", b"1\n"])
def test_a_chosen_candidate_is_written_on_the_users_word(
    book: Path, catalogue: Path, answer: bytes
) -> None:
    code, screen = in_terminal(command(book, catalogue, "--review", "-i"), answer)
    assert code == 0
    assert CHOSEN in book.read_bytes()
    assert "the user decided" in screen
    ledger = Path(f"{book}.refkit.jsonl").read_text("utf-8").splitlines()
    [line] = [each for each in ledger if '"ribeiro2016"' in each]
    assert '"source": "user"' in line
    assert '"record": "10.1145/2939672.2939778"' in line


@pytest.mark.parametrize("answer", [b"n\n", b"skip\n", b"\n", b"q\n", b"\x04"])
def test_other_answers_write_nothing_for_the_entry(
    book: Path, catalogue: Path, answer: bytes
) -> None:
    code, _ = in_terminal(command(book, catalogue, "--review", "-i", "-q"), answer)
    assert code == 0
    text = book.read_bytes()
    assert CHOSEN not in text
    assert b"doi     = {10.1038/269471a0}" in text


def test_an_answer_that_is_none_is_asked_for_again(book: Path, catalogue: Path) -> None:
    asked = command(book, catalogue, "--review", "-i", "-q")
    code, screen = in_terminal(asked, b"what?\n", b"9\n", b"y\n")
    assert code == 0
    assert "'what?' is no answer for ribeiro2016" in screen
    assert "'9' is no answer for ribeiro2016" in screen
    assert CHOSEN in book.read_bytes()


@pytest.mark.parametrize("reply", [signal.SIGINT, b"\x03"])
def test_an_interrupt_writes_nothing(book: Path, catalogue: Path, reply: bytes | int) -> None:
    before = book.read_bytes()
    asked = command(book, catalogue, "--review", "-i", "--lock")
    if isinstance(reply, bytes):
        # The key works on the terminal's foreground, which the program's session has to own.
        asked = [sys.executable, "-c", OWN_TERMINAL, *asked]
    code, screen = in_terminal(asked, reply)
    assert code == 130
    assert "interrupted" in screen
    assert sorted(each.name for each in book.parent.iterdir()) == ["paper.bib"]
    assert book.read_bytes() == before


OWN_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def test_what_a_record_says_cannot_steer_the_terminal(book: Path, catalogue: Path) -> None:
    evil = book.parent / "evil.jsonl"
    text = catalogue.read_text("utf-8")
    name = "Proceedings of the 22nd ACM SIGKDD"
    assert name in text
    evil.write_text(text.replace(name, "Evil\\u001b[2J\\u0007 [red]ACM SIGKDD"), "utf-8")
    _, screen = in_terminal(command(book, evil, "--review", "-q", "--dry-run"), b"n\n")
    assert "+ Evil\ufffd[2J\ufffd [red]ACM SIGKDD" in screen


def test_without_a_terminal_and_answers_it_is_a_usage_error(book: Path, catalogue: Path) -> None:
    before = book.read_bytes()
    done = piped(book, catalogue, "--review", "-i")
    assert done.returncode == 2
    assert b"--review needs a terminal; give answers by --answers" in done.stderr
    assert book.read_bytes() == before


@pytest.mark.parametrize("answers", [b"y\n", b"1", b'{"ribeiro2016": "y"}', b'{"ribeiro2016": 1}'])
def test_answers_over_a_pipe(book: Path, catalogue: Path, answers: bytes) -> None:
    report = book.parent / "report.json"
    asked = ("--review", "--answers", "-", "-i", "--report", report)
    done = piped(book, catalogue, *asked, stdin=answers)
    assert done.returncode == 0
    assert CHOSEN in book.read_bytes()
    assert b"the user decided" in done.stderr
    assert '"decided": true' in report.read_text("utf-8")
    assert '"source": "user"' in report.read_text("utf-8")


def test_a_missing_answer_is_skipped_and_told(book: Path, catalogue: Path) -> None:
    done = piped(book, catalogue, "--answers", "-", "-i")
    assert done.returncode == 0
    assert b"refkit: -: no answer for ribeiro2016; skipped\n" in done.stderr
    assert CHOSEN not in book.read_bytes()


@pytest.mark.parametrize(
    ("options", "answers", "message"),
    [
        (("--answers", "-"), b"perhaps\n", b"-:1:1: 'perhaps' is no answer for ribeiro2016"),
        (("--answers", "-"), b'{"ribeiro2016": 7}', b"'7' is no answer for ribeiro2016"),
        (("--answers", "none"), b"", b"there is no such file"),
        (("--answers", "."), b"", b"this is a folder"),
        (("--answers", "-"), b"\x7fELF\0\0", b"this is a binary file"),
    ],
)
def test_wrong_answers_write_nothing(
    book: Path, catalogue: Path, options: tuple[str, ...], answers: bytes, message: bytes
) -> None:
    before = book.read_bytes()
    done = piped(book, catalogue, *options, "-i", stdin=answers)
    assert done.returncode == 2
    assert message in done.stderr
    assert b"Traceback" not in done.stderr
    assert book.read_bytes() == before


def test_the_file_and_the_answers_cannot_both_be_a_pipe(catalogue: Path) -> None:
    done = piped(Path("-"), catalogue, "--answers", "-", stdin=b"@misc{a}")
    assert done.returncode == 2
    assert b"cannot both be standard input" in done.stderr


def test_what_draws_tables_is_loaded_for_the_review_alone() -> None:
    code = "import sys, refkit.cli.enrich; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
