"""CSL-YAML: pandoc's metadata, its Markdown, and pandoc itself as the second reader."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from refkit.api.documents import read_data
from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.formats.cslyaml import FORMAT
from refkit.formats.cslyaml.markup import from_markdown, to_markdown
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.report import Document, Severity
from refkit.model.text import SourceText


def _read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.yaml", text))


def _write(*entries: Entry) -> str:
    assert FORMAT.write is not None
    return FORMAT.write(entries).text


def _left_behind(document: Document) -> list[str]:
    """Return the parts that are told as left behind, the only problems there are."""
    assert {(each.code, each.severity) for each in document.problems} <= {("LOS010", Severity.INFO)}
    return sorted(document.source.slice(each.span) for each in document.problems if each.span)


ITEM = "id: a\n  type: book\n  title: T"


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        (f"references:\n- {ITEM}\n", []),
        (f"---\nreferences:\n- {ITEM}\n...\n", []),
        (
            f"---\ntitle: Doc\nreferences:\n- {ITEM}\n---\n\n# Heading\n\n*Text*: [@a]\n",
            ["title: Doc", "# Heading\n\n*Text*: [@a]"],
        ),
        (
            f"Prose: first.\n\n---\nnocite: '[@*]'\nreferences:\n- {ITEM}\n---\n",
            ["Prose: first.", "nocite: '[@*]'"],
        ),
        (f"- {ITEM}\n", []),
        (f"- {ITEM}\n---\n- id: b\n", ["- id: b"]),
    ],
)
def test_every_place_of_references_is_found_and_what_is_beside_told(
    text: str, beside: list[str]
) -> None:
    document = _read(text)
    assert [(entry.key, entry.text("title")) for entry in document.entries] == [("a", "T")]
    assert _left_behind(document) == sorted(beside)
    span = document.entries[0].origin.span
    assert span is not None
    assert document.source.slice(span).rstrip() == ITEM


def test_scalars_are_what_they_look_like() -> None:
    (entry,) = _read(
        "references:\n- id: no\n  type: book\n  title: 2010\n  volume: 0123\n"
        "  issued: 2010-05\n  accessed: 2010-05-12\n  publisher: ~\n  edition: 1_000\n"
    ).entries
    assert entry.key == "no"
    assert entry.text("title") == "2010"
    assert entry.text("volume") == "0123"
    assert entry.text("edition") == "1_000"
    assert entry.date() == Date(2010, 5)
    assert entry.date("accessed") == Date(2010, 5, 12)
    assert entry.field("publisher") is None


def test_dates_may_be_maps() -> None:
    (entry,) = _read(
        "- id: a\n  type: book\n  issued:\n    date-parts:\n    - - 2010\n      - 5\n"
        "    circa: true\n"
    ).entries
    assert entry.date() == Date(2010, 5, circa=True)


def test_a_faulty_item_is_placed_and_the_others_are_read() -> None:
    document = _read(
        "references:\n- id: a\n  type: book\n- id: b\n  type: [book\n- id: c\n  type: book\n"
    )
    assert [entry.key for entry in document.entries] == ["a", "c"]
    (problem,) = document.problems
    assert problem.code == "SYN020"
    assert problem.span is not None
    assert document.source.position(problem.span.start).line in (5, 6)


def test_aliases_cannot_blow_up() -> None:
    lines = ["a: &a [x, x]"]
    names = "abcdefghijklmnopqrst"
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}]")
    document = _read("\n".join([*lines, "references:", "- id: z", "  type: book", "  x: 1"]))
    assert [entry.key for entry in document.entries] == ["z"]


@pytest.mark.parametrize(
    ("markdown", "rich"),
    [
        ("*E. coli* in **bold**", "<i>E. coli</i> in <b>bold</b>"),
        ("_E. coli_ and snake_case_word", "<i>E. coli</i> and snake_case_word"),
        ("H~2~O and x^2^", "H<sub>2</sub>O and x<sup>2</sup>"),
        ("[DNA]{.nocase} and [sc]{.smallcaps}",
         '<span class="nocase">DNA</span> and '
         '<span style="font-variant:small-caps;">sc</span>'),
        ("*it **both***", "<i>it <b>both</b></i>"),
        (r"5 \* 3 \_ \[x\]", "5 * 3 _ [x]"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a -- b --- c", "a – b — c"),
        ("a [link] and [x](u)", "a [link] and [x](u)"),
    ],
)  # fmt: skip
def test_markdown_is_read(markdown: str, rich: str) -> None:
    assert from_markdown(markdown) == rich


@pytest.mark.parametrize(
    "rich",
    [
        "<i>a</i> <b>b</b> <sub>c</sub> <sup>d e</sup>",
        '<i>a <span class="nocase">B <b>c</b></span></i>',
        "x_y _z *a* 5 < 6 $x$ @you `q` \\ ^ ~ [b] -- --- &amp; <u>",
        "a<i>b</i>c",
        "<i>i</i><b>b</b><sup>2</sup><sub>3</sub>",
        "<b><i>x</i></b> <b>x <i>y</i></b>",
        "</i> alone <b>",
    ],
)
def test_rich_text_comes_back(rich: str) -> None:
    assert from_markdown(to_markdown(rich)) == rich


RICH = Entry(
    "y",
    "article-journal",
    (
        Field("title", '<i>E. coli</i> & 5 < 6 -- <span class="nocase">DNA</span> of *x*_y_'),
        Field("author", (Name("Gogh", "V*", "van"), Name(literal="A_ & B"))),
        Field("issued", Date(2010, 5, end=Date(2011))),
        Field("accessed", Date(2010, 1, 2)),
        Field("DOI", "10.1/a_b<c>*d*"),
        Field("URL", "https://e.org/a~b~c?x=*y*"),
        Field("volume", "0123"),
        Field("publisher", "no"),
    ),
)


def test_our_yaml_comes_back() -> None:
    (again,) = _read(_write(RICH)).entries
    assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in RICH.fields}
    assert again.key == "y"


def test_pandoc_reads_our_yaml_as_it_reads_our_json(tmp_path: Path) -> None:
    import pypandoc

    assert CSLJSON.write is not None
    as_json = pypandoc.convert_text(CSLJSON.write([RICH]).text, "csljson", format="csljson")
    as_yaml = pypandoc.convert_text(_write(RICH), "csljson", format="markdown-smart")
    (ours,), (theirs,) = json.loads(as_yaml), json.loads(as_json)
    assert ours == theirs


def test_we_read_pandocs_yaml_as_it_was_meant() -> None:
    import pypandoc

    assert CSLJSON.write is not None
    written = pypandoc.convert_text(
        CSLJSON.write([RICH]).text, "markdown", format="csljson", extra_args=["--standalone"]
    )
    (again,) = _read(written).entries
    assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in RICH.fields}


COMMENTED = """# first
references: # second
- id: 'a # b'
  type: book
  title: |  # third
    text # no comment
    # nor this
  # fourth

  # and on
  note: plain # fifth
  URL: http://x/#fragment
  abstract: "so # it" # sixth
  annote:  # seventh
- {id: c, type: book} # eighth
# and the end
"""


def test_every_comment_is_told() -> None:
    document = _read(COMMENTED)
    assert _left_behind(document) == sorted(
        [
            "# first",
            "# second",
            "# third",
            "# fourth\n\n  # and on",
            "# fifth",
            "# sixth",
            "# seventh",
            "# eighth\n# and the end",
        ]
    )
    assert document.entries[0].text("title") == "text # no comment\n# nor this\n"


def test_comments_are_told_in_a_file_with_a_fault() -> None:
    document = _read(
        "references:\n- id: a # one\n  type: book\n- id: [b\n- id: c # two\n  type: book\n"
    )
    assert [entry.key for entry in document.entries] == ["a", "c"]
    left = [each.span for each in document.problems if each.code == "LOS010" and each.span]
    assert [document.source.slice(span) for span in left] == ["# one", "# two"]


def test_aliases_stand_for_what_they_name() -> None:
    document = _read(
        "- id: a\n  type: &t book\n  author: &who [{family: Doe}]\n"
        "- id: b\n  type: *t\n  author: *who\n"
    )
    assert document.problems == ()
    assert document.entries[1].type == "book"
    assert document.entries[1].names("author") == (Name("Doe"),)


@pytest.mark.parametrize("levels", [9, 15])
def test_aliases_that_double_one_another_are_cut(levels: int) -> None:
    bomb = "".join(
        f"  x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 10)}]\n"
        for level in range(1, levels)
    )
    document = _read(f"- id: a\n  type: book\n  x0: &x0 [{'x, ' * 10}]\n{bomb}- {ITEM}\n")
    assert [entry.key for entry in document.entries] == ["a", "a"]
    assert document.entries[1].text("title") == "T"
    assert [each.code for each in document.problems] == ["SYN024"]
    assert sum(len(str(each.value)) for each in document.entries[0].extra) < 20_000_000


def test_a_list_that_holds_itself_is_cut() -> None:
    document = _read(f"- id: a\n  type: book\n  x: &x [*x, *x]\n- {ITEM}\n")
    assert len(document.entries) == 2
    assert [each.code for each in document.problems] == ["SYN024"]


def test_a_byte_that_is_not_utf8_costs_one_character_and_not_the_file() -> None:
    data = "references:\n- id: a\n  type: book\n  title: Das Café é è ".encode() + b"\xff!\n"
    document = read_data(data, "x.yaml")
    assert document.entries[0].text("title") == "Das Café é è \ufffd!"
    assert [each.code for each in document.problems] == ["TXT002"]
