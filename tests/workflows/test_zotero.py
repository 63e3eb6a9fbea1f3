"""`refkit zotero` as a user meets it, against a server that speaks as Zotero does."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from zotero_server import JSON, KEY, LOCAL_KEY, Fault, Zotero

import refkit
from refkit.cli import main

IMPORT = "POST /connector/import"
POST = "POST /users/123/items"
NOWHERE = "http://127.0.0.1:9"

BIB = """
@article{bees,
  author = {Curie, Marie and O'Hara, Ann},
  title = {On bees},
  journal = {Journal of Bees},
  year = 1999,
  doi = {10.1000/bees},
}
@book{wasps, author = {Gauß, Carl}, title = {Wasps}, publisher = {Springer}, year = 2001}
@misc{flies, title = {Flies}, year = 2002, note = {seen once}}
"""


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "refs.bib"
    path.write_text(BIB, "utf-8")
    return path


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    """Runs `refkit zotero` in this process, as the installed program does."""

    def __call__(self, *arguments: str | Path, key: str = "") -> Done: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    # What the program sets for its own process is set back behind the test.
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(logging.root, "handlers", [logging.NullHandler()])

    def program(*arguments: str | Path, key: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["refkit", "zotero", *map(str, arguments)])
        monkeypatch.setenv("ZOTERO_API_KEY", key)
        with pytest.raises(SystemExit) as ended:
            main.run()
        out, err = (each.decode() for each in capfdbinary.readouterr())
        assert KEY not in out + err
        assert LOCAL_KEY not in out + err
        return Done(int(ended.value.code or 0), out, err)

    return program


@pytest.fixture
def web(run: Run, zotero: Zotero) -> Run:
    """Run commands against the Web API."""
    where = ("--web-url", zotero.url, "--library", "users/123", "--url", NOWHERE)

    def program(*arguments: str | Path, key: str = KEY) -> Done:
        return run(arguments[0], *where, *arguments[1:], key=key)

    return program


# --- ping ------------------------------------------------------------------------------------


def test_ping_tells_what_runs(run: Run, zotero: Zotero) -> None:
    done = run("ping", "--url", zotero.url)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "zotero     running, version 10.0.1, imports go to My Library / Thesis",
        "local API  on, for reading and writing",
    ]


def test_ping_tells_how_to_switch_the_local_api_on(run: Run, zotero: Zotero) -> None:
    zotero.local_on, zotero.editable = False, False
    done = run("ping", "--url", zotero.url)
    assert done.returncode == 0
    assert "My Library / Thesis (read-only)" in done.stdout
    assert "Advanced, tick 'Allow other applications" in done.stdout


def test_ping_without_a_zotero(run: Run, zotero: Zotero) -> None:
    done = run("ping", "--url", NOWHERE)
    assert done.returncode == 3
    assert "not reached: Zotero does not run here: start it, or use the Web API" in done.stdout
    zotero.faults = [Fault("GET /connector", 200, "<html>Hello</html>")]
    done = run("ping", "--url", zotero.url)
    assert done.returncode == 3
    assert "is not Zotero" in done.stdout


def test_ping_tells_the_rights_of_a_key(run: Run, zotero: Zotero) -> None:
    where = ("ping", "--url", zotero.url, "--web-url", zotero.url)
    done = run(*where, "--library", "users/123", "--api-key", KEY)
    assert done.returncode == 0
    assert "the key of users/123 may read and write in users/123" in done.stdout
    done = run(*where, "--library", "groups/456", key=KEY)
    assert done.returncode == 1
    assert "may do nothing in groups/456" in done.stdout
    zotero.rights["groups"] = {"all": {"library": True, "write": False}}
    done = run(*where, "--library", "groups/456", key=KEY)
    assert (done.returncode, "may read in groups/456" in done.stdout) == (0, True)
    done = run(*where, "--library", "users/123", key="wrongkey1234")
    assert done.returncode == 1
    assert "Invalid key" in done.stdout
    assert "wrongkey" not in done.stdout + done.stderr
    zotero.faults = [Fault("GET /keys", 429, headers={"retry-after": "999"})]
    done = run(*where, "--library", "users/123", key=KEY)
    assert (done.returncode, "wish to wait 999 s" in done.stdout) == (3, True)


# --- push into the running Zotero ------------------------------------------------------------


def test_push_into_the_running_zotero(run: Run, zotero: Zotero, bib: Path) -> None:
    done = run("push", bib, "--url", zotero.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "3 entries, 3 made" in done.stderr
    assert "(My Library / Thesis)" in done.stderr
    assert len(zotero.lines(IMPORT)) == 1
    sent = zotero.asked[-1].body.decode()
    assert all(title in sent for title in ("On bees", "Wasps", "Flies", "Gauß"))


def test_what_the_running_zotero_has_is_not_made_again(run: Run, zotero: Zotero, bib: Path) -> None:
    zotero.add("ABCD2345", DOI="10.1000/bees", title="On bees")
    done = run("push", bib, "--url", zotero.url)
    assert done.returncode == 0
    assert "bees   there already  ABCD2345, the same DOI" in done.stderr
    assert "On bees" not in zotero.asked[-1].body.decode()
    zotero.local_on = False
    done = run("push", bib, "--url", zotero.url)
    assert "cannot see what the library holds" in done.stderr
    assert "On bees" in zotero.asked[-1].body.decode()


def test_an_import_into_a_groups_library_says_that_it_is_blind(
    run: Run, zotero: Zotero, bib: Path
) -> None:
    zotero.library_id = 9
    zotero.add("ABCD2345", DOI="10.1000/bees", title="On bees")
    done = run("push", bib, "--url", zotero.url)
    assert (done.returncode, "3 made" in done.stderr) == (0, True)
    assert "made again: My Library / Thesis is a group's library" in done.stderr


def test_a_dry_run_sends_nothing(run: Run, web: Run, zotero: Zotero, bib: Path) -> None:
    done = run("push", bib, "--url", zotero.url, "--dry-run")
    assert done.returncode == 0
    assert "nothing was sent; it would be: 3 entries, 3 made" in done.stderr
    done = web("push", bib, "--to", "web", "--dry-run")
    assert done.stderr.splitlines()[:3] == ["bees   made", "wasps  made", "flies  made"]
    assert "nothing was sent; it would be: 3 entries, 3 made" in done.stderr
    assert not zotero.lines(IMPORT)
    assert not zotero.lines(POST)


def test_another_format_of_transport(run: Run, zotero: Zotero, bib: Path) -> None:
    run("push", bib, "--url", zotero.url, "--format", "ris")
    assert zotero.asked[-1].body.startswith(b"TY  - ")
    done = run("push", bib, "--url", zotero.url, "--format", "nonsense")
    assert (done.returncode, "no format named 'nonsense'" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Fault(IMPORT, 400), 1, "knows no translator for the format"),
        (Fault(IMPORT, 409, '{"error": "SESSION_EXISTS"}', JSON), 1, "SESSION_EXISTS"),
        (Fault(IMPORT, 500, '{"libraryEditable": false}', JSON), 1, "select another"),
        (Fault(IMPORT, 500, "oh"), 3, "failed half-way"),
        (Fault(IMPORT, 0, done=True), 3, "may have arrived"),
        (Fault(IMPORT, 201, "[{", JSON, done=True), 3, "may have arrived"),
        (Fault(IMPORT, 200, "<html>", {"content-type": "text/html"}), 3, "may have arrived"),
    ],
)
def test_an_import_that_fails_names_every_entry(
    run: Run, zotero: Zotero, bib: Path, *, fault: Fault, code: int, said: str
) -> None:
    zotero.faults = [fault]
    report = bib.with_name("report.json")
    done = run("push", bib, "--url", zotero.url, "-q", "--report", report)
    assert done.returncode == code
    rows = json.loads(report.read_text("utf-8"))
    assert [row["key"] for row in rows] == ["bees", "wasps", "flies"]
    assert all(said in row["reason"] for row in rows)
    assert all(row["key"] in done.stderr for row in rows)
    assert done.stderr.count(said) == 1
    assert len(zotero.lines(IMPORT)) == 1


def test_a_read_only_target_is_told_before_anything_is_sent(
    run: Run, zotero: Zotero, bib: Path
) -> None:
    zotero.editable = False
    done = run("push", bib, "--url", zotero.url)
    assert done.returncode == 1
    assert "My Library / Thesis is read-only; select another" in done.stderr
    assert not zotero.lines(IMPORT)


def test_no_zotero_to_push_to(run: Run, bib: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = run("push", bib, "--url", NOWHERE, "--report", report)
    assert done.returncode == 3
    assert "start it, or use the Web API" in done.stderr
    assert {row["verdict"] for row in json.loads(report.read_text())} == {"not reached"}


def test_an_entry_that_the_importer_drops_is_named(run: Run, zotero: Zotero, bib: Path) -> None:
    zotero.made_by_import = [{"itemType": "book", "title": t} for t in ("On bees", "Flies")]
    done = run("push", bib, "--url", zotero.url, "-q")
    assert done.returncode == 1
    assert "wasps  refused        Zotero's importer left it out" in done.stderr


# --- push to the APIs ------------------------------------------------------------------------


def test_push_to_the_web(web: Run, zotero: Zotero, bib: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = web("push", bib, "--to", "web", "--collection", "COLLECTA", "--report", report)
    assert done.returncode == 0, done.stderr
    works = zotero.works()
    assert [each["title"] for each in works] == ["On bees", "Wasps", "Flies"]
    assert works[0]["DOI"] == "10.1000/bees"
    assert works[0]["creators"][1] == {
        "creatorType": "author", "firstName": "Ann", "lastName": "O'Hara",
    }  # fmt: skip
    assert all(each["collections"] == ["COLLECTA"] for each in works)
    rows = json.loads(report.read_text("utf-8"))
    assert [row["verdict"] for row in rows] == ["made"] * 3
    assert [row["item"] for row in rows] == [each["key"] for each in works]
    assert KEY not in report.read_text("utf-8")


def test_a_second_push_makes_nothing(web: Run, zotero: Zotero, bib: Path) -> None:
    web("push", bib, "--to", "web")
    before = json.dumps(zotero.items)
    for more in ((), ("--update",)):
        done = web("push", bib, "--to", "web", *more)
        assert done.returncode == 0
        assert "0 made, 0 updated, 3 there already" in done.stderr
    assert json.dumps(zotero.items) == before
    assert len(zotero.lines(POST)) == len(zotero.writes())


def test_an_update_writes_what_changed(web: Run, zotero: Zotero, bib: Path) -> None:
    web("push", bib, "--to", "web")
    bib.write_text(BIB.replace("{Wasps}", "{Wasps and hornets}"), "utf-8")
    posts = len(zotero.writes())
    done = web("push", bib, "--to", "web", "--update")
    assert "1 updated, 2 there already" in done.stderr
    sent = zotero.writes()[posts:]
    assert len(sent) == 1
    assert [each["title"] for each in sent[0].json()] == ["Wasps and hornets"]
    assert "if-unmodified-since-version" in sent[0].headers


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Fault(POST, 403, "Write access denied"), 1, "no right to write to users/123"),
        (Fault(POST, 404, "Not found"), 1, "no such library"),
        (Fault(POST, 409, "locked"), 1, "the library is locked"),
        (Fault(POST, 412, "out of date", times=2), 1, "changed since it was read"),
        (Fault(POST, 413, "too many"), 1, "more than Zotero takes"),
        (Fault(POST, 428, "which"), 1, "which version"),
        (Fault(POST, 429, headers={"retry-after": "900"}), 3, "wish to wait 900 s"),
        (Fault(POST, 500, times=9), 3, "status 500, 4 times"),
        (Fault("GET /users", 403, "Forbidden"), 1, "no right to read users/123"),
        (Fault("GET /users", 429, headers={"retry-after": "900"}), 3, "wish to wait 900 s"),
    ],
    ids=lambda value: f"{value.on}:{value.status}" if isinstance(value, Fault) else None,
)
def test_what_the_web_refuses_is_named(
    web: Run, zotero: Zotero, bib: Path, *, fault: Fault, code: int, said: str
) -> None:
    zotero.faults = [fault]
    done = web("push", bib, "--to", "web", "-q")
    assert done.returncode == code
    *lines, why = done.stderr.splitlines()
    assert [line.split()[0] for line in lines] == ["bees", "wasps", "flies"]
    assert why.startswith("refkit: 3 entries: ")
    assert said in why
    assert not zotero.items


def test_a_wrong_key_and_none(web: Run, zotero: Zotero, bib: Path) -> None:
    done = web("push", bib, "--to", "web", key="wrongkey1234")
    assert (done.returncode, "Invalid key" in done.stderr) == (1, True)
    done = web("push", bib, "--to", "web", key="")
    assert (done.returncode, "$ZOTERO_API_KEY" in done.stderr) == (2, True)
    done = web("push", bib, "--to", "web", key="no key at all")
    assert (done.returncode, "letters and digits only" in done.stderr) == (2, True)
    assert "at all" not in done.stderr


def test_push_to_the_local_api(run: Run, zotero: Zotero, bib: Path) -> None:
    done = run("push", bib, "--to", "local", "--url", zotero.url)
    assert done.returncode == 0, done.stderr
    assert len(zotero.works()) == 3
    zotero.server_id = ""
    done = run("push", bib, "--to", "local", "--url", zotero.url)
    assert (done.returncode, "version 10 or later can" in done.stderr) == (1, True)
    zotero.local_on = False
    done = run("push", bib, "--to", "local", "--url", zotero.url)
    assert (done.returncode, "Advanced, tick 'Allow other" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "web"), "name the library"),
        (("--to", "web", "--library", "me"), "name it as users/123"),
        (("--update",), "use the web or local API"),
        (("--collection", "ABCD2345"), "use the web or local API"),
        (("--to", "local", "--collection", "my things"), "no key of a collection"),
        (("--to", "local", "--format", "ris"), "only an import"),
        (("--library", "users/123"), "the web or local API writes there"),
        (("--url", "localhost"), "no address of a service"),
        (("--report", "."), "this is a folder"),
    ],
)
def test_wrong_usage(run: Run, bib: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("push", bib, *arguments, key=KEY)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert bib.read_text("utf-8") == BIB


def test_a_report_does_not_overwrite_the_file(run: Run, bib: Path) -> None:
    done = run("push", bib, "--report", bib)
    assert (done.returncode, "would overwrite" in done.stderr) == (2, True)
    assert bib.read_text("utf-8") == BIB


def test_files_that_cannot_be_pushed(run: Run, zotero: Zotero, tmp_path: Path) -> None:
    (tmp_path / "binary.bib").write_bytes(b"\x7fELF\0\0\0")
    for name, said in ((".", "folder"), ("no.bib", "no such file"), ("binary.bib", "binary")):
        done = run("push", tmp_path / name, "--url", zotero.url)
        assert (done.returncode, said in done.stderr) == (2, True)
    (tmp_path / "empty.bib").touch()
    done = run("push", tmp_path / "empty.bib", "--url", zotero.url)
    assert (done.returncode, "0 entries" in done.stderr) == (0, True)
    assert not zotero.asked


def test_the_installed_program_takes_a_pipe(zotero: Zotero) -> None:
    """A whole process: what is broken in the file is told, and the rest is sent."""
    arguments = ("push", "-", "-f", "bibtex", "--url", zotero.url)
    done = subprocess.run(
        [sys.executable, "-m", "refkit", "zotero", *arguments],
        input=b"@book{b, title = {C}}\n@book{a, title = {B}", capture_output=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"SYN001" in done.stderr
    assert b"2 made" in done.stderr
    assert len(zotero.lines(IMPORT)) == 1


# --- pull ------------------------------------------------------------------------------------


def fill(zotero: Zotero) -> None:
    zotero.add(
        "WORKAAAA", title="On bees", DOI="10.1000/bees", extra="Citation Key: bees",
        creators=[{"creatorType": "author", "firstName": "Marie", "lastName": "Curie"}],
    )  # fmt: skip
    zotero.add("NOTEAAAA", itemType="note", parentItem="WORKAAAA", note="<p>a note</p>")
    zotero.add("WORKBBBB", itemType="book", title="Wasps", tags=[{"tag": "t"}], citationKey="w")


def test_pull_from_the_running_zotero(run: Run, zotero: Zotero, tmp_path: Path) -> None:
    fill(zotero)
    out = tmp_path / "library.bib"
    done = run("pull", "--url", zotero.url, "-o", out)
    assert done.returncode == 0, done.stderr
    entries = refkit.read(out).entries
    assert [each.text("title") for each in entries] == ["On bees", "Wasps"]
    assert entries[0].key == "bees"
    assert "version 103)" in done.stderr
    assert "2 items" in done.stderr


def test_pull_gives_the_items_as_they_are(run: Run, zotero: Zotero) -> None:
    fill(zotero)
    done = run("pull", "--url", zotero.url)
    found = json.loads(done.stdout)
    assert [each["key"] for each in found] == ["WORKAAAA", "NOTEAAAA", "WORKBBBB"]
    assert found[0]["data"] == zotero.items["WORKAAAA"]


def test_pull_from_the_web_where_the_local_api_is_off(run: Run, zotero: Zotero) -> None:
    fill(zotero)
    zotero.local_on = False
    where = ("--url", zotero.url, "--web-url", zotero.url, "--library", "users/123")
    done = run("pull", *where, "-t", "csljson", "--tag", "t", key=KEY)
    assert done.returncode == 0, done.stderr
    assert [each["title"] for each in json.loads(done.stdout)] == ["Wasps"]
    assert "the local API is off" in done.stderr
    done = run("pull", "--url", zotero.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Advanced, tick 'Allow other" in done.stderr


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Fault("GET /users", 403, "Forbidden"), 2, "no right to read users/123"),
        (Fault("GET /users", 404, "Not found"), 2, "no such library"),
        (Fault("GET /users", 500, times=9), 3, "status 500"),
        (Fault("GET /users", 429, headers={"retry-after": "900"}), 3, "wish to wait 900 s"),
        (Fault("GET /users", 200, "<html>", {"content-type": "text/html"}, times=9), 3, "no JSON"),
    ],
    ids=lambda value: f"{value.status}" if isinstance(value, Fault) else None,
)
def test_a_pull_that_fails_writes_nothing(
    web: Run, zotero: Zotero, tmp_path: Path, *, fault: Fault, code: int, said: str
) -> None:
    fill(zotero)
    zotero.faults = [fault]
    out = tmp_path / "library.bib"
    done = web("pull", "--via", "web", "-o", out)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert not out.exists()


def test_no_zotero_to_pull_from(run: Run) -> None:
    done = run("pull", "--url", NOWHERE)
    assert (done.returncode, "start it, or use the Web API" in done.stderr) == (3, True)
    done = run("pull", "--via", "web")
    assert (done.returncode, "name the library" in done.stderr) == (2, True)


def test_what_is_pulled_and_pushed_again_is_there_already(
    web: Run, zotero: Zotero, tmp_path: Path
) -> None:
    fill(zotero)
    out = tmp_path / "library.json"
    web("pull", "--via", "web", "-t", "zoterojson", "-o", out)
    for more in ((), ("--update",)):
        done = web("push", out, "-f", "zoterojson", "--to", "web", *more)
        assert "0 made, 0 updated, 2 there already" in done.stderr, done.stderr
    assert not zotero.writes()


def test_no_secret_is_kept(run: Run, web: Run, zotero: Zotero, bib: Path, tmp_path: Path) -> None:
    web("push", bib, "--to", "web")
    run("push", bib, "--to", "local", "--url", zotero.url)
    cache = Path(os.environ["REFKIT_CACHE"]).parent
    for path in [*tmp_path.rglob("*"), *cache.rglob("*")]:
        if path.is_file():
            assert KEY.encode() not in path.read_bytes()
            assert LOCAL_KEY.encode() not in path.read_bytes()


def test_the_library_does_the_same(zotero: Zotero, bib: Path) -> None:
    settings = refkit.ZoteroSettings(web_url=zotero.url, library="users/123", api_key=KEY)
    document = refkit.read(bib)
    done: Any = refkit.zotero_push(document, settings, refkit.PushOptions(to="web"))
    assert [str(each.verdict) for each in done.outcomes] == ["made"] * 3
    found = refkit.zotero_pull(settings, refkit.PullOptions(via="web"))
    assert [each.text("title") for each in found.document.entries] == ["On bees", "Wasps", "Flies"]
