"""CSL-JSON: its flavours, its faults, its validity, and what pandoc and citeproc-py make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refkit.formats.csljson import FORMAT, entry_to_item, item_to_entry
from refkit.model import vocab
from refkit.model.entry import OTHERS, Date, Entry, Field, Name, Origin
from refkit.model.report import Document, Severity
from refkit.model.text import SourceText
from refkit.normalise.dates import parse_date


def _read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("refs.json", text))


def _write(*entries: Entry) -> list[dict[str, object]]:
    assert FORMAT.write is not None
    items: list[dict[str, object]] = json.loads(FORMAT.write(entries).text)
    return items


@pytest.fixture(scope="session")
def schema(root: Path) -> dict[str, object]:
    text = (root / "tests" / "data" / "csl-data.json").read_text("utf-8")
    loaded: dict[str, object] = json.loads(text)
    return loaded


FULL = Entry(
    "van-gogh:1889",
    "article-journal",
    (
        Field("title", 'On <i>E. coli</i> and <span class="nocase">DNA</span>'),
        Field(
            "author",
            (
                Name("Gogh", "Vincent", particle="van", dropping_particle="de", suffix="Jr"),
                Name(literal="World Health Organization"),
                OTHERS,
            ),
        ),
        Field("issued", Date(2010, 5, end=Date(2011), circa=True)),
        Field("event-date", Date(2010, season=1)),
        Field("accessed", Date(2020, 1, 2, uncertain=True)),
        Field("original-date", Date(literal="before the war")),
        Field("license", "CC-BY-4.0"),
        Field("part-number", "2"),
        Field("editor-translator", (Name("Doe", "Jane"),)),
        Field("keyword", "a, b"),
        Field("container-title-short", "J. Full"),
    ),
    (
        Field("eprint", "2001.00001"),
        Field("eprinttype", "arxiv"),
        Field("published-online", Date(2010, 4)),
        Field("editora", (Name("Roe", "Richard"),)),
        Field("note", "one"),
        Field("note", "two"),
    ),
    "inproceedings",
)


@pytest.mark.parametrize(
    ("wrap", "beside"),
    [
        ("[{}]", []),
        ('{{"items": [{}]}}', []),
        ('{{"version": 1, "references": [{}]}}', ['"version": 1']),
        (
            '{{"items": [{}], "other": {{"a": [1]}}, "last": 2}}',
            ['"other": {"a": [1]}', '"last": 2'],
        ),
        ("{}", []),
    ],
)
def test_every_envelope_is_read_and_what_is_beside_the_items_told(
    wrap: str, beside: list[str]
) -> None:
    item = '{"id": "a", "type": "book", "title": "T"}'
    text = wrap.format(item)
    document = _read(text)
    (entry,) = document.entries
    assert (entry.key, entry.type, entry.text("title")) == ("a", "book", "T")
    assert {(each.code, each.severity) for each in document.problems} <= {("LOS010", Severity.INFO)}
    assert [document.source.slice(each.span) for each in document.problems if each.span] == beside
    assert entry.origin.span is not None
    assert document.source.slice(entry.origin.span) == item


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ('{"items": [I]', "SYN021", ""),
        ('{"items": [I', "SYN021", ""),
        ('{"items": [I], "x": tru}', "SYN020", '"'),
        ("[I] [I]", "SYN020", "["),
        ("I, I", "SYN020", ","),
        ('{"items": [I]} I', "SYN020", "{"),
    ],
)
def test_what_follows_the_items_is_told(text: str, code: str, at: str) -> None:
    document = _read(text.replace("I", '{"id": "a", "type": "book"}'))
    assert len(document.entries) == 1
    (problem,) = document.problems
    assert problem.code == code
    assert problem.span is not None
    assert document.source.slice(problem.span) == at


def test_any_number_of_json_lines_is_read() -> None:
    document = _read('{"id": "a", "type": "book"}\n' * 3000)
    assert len(document.entries) == 3000
    assert document.problems == ()


def test_a_broken_line_costs_only_itself() -> None:
    good = '{"id": "a", "type": "book"}\n'
    document = _read(f"{good}{{bad}}\n{good}")
    assert len(document.entries) == 2
    assert [each.code for each in document.problems] == ["SYN020"]


def test_json_lines_are_read() -> None:
    document = _read('{"id": 1, "type": "book"}\n{"id": 2, "type": "book"}\n')
    assert [entry.key for entry in document.entries] == ["1", "2"]


def test_a_broken_item_costs_only_itself_and_is_placed() -> None:
    text = """[
  {"id": "a", "type": "book"},
  {"id": "b", "type": "book" "title": "x"},
  {"id": "c", "type": "book"}
]"""
    document = _read(text)
    assert [entry.key for entry in document.entries] == ["a", "c"]
    (problem,) = document.problems
    assert problem.code == "SYN020"
    assert problem.span is not None
    assert document.source.position(problem.span.start) == (3, 30)


def test_an_unclosed_item_ends_at_the_next_one_of_its_indent() -> None:
    text = '[\n  {"id": "a", "type": ["book"},\n  {"id": "b", "type": "book"}\n'
    document = _read(text)
    assert [entry.key for entry in document.entries] == ["b"]
    assert [problem.code for problem in document.problems] == ["SYN020", "SYN021"]


def test_a_truncated_file_gives_its_whole_items() -> None:
    document = _read('[{"id": "a", "type": "book"}, {"id": "b", "type": "bo')
    assert [entry.key for entry in document.entries] == ["a"]
    assert "SYN021" in [problem.code for problem in document.problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"date-parts": [[2010, 5, 12]]}, Date(2010, 5, 12)),
        ({"date-parts": [["2010", "5"]]}, Date(2010, 5)),
        ({"date-parts": [2010, 5]}, Date(2010, 5)),
        ({"date-parts": [[2010, 0, 0]]}, Date(2010)),
        ({"date-parts": [[2010], [0]]}, Date(2010, end=Date())),
        ({"date-parts": [[2010, 5], [2011]]}, Date(2010, 5, end=Date(2011))),
        ({"date-parts": [[2010]], "season": "summer"}, Date(2010, season=2)),
        ({"date-parts": [[2010, 23]]}, Date(2010, season=3)),
        ({"date-parts": [[-44, 3, 15]]}, Date(-43, 3, 15)),
        ({"date-parts": [[1723]], "circa": 1}, Date(1723, circa=True)),
        ({"date-parts": [[1723]], "circa": "false"}, Date(1723)),
        ({"raw": "2010-05-12"}, Date(2010, 5, 12)),
        ({"raw": "12 May 2010"}, Date(2010, 5, 12)),
        ({"literal": "n.d."}, Date(literal="n.d.")),
        ("2010-05/2011", Date(2010, 5, end=Date(2011))),
        (2010, Date(2010)),
    ],
)
def test_dates_of_every_flavour(value: object, expected: Date) -> None:
    entry = item_to_entry({"id": "a", "type": "book", "issued": value})
    assert entry.date() == expected


@pytest.mark.parametrize("value", [{"date-parts": [[None]]}, {"date-parts": []}, [True]])
def test_a_date_that_says_nothing_is_told_and_kept(value: object) -> None:
    document = _read(json.dumps([{"id": "a", "type": "book", "issued": value}]))
    (entry,) = document.entries
    assert entry.date() is None
    assert json.loads(entry.beyond("issued")) == value
    assert [problem.code for problem in document.problems] == ["VAL002"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"family": "Gogh", "given": "V", "non-dropping-particle": "van"}],
         (Name("Gogh", "V", "van"),)),
        ([{"family": "van Gogh", "given": "V", "parse-names": True}], (Name("Gogh", "V", "van"),)),
        ([{"name": "NASA"}], (Name(literal="NASA"),)),
        ([{"literal": "et al."}], (OTHERS,)),
        ("Doe, Jane; Roe, Richard", (Name("Doe", "Jane"), Name("Roe", "Richard"))),
        ("Jane Doe and Richard van der Roe",
         (Name("Doe", "Jane"), Name("Roe", "Richard", "van der"))),
        ({"family": "Doe"}, (Name("Doe"),)),
        ([{"family": "Doe", "given": ""}, {}], (Name("Doe"),)),
    ],
)  # fmt: skip
def test_names_of_every_flavour(value: object, expected: tuple[Name, ...]) -> None:
    assert item_to_entry({"id": "a", "type": "book", "author": value}).names("author") == expected


def test_zotero_and_citeproc_names_of_members_are_known() -> None:
    entry = item_to_entry(
        {
            "id": "http://zotero.org/users/1/items/AB",
            "citation-key": "doe2010",
            "type": "journalArticle",
            "shortTitle": "S",
            "journalAbbreviation": "J.",
            "event": "E",
            "volume": 5,
            "ISSN": ["1234-5679", "2049-3630"],
        }
    )
    assert entry.key == "doe2010"
    assert (entry.type, entry.native_type) == ("article-journal", "journalArticle")
    assert {field.name: field.value for field in entry.fields} == {
        "title-short": "S",
        "container-title-short": "J.",
        "event-title": "E",
        "volume": "5",
        "ISSN": "1234-5679 2049-3630",
    }
    assert entry_to_item(entry)["id"] == "http://zotero.org/users/1/items/AB"


def test_unknown_types_and_members_are_told_and_kept() -> None:
    document = _read('[{"id": "a", "type": "nonsense", "x": {"b": [1]}, "y": "z"}]')
    (entry,) = document.entries
    assert (entry.type, entry.native_type) == ("document", "nonsense")
    assert (entry.beyond("x"), entry.beyond("y")) == ('{"b": [1]}', "z")
    assert [problem.code for problem in document.problems] == ["VAL001"]
    again = item_to_entry(entry_to_item(entry))
    assert (again.native_type, again.extra) == (
        "nonsense",
        tuple(Field(each.name, each.value) for each in entry.extra),
    )


def test_items_without_an_id_get_a_key_from_name_and_year() -> None:
    item = {
        "type": "book",
        "author": [{"family": "Müller", "given": "A"}],
        "issued": {"date-parts": [[2001]]},
    }
    document = _read(json.dumps([item, item, {"type": "book"}]))
    assert [entry.key for entry in document.entries] == ["Muller2001", "Muller2001a", "ref"]


def test_everything_survives_the_round_trip() -> None:
    (item,) = _write(FULL)
    again = item_to_entry(item)
    assert {f.name: f.value for f in again.fields} == {f.name: f.value for f in FULL.fields}
    assert [(f.name, f.value) for f in again.extra] == [(f.name, f.value) for f in FULL.extra]
    assert (again.key, again.type, again.native_type) == (FULL.key, FULL.type, FULL.native_type)


def test_what_is_written_is_valid(schema: dict[str, object]) -> None:
    import jsonschema

    everything = [
        Entry(f"k{number}", kind, tuple(_field(name) for name in sorted(vocab.VARIABLES)))
        for number, kind in enumerate(sorted(vocab.TYPES))
    ]
    items = _write(FULL, *everything, Entry("odd", "no-such-type", (Field("nonesuch", "x"),)))
    jsonschema.validate(items, schema)


def _field(name: str) -> Field:
    if name in vocab.NAMES:
        return Field(name, (Name("Doe", "Jane"), Name(literal="NASA")))
    return Field(name, Date(2000, 2, end=Date()) if name in vocab.DATES else "text")


def test_an_edited_date_wins_over_the_exact_one_in_custom() -> None:
    item = entry_to_item(Entry("a", "book", (Field("issued", parse_date("2010?")),)))
    assert item_to_entry(item).date() == Date(2010, uncertain=True)
    item["issued"] = {"date-parts": [[2012]]}
    assert item_to_entry(item).date() == Date(2012)


def test_an_eprint_gives_an_address_that_is_not_kept() -> None:
    entry = Entry("a", "article", (), (Field("eprint", "2001.1"), Field("archiveprefix", "arXiv")))
    item = entry_to_item(entry)
    assert item["URL"] == "https://arxiv.org/abs/2001.1"
    assert item_to_entry(item) == entry
    said = entry.with_fields([Field("URL", "https://arxiv.org/abs/2001.1")])
    assert item_to_entry(entry_to_item(said)) == said


def test_text_is_indented_unescaped_and_in_a_fixed_order() -> None:
    assert FORMAT.write is not None
    entry = Entry("é", "book", (Field("issued", Date(2000)), Field("title", 'Ü "x"')))
    assert FORMAT.write([entry]).text == (
        '[\n  {\n    "id": "é",\n    "citation-key": "é",\n    "type": "book",\n'
        '    "title": "Ü \\"x\\"",\n    "issued": {\n      "date-parts": [\n'
        "        [2000]\n      ]\n    }\n  }\n]\n"
    )
    assert FORMAT.write([]).text == "[]\n"


def test_what_consumers_take_amiss_is_told() -> None:
    assert FORMAT.write is not None
    told = FORMAT.write([FULL, FULL, Entry("x", "no-such-type")]).problems
    assert [(each.code, each.key) for each in told] == [
        ("LOS005", FULL.key),
        ("LOS006", FULL.key),
        ("LOS006", FULL.key),
        ("LOS003", "x"),
    ]


def test_pandoc_renders_it_without_a_warning(tmp_path: Path) -> None:
    import pypandoc

    assert FORMAT.write is not None
    library = tmp_path / "refs.json"
    library.write_text(FORMAT.write([FULL]).text, "utf-8")
    rendered = pypandoc.convert_text(
        f"[@{FULL.key}]",
        "plain",
        format="markdown",
        extra_args=["--citeproc", "--fail-if-warnings", f"--bibliography={library}"],
    )
    assert "DNA" in rendered
    assert "et al." in rendered
    assert "arxiv.org/abs/2001.00001" in rendered


@pytest.mark.filterwarnings("ignore")
def test_citeproc_py_takes_it() -> None:
    source = pytest.importorskip("citeproc.source.json")
    library = source.CiteProcJSON(_write(FULL))
    assert str(library["van-gogh:1889"]["title"]).startswith("On")


def test_an_origin_is_given_to_every_field() -> None:
    origin = Origin("catalogue", "10.1/x")
    entry = item_to_entry({"id": "a", "type": "book", "title": "T", "x": 1}, origin)
    assert {field.origin for field in (*entry.fields, *entry.extra)} == {origin}
