"""What every export leaves out or replaces beforehand, and tells."""

from __future__ import annotations

import pytest

from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.formats.cslyaml import FORMAT as CSLYAML
from refkit.formats.endnotexml import FORMAT as ENDNOTE
from refkit.formats.losses import writable
from refkit.formats.nbib import FORMAT as NBIB
from refkit.formats.ris import FORMAT as RIS
from refkit.model.entry import Date, Entry, Field, Name, Origin
from refkit.model.report import Severity
from refkit.model.text import Span
from refkit.plugins import Format

DATA = Entry("x", "document", native_type="xdata", origin=Origin("biblatex", "a.bib", Span(3, 9)))
BOOK = Entry("b", "book", (Field("title", "T"),))


@pytest.mark.parametrize("form", [CSLJSON, CSLYAML, RIS, NBIB, ENDNOTE], ids=lambda form: form.name)
def test_entries_that_only_hold_data_are_left_out_and_told(form: Format) -> None:
    assert form.write is not None
    written, alone = form.write([DATA, BOOK]), form.write([BOOK])
    assert written.text == alone.text
    first, *others = written.problems
    assert (first.code, first.key, first.span) == ("LOS007", "x", Span(3, 9))
    assert first.severity is Severity.INFO
    assert tuple(others) == alone.problems


def test_data_is_kept_where_the_target_has_it() -> None:
    assert writable([DATA, BOOK], data_only=True) == ([DATA, BOOK], [])


def test_every_part_of_an_entry_is_made_fit_for_utf_8() -> None:
    half = "a\udcffb"
    entry = Entry(
        half,
        "book",
        (
            Field("title", "T", raw=half),
            Field("author", (Name(half, "A"), Name(literal=half))),
            Field("issued", Date(literal=half)),
            Field("note", "whole é"),
        ),
        (Field("file", half),),
        half,
    )
    (whole,), problems = writable([entry])
    assert "\udcff" not in str(whole)
    assert str(whole).count("a\ufffdb") == 7
    assert whole.fields[3] is entry.fields[3]
    names = ["id", "title", "author", "issued", "file"]
    assert [each.message.split("'")[1] for each in problems] == names
    assert {(each.code, each.key) for each in problems} == {("LOS009", "a\ufffdb")}
    assert writable([whole]) == ([whole], [])


def test_what_stands_in_a_variable_that_is_held_is_not_lost() -> None:
    entry = Entry(
        "k",
        "article-journal",
        (Field("title", "A: the <i>B</i>"), Field("URL", "https://arxiv.org/abs/2101.00001")),
        (
            Field("subtitle", "The B"),
            Field("eprint", "2101.00001"),
            Field("archiveprefix", "arXiv"),
            Field("primaryclass", "cs.LG"),
            Field("crossref", "c"),
        ),
    )
    assert ENDNOTE.write is not None
    told = ENDNOTE.write([entry]).problems
    assert [(each.code, each.severity, each.message) for each in told] == [
        ("LOS001", Severity.WARNING,
         "EndNote XML cannot hold 'primaryclass'; it is left out (csljson holds it)"),
        ("LOS011", Severity.INFO,
         "EndNote XML cannot hold the link 'crossref'; what came from it is written"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "became"),
    [
        (Field("title", '<span class="nocase">DNA</span>'), "its markup is left out"),
        (Field("publisher", "a\x00b"), "it is read as 'a\ufffdb'"),
        (Field("author", (Name("Doe", "J"), Name("Roe,x", "R"))), "it is read with 'x Roe R'"),
    ],
)
def test_it_is_said_what_became_of_a_field(field: Field, became: str) -> None:
    assert ENDNOTE.write is not None
    (problem,) = ENDNOTE.write([Entry("k", "book", (field,))]).problems
    assert problem.code == "LOS002"
    assert problem.message == (
        f"EndNote XML does not hold {field.name!r} in full: {became} (csljson holds it)"
    )


def test_a_key_that_comes_back_otherwise_is_told() -> None:
    assert RIS.write is not None
    (problem,) = RIS.write([Entry("a\nb", "book")]).problems
    assert (problem.code, problem.key) == ("LOS002", "a\nb")
    assert "'a b'; rename the key" in problem.message
