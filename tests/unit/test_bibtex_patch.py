"""Changes become edits in the file's own dialect, encoding and style, or are refused aloud."""

from __future__ import annotations

import pytest

from refkit.formats.bibtex import read_bibtex
from refkit.formats.bibtex.patch import BROKEN, NO_FIELD, TAKEN, UNWRITABLE, patch
from refkit.model.entry import Date, Name, Value
from refkit.model.report import Change, Document, Patch
from refkit.model.text import SourceText, apply_edits

CLASSIC = "@article{a,\n  title = {T},\n%s}\n"
MODERN = "@article{a,\n  title = {T},\n  journaltitle = {J},\n  date = {2000},\n%s}\n"


def read(text: str, encoding: str = "utf-8") -> Document:
    return read_bibtex(SourceText("x.bib", text, encoding))


def change(document: Document, name: str, new: Value) -> Change:
    entry = document.entries[0]
    field = entry.field(name)
    return Change(0, entry.key, name, field.value if field else None, new, "a reason")


def patched(document: Document, **values: Value) -> tuple[str, Patch]:
    names = {name: name.replace("_", "-") for name in values}
    made = patch(document, [change(document, names[name], new) for name, new in values.items()])
    return apply_edits(document.source.text, made.edits), made


@pytest.mark.parametrize(
    ("text", "values", "added"),
    [
        (CLASSIC, {"DOI": "10.1000/a_b"}, "  doi = {10.1000/a_b},\n"),
        (CLASSIC, {"container_title": "A & B"}, "  journal = {A \\& B},\n"),
        (MODERN, {"container_title_short": "A"}, "  shortjournal = {A},\n"),
        (CLASSIC, {"issued": Date(2001)}, "  year = {2001},\n"),
        (CLASSIC, {"issued": Date(2001, 2)}, "  year = {2001},\n  month = feb,\n"),
        (CLASSIC, {"page": "1-9"}, "  pages = {1--9},\n"),
        (CLASSIC, {"issue": "3"}, "  number = {3},\n"),
        (CLASSIC, {"author": (Name("Gödel", "Kurt"),)}, '  author = {G{\\"o}del, Kurt},\n'),
        (
            MODERN + "@comment{é}\n",
            {"author": (Name("Gödel", "Kurt"),)},
            "  author = {Gödel, Kurt},\n",
        ),
        (CLASSIC, {"publisher": "Ed. 東京"}, "  publisher = {Ed. 東京},\n"),
    ],
)
def test_what_is_added(text: str, values: dict[str, Value], added: str) -> None:
    document = read(text % "")
    new, made = patched(document, **values)
    assert new == text % added
    assert not made.problems
    assert added == "".join(f"  {each.field} = {shown(each.new)},\n" for each in made.applied)


def shown(text: str) -> str:
    return text if text == "feb" else "{" + text + "}"


def test_an_empty_field_is_filled_in_its_place() -> None:
    new, made = patched(read(CLASSIC % '  DOI = "",\n'), DOI="10.1000/x")
    assert new == CLASSIC % '  DOI = "10.1000/x",\n'
    assert [(each.field, each.old) for each in made.applied] == [("doi", '""')]


def test_a_value_is_replaced_under_the_name_it_has() -> None:
    document = read(MODERN.replace("journaltitle", "journal") % "")
    new, made = patched(document, container_title="New")
    assert "  journal = {New},\n" in new
    assert "journaltitle" not in new
    assert made.applied[0].old == "{J}"


def test_a_field_that_has_a_value_is_not_taken_as_missing() -> None:
    document = read(CLASSIC % "  doi = {10.1000/x},\n")
    made = patch(document, [Change(0, "a", "DOI", None, "10.1000/y", "why")])
    assert not made.edits
    assert [problem.code for problem in made.problems] == [TAKEN]


def test_a_broken_entry_is_never_edited() -> None:
    document = read("@article{a,\n  title = {T,\n  year = 2000\n}\n")
    made = patch(document, [Change(0, "a", "DOI", None, "10.1000/y", "why")])
    assert not made.edits
    assert [problem.code for problem in made.problems] == [BROKEN]


def test_what_the_encoding_cannot_hold() -> None:
    latin = "@article{a,\n  title = {é},\n}\n"
    document = read(latin, "iso8859-1")
    new, made = patched(document, publisher="Wrocław")
    assert new == "@article{a,\n  title = {é},\n  publisher = {Wroc{\\l}aw},\n}\n"
    assert not made.problems
    new, made = patched(document, publisher="東京")
    assert new == latin
    assert [problem.code for problem in made.problems] == [UNWRITABLE]


def test_what_the_type_has_no_field_for() -> None:
    made = patched(read(CLASSIC % ""), scale="1:1000")[1]
    assert [problem.code for problem in made.problems] == [NO_FIELD]


def test_changes_of_one_of_two_entries_with_the_same_key() -> None:
    text = (CLASSIC % "") * 2
    document = read(text)
    made = patch(document, [Change(1, "a", "DOI", None, "10.1000/y", "why")])
    assert apply_edits(text, made.edits) == CLASSIC % "" + CLASSIC % "  doi = {10.1000/y},\n"


def test_a_date_is_replaced_as_a_whole() -> None:
    text = CLASSIC % "  year = {1999},\n  month = jan,\n"
    new, made = patched(read(text), issued=Date(2000, 2))
    assert new == CLASSIC % "  year = {2000},\n  month = feb,\n"
    assert [(each.field, each.old) for each in made.applied] == [
        ("year", "{1999}"),
        ("month", "jan"),
    ]
