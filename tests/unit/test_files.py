"""A file is written whole or not at all, even when the process is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refkit import files
from refkit.errors import InputError

WRITER = """
import sys
from refkit import files
print("ready", flush=True)
while True:
    for data in (b"a" * 3_000_000, b"b" * 3_000_000):
        files.write_bytes(sys.argv[1], data)
"""


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    target = tmp_path / "real.bib"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link = tmp_path / "link.bib"
    link.symlink_to(target)
    files.write_bytes(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    files.write_bytes(str(tmp_path / "a.bib"), b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["a.bib"]


@pytest.mark.parametrize("delay", [0.01, 0.05, 0.11, 0.23])
def test_a_killed_writer_leaves_the_old_file_or_the_new(tmp_path: Path, delay: float) -> None:
    target = tmp_path / "a.bib"
    target.write_bytes(b"a" * 3_000_000)
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    data = target.read_bytes()
    assert len(data) == 3_000_000
    assert len(set(data)) == 1


@pytest.mark.parametrize(
    ("name", "message"), [("none.bib", "no such file"), (".", "this is a folder")]
)
def test_what_cannot_be_read(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        files.read_bytes(str(tmp_path / name))


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        files.write_bytes(str(tmp_path), b"")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        files.write_bytes(str(tmp_path / "no" / "a.bib"), b"")


def test_appending(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    files.append_bytes(str(target), b"one\n")
    files.append_bytes(str(target), b"two\n")
    assert target.read_bytes() == b"one\ntwo\n"


def test_the_last_step_comes_after_what_must_be_before_it(tmp_path: Path) -> None:
    target = tmp_path / "a.bib"
    target.write_bytes(b"old")
    seen = []
    files.write_bytes(str(target), b"new", before=lambda: seen.append(target.read_bytes()))
    assert (seen, target.read_bytes()) == ([b"old"], b"new")


@pytest.mark.parametrize(
    ("name", "message"), [(".", "folder"), ("no/a.bib", "there is no folder 'no'")]
)
def test_places_that_cannot_be_written(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        files.check_place(str(tmp_path / name))


def test_places_that_can_be_written(tmp_path: Path) -> None:
    files.check_place(str(tmp_path / "a.bib"))
    files.check_place(os.devnull)
    assert not files.is_regular(os.devnull)
    assert files.is_regular(str(tmp_path / "a.bib"))


def test_a_writer_that_is_killed_before_its_last_step(tmp_path: Path) -> None:
    target = tmp_path / "a.bib"
    target.write_bytes(b"old")
    code = (
        "import os, signal, sys\nfrom refkit import files\n"
        "kill = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write_bytes(sys.argv[1], b'new', before=kill)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old"
