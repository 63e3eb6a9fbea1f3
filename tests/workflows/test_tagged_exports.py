"""Another program reads from our RIS and EndNote XML what the entries say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pypandoc
import pytest

import refkit
from refkit.model.entry import Entry

MARKUP = re.compile(r"<[^>]+>")


def by_pandoc(text: str, form: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(pypandoc.convert_text(text, "csljson", format=form))
    return items


def told(item: dict[str, Any]) -> dict[str, object]:
    parts = item.get("issued", {}).get("date-parts") or [[None]]
    return {
        "title": MARKUP.sub("", item.get("title", "")),
        "author": [name.get("family") or name.get("literal") for name in item.get("author", [])],
        "year": parts[0][0],
        "volume": item.get("volume", ""),
    }


def meant(entry: Entry) -> dict[str, object]:
    date = entry.date()
    return {
        "title": MARKUP.sub("", entry.text("title")),
        "author": [name.family or name.literal for name in entry.names("author")],
        "year": date.year if date else None,
        "volume": entry.text("volume"),
    }


@pytest.mark.parametrize("form", ["ris", "endnotexml"])
@pytest.mark.parametrize("name", ["paper.bib", "paper-biblatex.bib"])
def test_pandoc_reads_what_we_write(samples: Path, name: str, form: str) -> None:
    document = refkit.read(samples / name)
    works = [entry for entry in document.entries if entry.native_type != "xdata"]
    items = by_pandoc(refkit.convert(document, form).text, form)
    assert [told(item) for item in items] == [meant(entry) for entry in works]


def test_pandoc_knows_an_organisation_by_its_comma() -> None:
    text = '[{"id": "r", "type": "book", "author": [{"literal": "R Core Team"}]}]'
    written = refkit.convert(refkit.parse(text, format="csljson"), "ris").text
    assert "AU  - R Core Team,\n" in written
    (item,) = by_pandoc(written, "ris")
    assert item["author"] == [{"family": "R Core Team"}]


@pytest.mark.parametrize("name", ["paper.bib", "paper-biblatex.bib"])
def test_what_a_bib_file_says_comes_back_from_ris(samples: Path, name: str) -> None:
    document = refkit.read(samples / name)
    through = refkit.parse(refkit.convert(document, "ris").text, format="ris")
    back = refkit.convert(through, "biblatex")
    assert [each for each in back.problems if each.code == "LOS001"] == []
    for entry, again in zip(
        [entry for entry in document.entries if entry.native_type != "xdata"],
        through.entries,
        strict=True,
    ):
        assert (again.key, again.type) == (entry.key, entry.type)
        ours = {each.name: each.value for each in reversed(entry.fields)}
        assert {each.name: each.value for each in again.fields} == ours
