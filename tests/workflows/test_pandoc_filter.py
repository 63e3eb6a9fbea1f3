"""The filter inside the real pandoc, against services on loopback that replay their replies."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from refkit.net.httpd import Response
from tests.services import FAULTS, Services, addresses, services

LOCK = "refkit.lock.json"
TEXT = """
As @doi:10.1000/x showed [@arxiv:1706.03762; see @{https://doi.org/10.1000/X}, p. 3], and
[@{doi:10.1016/S0140-6736(05)66470-5}; @isbn:978-0-262-04630-5; @pmid:2231712; @pmc:PMC3531190;
@doi:10.5438/0012].
"""
KEYS = 7


class Run:
    """Runs of pandoc in a folder, with the services' addresses in the environment."""

    def __init__(self, folder: Path, handler: Services, urls: Mapping[str, str]) -> None:
        self.folder = folder
        self.handler = handler
        self.urls = {f"REFKIT_{name.upper()}_URL": url for name, url in urls.items()}
        self.cache = folder / "cache.sqlite"

    def pandoc(
        self, text: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        (self.folder / "paper.md").write_text(text, "utf-8")
        command = [pypandoc.get_pandoc_path(), "paper.md", "--filter", "refkit-pandoc-filter"]
        return self.run([*command, *arguments], **environment)

    def run(
        self, command: list[str], stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        limits = {"REFKIT_CACHE": str(self.cache), "REFKIT_TIMEOUT": "0.5", "REFKIT_DEADLINE": "8"}
        return subprocess.run(
            command, cwd=self.folder, check=False, capture_output=True, text=True, timeout=120,
            input=stdin, env={**os.environ, "PATH": search, **self.urls, **limits, **environment},
        )  # fmt: skip

    def filter(
        self, document: str, *options: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run(["refkit", "pandoc-filter", *options], document, **environment)

    def json(self, text: str) -> str:
        command = [pypandoc.get_pandoc_path(), "-t", "json"]
        return self.run(command, text).stdout

    def lock(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / LOCK).read_text("utf-8"))["references"]
        return found


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with services() as (handler, server):
        yield Run(tmp_path, handler, addresses(server))


def test_ids_of_every_kind_become_references(run: Run) -> None:
    done = run.pandoc(TEXT, "--citeproc", "--fail-if-warnings", "-t", "plain", "--wrap=none")
    assert (done.returncode, done.stderr) == (0, "")
    first, *references = done.stdout.strip().split("\n\n")
    assert first.startswith("As Sample (2020) showed (Vaswani et al. 2017; see Sample 2020, 3)")
    assert len(references) == KEYS
    assert "Sample, Bo. 2020." in done.stdout
    assert "Attention Is All You Need" in done.stdout
    assert "Introduction to Algorithms: Fourth Edition. MIT Press" in done.stdout
    assert (
        "“GenBank in E. Coli & Others.” Nucleic Acids Research 41 (Database issue)" in done.stdout
    )
    assert "“Basic Local Alignment Search Tool.”" in done.stdout
    assert "DataCite Metadata Working Group. 2016." in done.stdout


def test_rich_text_arrives_as_such(run: Run) -> None:
    done = run.pandoc("@doi:10.1000/x", "--citeproc", "--fail-if-warnings", "-t", "html")
    assert "<em>Homo</em> <sub>2</sub>" in done.stdout.replace("\n", " ")


def test_a_second_run_asks_nothing_and_gives_the_same(run: Run) -> None:
    first = run.pandoc(TEXT, "--citeproc", "-t", "html")
    counts, lock = dict(run.handler.counts), (run.folder / LOCK).read_bytes()
    assert counts == {"crossref": 2, "datacite": 1, "arxiv": 1, "openlibrary": 1, "pubmed": 2}
    run.cache.unlink()
    again = run.pandoc(TEXT, "--citeproc", "-t", "html")
    assert again.stdout == first.stdout
    assert dict(run.handler.counts) == counts
    assert (run.folder / LOCK).read_bytes() == lock


@pytest.mark.parametrize("way", ["metadata", "flat", "environment", "option"])
def test_offline_only_the_lock_file_is_used(run: Run, way: str) -> None:
    run.pandoc("@doi:10.1000/x")
    counts = dict(run.handler.counts)
    text, options, environment = "@doi:10.1000/x and @arxiv:1706.03762", [], {}
    if way == "metadata":
        text = f"---\nrefkit: {{offline: true}}\n---\n{text}"
    if way == "flat":
        text = f"---\nrefkit-offline: true\n---\n{text}"
    if way == "environment":
        environment = {"REFKIT_OFFLINE": "1"}
    if way == "option":
        options = ["--locked"]
    done = run.filter(run.json(text), *options, **environment)
    assert done.returncode == 0
    assert "@arxiv:1706.03762 could not be checked" in done.stderr
    assert references(done.stdout) == ["doi:10.1000/x"]
    assert dict(run.handler.counts) == counts


def references(document: str) -> list[str]:
    found = json.loads(document)["meta"].get("references", {"c": []})["c"]
    return [each["c"]["id"]["c"] for each in found]


def test_another_pass_changes_nothing(run: Run) -> None:
    first = run.filter(run.json(TEXT))
    counts = dict(run.handler.counts)
    (run.folder / LOCK).unlink()
    second = run.filter(first.stdout)
    assert second.stdout == first.stdout
    assert dict(run.handler.counts) == counts
    assert not (run.folder / LOCK).exists()


def test_it_works_as_a_filter_after_and_before_other_forms_of_the_document(run: Run) -> None:
    as_markdown = run.pandoc(TEXT, "-s", "-t", "markdown").stdout
    again = run.pandoc(as_markdown, "--citeproc", "--fail-if-warnings", "-t", "plain")
    assert again.returncode == 0
    assert again.stdout == run.pandoc(TEXT, "--citeproc", "-t", "plain").stdout


OWN = """---
references:
- id: doi:10.1000/x
  type: book
  title: The author's own
  issued: 1999
bibliography: own.bib
---
@doi:10.1000/x and @arxiv:1706.03762 and @pmid:2231712 and @knuth and @fig:one
"""
BIB = "@book{arxiv:1706.03762, title = {Mine}, author = {Me, A.}, year = 2001}\n"
BIB += "@book{knuth, title = {The Art}, author = {Knuth, D.}, year = 1968}\n"


def test_the_authors_own_references_and_files_stay(run: Run) -> None:
    (run.folder / "own.bib").write_text(BIB, "utf-8")
    done = run.pandoc(OWN, "--citeproc", "-t", "plain", "--wrap=none")
    assert done.returncode == 0
    for kept in ("The Author’s Own", "Mine", "The Art", "Basic Local Alignment Search Tool"):
        assert kept in done.stdout
    assert dict(run.handler.counts) == {"pubmed": 1}
    assert list(run.lock()) == ["pmid:2231712"]


def test_a_work_that_is_cited_by_several_ids_is_one_reference(run: Run) -> None:
    text = "@pmc:PMC3531190, @pmid:23193287, @arxiv:1706.03762, @doi:10.48550/arXiv.1706.03762"
    done = run.pandoc(f"{text}, @arxiv:1706.03762v1.", "--citeproc", "-t", "plain", "--wrap=none")
    assert done.stderr == ""
    sentence, *listed = done.stdout.strip().split("\n\n")
    assert len(listed) == 3  # the first version is another text
    assert sentence.startswith("Benson and The GenBank Group (2013), Benson and The GenBank Group")


def test_what_is_no_id_is_left_alone(run: Run) -> None:
    document = run.json("@knuth, [@fig:one], @{https://example.org/a}, @2502.08640, a@b.org")
    done = run.filter(document)
    assert (done.stdout, done.stderr, done.returncode) == (document, "", 0)
    assert not run.handler.counts


@pytest.mark.parametrize(
    "text",
    [
        "@doi:10.1016/S0140-6736(05)66470-5 is cut",
        "[@doi:10.1016/S0140-6736(05)66470-5, p. 3]",
        "[@doi:10.1002/(SICI)1097-4571]",
        "@doi:10.1000/x<1::AID>3.0.CO;2-O",
        "@doi:10.1000/x::y",
        "@doi:10.1000/x--y",
        "[@doi:10.1000/x--y]",
        "@doi:10.1000/x&&y",
    ],
)
def test_a_doi_that_pandoc_cuts_short_is_never_taken_for_another(run: Run, text: str) -> None:
    done = run.filter(run.json(text))
    assert "@{doi:...}" in done.stderr
    assert references(done.stdout) == []
    assert not run.handler.counts


@pytest.mark.parametrize(
    "text",
    [
        "(see @doi:10.1000/x).",
        "[@doi:10.1000/x.]",
        "@doi:10.1000/x's",
        "@doi:10.1000/x: so",
        "[@doi:10.1000/x,p.3]",
        "@doi:10.1000/x [p. 3]",
        "@doi:10.1000/x---and",
        "*@doi:10.1000/x*",
    ],
)
def test_punctuation_behind_a_key_is_no_part_of_it(run: Run, text: str) -> None:
    assert references(run.filter(run.json(text)).stdout) == ["doi:10.1000/x"]


def test_ids_in_metadata_and_nocite_count(run: Run) -> None:
    text = "---\nnocite: '@pmid:2231712'\nabstract: By @doi:10.1000/x\n---\nText.\n"
    done = run.filter(run.json(text))
    assert sorted(references(done.stdout)) == ["doi:10.1000/x", "pmid:2231712"]


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_unknown_ids_are_told_and_left(run: Run, strict: bool, code: int) -> None:
    head = f"---\nrefkit: {{strict: {str(strict).lower()}}}\n---\n"
    text = f"{head}@doi:10.1000/x, @doi:10.5438/none, @isbn:9780262046306"
    done = run.filter(run.json(text))
    assert done.returncode == code
    assert done.stderr.splitlines() == [
        "refkit: @isbn:9780262046306 is unknown and left as it is: "
        "this is no id of its kind; if it is cut short, put it in @{isbn:...}",
        "refkit: @doi:10.5438/none is unknown and left as it is: "
        "not known to crossref or datacite or arxiv",
    ]
    assert references(done.stdout) == ["doi:10.1000/x"]
    assert list(run.lock()) == ["doi:10.1000/x"]
    in_pandoc = run.pandoc(text, "-t", "plain")
    assert (in_pandoc.returncode != 0) == strict
    assert "is unknown" in in_pandoc.stderr


@pytest.mark.parametrize(
    ("fault", "strict", "code"),
    [
        ("503", False, 0),
        *((each, True, 3) for each in ("429", "403", "503", "html", "cut xml", "drop", "hang")),
    ],
)
def test_an_outage_is_told_and_never_locked(run: Run, fault: str, strict: bool, code: int) -> None:
    slow = Response(200, {}, b"", delay=5)
    broken = FAULTS.get(fault, slow)
    run.handler.faults = {"arxiv": broken, "openlibrary": broken}
    text = "@arxiv:1706.03762 and @isbn:9780262046305 and @pmid:2231712"
    document = run.json(f"---\nrefkit: {{strict: {str(strict).lower()}}}\n---\n{text}")
    done = run.filter(document, REFKIT_DEADLINE="1")
    assert done.returncode == code
    for key in ("arxiv:1706.03762", "isbn:9780262046305"):
        assert f"@{key} could not be checked and is left as it is: " in done.stderr
    found = references(done.stdout)
    # What hangs may take up the deadline, which is that of the whole run.
    assert found == ["pmid:2231712"] or (fault == "hang" and found == [])
    locked = list(run.lock()) if (run.folder / LOCK).exists() else []
    assert locked == found
    run.handler.faults = {}
    mended = run.filter(document)
    assert (mended.returncode, mended.stderr) == (0, "")
    assert len(references(mended.stdout)) == 3


def test_without_any_network_the_document_comes_back_as_it_was(run: Run) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run.urls = dict.fromkeys(run.urls, f"http://127.0.0.1:{port}")
    document = run.json("@doi:10.1000/x")
    done = run.filter(document)
    assert (done.stdout, done.returncode) == (document, 0)
    assert "could not be checked" in done.stderr


def test_a_locked_entry_is_never_changed_unless_refresh_is_asked(run: Run) -> None:
    document = run.json("@pmid:2231712 and @doi:10.1000/x")
    run.filter(document)
    lock = (run.folder / LOCK).read_text("utf-8")
    edited = lock.replace("Basic local alignment search tool", "My title")
    (run.folder / LOCK).write_text(edited, "utf-8")
    kept = run.filter(document)
    assert "My title" in kept.stdout
    assert "pmid:2231712: its entry in refkit.lock.json was edited by hand" in kept.stderr
    assert (run.folder / LOCK).read_text("utf-8") == edited
    before = run.handler.counts["pubmed"]
    fresh = run.filter(document, "--refresh")
    assert run.handler.counts["pubmed"] == before + 1
    assert "My title" not in fresh.stdout
    assert run.lock()["pmid:2231712"]["item"]["title"] == "Basic local alignment search tool"
    assert run.lock()["doi:10.1000/x"] == json.loads(lock)["references"]["doi:10.1000/x"]


def test_a_refresh_in_an_outage_keeps_what_is_locked(run: Run) -> None:
    document = run.json("@pmid:2231712")
    first = run.filter(document)
    run.handler.faults["pubmed"] = FAULTS["503"]
    again = run.filter(document, "--refresh", REFKIT_DEADLINE="1")
    assert again.stdout == first.stdout
    assert "pmid:2231712: kept as it is in refkit.lock.json: pubmed: " in again.stderr


def test_the_lock_file_is_sorted_and_says_where_its_entries_come_from(run: Run) -> None:
    run.filter(run.json("@pmid:2231712 and @arxiv:1706.03762 and @doi:10.1000/x"), "--lock=a.json")
    book = json.loads((run.folder / "a.json").read_text("utf-8"))
    assert list(book["references"]) == sorted(book["references"])
    entry = book["references"]["arxiv:1706.03762"]
    assert (entry["source"], entry["record"]) == ("arxiv", "10.48550/arxiv.1706.03762")
    assert entry["fetched"].endswith("Z")
    assert len(entry["sha256"]) == 64
    assert entry["item"]["number"] == "arXiv:1706.03762"
    assert not (run.folder / LOCK).exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"version": 1}', '{"version": 9}', "\xff"])
def test_a_damaged_lock_file_is_refused_and_left(run: Run, content: str) -> None:
    path = run.folder / LOCK
    path.write_text(content, "latin-1")
    done = run.filter(run.json("@doi:10.1000/x"))
    assert (done.returncode, done.stdout) == (2, "")
    assert LOCK in done.stderr
    assert path.read_text("latin-1") == content


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("offline: maybe", "has to be true or false"),
        ("timeout: soon", "has to be a number of seconds"),
        ("lock: notes.txt", "has to end in .json"),
        ("sources: nowhere", "there is no source named 'nowhere'"),
        ("mailto: nobody", "is no e-mail address"),
        ("arxiv-url: 'ftp://x'", "is no http(s) URL of a arXiv service"),
        ("catalogue: no.jsonl", "there is no such file"),
        ("strict: [a]", "has to be true or false"),
        ("mailto: true", "has to be a text"),
    ],
)
def test_bad_settings_are_told(run: Run, settings: str, said: str) -> None:
    document = run.json(f"---\nrefkit:\n  {settings}\n---\n@arxiv:1706.03762")
    done = run.filter(document)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_setting_that_there_is_not_costs_a_warning(run: Run) -> None:
    done = run.filter(run.json("---\nrefkit: {mail: a@b.org}\n---\n@doi:10.1000/x"))
    assert done.returncode == 0
    assert "there is no setting 'mail' of refkit's" in done.stderr


@pytest.mark.parametrize(
    "data", ["", "[]", "# Markdown", '{"blocks": []}', '{"pandoc-api-version": [9], "meta": 1}',
             '{"pandoc-api-version": [1, 23], "meta": {}, "blocks": [{"t": "Cite", "c": 1}]}'],
)  # fmt: skip
def test_what_is_no_document_is_refused(run: Run, data: str) -> None:
    done = run.filter(data)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pandoc" in done.stderr


def test_with_a_catalogue_no_network_is_needed(run: Run, samples: Path) -> None:
    shutil.copy(samples / "catalogue.jsonl", run.folder)
    text = "---\nrefkit: {catalogue: catalogue.jsonl}\n---\n@doi:10.1038/269471a0 says.\n"
    done = run.pandoc(text, "--citeproc", "--fail-if-warnings", "-t", "plain")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("May (1977) says.")
    assert not run.handler.counts


def test_offline_a_catalogue_is_asked_and_what_it_lacks_is_unchecked(
    run: Run, samples: Path
) -> None:
    shutil.copy(samples / "catalogue.jsonl", run.folder)
    document = run.json("@doi:10.1038/269471a0 and @doi:10.1000/x")
    done = run.filter(document, "--locked", "--catalogue=catalogue.jsonl")
    assert references(done.stdout) == ["doi:10.1038/269471a0"]
    assert "@doi:10.1000/x could not be checked" in done.stderr


def test_a_lock_file_that_cannot_be_written_costs_a_warning(run: Run) -> None:
    done = run.filter(run.json("@doi:10.1000/x"), "--lock=nowhere/a.json")
    assert done.returncode == 0
    assert references(done.stdout) == ["doi:10.1000/x"]
    assert "nowhere/a.json: cannot be written" in done.stderr


def test_the_sample_document_offline(run: Run, samples: Path) -> None:
    shutil.copytree(samples, run.folder / "samples", ignore=shutil.ignore_patterns("plugin"))
    command = [pypandoc.get_pandoc_path(), "samples/paper.md", "--filter", "refkit-pandoc-filter"]
    done = run.run([*command, "--citeproc", "--fail-if-warnings", "-t", "plain"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == SAMPLE
    assert not run.handler.counts


SAMPLE = """\
Ecosystems may tip (May 1977). Ecologists had textbooks on such models
ten years later (see Caraco 1987, 140).

Caraco, Thomas. 1987. “Modelling in Behavioural Ecology: An Introductory
Text.” Trends in Ecology & Evolution 2 (5): 140.
https://doi.org/10.1016/0169-5347(87)90057-7.

May, Robert M. 1977. “Thresholds and Breakpoints in Ecosystems with a
Multiplicity of Stable States.” Nature 269 (5628): 471–77.
https://doi.org/10.1038/269471a0.
"""
