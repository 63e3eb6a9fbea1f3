"""What only CSL says, as BibLaTeX that other readers understand too."""

from __future__ import annotations

from typing import Any

import pytest

from refkit.formats.bibtex.read import read_biblatex
from refkit.formats.bibtex.write import write_biblatex
from refkit.model.entry import Date, Entry, Field, Name, Value
from refkit.model.text import SourceText

GOGH = Name("Gogh", "Vincent", particle="van")
GOETHE = Name("Goethe", "Johann", dropping_particle="von")


def written(kind: str, **values: Value) -> tuple[str, dict[str, str], list[str]]:
    fields = tuple(Field(name.replace("_", "-"), value) for name, value in values.items())
    out = write_biblatex([Entry("k", kind, fields)])
    (entry,) = read_biblatex(SourceText("x.bib", out.text)).entries
    assert entry.as_written is not None
    return entry.native_type, dict(entry.as_written.fields), [each.code for each in out.problems]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("thesis", {"genre": "PhD thesis"}, {"type": "PhD thesis"}),
        ("article-journal", {"status": "in press"}, {"pubstate": "in press"}),
        ("book", {"publisher_place": "Durham; London"}, {"location": "Durham; London"}),
        ("book", {"publisher": "Faber and Faber"}, {"publisher": "{Faber and Faber}"}),
        ("chapter", {"section": "2"}, {"pages": "2", "bookpagination": "section"}),
        ("book", {"container_title": "Omnibus"}, {"journal": "Omnibus"}),
        ("document", {"container_title": "Site"}, {"journal": "Site"}),
        ("book", {"author": (GOGH,)}, {"author": "van Gogh, Vincent", "options": "useprefix=true"}),
        ("book", {"author": (GOETHE,)}, {"author": "von Goethe, Johann"}),
        (
            "book",
            {"author": (GOGH, GOETHE)},
            {
                "author": "family={Gogh}, given={Vincent}, prefix={van}, useprefix=true and "
                "family={Goethe}, given={Johann}, prefix={von}, useprefix=false"
            },
        ),
        ("book", {"issued": Date(end=Date(1997))}, {"date": "/1997"}),
    ],
)
def test_a_value_is_held(kind: str, values: dict[str, Any], expected: dict[str, str]) -> None:
    _, fields, told = written(kind, **values)
    assert (fields, told) == (expected, [])


def test_a_book_in_a_volume_of_another_work_has_all_three_titles() -> None:
    kind, fields, told = written(
        "book", title="Macbeth", volume_title="Tragedies", container_title="Works"
    )
    assert (kind, told) == ("bookinbook", [])
    assert fields == {"title": "Macbeth", "booktitle": "Tragedies", "maintitle": "Works"}


def test_the_issue_of_a_paper_is_its_number_in_the_series_and_that_is_told() -> None:
    _, fields, told = written("paper-conference", collection_title="LNCS", issue="6")
    assert (fields["number"], told) == ("6", ["LOS002"])
    _, fields, told = written("paper-conference", issue="6")
    assert (fields, told) == ({"issue": "6"}, [])


def test_a_name_with_particles_of_both_kinds_is_told() -> None:
    both = Name("Berg", "Jan", particle="van", dropping_particle="de")
    _, fields, told = written("book", author=(both,))
    assert ("Berg" in fields["author"], told) == (True, ["LOS002"])


def test_a_section_beside_pages_is_told() -> None:
    _, fields, told = written("chapter", section="2", page="3")
    assert (fields, told) == ({"pages": "3"}, ["LOS001"])


def test_an_arxiv_number_that_is_the_eprint_is_written_once() -> None:
    number = Field("number", "arXiv:2101.00001")
    eprint = (Field("eprint", "2101.00001"), Field("eprinttype", "arxiv"))
    out = write_biblatex([Entry("k", "article", (number,), eprint)])
    assert (out.text.count("2101.00001"), [each.code for each in out.problems]) == (1, [])
    other = write_biblatex([Entry("k", "article", (Field("number", "7"),), eprint)])
    assert "number = {7}" in other.text
