"""The command line as a newcomer meets it: wrong names, empty files, pipes, interruptions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import refkit
from refkit.plugins import registered

COMMANDS = sorted(p.name for p in registered("refkit.commands") if p.value.startswith("refkit.cli"))


def run(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refkit", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, input=stdin, timeout=120)
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def catalogue(samples: Path) -> Path:
    return samples / "catalogue.jsonl"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    arguments = (name, "build", "--help") if name == "catalogue" else (name, "--help")
    done = run(*arguments)
    assert done.returncode == 0
    assert "Example" in done.stdout
    assert f"  refkit {name}" in done.stdout


def test_version() -> None:
    assert run("--version").stdout == f"refkit, version {refkit.__version__}\n"


@pytest.mark.parametrize("verb", ["enrich", "convert", "format", "check", "keys"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.bib", "there is no such file"),
        (".", "this is a folder"),
        ("binary.bib", "this is a binary file"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, verb: str, name: str, message: str) -> None:
    (tmp_path / "binary.bib").write_bytes(b"\x7fELF\0\0\0")
    target = ("-t", "csljson") if verb == "convert" else ()
    done = run(verb, tmp_path / name, *target)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("text", ["", "\n\n", "only text, no entry\n"])
def test_empty_files(tmp_path: Path, catalogue: Path, text: str) -> None:
    target = tmp_path / "empty.bib"
    target.write_text(text, "utf-8")
    assert run("check", target).returncode == 0
    enriched = run("enrich", target, "--catalogue", catalogue)
    assert (enriched.returncode, enriched.stdout) == (0, text)
    converted = run("convert", target, "-t", "csljson")
    assert (converted.returncode, converted.stdout) == (0, "[]\n")


def test_an_empty_catalogue(tmp_path: Path, samples: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    done = run("enrich", samples / "paper.bib", "--catalogue", empty)
    assert done.returncode == 0
    assert done.stdout == (samples / "paper.bib").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("enrich", "x.bib", "-i", "--diff"), "--in-place and --diff cannot be used together"),
        (("enrich", "-", "-i"), "--in-place needs a file"),
        (("enrich", "paper.bib", "--sources", "nowhere"), "there is no source named 'nowhere'"),
        (("enrich", "paper.bib", "--overwrite", "doi"), "a DOI is never overwritten"),
        (("enrich", "paper.bib", "--fields", "colour"), "there is no field 'colour'"),
        (("enrich", "paper.bib", "--catalogue", "none"), "there is no such file"),
        (("enrich", "paper.bib", "--mailto", "me"), "no e-mail address"),
        (("enrich", "paper.bib", "--fields", "month"), "there is no field 'month'"),
        (("enrich", "paper.bib", "-o", "no/out.bib"), "no folder 'no'"),
        (("enrich", "paper.bib", "--report", "."), "this is a folder"),
        (("serve", "catalogue.jsonl", "--host", "0.0.0.0"), "--public"),  # noqa: S104
        (("convert", "paper.bib"), "name the target"),
        (("convert", "paper.bib", "-t", "word"), "there is no format named 'word'"),
        (("convert", "paper.bib", "-o", "x.docx"), "name the format"),
        (("format", "refs.json"), "only BibTeX and BibLaTeX"),
        (("serve", "catalogue.jsonl", "--fault", "flood"), "is no fault"),
        (("catalogue", "build", "none.jsonl", "-o", "out"), "there is no such file"),
        (("fetch",), "No such command 'fetch'"),
    ],
)
def test_wrong_usage(
    samples: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "refs.json").write_text("[]", "utf-8")
    places = {p.name: p for p in (*samples.iterdir(), tmp_path / "refs.json")}
    done = run(*(places.get(each, each) for each in arguments))
    assert message in done.stderr
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_pipes_from_end_to_end(samples: Path) -> None:
    data = (samples / "paper.bib").read_bytes()
    first = run("convert", "-f", "bibtex", "-t", "csljson", "-q", stdin=data)
    second = run("convert", "-f", "csljson", "-t", "ris", "-q", stdin=first.stdout.encode())
    assert second.stdout.count("TY  - ") == len(refkit.read(samples / "paper.bib").entries)


def test_a_reader_that_hangs_up(tmp_path: Path) -> None:
    large = tmp_path / "large.bib"
    entries = (f"@misc{{k{n},\n  title = {{A title of some length}}\n}}\n" for n in range(9000))
    large.write_text("\n".join(entries), "utf-8")
    command = [sys.executable, "-m", "refkit", "convert", str(large), "-t", "csljson", "-q"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 141
    assert b"Traceback" not in said


@pytest.mark.parametrize("command", ["plugins", "check"])
def test_a_reader_that_has_gone_is_no_finding(samples: Path, command: str) -> None:
    arguments = [samples / "broken.bib"] if command == "check" else []
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "refkit", command, *arguments],
            stdout=writer, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_device_gets_no_ledger(samples: Path, catalogue: Path) -> None:
    done = run("enrich", samples / "paper.bib", "--catalogue", catalogue, "-o", "/dev/stdout")
    assert "doi     = {10.1038/269471a0}" in done.stdout
    assert not Path("/dev/stdout.refkit.jsonl").exists()


def test_a_report_to_standard_output(samples: Path, catalogue: Path) -> None:
    done = run("enrich", samples / "paper.bib", "--catalogue", catalogue, "--report", "-")
    assert len(json.loads(done.stdout)) == len(refkit.read(samples / "paper.bib").entries)


def test_a_catalogue_from_a_pipe_with_its_faults_told(samples: Path, tmp_path: Path) -> None:
    data = (samples / "catalogue.jsonl").read_bytes() + b'broken\n{"status": "ok"}\n'
    done = run("catalogue", "build", "-", "-o", tmp_path / "built", stdin=data)
    assert done.returncode == 1
    assert "line 139: this is not JSON" in done.stderr
    assert "neither DOI nor title" in done.stderr
    assert f"{tmp_path / 'built'}: 138 works" in done.stderr


def test_a_catalogue_from_bibliographies(samples: Path, tmp_path: Path) -> None:
    run("convert", samples / "paper.bib", "-o", tmp_path / "refs.json", "-q")
    for name in (samples / "paper.bib", tmp_path / "refs.json"):
        done = run("catalogue", "build", name, "-o", tmp_path / "built")
        assert done.returncode == 0, done.stderr
        assert ": 52 works" in done.stderr


def test_what_is_left_behind_is_told(tmp_path: Path) -> None:
    text = 'head\n@comment{meta}\n@preamble{"x"}\n@misc{a, title = {T}}\ntail\n'
    (tmp_path / "a.bib").write_text(text, "utf-8")
    done = run("convert", tmp_path / "a.bib", "-t", "biblatex")
    places = [line.split(":")[1] for line in done.stderr.splitlines() if "LOS010" in line]
    assert places == ["1", "2", "3", "5"]


def test_formatting_is_stable_and_says_the_same(samples: Path, tmp_path: Path) -> None:
    for name in ("paper.bib", "paper-biblatex.bib", "broken.bib"):
        out, again = tmp_path / name, tmp_path / f"again-{name}"
        run("format", samples / name, "-o", out)
        assert out.read_bytes() != (samples / name).read_bytes()
        run("format", out, "-o", again)
        assert again.read_bytes() == out.read_bytes()
        before, after = refkit.read(samples / name), refkit.read(out)
        assert [e.key for e in after.entries] == [e.key for e in before.entries]
        assert [e.fields for e in map(bare, after.entries)] == [
            e.fields for e in map(bare, before.entries)
        ]


def bare(entry: refkit.Entry) -> refkit.Entry:
    """Return an entry without its places in the file, and without spellings of one value."""
    return entry.with_fields(refkit.Field(f.name, f.value) for f in entry.fields)


def test_check_of_the_style(samples: Path, tmp_path: Path) -> None:
    assert run("format", samples / "paper.bib", "--check").returncode == 1
    run("format", samples / "paper.bib", "-o", tmp_path / "styled.bib")
    assert run("format", tmp_path / "styled.bib", "--check").returncode == 0


def test_an_interrupted_server_stops_by_itself(catalogue: Path) -> None:
    command = [sys.executable, "-m", "refkit", "serve", str(catalogue), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"serving ")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_an_interrupted_enrichment_leaves_the_file(samples: Path, tmp_path: Path) -> None:
    target = tmp_path / "paper.bib"
    target.write_bytes((samples / "paper.bib").read_bytes())
    with refkit.serve(samples / "catalogue.jsonl", faults=["hang"]) as server:
        command = [sys.executable, "-m", "refkit", "enrich", str(target), "-i", "--no-cache"]
        command += ["--crossref-url", server.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            while not server.requests:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert target.read_bytes() == (samples / "paper.bib").read_bytes()


def test_enrich_asks_other_sources_at_the_addresses_given(tmp_path: Path) -> None:
    from tests.services import addresses, services

    target = tmp_path / "a.bib"
    target.write_text("@misc{a,\n title = {Attention Is All You Need},\n year = 2017,\n"
                      " author = {Vaswani, Ashish and Shazeer, Noam}\n}\n", "utf-8")  # fmt: skip
    with services() as (handler, server):
        url = addresses(server)["arxiv"]
        done = run("enrich", target, "--sources", "arxiv", "--url", f"arxiv={url}", "--no-cache")
        assert handler.counts == {"arxiv": 1}
    assert "10.48550/arXiv.1706.03762" in done.stdout
    refused = run("enrich", target, "--url", "nowhere=x")
    assert refused.returncode == 2
    assert "--url takes SOURCE=URL" in refused.stderr
