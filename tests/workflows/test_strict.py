"""`refkit convert --strict`: exit code 1 exactly where something is lost, and each loss named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import refkit
from refkit.cli.convert import command
from refkit.model.entry import Entry

SUFFIXES = {
    "bibtex": ".bib", "biblatex": ".bib", "csljson": ".json", "cslyaml": ".yaml",
    "ris": ".ris", "nbib": ".nbib", "endnotexml": ".xml",
}  # fmt: skip
TARGETS = {"ris": "RIS", "nbib": "NBIB", "endnotexml": "EndNote XML"}
LOSS = re.compile(r"(?P<place>[^ ]+): (?P<code>LOS\d{3}) (?:\[(?P<key>[^\]]*)\] )?(?P<message>.+)")
NAMED = re.compile(r"(?:cannot hold|does not hold) '(?P<field>[^']+)'")


def convert(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module", params=["paper.bib", "paper-biblatex.bib"])
def origin(request: pytest.FixtureRequest, samples: Path) -> Path:
    return samples / str(request.param)


@pytest.mark.parametrize("target", list(SUFFIXES))
@pytest.mark.parametrize("source", list(SUFFIXES))
def test_strict_fails_where_something_is_lost(
    tmp_path: Path, origin: Path, source: str, target: str
) -> None:
    given = tmp_path / f"given{SUFFIXES[source]}"
    refkit.save(given, refkit.convert(refkit.read(origin), source).text)
    arguments = (given, "-f", source, "-t", target, "--titles", "keep")
    code, out, said = convert(*arguments, "--strict")
    told = [found for line in said.splitlines() if (found := LOSS.search(line))]
    assert code == (1 if told else 0), said
    assert convert(*arguments) == (0, out, said)
    assert convert(*arguments, "-q")[:2] == (0, out)
    before = refkit.read(given, format=source).entries
    after = refkit.parse(out, format=target).entries
    _check_told(before, after, told, TARGETS.get(target, ""))


def _check_told(
    before: tuple[Entry, ...], after: tuple[Entry, ...], told: list[re.Match[str]], target: str
) -> None:
    """Require every field that is not the same to be named, with its key and the target."""
    if not target:
        return
    works = [entry for entry in before if entry.native_type != "xdata"]
    named = {(each["key"], found["field"]) for each in told
             if (found := NAMED.search(each["message"]))}  # fmt: skip
    for entry, back in zip(works, after, strict=True):
        for field in entry.fields:
            held = next((each.value for each in back.fields if each.name == field.name), None)
            assert held == field.value or (entry.key, field.name) in named
    for each in told:
        if each["code"] in ("LOS001", "LOS002", "LOS003"):
            assert each["message"].startswith(target)
            assert "csljson" in each["message"]


def test_a_file_without_losses_passes(tmp_path: Path) -> None:
    given = tmp_path / "refs.ris"
    given.write_text("TY  - JOUR\nID  - a\nAU  - Doe, J\nPY  - 2010\nER  - \n", "utf-8")
    assert convert(given, "-t", "endnotexml", "--strict")[0] == 0


def test_what_is_lost_is_named_with_key_field_and_target(tmp_path: Path) -> None:
    given = tmp_path / "refs.bib"
    given.write_text("@article{doe, title={A <b>x</b>}, eprint={1}, date={2010}}\n", "utf-8")
    code, _, said = convert(given, "-f", "biblatex", "-t", "endnotexml", "--strict")
    assert code == 1
    assert (
        "LOS001 [doe] EndNote XML cannot hold 'eprint'; it is left out (csljson holds it)" in said
    )
