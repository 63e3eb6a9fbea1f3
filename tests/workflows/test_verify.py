"""`refkit verify` as it is called: what is printed, how it exits, and that it writes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit.net.httpd import Server
from tests.services import FAULTS, Services, addresses, services

GOOD = """@article{good,
  author = {May, Robert M.}, title = {Thresholds and breakpoints in ecosystems with a multiplicity
  of stable states}, journal = {Nature}, year = {1977}, volume = {269}, pages = {471--477},
}
"""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", "verify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)


def rows(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in json.loads(done.stdout)}


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.fixture
def server(catalogue: Path) -> Iterator[Server]:
    with refkit.serve(catalogue) as running:
        yield running


def written(tmp_path: Path, text: str, name: str = "refs.bib") -> Path:
    (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / name


def test_all_verified_is_exit_code_0(catalogue: Path, tmp_path: Path) -> None:
    done = run(written(tmp_path, GOOD), "--catalogue", catalogue)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("good  verified    10.1038/269471a0 (catalogue) title exact")
    assert done.stderr == "1 entries: 1 verified\n"
    assert run(tmp_path / "refs.bib", "--catalogue", catalogue, "-q").stdout == ""


def test_a_difference_is_exit_code_1_and_shown_with_both_values(
    catalogue: Path, tmp_path: Path
) -> None:
    done = run(written(tmp_path, GOOD.replace("1977", "1978")), "--catalogue", catalogue)
    assert done.returncode == 1
    assert "good  differs " in done.stdout
    assert "year: 1978 | record: 1977" in done.stdout


def test_the_sample_over_http_with_evidence(server: Server, samples: Path, tmp_path: Path) -> None:
    target = Path(shutil.copy(samples / "paper.bib", tmp_path))
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    done = run(target, "--crossref-url", server.url, "--no-cache", "--format", "json")
    assert done.returncode == 1, done.stderr
    found = rows(done)
    assert list(found) == [entry.key for entry in refkit.read(target).entries]
    good, wrong = found["may1977"], found["boettiger2018"]
    assert (good["verdict"], good["record"]["id"]) == ("verified", "10.1038/269471a0")
    assert good["record"]["source"] == "crossref"
    assert good["record"]["fetched"].endswith("Z")
    levels = {row["feature"]: row["level"] for row in good["evidence"]}
    assert levels["title"] == levels["year"] == "exact"
    assert wrong["verdict"] == "differs"
    assert {each["field"] for each in wrong["differences"]} == {
        "title", "year", "volume", "issue", "page",
    }  # fmt: skip
    assert found["ribeiro2016"]["published"]["doi"] == "10.1145/2939672.2939778"
    assert "fake" not in done.stdout + done.stderr
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_what_verify_and_enrich_have_asked_costs_the_other_nothing(
    server: Server, samples: Path, tmp_path: Path
) -> None:
    options = ("--crossref-url", server.url, "--cache", tmp_path / "cache.sqlite")
    first = run(samples / "paper.bib", *options, "--format", "json")
    asked = server.requests
    again = run(samples / "paper.bib", *options, "--format", "json")
    command = [sys.executable, "-m", "refkit", "enrich", samples / "paper.bib", *options]
    subprocess.run([*map(str, command), "--dry-run"], check=True, capture_output=True, timeout=120)
    assert server.requests == asked > 0
    assert again.stdout == first.stdout


def test_an_outage_wins_over_findings(server: Server, tmp_path: Path) -> None:
    text = GOOD.replace("1977", "1978") + "@misc{elsewhere, doi = {10.48550/arXiv.1706.03762},\n"
    target = written(tmp_path, text + "  title = {Attention Is All You Need}}\n")
    done = run(target, "--crossref-url", server.url, "--no-cache", "--format", "json")
    assert done.returncode == 3
    found = rows(done)
    assert found["good"]["verdict"] == "differs"
    assert found["elsewhere"]["verdict"] == "unchecked"
    assert "registered with DataCite, which was not asked" in found["elsewhere"]["reason"]


def test_a_doi_that_nobody_has_registered_is_not_found(server: Server, tmp_path: Path) -> None:
    target = written(tmp_path, "@misc{x, title={A work that nobody wrote}, doi={10.1000/none}}\n")
    done = run(target, "--crossref-url", server.url, "--no-cache")
    assert (done.returncode, server.requests) == (1, 3)  # the DOI, a search, the agency
    assert "x  not found   its DOI 10.1000/none is not known to crossref" in done.stdout


def test_verdicts_may_be_allowed(catalogue: Path, samples: Path, tmp_path: Path) -> None:
    allowed = ("--catalogue", catalogue, "--allow", "differs,not-found,superseded")
    assert run(samples / "paper.bib", *allowed).returncode == 0
    wrong = run(samples / "paper.bib", "--allow", "unchecked")
    assert (wrong.returncode, "--allow takes" in wrong.stderr) == (2, True)


def test_the_report_is_written_beside_the_text(catalogue: Path, tmp_path: Path) -> None:
    target, report = written(tmp_path, GOOD), tmp_path / "out.json"
    done = run(target, "--catalogue", catalogue, "--report", report)
    assert "good  verified" in done.stdout
    assert json.loads(report.read_text("utf-8"))[0]["verdict"] == "verified"
    over = run(target, "--catalogue", catalogue, "--report", target)
    assert over.returncode == 2
    assert target.read_text("utf-8") == GOOD


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 3), ("% a comment only\n", 3), ("@misc{x, year = {2020}}\n", 3), (GOOD[:-4], 1)],
    ids=["empty", "comment", "says nothing", "broken"],
)
def test_nothing_checked_is_not_green(
    catalogue: Path, tmp_path: Path, text: str, code: int
) -> None:
    done = run(written(tmp_path, text), "--catalogue", catalogue)
    assert done.returncode == code, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["none.bib", "."])
def test_what_cannot_be_read_is_exit_code_2(catalogue: Path, tmp_path: Path, name: str) -> None:
    done = run(tmp_path / name, "--catalogue", catalogue)
    assert done.returncode == 2
    assert done.stdout == ""


def test_a_pipe(catalogue: Path) -> None:
    command = [sys.executable, "-m", "refkit", "verify", "-", "--catalogue", str(catalogue)]
    done = subprocess.run(
        command, input=GOOD, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout[:14]) == (0, "good  verified")


@pytest.fixture
def world() -> Iterator[tuple[Services, dict[str, str]]]:
    with services() as (handler, running):
        yield handler, addresses(running)


def asked(urls: dict[str, str], *names: str) -> list[str]:
    options = [f"--url={name}={url}" for name, url in urls.items() if name != "crossref"]
    return [*options, "--crossref-url", urls["crossref"], "--sources", ",".join(names)]


MALDACENA = """@misc{large,
  author = {Juan M. Maldacena}, year = {1997}, doi = {10.48550/arXiv.hep-th/9711200},
  title = {The Large N Limit of Superconformal Field Theories and Supergravity},
}
"""


def test_arxivs_later_doi_is_told(world: tuple[Services, dict[str, str]], tmp_path: Path) -> None:
    target = written(tmp_path, MALDACENA)
    done = run(target, *asked(world[1], "crossref", "arxiv"), "--no-cache", "--format", "json")
    row = rows(done)["large"]
    assert (done.returncode, row["verdict"]) == (1, "superseded"), done.stderr
    assert row["published"]["doi"] == "10.1023/a:1026654312961"
    assert row["record"]["id"] == "10.48550/arxiv.hep-th/9711200"


def test_a_paper_withdrawn_from_arxiv_is_told(
    world: tuple[Services, dict[str, str]], tmp_path: Path
) -> None:
    handler, urls = world
    paper = handler.papers["hep-th/9711200"]
    handler.papers["hep-th/9711200"] = {
        **paper, "comment": "This paper has been withdrawn by the author due to an error",
    }  # fmt: skip
    done = run(written(tmp_path, MALDACENA), *asked(urls, "arxiv"), "--no-cache", "--format=json")
    row = rows(done)["large"]
    assert row["verdict"] == "retracted"
    assert row["notices"][0]["kind"] == "withdrawal"
    assert row["notices"][0]["asserters"] == ["arxiv"]


def test_enrich_leaves_the_file_where_something_is_unchecked_unless_told(
    world: tuple[Services, dict[str, str]], catalogue: Path, server: Server, tmp_path: Path
) -> None:
    handler, urls = world
    handler.faults["datacite"] = handler.faults["crossref"] = FAULTS["403"]
    text = GOOD + "@misc{lost, title = {A work that Crossref does not have}, year = {2001}}\n"
    target = written(tmp_path, text)
    options = asked({**urls, "crossref": server.url}, "crossref", "datacite")
    command = [sys.executable, "-m", "refkit", "enrich", str(target), "-i", "--no-cache", *options]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert (done.returncode, target.read_text("utf-8")) == (3, text)
    assert "1 of 2 entries could not be checked, so" in done.stderr
    command.append("--partial")
    again = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert again.returncode == 3
    assert "doi" in target.read_text("utf-8")


def test_preprints_are_looked_up_by_their_arxiv_ids_all_at_once(
    world: tuple[Services, dict[str, str]], tmp_path: Path
) -> None:
    handler, urls = world
    text = "@misc{a, title={Attention is all you need}, eprint={1706.03762},"
    text += " author={Vaswani, A. and others}}\n"
    text += "@misc{b, title={The Large N limit of superconformal field theories and supergravity},"
    text += " author={Maldacena, J. M.}, eprint={hep-th/9711200}, archiveprefix={arXiv}}\n"
    text += "@misc{c, title={On bees}, author={Wu, Li}, eprint={1706.03762}}\n"
    done = run(written(tmp_path, text), *asked(urls, "arxiv"), "--no-cache", "--format", "json")
    found = {key: row["verdict"] for key, row in rows(done).items()}
    assert found == {"a": "verified", "b": "superseded", "c": "not found"}
    assert handler.counts["arxiv"] == 2  # the ids, and a search for what they do not agree with


def test_a_retraction_is_shown_once_with_both_who_assert_it(
    catalogue: Path, tmp_path: Path
) -> None:
    works = [json.loads(line) for line in catalogue.read_text("utf-8").splitlines()]
    work = next(each for each in works if each.get("DOI") == "10.1038/269471a0")
    notice = {"type": "retraction", "DOI": "10.1000/notice", "updated": {"date-parts": [[1980]]}}
    work["updated-by"] = [{**notice, "source": who} for who in ("retraction-watch", "publisher")]
    own = written(tmp_path, json.dumps(work) + "\n", "own.jsonl")
    done = run(written(tmp_path, GOOD), "--catalogue", own)
    assert done.returncode == 1
    assert "good  retracted   10.1038/269471a0" in done.stdout
    told = "retraction 10.1000/notice 1980, says retraction-watch and publisher\n"
    assert done.stdout.count(told) == done.stdout.count("10.1000/notice") == 1
