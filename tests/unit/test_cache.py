"""The response cache on real files, with a clock of the test's own."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from refkit.net.cache import DAY, Cache, Stored, canonical_url, default_path
from refkit.net.fetch import Reply

BASE = "https://api.crossref.org"
URL = f"{BASE}/works?query.bibliographic=graphs&rows=20"
WHEN = "2026-11-01T12:00:00Z"
REPLY = Reply(URL, 200, "application/json", b'{"message": {"items": []}}', WHEN)


class Now:
    """A clock to set."""

    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "responses.sqlite"


def filled(file: Path | None, now: Now | None = None) -> Cache:
    cache = Cache(file, now=now or Now())
    cache.put_reply(URL, REPLY)
    cache.put_records(BASE, {"10.1/a": Stored(b'{"DOI": "10.1/a"}', WHEN)})
    return cache


@pytest.mark.parametrize("kept", [True, False], ids=["file", "memory"])
def test_what_is_put_comes_back(file: Path, kept: bool) -> None:
    cache = filled(file if kept else None)
    reply = cache.reply(URL)
    assert reply == Reply(URL, 200, REPLY.content_type, REPLY.body, WHEN, kept=True)
    assert cache.records(BASE, ["10.1/b", "10.1/a"]) == {
        "10.1/a": Stored(b'{"DOI": "10.1/a"}', WHEN)
    }
    assert cache.reply(URL + "1") is None
    assert cache.records("https://elsewhere", ["10.1/a"]) == {}
    cache.close()


def test_a_later_run_finds_what_an_earlier_one_kept(file: Path) -> None:
    filled(file).close()
    again = Cache(file, now=Now())
    assert again.reply(URL) is not None
    assert again.records(BASE, ["10.1/a"])
    again.close()


def test_a_killed_run_loses_nothing_that_it_kept(file: Path) -> None:
    script = f"""
import os
from pathlib import Path
from refkit.net.cache import Cache, Stored
cache = Cache(Path({str(file)!r}))
for number in range(40):
    cache.put_records({BASE!r}, {{f"10.1/{{number}}": Stored(b"{{}}", {WHEN!r})}})
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    again = Cache(file)
    assert len(again.records(BASE, [f"10.1/{number}" for number in range(40)])) == 40
    again.close()


def test_answers_grow_old_and_negative_ones_sooner(file: Path) -> None:
    now = Now()
    cache = filled(file, now)
    cache.put_records(BASE, {"10.1/none": Stored(None, WHEN)})
    cache.put_reply(URL + "&negative=1", REPLY, negative=True)
    seen = []
    for day in (0, 6.9, 7.1, 29.9, 30.1):
        now.time = Now().time + day * DAY
        records = cache.records(BASE, ["10.1/a", "10.1/none"])
        replies = [cache.reply(URL), cache.reply(URL + "&negative=1")]
        seen.append(("10.1/a" in records, "10.1/none" in records, *map(bool, replies)))
    cache.close()
    assert seen == [(True,) * 4] * 2 + [(True, False, True, False)] * 2 + [(False,) * 4]


def test_a_negative_is_told_from_the_unknown(file: Path) -> None:
    cache = Cache(file)
    cache.put_records(BASE, {"10.1/none": Stored(None, WHEN)})
    assert cache.records(BASE, ["10.1/none", "10.1/other"]) == {"10.1/none": Stored(None, WHEN)}
    cache.close()


def test_a_fresh_record_stays_until_it_is_old(file: Path) -> None:
    now = Now()
    cache = Cache(file, now=now)
    seen = []
    for day, body in ((0, None), (1, b"1"), (2, b"2"), (3, None), (32, b"3")):
        now.time = Now().time + day * DAY
        cache.put_records(BASE, {"10.1/a": Stored(body, f"day {day}")})
        seen.append(cache.records(BASE, ["10.1/a"])["10.1/a"])
    cache.close()
    first = Stored(b"1", "day 1")
    assert seen == [Stored(None, "day 0"), first, first, first, Stored(b"3", "day 32")]


def test_old_answers_leave_the_file(file: Path) -> None:
    now = Now()
    filled(file, now).close()
    now.time += 31 * DAY
    Cache(file, now=now).close()
    with sqlite3.connect(file) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("replies", "records")
        ]
    connection.close()
    assert counts == [0, 0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://A.org/w?b=2&a=1", "http://a.org/w?a=1&b=2", True),
        ("http://a.org/w?a=x%20y", "http://a.org/w?a=x+y", True),
        ("http://a.org/w?a=1&mailto=me@b.org", "http://a.org/w?a=1", True),
        ("http://a.org/w?a=%C3%A9", "http://a.org/w?a=é", True),
        ("http://a.org/w?a=1", "http://a.org/w?a=2", False),
        ("http://a.org/w?a=1", "http://a.org/v?a=1", False),
        ("http://a.org/w?a=1%26b%3D2", "http://a.org/w?a=1&b=2", False),
        ("http://a.org:1/w?a=1", "http://a.org:2/w?a=1", False),
    ],
)
def test_urls_are_kept_in_one_form(one: str, other: str, same: bool) -> None:
    assert (canonical_url(one) == canonical_url(other)) is same


def test_a_broken_file_is_set_aside(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
    cache = filled(file)
    assert cache.reply(URL) is not None
    cache.close()
    assert file.with_suffix(".broken").read_bytes().endswith(b"nonsense")
    assert "is broken" in caplog.text
    again = Cache(file, now=Now())
    assert again.records(BASE, ["10.1/a"])
    again.close()


def test_a_file_that_breaks_on_the_way_is_set_aside(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = Cache(file, now=Now())
    many = {f"10.1/{number}": Stored(bytes(range(256)) * 9, WHEN) for number in range(500)}
    cache.put_records(BASE, many)
    cache.close()
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    cache = Cache(file, now=Now())
    assert cache.records(BASE, list(many)) == {}
    cache.put_records(BASE, many)
    assert cache.records(BASE, list(many)) == many
    cache.close()
    assert "is broken" in caplog.text


@pytest.mark.parametrize("content", [b"@article{a, title = {Mine}}\n" * 300, b"SQLite format 3\0x"])
def test_a_file_of_another_name_is_never_moved(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    mine = tmp_path / "refs.bib"
    mine.write_bytes(content)
    cache = filled(mine)
    assert cache.reply(URL) is not None
    cache.close()
    assert mine.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["refs.bib"]
    assert "not kept on disk" in caplog.text


def test_a_database_of_another_program_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = tmp_path / "zotero.sqlite"
    with sqlite3.connect(theirs) as connection:
        connection.execute("CREATE TABLE items (id)")
    connection.close()
    before = theirs.read_bytes()
    cache = filled(theirs)
    assert cache.reply(URL) is not None
    cache.close()
    assert theirs.read_bytes() == before
    assert "no response cache" in caplog.text


def test_a_place_that_cannot_be_written_costs_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    for place in (blocked / "responses.sqlite", tmp_path):
        caplog.clear()
        cache = filled(place)
        assert cache.reply(URL) is not None
        cache.close()
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert "not kept on disk" in caplog.text


def test_a_closed_cache_does_not_crash(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = filled(file)
    cache.close()
    assert cache.reply(URL) is None
    assert file.exists()
    assert "not kept on disk" in caplog.text
    cache.close()


def test_threads_share_a_cache(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = Cache(file)

    def work(number: int) -> bool:
        cache.put_records(BASE, {f"10.1/{number}": Stored(b"{}", WHEN)})
        return bool(cache.records(BASE, [f"10.1/{number}"]))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
    cache.close()
    assert caplog.text == ""


def test_processes_share_a_file(file: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from refkit.net.cache import Cache, Stored
cache = Cache(Path({str(file)!r}))
sys.stdin.readline()
for number in range(50):
    cache.put_records({BASE!r}, {{f"10.{{sys.argv[1]}}/{{number}}": Stored(b"{{}}", {WHEN!r})}})
    assert cache.records({BASE!r}, [f"10.{{sys.argv[1]}}/{{number}}"])
cache.close()
"""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(number)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2, 3)
    ]
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [(worker.communicate()[1], worker.returncode) for worker in workers]
    assert said == [("", 0)] * 3
    cache = Cache(file)
    ids = [f"10.{worker}/{number}" for worker in (1, 2, 3) for number in range(50)]
    assert len(cache.records(BASE, ids)) == 150
    cache.close()


def test_the_default_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REFKIT_CACHE", str(tmp_path / "here.sqlite"))
    assert default_path() == tmp_path / "here.sqlite"
    monkeypatch.delenv("REFKIT_CACHE")
    assert default_path().name == "responses.sqlite"
    assert default_path().parent.name.lower() in ("refkit", "cache")
