"""What is written for a program steers round each hole that was measured in it, and says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pypandoc
import pytest

import refkit
from refkit.adapt.consumers import CONSUMERS
from refkit.adapt.consumers.mathtext import math_text
from refkit.adapt.consumers.zotero import BIB_TYPES
from refkit.api.documents import target_for
from refkit.errors import InputError
from refkit.model.report import Written
from refkit.normalise.latex_safe import for_bibtex, settable, tame, unsettable
from refkit.plugins import registered

DROPPED = set(
    """www dataset mvcollection mvproceedings bookinbook suppbook periodical suppperiodical
    reference mvreference standard image legal music performance review bibnote commentary set
    xdata preprint""".split()
)
LOST = set(
    """addendum annotation bookauthor booksubtitle booktitleaddon eid eventdate isrn issuetitle
    journalsubtitle langid library maintitle nameaddon origdate origlanguage part pubstate rights
    titleaddon venue volumes subtitle crossref xdata archiveprefix primaryclass""".split()
)
BIB = ("bibtex", "biblatex")


def made(text: str, consumer: str, target: str, source: str = "biblatex") -> Written:
    options = refkit.Conversion(consumer=consumer)
    return refkit.convert(refkit.parse(text, source), target, options)


def codes(written: Written, key: str = "") -> set[str]:
    return {each.code for each in written.problems if not key or each.key == key}


@pytest.fixture(scope="module")
def dirty(root: Path) -> str:
    return (root / "tests" / "consumers" / "dirty.bib").read_text("utf-8")


# Zotero, BibTeX and BibLaTeX


@pytest.mark.parametrize("target", BIB)
@pytest.mark.parametrize("kind", sorted(DROPPED - {"xdata"}))
def test_zotero_gets_no_type_that_it_drops(kind: str, target: str) -> None:
    text = f"@{kind}{{k, title={{A title}}, author={{Doe, J.}}, year=2001}}"
    written = made(text, "zotero", target)
    types = re.findall(r"^@(\w+)\{", written.text, re.M)
    assert len(types) == 1
    assert types[0] not in DROPPED
    assert "A title" in written.text
    if kind in BIB_TYPES:
        assert "FIT001" in codes(written, "k")


@pytest.mark.parametrize("target", BIB)
@pytest.mark.parametrize("name", ["dirty.bib", "paper.bib", "paper-biblatex.bib"])
def test_zotero_gets_no_field_that_it_loses(
    samples: Path, dirty: str, name: str, target: str
) -> None:
    text = dirty if name == "dirty.bib" else (samples / name).read_text("utf-8")
    written = made(text, "zotero", target)
    assert not LOST & set(re.findall(r"^  (\w+) = ", written.text, re.M))
    assert not re.search(r"\\emph|\\LaTeX|and others|@xdata|\\\},$", written.text, re.M)
    texts = re.findall(r"^  (?:title|note|abstract|journal\w*) = (.*)$", written.text, re.M)
    assert not [text for text in texts if re.search(r"(?<!\\)\$", text)]
    assert "LOS004" in codes(written)


FULL = """@inbook{k, title={T}, author={Doe, J. and others}, bookauthor={Roe, R.}, booktitle={B},
  booksubtitle={Sub}, maintitle={M}, year={2001}, origdate={1901}, volumes={3}, venue={Oslo},
  eventdate={2001-05-01}, pubstate={inpress}, library={QA 1}, langid={german},
  annotation={Mine}, addendum={More}, license={CC0}, nameaddon={alias}, isrn={I 1}}
"""


def test_what_zotero_loses_goes_to_the_note() -> None:
    written = made(FULL, "zotero", "biblatex")
    note = re.search(r"note = \{(.*)\}", written.text)
    assert note is not None
    for word in ("Roe, R.", "1901", "3", "Oslo", "2001-05-01", "in press", "QA 1", "Mine", "More",
                 "alias", "I 1"):  # fmt: skip
        assert word in note[1], word
    assert "copyright = {CC0}" in written.text
    assert "language = {de}" in written.text
    assert {"FIT002", "FIT005"} <= codes(written, "k")


@pytest.mark.parametrize("target", BIB)
def test_zotero_finds_an_arxiv_number(target: str) -> None:
    text = "@misc{k, title={T}, eprint={2201.00001}, archiveprefix={arXiv}, primaryclass={cs.DL}}"
    written = made(text, "zotero", target, "bibtex").text
    assert "eprinttype = {arXiv}" in written
    assert "eprintclass = {cs.DL}" in written


@pytest.mark.parametrize("target", BIB)
def test_zotero_gets_inherited_fields_written_out(target: str) -> None:
    text = """@inproceedings{c, title={Child}, author={Doe, J.}, crossref={p}}
    @proceedings{p, title={Parent}, year={2001}, publisher={Press}}"""
    child = made(text, "zotero", target, "bibtex").text.split("@proceedings")[0]
    assert "Press" in child
    assert "2001" in child


def test_an_empty_field_takes_nothing_else_with_it() -> None:
    text = "@book{k, title={T}, note={}, addendum={Kept}, year={2001}}"
    assert "Kept" in made(text, "typst", "biblatex").text


def test_a_part_without_its_volume_is_noted() -> None:
    written = made("@book{k, title={T}, part={2}, year={2001}}", "zotero", "biblatex")
    assert "note = {Part: 2}" in written.text
    assert "volume = {1.2}" in made("@book{k, volume={1}, part={2}}", "zotero", "biblatex").text


def test_a_garbled_command_is_told() -> None:
    written = made(r"@book{k, title={\emph{A} in \LaTeX}, year={2001}}", "zotero", "biblatex")
    assert r"title = {\textit{A} in LaTeX}" in written.text
    assert "FIT004" in codes(written, "k")


def test_a_price_is_no_math() -> None:
    text = "@book{k, title={From $5 to $6, or $x^2$}, year=2001}"
    assert (
        "From $5 to $6, or x<sup>2</sup>"
        in json.loads(made(text, "zotero", "csljson").text)[0]["title"]
    )


@pytest.mark.parametrize(
    ("math", "text"),
    [
        (r"$10^{-3}$", "10<sup>-3</sup>"),
        (r"$\frac{1}{2}$", "1/2"),
        (r"$\frac{a+b}{c}$", "(a+b)/c"),
        (r"$\sqrt{2}$", "√2"),
        (r"$\alpha_1 < \beta$", "α<sub>1</sub> < β"),
        (r"$x\_y$", "x_y"),
        (r"$\mathrm{H_2O}$", "H2O"),
    ],
)
def test_math_means_the_same_without_latex(math: str, text: str) -> None:
    assert math_text(math) == text


def test_latex_gets_no_environment_that_ends_in_another_name() -> None:
    text = r"@misc{k, author={A\begin{center} and \end{center}B}, title={T}, year=2001}"
    written = made(text, "latex", "biblatex")
    assert "author = {A and B}" in written.text
    assert "FIT004" in codes(written, "k")


# Zotero, CSL-JSON


def test_zotero_takes_every_csl_item(root: Path, dirty: str) -> None:
    items = json.loads(made(dirty, "zotero", "csljson").text)
    schema = json.loads((root / "tests" / "data" / "csl-data.json").read_text("utf-8"))
    jsonschema.validate(items, schema)
    assert all(item["type"] != "software" and item["id"] for item in items)
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert not {"keyword", "container-title-short", "event-date", "annote"} & set(item)
        people = [name for value in item.values() if isinstance(value, list) for name in value]
        for name in (each for each in people if isinstance(each, dict)):
            assert set(name) <= {"family", "given", "literal"}
            assert name.get("literal") != "others"
        for value in item.values():
            if isinstance(value, dict) and "date-parts" not in value:
                assert set(value) in ({"refkit"}, {"literal"})


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ("keywords={a, b}", "keyword: a, b"),
        ("annotation={Mine}", "annote: Mine"),
        ("eventdate={2001-05-01}", "event-date: 2001-05-01"),
        ("date={2001-21}", "issued: 2001-21"),
    ],
)
def test_what_zoteros_csl_import_loses_goes_to_extra(fields: str, line: str) -> None:
    written = made(f"@book{{k, title={{T}}, {fields}}}", "zotero", "csljson")
    assert line in json.loads(written.text)[0]["note"].split("\n")
    assert "FIT002" in codes(written, "k")


def test_software_is_what_zotero_makes_a_program_of() -> None:
    with_version = made("@software{k, title={T}, version={2}}", "zotero", "csljson")
    item = json.loads(with_version.text)[0]
    assert (item["type"], item["version"], item["note"]) == ("book", "2", "type: software")
    assert "FIT001" in codes(with_version, "k")
    without = json.loads(made("@software{k, title={T}}", "zotero", "csljson").text)[0]
    assert (without["type"], without["note"]) == ("document", "type: software")


def test_zoteros_names_are_whole() -> None:
    text = "@book{k, title={T}, author={van der Berg, Jr., Jan}, options={useprefix=true}}"
    item = json.loads(made(text, "zotero", "csljson").text)[0]
    assert item["author"] == [{"family": "van der Berg", "given": "Jan, Jr."}]


# pandoc, LaTeX, Typst: what they accept is tested by running them (tests/consumers)


def test_pandoc_cites_zoteros_items_by_their_keys() -> None:
    text = '[{"id": "http://zotero.org/users/1/items/A", "citation-key": "doe", "type": "book"}]'
    assert json.loads(made(text, "pandoc", "csljson", "csljson").text)[0]["id"] == "doe"


def test_ids_for_pandoc_are_distinct_and_those_that_are_fit_stay() -> None:
    text = "@book{a b, title={A}}@book{x, title={B}}@book{x, title={C}}@book{x-2, title={D}}"
    written = made(text, "pandoc", "csljson")
    ids = [item["id"] for item in json.loads(written.text)]
    assert ids[:2] == ["a b", "x"]
    assert len(set(ids)) == 4
    assert "KEY002" in codes(written)


def test_a_year_that_no_program_reads_is_noted() -> None:
    for consumer, target in (("typst", "biblatex"), ("latex", "biblatex")):
        written = made("@book{k, title={T}, year={in press}}", consumer, target)
        assert "in press" in written.text
        assert not re.search(r"(year|date) = |issued", written.text)
        assert "FIT002" in codes(written, "k")


@pytest.mark.parametrize("target", ["csljson", "cslyaml", "biblatex", "bibtex"])
def test_pandoc_prints_a_year_in_words(target: str, tmp_path: Path) -> None:
    written = made("@book{k, author={Doe, A}, title={T}, year={in press}}", "pandoc", target)
    refs = tmp_path / {"csljson": "r.json", "cslyaml": "r.yaml"}.get(target, "r.bib")
    refs.write_text(written.text, "utf-8")
    arguments = ["--citeproc", f"--bibliography={refs}"]
    text = "---\nnocite: '@*'\n---\n"
    printed = pypandoc.convert_text(text, "plain", format="markdown", extra_args=arguments)
    assert "in press" in printed
    assert "FIT002" not in codes(written)


def test_zotero_keeps_the_words_of_a_year() -> None:
    written = made("@book{k, title={T}, year={in press}, urldate={lately}}", "zotero", "csljson")
    (item,) = json.loads(written.text)
    assert item["issued"] == {"literal": "in press"}
    assert "accessed" not in item
    assert "accessed: lately" in item["note"]


def test_bibtex_gets_ascii_and_the_types_of_its_styles(dirty: str) -> None:
    text = made(dirty, "latex", "bibtex").text
    known = set(
        """article book booklet conference inbook incollection inproceedings manual
        mastersthesis misc phdthesis proceedings techreport unpublished""".split()
    )
    assert set(re.findall(r"^@(\w+)", text, re.M)) <= known
    assert {char for char in text if not char.isascii()} <= set("ВойнаимрИванов")
    assert "{\\relax И}" in text


# what is not asked for, or cannot be


@pytest.mark.parametrize(("consumer", "target"), [("typst", "ris"), ("latex", "csljson")])
def test_a_format_that_the_program_does_not_read_is_refused(consumer: str, target: str) -> None:
    with pytest.raises(InputError, match=f"does not read {target}; it reads"):
        made("@book{k, title={T}}", consumer, target)


def test_an_unknown_program_is_refused() -> None:
    with pytest.raises(InputError, match="known: zotero, pandoc, latex, typst"):
        made("@book{k, title={T}}", "word", "biblatex")


def test_the_format_of_each_program() -> None:
    known = {point.name for point in registered("refkit.formats")}
    zotero = "zoterordf" if "zoterordf" in known else "csljson"
    assert [target_for(name) for name in CONSUMERS] == [zotero, "csljson", "biblatex", "biblatex"]
    assert [target_for(name, "out.bib") for name in CONSUMERS] == ["biblatex"] * 4
    assert target_for("zotero", "out.ris") == "ris"
    assert target_for("pandoc", "-") == "csljson"


@pytest.mark.parametrize("name", CONSUMERS)
def test_nothing_to_convert_is_no_fault(name: str) -> None:
    for target in CONSUMERS[name].steps:
        if target != "zoterordf":
            assert not made("", name, target).problems


# LaTeX text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a & b", r"a \& b"),
        (r"a \& b \% c", r"a \& b \% c"),
        ("50% of #1", r"50\% of \#1"),
        ("a_b $x_1$ c^2", r"a\_b $x_1$ c\textasciicircum{}2"),
        ("cost $5", r"cost \$5"),
        ("from $5 to $6", r"from \$5 to \$6"),
        ("$x^{2$", r"\$x\textasciicircum{}{2\$"),
        ("end\\", r"end\textbackslash{}"),
        (r"\url{http://a/b%20c_d#e}", r"\url{http://a/b\%20c_d\#e}"),
    ],
)
def test_tame(text: str, safe: str) -> None:
    assert tame(text) == safe
    assert tame(safe) == safe


def test_letters_that_pdflatex_lacks() -> None:
    assert settable("Ü α ≤ ạ") == r"Ü \ensuremath{\alpha} \ensuremath{\leq} {\d{a}}"
    assert unsettable("Ü α ạ Ж 日 Ж") == "Ж日"


def test_bibtex_does_not_put_commands_in_small_letters() -> None:
    text = r"In \LaTeX{} with \emph{Words}, {\AE}, Erd\H{o}s and $\Omega$"
    held = r"In {\LaTeX{}} with \emph{Words}, {\AE}, Erd{\H{o}}s and {$\Omega$}"
    assert for_bibtex(text) == held
    assert for_bibtex("Жук, É", name=True) == r"{\relax Ж}{\relax у}{\relax к}, {\'E}"
