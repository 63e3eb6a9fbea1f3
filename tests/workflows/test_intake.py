"""`refkit add` and `refkit import` as a user meets them, against catalogues and services."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit.net.httpd import Server
from tests.services import addresses, services
from tests.workflows.test_cli import run

BIB = "@book{kant,\n  title = {Critique of Pure Reason},\n  author = {Kant, Immanuel},\n}\n"


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.fixture
def service() -> Iterator[Server]:
    with services() as (_, server):
        yield server


def online(server: Server, tmp_path: Path) -> list[str]:
    urls = [f"--url={name}={url}" for name, url in addresses(server).items()]
    return [*urls, f"--cache={tmp_path / 'cache.sqlite'}", "--timeout=2"]


def report(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return rows


def test_a_reading_list_of_our_own_becomes_a_bibliography(
    samples: Path, catalogue: Path, tmp_path: Path
) -> None:
    out, told = tmp_path / "out.bib", tmp_path / "out.json"
    done = run(
        "import", samples / "readinglist.txt", "-f", "readinglist", "--catalogue", catalogue,
        "-o", out, "--report", told,
    )  # fmt: skip
    assert done.returncode == 0
    assert [(row["line"], row["verdict"], row["id"], row["key"]) for row in report(told)] == [
        (3, "match", "doi:10.1038/35098000", "scheffer2001catastrophic"),
        (5, "match", "doi:10.1109/tac.1974.1100705", "akaike1974new"),
        (7, "match", "doi:10.18637/jss.v067.i01", "bates2015fitting"),
        (9, "ambiguous", None, "deep"),  # two works have that title
        (11, "none", None, "counting"),
    ]
    entries = {each.key: each for each in refkit.read(out).entries}
    assert list(entries) == [row["key"] for row in report(told)]
    assert all(each.text("abstract") for each in entries.values())
    assert entries["counting"].text("keyword") == "refkit-unmatched"
    assert "Sign in" in done.stderr


def test_references_of_our_own_become_a_bibliography(
    samples: Path, catalogue: Path, tmp_path: Path
) -> None:
    told = tmp_path / "out.json"
    arguments = ("import", "-", "-f", "references", "--catalogue", catalogue, "--report", told)
    done = run(*arguments, stdin=(samples / "references.txt").read_bytes())
    assert done.returncode == 0
    assert [(row["verdict"], row["id"]) for row in report(told)] == [
        ("match", "doi:10.1038/35098000"),
        ("match", "doi:10.1109/tac.1974.1100705"),
        ("match", "doi:10.1038/s41592-019-0686-2"),
        ("match", "doi:10.1023/a:1010933404324"),
        ("match", "doi:10.1038/nature14539"),
        ("ambiguous", None),  # the book: only papers of that title are there
        ("none", None),
    ]
    entries = refkit.parse(done.stdout, "bibtex").entries
    assert len(entries) == 7
    assert entries[6].text("note").startswith("Nobody, N. (1999).")
    assert [each.key for each in entries[5:]] == ["goodfellow2016", "nobody1999"]
    assert run(*arguments, "--strict", stdin=b"Nobody, N. Nothing. 1999.").returncode == 1


def test_the_same_input_gives_the_same_output(samples: Path, catalogue: Path) -> None:
    command = ("import", samples / "references.txt", "-f", "references", "--catalogue", catalogue)
    first, second = run(*command, "-t", "csljson"), run(*command, "-t", "csljson")
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)
    assert len(json.loads(first.stdout)) == 7


def test_ids_of_all_kinds_are_looked_up_where_they_are_known(
    service: Server, tmp_path: Path
) -> None:
    told = tmp_path / "out.json"
    listed = (
        "arXiv:1706.03762  # a preprint\n978-0-262-04630-5, PMID: 2231712\nrubbish\n10.5438/none"
    )
    done = run(
        "import", "-", "-f", "ids", "-t", "biblatex", "--report", told,
        *online(service, tmp_path), stdin=listed.encode(),
    )  # fmt: skip
    assert [(row["line"], row["verdict"], row["source"]) for row in report(told)] == [
        (1, "match", "arxiv"),
        (2, "match", "openlibrary"),
        (2, "match", "pubmed"),
        (3, "none", None),
        (4, "none", None),
    ]
    assert "this is no id" in done.stderr
    assert done.returncode == 1  # one of them is no id
    entries = refkit.parse(done.stdout, "biblatex").entries
    assert len(entries) == 5
    assert entries[0].beyond("eprint") == "1706.03762"
    assert entries[4].text("DOI") == "10.5438/none"


def test_no_network_is_exit_code_3_and_keeps_what_is_known(tmp_path: Path) -> None:
    dead = [f"--url={name}=http://127.0.0.1:9" for name in ("crossref", "datacite", "arxiv")]
    done = run(
        "import", "-", "-f", "ids", *dead, f"--cache={tmp_path / 'c'}", "--deadline=3",
        stdin=b"10.1000/x",
    )  # fmt: skip
    assert done.returncode == 3
    (entry,) = refkit.parse(done.stdout, "bibtex").entries
    assert (entry.text("DOI"), entry.text("keyword")) == ("10.1000/x", "refkit-unchecked")


def test_adding_touches_nothing_else_and_never_adds_twice(catalogue: Path, tmp_path: Path) -> None:
    library = tmp_path / "refs.bib"
    library.write_text(BIB)
    command = ("add", "10.1038/35098000", "Random Forests, Breiman, Machine Learning 45, 5, 2001",
               "-l", library, "--catalogue", catalogue)  # fmt: skip
    diff = run(*command, "--diff")
    assert diff.returncode == 0
    assert not [line for line in diff.stdout.splitlines()[2:] if line.startswith("-")]
    assert library.read_text() == BIB
    assert run(*command, "-i").returncode == 0
    text = library.read_text()
    assert text.startswith(BIB)
    keys = [each.key for each in refkit.read(library).entries]
    assert keys == ["kant", "scheffer2001catastrophic", "breiman2001random"]
    again = run(*command, "https://doi.org/10.1038/35098000", "-i")
    assert library.read_text() == text
    assert again.stderr.count("not added, as scheffer2001catastrophic is the work") == 2


def test_a_work_without_its_doi_is_known_by_what_it_says(catalogue: Path, tmp_path: Path) -> None:
    library = tmp_path / "refs.bib"
    library.write_text(
        "@article{s, author={M. Scheffer and S. Carpenter}, journal={Nature}, volume=413,\n"
        "  title={Catastrophic Shifts in Ecosystems}, year=2001, pages={591--596}}\n"
    )
    done = run("add", "10.1038/35098000", "-l", library, "--catalogue", catalogue)
    assert done.stdout == library.read_text()
    assert "as s is the work" in done.stderr


def test_another_version_of_a_work_is_added_and_told(catalogue: Path, tmp_path: Path) -> None:
    library = tmp_path / "refs.bib"
    done = run("add", "10.1101/014852", "--catalogue", catalogue)  # the preprint
    library.write_text(done.stdout)
    (key,) = [each.key for each in refkit.read(library).entries]
    added = run("add", "10.1002/ece3.2314", "-l", library, "--catalogue", catalogue)
    assert len(refkit.parse(added.stdout, "bibtex").entries) == 2
    assert f"{key} may be another version of it" in added.stderr


def test_a_title_alone_is_found_and_what_is_not_found_is_marked(
    catalogue: Path, tmp_path: Path
) -> None:
    done = run("add", "catastrophic shifts in ecosystems", "On no angels at all",
               "--catalogue", catalogue, "-t", "csljson")  # fmt: skip
    items = json.loads(done.stdout)
    assert items[0]["DOI"] == "10.1038/35098000"
    assert (items[1]["title"], items[1]["keyword"]) == ("On no angels at all", "refkit-unmatched")
    assert done.returncode == 0


def test_a_library_that_ends_in_the_middle_of_an_entry_is_refused(
    catalogue: Path, tmp_path: Path
) -> None:
    library = tmp_path / "refs.bib"
    library.write_text(BIB + "@book{open,\n  title = {never closed\n")
    before = library.read_bytes()
    done = run("add", "10.1038/35098000", "-l", library, "--catalogue", catalogue, "-i")
    assert done.returncode == 2
    assert "refs.bib:5:1: the last entry is broken" in done.stderr
    assert library.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import", "none.txt", "-f", "ids"), "there is no such file"),
        (("import", ".", "-f", "ids"), "this is a folder"),
        (("import", "binary.txt", "-f", "references"), "this is a binary file"),
        (("import", "empty.txt"), "Missing option '-f'"),
        (("import", "empty.txt", "-f", "ids", "-t", "readinglist"), "can be read, not written"),
        (("import", "empty.txt", "-f", "ids", "--sources", "nowhere"), "no source named"),
        (("import", "empty.txt", "-f", "ids", "-o", "x.bib", "--report", "x.bib"), "overwrite"),
        (("add", "10.1000/x", "-i"), "need a library"),
        (("add", "10.1000/x", "-l", "none.bib"), "there is no such file"),
        (("add",), "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(b"\x7fELF\0\0\0")
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_an_empty_list_is_an_empty_bibliography(tmp_path: Path) -> None:
    for listing in ("ids", "references", "readinglist"):
        done = run("import", "-", "-f", listing, "-t", "csljson", stdin=b"\n")
        assert (done.returncode, json.loads(done.stdout)) == (0, [])


def _records(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the truth as CSL-JSON: an arXiv id for each, and a DOI where Crossref has one."""
    for row in rows:
        published = row["published"] or {}
        item = {"id": f"t{row['id']}", "type": "article"}
        item |= {name: row[name] for name in ("title", "author", "issued")}
        item |= {"number": f"arXiv:{row['arxiv']}"}
        if published.get("DOI"):
            item |= {"DOI": published["DOI"], "type": row["type"]}
            item |= {"container-title": published["container-title"]}
        yield item


def test_a_genuine_reading_list_gets_every_id_and_no_wrong_doi(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data" / "reading-list"
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    catalogue, out, told = (tmp_path / name for name in ("c.jsonl", "out.json", "report.json"))
    with gzip.open(
        shared / "data" / "crossref" / "works.jsonl.gz", "rt", encoding="utf-8"
    ) as works:
        lines = [json.dumps(each) for each in _records(rows)]
        catalogue.write_text("\n".join([*lines, *map(str.strip, works)]), "utf-8")
    done = run(
        "import", folder / "listing.txt", "-f", "readinglist", "--catalogue", catalogue,
        "-o", out, "--report", told,
    )  # fmt: skip
    assert done.returncode == 0
    items = {each["id"]: each for each in json.loads(out.read_text("utf-8"))}
    found = report(told)
    assert [row["verdict"] for row in found] == ["match"] * len(rows)
    for row, truth in zip(found, rows, strict=True):
        item = items[row["key"]]
        right = (truth["published"] or {}).get("DOI")
        assert item["title"].lower() == truth["title"].lower()
        assert item.get("DOI", "").lower() == (right or "").lower()
        assert truth["arxiv"] in json.dumps(item)
        assert row["id"] == (f"doi:{right.lower()}" if right else f"arxiv:{truth['arxiv']}")


def test_a_title_is_searched_in_every_usual_source(service: Server, tmp_path: Path) -> None:
    done = run("add", "Attention is all you need", "-t", "biblatex", *online(service, tmp_path))
    (entry,) = refkit.parse(done.stdout, "biblatex").entries
    assert entry.beyond("eprint") == "1706.03762"
    assert entry.text("DOI").lower() == "10.48550/arxiv.1706.03762"
    assert done.returncode == 0
