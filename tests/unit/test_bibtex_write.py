"""Writing BibTeX and BibLaTeX, judged by what other readers make of it."""

from __future__ import annotations

import json
import subprocess
import tomllib
import warnings
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from refkit.formats.bibtex.encode import balanced, is_sound
from refkit.formats.bibtex.keys import _unique, make_keys
from refkit.formats.bibtex.read import read_biblatex, read_bibtex
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.types import TYPES
from refkit.formats.bibtex.write import write_biblatex, write_bibtex
from refkit.model.entry import Date, Entry, Field, Name, Origin
from refkit.model.report import Document, Severity, Written
from refkit.model.text import SourceText
from refkit.model.vocab import TYPES as CSL_TYPES

CASES = Path(__file__).resolve().parent.parent / "cases" / "bibtex_read"
READERS = {"bibtex": read_bibtex, "biblatex": read_biblatex}
WRITERS = {"bibtex": write_bibtex, "biblatex": write_biblatex}
DIALECTS = sorted(READERS)


def cases() -> list[Any]:
    return [
        pytest.param(case["bib"], case.get("format", "bibtex"), id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


def read(text: str, form: str) -> Document:
    return READERS[form](SourceText("refs.bib", text))


ALIASES = {"archiveprefix": "eprinttype", "primaryclass": "eprintclass"}


LINKS = {"crossref", "xdata"}


def said(entries: tuple[Entry, ...]) -> list[Any]:
    """Return what entries hold, without the links, which are not always written."""
    beside = {"entrysubtype"} | LINKS
    return [
        (
            entry.type,
            {field.name: field.value for field in entry.fields},
            {
                ALIASES.get(field.name, field.name): field.value
                for field in entry.extra
                if field.name not in beside
            },
        )
        for entry in entries
    ]


def entry(kind: str, *fields: tuple[str, Any], key: str = "k") -> Entry:
    return Entry(key, kind, tuple(Field(name, value) for name, value in fields))


def body(written: Written) -> dict[str, str]:
    """Return the fields of the only entry, read by the scanner alone."""
    tree, problems = scan(SourceText("out.bib", written.text))
    assert not problems
    (raw,) = tree.entries()
    return {field.name: tree.raw(field) for field in raw.fields}


def kind(written: Written) -> str:
    (raw,) = scan(SourceText("out.bib", written.text))[0].entries()
    return raw.type


@pytest.mark.parametrize(("bib", "form"), cases())
def test_what_is_written_reads_back_the_same(bib: str, form: str) -> None:
    first = read(bib, form)
    again = read(WRITERS[form](first.entries).text, form)
    assert said(again.entries) == said(first.entries)


@pytest.mark.parametrize(("bib", "form"), cases())
def test_links_stay_in_biblatex_where_none_are_in_circles(bib: str, form: str) -> None:
    first = read(bib, form)
    if any(each.code == "XRF002" for each in first.problems):
        return
    again = read(write_biblatex(first.entries).text, "biblatex")
    assert links(again) == links(first)


def links(document: Document) -> list[list[tuple[str, str]]]:
    return [
        [(each.name, str(each.value).lower()) for each in entry.extra if each.name in LINKS]
        for entry in document.entries
    ]


@pytest.mark.parametrize(("bib", "form"), cases())
def test_writing_is_stable(bib: str, form: str) -> None:
    once = WRITERS[form](read(bib, form).entries).text
    assert WRITERS[form](read(once, form).entries).text == once


@pytest.mark.parametrize(("bib", "form"), cases())
@pytest.mark.parametrize("target", DIALECTS)
def test_pybtex_and_bibtexparser_read_the_same_fields(bib: str, form: str, target: str) -> None:
    written = WRITERS[target](read(bib, form).entries).text
    tree, problems = scan(SourceText("out.bib", written))
    assert not problems
    ours = [
        (raw.key, {field.name: _bare(tree.raw(field)) for field in raw.fields})
        for raw in tree.entries()
    ]
    assert _by_bibtexparser(written) == ours
    assert _by_pybtex(written) == ours


def _bare(value: str) -> str:
    return " ".join((value[1:-1] if value.startswith("{") else value).split())


def _by_bibtexparser(text: str) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import bibtexparser

        library = bibtexparser.parse_string(text, parse_stack=[])
    assert not library.failed_blocks
    return [
        (each.key, {field.key: _bare(field.value) for field in each.fields})
        for each in library.entries
    ]


def _by_pybtex(text: str) -> list[Any]:
    from pybtex.database.input.bibtex import LowLevelParser

    names = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
    found = []
    for _, (key, fields) in LowLevelParser(text, macros=names):
        values = {name: " ".join("".join(parts).split()) for name, parts in fields}
        found.append((key, values))
    return found


# Pandoc takes an address in `howpublished` for a publisher, and reads editora in BibLaTeX only.
BY_PANDOC = [
    case
    for case in cases()
    if str(case.id).startswith("fields") and not str(case.id).endswith(("published", ": names"))
]


@pytest.mark.parametrize(("bib", "form"), BY_PANDOC)
def test_pandoc_reads_what_is_written_as_it_reads_the_original(bib: str, form: str) -> None:
    written = WRITERS[form](read(bib, form).entries).text
    assert _by_pandoc(written, form) == _by_pandoc(bib, form)


def _by_pandoc(text: str, form: str) -> list[Any]:
    command = [pypandoc.get_pandoc_path(), "-f", form, "-t", "csljson"]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    items: list[Any] = json.loads(run.stdout)
    return items


@pytest.mark.parametrize("form", DIALECTS)
def test_text_from_a_bib_file_comes_back_as_it_was_written(form: str) -> None:
    bib = r"""@article{k,
  author = {G{\"o}del, Kurt and {\'E}tienne {de la} Bo{\'e}tie},
  title = {{\"U}ber \emph{formal} unentscheidbare S{\"a}tze \& {ABC}},
  volume = {38--39},
  number = {1},
  pages = {173--198},
  note = {50\% of it},
  file = {:C\:\\x.pdf:PDF},
}
"""
    assert WRITERS[form](read(bib, form).entries).text == bib


def test_a_changed_value_is_encoded_anew() -> None:
    (old,) = read(r"@book{k, title = {Caf{\'e}}, subtitle = {Bar}}", "biblatex").entries
    changed = old.with_fields([Field("title", "Tea & cake with Ann", Origin("crossref", "10.1/x"))])
    assert body(write_biblatex([changed]))["title"] == r"{Tea \& cake with {Ann}}"


@pytest.mark.parametrize("form", DIALECTS)
@pytest.mark.parametrize("csl", sorted(CSL_TYPES))
def test_every_csl_type_reads_back(csl: str, form: str) -> None:
    written = WRITERS[form]([entry(csl, ("title", "T"))])
    assert kind(written) in TYPES
    assert read(written.text, form).entries[0].type == csl


BIBTEX_TYPES = frozenset(
    """article book booklet inbook incollection inproceedings manual mastersthesis misc
    phdthesis proceedings techreport unpublished""".split()
)


@pytest.mark.parametrize("csl", sorted(CSL_TYPES))
def test_bibtex_gets_only_its_own_types(csl: str) -> None:
    assert kind(write_bibtex([entry(csl, ("title", "T"))])) in BIBTEX_TYPES


def test_an_article_in_both_dialects() -> None:
    record = entry(
        "article-journal",
        ("title", "The structure of DNA & <i>E. coli</i>"),
        ("author", (Name("Müller", "Jörg"), Name(literal="Ford & Co"))),
        ("container-title", "J. Mol. Biol."),
        ("issued", Date(2020, 2, 3)),
        ("volume", "5"),
        ("issue", "6"),
        ("page", "20-29"),
        ("DOI", "10.1000/a_b"),
        ("language", "de"),
    )
    assert write_bibtex([record]).text == (
        "@article{k,\n"
        "  author = {Müller, Jörg and {Ford \\& Co}},\n"
        "  title = {The structure of {DNA} \\& \\textit{{E}. coli}},\n"
        "  journal = {J. Mol. Biol.},\n"
        "  year = {2020},\n"
        "  month = feb,\n"
        "  day = {3},\n"
        "  volume = {5},\n"
        "  number = {6},\n"
        "  pages = {20--29},\n"
        "  doi = {10.1000/a_b},\n"
        "  language = {ngerman},\n"
        "}\n"
    )
    assert write_biblatex([record]).text == (
        "@article{k,\n"
        "  author = {Müller, Jörg and {Ford \\& Co}},\n"
        "  title = {The structure of {DNA} \\& \\textit{{E}. coli}},\n"
        "  journaltitle = {J. Mol. Biol.},\n"
        "  date = {2020-02-03},\n"
        "  volume = {5},\n"
        "  number = {6},\n"
        "  pages = {20--29},\n"
        "  doi = {10.1000/a_b},\n"
        "  langid = {ngerman},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("the role of small things", "the role of small things"),
        ("The role of Paris in DNA studies", "The role of {Paris} in {DNA} studies"),
        ("The Role of Paris in DNA Studies", "The Role of Paris in {DNA} Studies"),
        ("Small things: The case of iPhones", "Small things: The case of {iPhones}"),
        ('A <span class="nocase">van</span> seen from Rome', "A {van} seen from {Rome}"),
    ],
)
def test_capitals_that_styles_would_take_away_are_protected(title: str, expected: str) -> None:
    written = write_bibtex([entry("book", ("title", title))])
    assert body(written)["title"] == f"{{{expected}}}"


@pytest.mark.parametrize(
    ("record", "bibtex", "biblatex"),
    [
        (
            entry("thesis", ("publisher", "MIT"), ("genre", "PhD thesis")),
            ("phdthesis", {"school": "{MIT}"}),
            ("thesis", {"type": "{PhD thesis}", "institution": "{MIT}"}),
        ),
        (
            entry("thesis", ("publisher", "MIT"), ("genre", "Diploma")),
            ("mastersthesis", {"type": "{Diploma}", "school": "{MIT}"}),
            ("thesis", {"type": "{Diploma}", "institution": "{MIT}"}),
        ),
        (
            entry("thesis", ("title", "T")),
            ("phdthesis", {"title": "{T}", "type": "{Thesis}"}),
            ("thesis", {"title": "{T}"}),
        ),
        (
            entry("report", ("publisher", "RAND"), ("number", "TR-1")),
            ("techreport", {"number": "{TR-1}", "institution": "{RAND}"}),
            ("report", {"number": "{TR-1}", "institution": "{RAND}"}),
        ),
        (
            entry("book", ("title", "Works"), ("volume-title", "Poems"), ("publisher", "A and B")),
            ("book", {"title": "{Poems}", "maintitle": "{Works}", "publisher": "{A and B}"}),
            ("book", {"title": "{Poems}", "maintitle": "{Works}", "publisher": "{{A and B}}"}),
        ),
        (
            entry("chapter", ("container-title", "Book"), ("publisher-place", "Rome; Bonn")),
            ("incollection", {"booktitle": "{Book}", "address": "{Rome; Bonn}"}),
            ("incollection", {"booktitle": "{Book}", "location": "{Rome; Bonn}"}),
        ),
        (
            entry("article-journal", ("issued", Date(1999, end=Date(2001)))),
            ("article", {"date": "{1999/2001}", "year": "{1999}"}),
            ("article", {"date": "{1999/2001}"}),
        ),
        (
            entry("article-journal", ("issued", Date(2004, season=2))),
            ("article", {"year": "{2004}", "month": "{Summer}"}),
            ("article", {"date": "{2004-22}"}),
        ),
        (
            entry("webpage", ("accessed", Date(2020, 1, 2)), ("URL", "https://x.org/a{b%20_c")),
            (
                "misc",
                {
                    "entrysubtype": "{webpage}",
                    "url": "{https://x.org/a%7Bb%20_c}",
                    "urldate": "{2020-01-02}",
                },
            ),
            ("online", {"url": "{https://x.org/a%7Bb%20_c}", "urldate": "{2020-01-02}"}),
        ),
        (
            entry("motion_picture", ("director", (Name("Kubrick", "Stanley"),))),
            (
                "misc",
                {
                    "editor": "{Kubrick, Stanley}",
                    "editortype": "{director}",
                    "entrysubtype": "{motion_picture}",
                },
            ),
            ("movie", {"editor": "{Kubrick, Stanley}", "editortype": "{director}"}),
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Entry) else "",
)
def test_types_choose_their_fields(
    record: Entry, bibtex: tuple[str, dict[str, str]], biblatex: tuple[str, dict[str, str]]
) -> None:
    for write, expected in ((write_bibtex, bibtex), (write_biblatex, biblatex)):
        written = write([record])
        assert (kind(written), body(written)) == expected


def test_what_has_no_field_is_told() -> None:
    record = Entry(
        "k",
        "map",
        (Field("title", "T"), Field("scale", "1:100"), Field("dimensions", "big")),
        (Field("published-print", Date(2020), Origin("crossref", "10.1/x")),),
    )
    problems = write_biblatex([record]).problems
    lost = [each.message for each in problems if each.code == "LOS001"]
    assert len(lost) == 3
    assert all(name in "".join(lost) for name in ("scale", "dimensions", "published-print"))


def test_a_linked_entry_inherits_again_in_biblatex() -> None:
    bib = """@incollection{p, title = {P}, crossref = {w}}
@collection{w, title = {W}, publisher = {Pub}}"""
    entries = read(bib, "biblatex").entries
    both = scan(SourceText("x", write_biblatex(entries).text))[0].entries()
    assert [field.name for field in both[0].fields] == ["title", "crossref"]
    alone = body(write_biblatex(entries[:1]))
    assert alone["booktitle"] == "{W}"
    assert alone["publisher"] == "{Pub}"
    assert "crossref" not in alone


def test_a_link_follows_a_renamed_key() -> None:
    bib = "@incollection{p, crossref = {a b}}\n@collection{x, title = {W}}"
    entries = list(read(bib, "biblatex").entries)
    entries[1] = Entry("a b", "book", entries[1].fields)
    assert "crossref = {a_b}" in write_biblatex(entries).text


@pytest.mark.parametrize(
    ("keys", "expected", "bibtex"),
    [
        (["a", "b"], ["a", "b"], None),
        (["a", "a", "a"], ["a", "a-2", "a-3"], None),
        (["", " "], ["doe2020spooky", "doe2020spooky-2"], None),
        (["10.1000/(x),y"], ["10.1000/_x_y"], None),
        (["#1 of {2}"], ["1_of_2"], None),
        (["Doe", "doe"], ["Doe", "doe"], ["Doe", "doe-2"]),
        (["ключ"], ["ключ"], None),
    ],
)
def test_keys(keys: list[str], expected: list[str], bibtex: list[str] | None) -> None:
    fields = (
        Field("author", (Name("Doe", "J"),)),
        Field("title", "The <i>Spooky</i> thing"),
        Field("issued", Date(2020)),
    )
    entries = [Entry(key, "book", fields) for key in keys]
    made, problems = make_keys(entries, "biblatex")
    assert made == expected
    changed = [new for old, new in zip(keys, made, strict=True) if old != new]
    assert [(each.code, each.key) for each in problems] == [("KEY002", key) for key in changed]
    assert make_keys(entries, "bibtex")[0] == (bibtex or expected)


def test_keys_of_nameless_entries_are_ascii() -> None:
    entries = [Entry("", "book", (Field("author", (Name("Ångström"),)),)), Entry("", "book")]
    made, _ = make_keys(entries, "bibtex")
    assert made == ["angstrom", "entry"]


def test_no_entries() -> None:
    assert write_bibtex([]).text == ""


BROKEN = """@book{a,
  title = {Some {title,
  subtitle = {x } y,
  url = {http://x/{y},
  file = {a\\{b.pdf,
  year = 2000
}
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_braces_that_do_not_balance_are_told_and_break_nothing(dialect: str) -> None:
    document = READERS[dialect](SourceText("in.bib", BROKEN))
    written = WRITERS[dialect](document.entries)
    told = [(each.key, each.message) for each in written.problems if each.code == "LOS008"]
    assert [key for key, _ in told] == ["a"] * len(told)
    assert all(any(repr(name) in text for _, text in told) for name in ("title", "subtitle"))
    tree, problems = scan(SourceText("out.bib", written.text))
    assert not problems
    fields = {each.name: tree.raw(each) for each in tree.entries()[0].fields}
    assert fields["title"] == "{Some {title}}"
    assert fields["subtitle"] == r"{x \textbraceright{} y}"
    assert {"url", "file"} < set(fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {b} c", "a {b} c"),
        ("a {b", r"a \textbraceleft{}b"),
        ("} {a}", r"\textbraceright{} {a}"),
        (r"\{a} \{b", r"\{a} \textbraceleft{}b"),
        ("{{a}", r"\textbraceleft{}{a}"),
    ],
)
def test_balanced(text: str, expected: str) -> None:
    assert balanced(text) == expected
    assert is_sound(balanced(text))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_line_of_a_value_begins_as_an_entry(dialect: str) -> None:
    abstract = Field("abstract", "See\n@book(k, x)\nand more.")
    written = WRITERS[dialect]([Entry("a", "book", (abstract,))])
    assert "{See @book(k, x) and more.}" in written.text
    assert not scan(SourceText("out.bib", written.text))[1]


def test_a_name_that_no_field_can_have_is_told() -> None:
    extra = (Field("my field", "x", Origin("csljson")), Field("myfield", "y", Origin("csljson")))
    written = write_biblatex([Entry("a", "book", (), extra)])
    assert "  myfield = {y}," in written.text
    assert "my field" not in written.text
    assert [each.code for each in written.problems] == ["LOS001"]


def test_data_for_others_is_no_work_in_bibtex() -> None:
    source = "@xdata{x, publisher={P}}\n@book{a, xdata={x}, title={T}}"
    entries = read_biblatex(SourceText("in.bib", source)).entries
    bibtex, biblatex = write_bibtex(entries), write_biblatex(entries)
    assert "@xdata" not in bibtex.text
    assert "publisher = {P}" in bibtex.text
    told = [(each.code, each.key) for each in bibtex.problems]
    assert told == [("LOS007", "x"), ("LOS011", "a")]
    assert biblatex.text.startswith("@xdata{x,")
    assert not biblatex.problems


BOOKS = """@inbook{a, title={A}, crossref={b}}
@book{b, title={B}, publisher={P}, doi={10.1000/b}, crossref={c}}
@mvbook{c, title={C}, location={L}}
"""
CIRCLE = """@inbook{a, title={A}, crossref={b}}
@book{b, title={B}, publisher={P}, crossref={c}}
@mvbook{c, title={C}, location={L}, crossref={b}}
@book{d, title={D}, xdata={d}}
"""


def values(document: Document) -> list[Any]:
    return [(e.key, e.type, {f.name: f.value for f in e.fields}) for e in document.entries]


@pytest.mark.parametrize("bib", [BOOKS, CIRCLE])
@pytest.mark.parametrize("form", DIALECTS)
def test_what_is_inherited_reads_back_without_the_circles(bib: str, form: str) -> None:
    first = read(bib, form)
    again = read(WRITERS[form](first.entries).text, form)
    assert values(again) == values(first)
    assert not again.problems


def test_bibtex_has_no_links() -> None:
    written = write_bibtex(read(BOOKS, "bibtex").entries)
    raws = scan(SourceText("out.bib", written.text))[0].entries()
    assert not any(field.name in LINKS for raw in raws for field in raw.fields)
    assert [(each.code, each.key) for each in written.problems] == [
        ("LOS011", "a"),
        ("LOS011", "b"),
    ]
    assert {each.severity for each in written.problems} == {Severity.INFO}


def test_biblatex_has_the_links_that_are_in_no_circle() -> None:
    written = write_biblatex(read(CIRCLE, "biblatex").entries)
    raws = scan(SourceText("out.bib", written.text))[0].entries()
    linked = [raw.key for raw in raws if any(field.name in LINKS for field in raw.fields)]
    assert linked == ["a"]
    told = [(each.code, each.key) for each in written.problems]
    assert told == [("LOS011", "b"), ("LOS011", "c"), ("LOS011", "d")]


def test_a_circle_of_many_entries_is_found() -> None:
    count = 3000
    bib = "".join(f"@book{{k{n}, crossref={{k{(n + 1) % count}}}}}\n" for n in range(count))
    written = write_biblatex(read(bib + "@inbook{x, crossref={k7}}", "biblatex").entries)
    assert [each.code for each in written.problems] == ["LOS011"] * count
    assert written.text.count("crossref") == 1


@pytest.mark.parametrize("form", DIALECTS)
def test_pandoc_reads_what_was_a_circle(form: str) -> None:
    written = WRITERS[form](read(CIRCLE, "biblatex").entries)
    pandoc = pypandoc.get_pandoc_path()
    command = [pandoc, "-f", form, "-t", "csljson"]
    done = subprocess.run(
        command, input=written.text, capture_output=True, text=True, timeout=60, check=True
    )
    assert [item["id"] for item in json.loads(done.stdout)] == ["a", "b", "c", "d"]


def test_a_link_is_written_as_the_key_that_it_means() -> None:
    written = write_biblatex(read(BOOKS.replace("{b}", "{B}", 1), "biblatex").entries)
    assert "crossref = {b}" in written.text


@pytest.mark.parametrize("form", DIALECTS)
@pytest.mark.parametrize(
    ("was", "then"),
    [
        ("@bookinbook", ""),
        ("@inbook", ", entrysubtype={book}"),
        ("@book", ", entrysubtype={report}"),
    ],
)
def test_a_type_stays_that_means_the_same_with_its_subtype(was: str, then: str, form: str) -> None:
    volumes = "title={Macbeth}, booktitle={Tragedies}, maintitle={Works}, number={7}"
    first = read(f"{was}{{a, {volumes}{then}}}", "biblatex")
    once = WRITERS[form](first.entries)
    twice = WRITERS[form](read(once.text, form).entries)
    assert twice.text == once.text
    assert values(read(twice.text, form)) == values(first)


def test_a_misc_of_a_subtype_gets_the_type_that_biblatex_has() -> None:
    first = read("@misc{a, title={T}, entrysubtype={patent}}", "bibtex")
    assert kind(write_biblatex(first.entries)) == "patent"


class Counting(set[str]):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


def test_a_repeated_key_is_not_counted_up_from_the_start_each_time() -> None:
    used, numbers, count = Counting(), dict[str, int](), 500
    keys = [_unique("k", used, numbers, "bibtex") for _ in range(count)]
    assert keys == ["k", *(f"k-{n}" for n in range(2, count + 1))]
    assert used.asked <= 3 * count


def test_a_number_that_is_an_entrys_own_key_is_passed_over() -> None:
    entries = [entry("book", key=key) for key in ("k", "K-2", "k", "k", "k-3")]
    assert make_keys(entries, "bibtex")[0] == ["k", "K-2", "k-3", "k-4", "k-3-2"]
