"""New entries at the end of a file: in its own style, and not a letter elsewhere is touched."""

from __future__ import annotations

import json

import pytest

import refkit
from refkit.formats.append import append
from refkit.model.text import apply_edits

NEW = refkit.parse(
    "@article{new, author={Müller, Jo}, title={On {DNA}}, year=2001, month=feb, doi={10.1000/x}}",
    "bibtex",
).entries


def appended(text: str, name: str) -> str:
    document = refkit.parse(text, name)
    edit, _ = append(document, NEW, lambda entries: _written(entries, name))
    new = apply_edits(text, [edit])
    assert len(refkit.parse(new, name).entries) == len(document.entries) + 1
    return new


def _written(entries: object, name: str) -> refkit.Written:
    writer = refkit.api.documents.format_named(name).write
    assert writer is not None
    return writer(entries)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "want"),
    [
        ("", "@article{new,\n  author = {Müller, Jo},\n"),
        ("@Book{a,\n\ttitle = {é},\n}\n", "\n@Article{new,\n\tauthor = {Müller, Jo},\n"),
        ("@book{a,\n  title = {é}\n}\n", "\n@article{new,\n  author = {Müller, Jo},\n"),
        ('@BOOK{a,\n    TITLE = "é",\n}', '\n\n@ARTICLE{new,\n    AUTHOR = "Müller, Jo",\n'),
        (
            "@book{a,\r\n  title     = {é},\r\n  publisher = {B}\r\n}\r\n",
            "\r\n@article{new,\r\n  author    = {Müller, Jo},\r\n",
        ),
        ("@book{a,\n title={é},\n}\n@book{b,\n title={b},\n}\n", "@article{new,\n author={Müller"),
    ],
)
def test_a_bib_file_gets_them_in_its_own_style(old: str, want: str) -> None:
    new = appended(old, "bibtex")
    assert new.startswith(old)
    assert new[len(old) :].startswith(want)


def test_the_final_comma_is_as_in_the_file() -> None:
    assert appended("@book{a,\n  title = {é}\n}\n", "bibtex").endswith("}\n}\n")
    assert appended("@book{a,\n  title = {é},\n}\n", "bibtex").endswith("},\n}\n")


def test_a_file_of_ascii_stays_one() -> None:
    new = appended("@book{a,\n  title = {x},\n}\n", "bibtex")
    assert new.isascii()
    assert refkit.parse(new, "bibtex").entries[1].names("author")[0].family == "Müller"


def test_a_biblatex_file_gets_biblatex() -> None:
    new = appended("@online{a,\n  title = {x},\n  date = {2001},\n  url = {u},\n}\n", "bibtex")
    assert "date = {2001-02}" in new


@pytest.mark.parametrize("indent", ["", "  ", "\t"])
def test_a_list_of_items_grows_before_its_bracket(indent: str) -> None:
    old = f'[\n{indent}{{"id": "a", "type": "book", "title": "x"}}\n]\n'
    new = appended(old, "csljson")
    assert new.startswith(old[: old.index("\n]")])
    assert new.endswith("]\n")
    assert [each["id"] for each in json.loads(new)] == ["a", "new"]


def test_an_empty_list_grows_too() -> None:
    assert [each["id"] for each in json.loads(appended("[]", "csljson"))] == ["new"]


def test_ris_grows_behind_its_end() -> None:
    old = "TY  - BOOK\nTI  - x\nER  - "
    assert appended(old, "ris").startswith(old + "\n")


def test_what_does_not_grow_at_its_end_is_refused() -> None:
    document = refkit.parse("<xml><records></records></xml>", "endnotexml")
    with pytest.raises(refkit.InputError, match="nothing can be added to endnotexml"):
        append(document, NEW, lambda entries: _written(entries, "endnotexml"))
