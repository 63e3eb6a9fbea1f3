"""New fields are written in the entry's own style, and only on lines of their own."""

from __future__ import annotations

import difflib

import pytest

from refkit.formats.bibtex.place import NewField, insert_fields, replace_value
from refkit.formats.bibtex.scan import scan
from refkit.model.text import SourceText, apply_edits

NEW = [NewField("doi", "10.1000/x"), NewField("journal", "J")]

CASES = {
    "trailing comma": (
        "@article{a,\n  title = {X},\n  year = 2000,\n}\n",
        "@article{a,\n  title = {X},\n  year = 2000,\n  doi = {10.1000/x},\n  journal = {J},\n}\n",
    ),
    "no trailing comma: the last line stays as it is": (
        "@article{a,\n  title = {X},\n  year = 2000\n}\n",
        "@article{a,\n  title = {X},\n  doi = {10.1000/x},\n  journal = {J},\n  year = 2000\n}\n",
    ),
    "aligned": (
        "@article{a,\n  title   = {X},\n  year    = 2000,\n}\n",
        "@article{a,\n  title   = {X},\n  year    = 2000,\n"
        "  doi     = {10.1000/x},\n  journal = {J},\n}\n",
    ),
    "quotes, capitals and tabs": (
        '@ARTICLE{a,\n\tTITLE="X",\n\tYEAR="1"}\n',
        '@ARTICLE{a,\n\tTITLE="X",\n\tDOI="10.1000/x",\n\tJOURNAL="J",\n\tYEAR="1"}\n',
    ),
    "one line": (
        "@article{a, title={X}}",
        "@article{a, title={X}, doi={10.1000/x}, journal={J}}",
    ),
    "a key alone": (
        "@misc{k}",
        "@misc{k,\n  doi = {10.1000/x},\n  journal = {J},\n}",
    ),
    "a key and a comma": (
        "@misc{k,\n}\n",
        "@misc{k,\n  doi = {10.1000/x},\n  journal = {J},\n}\n",
    ),
    "carriage returns and a comment behind the last field": (
        "@misc{a,\r\n  title = {X},\r\n  year = 2000, % c\r\n}\r\n",
        "@misc{a,\r\n  title = {X},\r\n  year = 2000, % c\r\n"
        "  doi = {10.1000/x},\r\n  journal = {J},\r\n}\r\n",
    ),
    "commas first": (
        "@misc{a\n  , title = {X}\n  , year = {Y}\n}\n",
        "@misc{a\n  , title = {X}\n  , year = {Y}\n  , doi = {10.1000/x}\n  , journal = {J}\n}\n",
    ),
    "parentheses, one field": (
        "@book(a,\n  title = {X}\n)\n",
        "@book(a,\n  doi = {10.1000/x},\n  journal = {J},\n  title = {X}\n)\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_insertion(name: str) -> None:
    text, expected = CASES[name]
    tree, _ = scan(SourceText("x.bib", text))
    assert apply_edits(text, insert_fields(tree, tree.entries()[0], NEW)) == expected


@pytest.mark.parametrize("name", CASES)
def test_the_result_reads_back_with_the_old_fields_and_the_new(name: str) -> None:
    text, expected = CASES[name]
    before, _ = scan(SourceText("x.bib", text))
    after, problems = scan(SourceText("x.bib", expected))
    assert not problems
    old = {(f.name, before.raw(f)) for f in before.entries()[0].fields}
    new = {(f.name, after.raw(f)[1:-1]) for f in after.entries()[0].fields}
    assert {(f.name, after.raw(f)) for f in after.entries()[0].fields} >= old
    assert new >= {(each.name, each.text) for each in NEW}


@pytest.mark.parametrize("name", [name for name, (text, _) in CASES.items() if "\n  " in text])
def test_no_other_line_is_touched(name: str) -> None:
    text, expected = CASES[name]
    lines = difflib.ndiff(text.splitlines(keepends=True), expected.splitlines(keepends=True))
    assert not [line for line in lines if line.startswith("- ")]


def test_a_replaced_value_keeps_its_delimiters() -> None:
    text = '@misc{a, t = "x", u = {y}, v = 12}'
    tree, _ = scan(SourceText("x.bib", text))
    edits = [replace_value(tree, field, NewField("t", "new")) for field in tree.entries()[0].fields]
    assert apply_edits(text, edits) == '@misc{a, t = "new", u = {new}, v = {new}}'


def test_a_value_with_a_quote_is_never_put_in_quotes() -> None:
    text = '@misc{a, t = "x"}'
    tree, _ = scan(SourceText("x.bib", text))
    edit = replace_value(tree, tree.entries()[0].fields[0], NewField("t", 'a "b" c'))
    assert edit.text == '{a "b" c}'
