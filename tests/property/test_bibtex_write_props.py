"""Whatever an entry holds, what is written can be read, and says the same again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refkit.formats.bibtex.read import read_biblatex, read_bibtex
from refkit.formats.bibtex.write import write_biblatex, write_bibtex
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.text import SourceText
from refkit.model.vocab import TYPES
from refkit.normalise.latex import strip_markup

BOTH = [(write_bibtex, read_bibtex), (write_biblatex, read_biblatex)]
LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
TEXT = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split()))
WORDS = st.text("abcdefg ÄÖé{}\\&%#_$~^\"'@,=<>-", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
YEARS = st.integers(min_value=1000, max_value=2100)


def entry(kind: str, *fields: tuple[str, Any], key: str = "k") -> Entry:
    return Entry(key, kind, tuple(Field(name, value) for name, value in fields))


@pytest.mark.parametrize(("write", "read"), BOTH)
@given(
    kind=st.sampled_from(sorted(TYPES)),
    texts=st.tuples(WORDS | TEXT, WORDS | TEXT),
    key=st.text(LETTERS, max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_every_text_gives_a_file_that_reads(
    write: Any, read: Any, kind: str, texts: tuple[str, str], key: str
) -> None:
    names = ("title", "note", "URL", "publisher")
    fields = [pair for pair in zip(names, texts * 2, strict=True) if pair[1]]
    written = write([entry(kind, *fields, key=key)])
    document = read(SourceText("out.bib", written.text))
    assert [each for each in document.problems if each.code.startswith("SYN")] == []
    assert [each.type for each in document.entries] == [kind]


SCRAPS = st.sampled_from(
    """@book{ @article( a, b, title author year month date crossref xdata ids editor editortype
    = {x} {a and b} "q" {} # jan nope , } ) {{ }} \\ {\\'e} $ % @string{ @comment{ @ \n eprint
    {1234.5678} langid {german} pages {1--2} type volume part {and} {, ,} {others} maintitle
    booktitle subtitle options {useprefix}""".split(" ")
).map(str.strip)


@pytest.mark.parametrize(("write", "read"), BOTH)
@given(scraps=st.lists(SCRAPS, max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_scrap_of_text_makes_reading_or_writing_fail(
    write: Any, read: Any, scraps: list[str]
) -> None:
    source = SourceText("in.bib", " ".join(scraps))
    document = read(source)
    for each in (*document.entries, *document.problems):
        assert each.key in source.text
    for each in document.problems:
        assert each.span is not None
        assert 0 <= each.span.start <= each.span.end <= len(source.text)
    again = read(SourceText("out.bib", write(document.entries).text))
    assert len(again.entries) == len(document.entries)


@pytest.mark.parametrize(("write", "read"), BOTH)
@given(title=st.text("abc DEF éÄ&%#_~^\"'-,:", min_size=1).map(lambda t: " ".join(t.split())))
@settings(max_examples=150, deadline=None)
def test_a_title_reads_back(write: Any, read: Any, title: str) -> None:
    if not title:
        return
    document = read(SourceText("out.bib", write([entry("book", ("title", title))]).text))
    assert strip_markup(document.entries[0].text("title")) == title


@pytest.mark.parametrize(("write", "read"), BOTH)
@given(
    year=YEARS,
    month=st.none() | st.integers(1, 12),
    day=st.none() | st.integers(1, 28),
    until=st.none() | YEARS,
    circa=st.booleans(),
    uncertain=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_a_date_reads_back(write: Any, read: Any, until: int | None, **parts: Any) -> None:
    if parts["month"] is None:
        parts["day"] = None
    date = Date(**parts, end=Date(until) if until else None)
    fields = [("issued", date), ("accessed", date), ("original-date", date)]
    document = read(SourceText("out.bib", write([entry("book", *fields)]).text))
    for name, value in fields:
        assert document.entries[0].date(name) == value


PART = st.text("abcdeABCDEéö-.", min_size=1, max_size=8).filter(lambda t: t.strip("-.") != "")
NAME = st.builds(Name, family=PART.map(str.capitalize), given=PART.map(str.capitalize))
GROUP = st.builds(Name, literal=st.text("abc ABC&,", min_size=1).map(str.strip).filter(bool))


@pytest.mark.parametrize(("write", "read"), BOTH)
@given(names=st.lists(NAME | GROUP, min_size=1, max_size=4).map(tuple))
@settings(max_examples=150, deadline=None)
def test_names_read_back(write: Any, read: Any, names: tuple[Name, ...]) -> None:
    document = read(SourceText("out.bib", write([entry("book", ("author", names))]).text))
    expected = tuple(
        Name(literal=" ".join(each.literal.split())) if each.literal else each for each in names
    )
    assert document.entries[0].names("author") == expected
