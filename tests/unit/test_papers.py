"""Which entries a paper gets from its libraries, and what they look like there."""

from __future__ import annotations

from pathlib import Path

import pytest

from refkit.api import papers
from refkit.api.papers import Selection
from refkit.errors import InputError
from refkit.manuscripts import control, needs

BCF = """<?xml version="1.0" encoding="UTF-8"?>
<bcf:controlfile version="3.8" xmlns:bcf="https://sourceforge.net/projects/biblatex">
  <bcf:bibdata section="0">
    <bcf:datasource type="file" datatype="bibtex">refs.bib</bcf:datasource>
    <bcf:datasource type="remote" datatype="bibtex">http://127.0.0.1/x.bib</bcf:datasource>
  </bcf:bibdata>
  <bcf:section number="0">
    <bcf:citekey order="1">one</bcf:citekey>
    <bcf:citekey order="2" type="set" members="two,three">both</bcf:citekey>
    <bcf:citekey order="3">*</bcf:citekey>
  </bcf:section>
</bcf:controlfile>
"""
CHILD = "@inproceedings{child,\n  title = {C},\n  crossref = {parent},\n}"
PARENT = "@proceedings{parent,\n  title = {P},\n  year = 2001,\n}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(**texts: str) -> None:
    for name, text in texts.items():
        stem, _, suffix = name.rpartition("_")
        Path(f"{stem}.{suffix}").write_text(text, "utf-8")


def codes(selection: Selection) -> list[str]:
    return [each.code for each, _ in selection.told]


def cite(*keys: str, style: str = "plain") -> str:
    cited = "".join(f"\\citation{{{key}}}\n" for key in keys)
    return f"\\relax\n{cited}\\bibstyle{{{style}}}\n\\bibdata{{a,b}}\n"


# what the files of a paper say


def test_aux_has_keys_libraries_dialect_and_parts() -> None:
    found = control.aux(cite("one,two", "three") + "\\@input{chapter.aux}\n")
    assert [each.key for each in found.citations] == ["one", "two", "three"]
    assert found[1:] == (False, ("a.bib", "b.bib"), ("chapter.aux",), "bibtex")


def test_aux_of_biblatex_is_told_by_its_commands() -> None:
    found = control.aux("\\abx@aux@cite{0}{one}\n\\abx@aux@cite{0}{*}\n\\bibdata{paper-blx}\n")
    assert [each.key for each in found.citations] == ["one"]
    assert found[1:] == (True, (), (), "biblatex")


def test_bcf_has_keys_members_of_sets_and_files() -> None:
    found = control.bcf(BCF, "p.bcf")
    assert [each.key for each in found.citations] == ["one", "two", "three"]
    assert found[1:] == (True, ("refs.bib",), (), "biblatex")
    one = found.citations[0]
    assert BCF[one.start : one.end] == "one"


@pytest.mark.parametrize("text", ["", "no XML", "<a/>", "<a>&lol;</a>"])
def test_what_is_no_bcf_file_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"p\.bcf: this is no \.bcf file"):
        control.bcf(text, "p.bcf")


@pytest.mark.parametrize(
    ("text", "everything"),
    [(r"\nocite{*}", True), (r"\nocite{a, *}", True), (r"% \nocite{*}", False),
     (r"\begin{verbatim}\nocite{*}\end{verbatim}", False), (r"\cite{a}*", False)],
)  # fmt: skip
def test_nocite_of_a_star_asks_for_everything(text: str, everything: bool) -> None:
    assert needs.tex(text).everything is everything


@pytest.mark.parametrize(
    ("text", "dialect"),
    [(r"\usepackage[style=apa]{csquotes,biblatex}", "biblatex"), (r"\usepackage{natbib}", ""),
     (r"\bibliographystyle{plain}", "bibtex"), (r"% \usepackage{biblatex}", "")],
)  # fmt: skip
def test_tex_tells_its_dialect(text: str, dialect: str) -> None:
    assert needs.tex(text).dialect == dialect


# what a paper gets


@pytest.mark.usefixtures("folder")
def test_entries_are_copied_byte_for_byte_and_nothing_else_is() -> None:
    odd = '@Article ( odd,title  =  {A {\\LaTeX} \\& B},\tyear=2001\n , note = "x" # {y})'
    put(p_aux=cite("odd"), a_bib=f"text\n{PARENT}\n{odd}\n@comment{{no}}\n")
    selection = papers.select("p.aux", ["a.bib"])
    assert (selection.text, selection.missing, selection.told) == (f"{odd}\n", (), ())


@pytest.mark.usefixtures("folder")
def test_parents_come_behind_their_children() -> None:
    put(p_aux=cite("parent", "child"), a_bib=f"{PARENT}\n{CHILD}\n")
    assert papers.select("p.aux", ["a.bib"]).text == f"{CHILD}\n\n{PARENT}\n"
    put(p_aux=cite("child"))
    assert papers.select("p.aux", ["a.bib"]).text == f"{CHILD}\n\n{PARENT}\n"


@pytest.mark.usefixtures("folder")
def test_a_parent_may_be_in_another_library() -> None:
    put(p_aux=cite("child"), a_bib=CHILD, b_bib=PARENT)
    selection = papers.select("p.aux", ["a.bib", "b.bib"])
    assert selection.text == f"{CHILD}\n\n{PARENT}\n"
    assert codes(selection) == []


@pytest.mark.usefixtures("folder")
def test_a_parent_that_is_nowhere_is_told() -> None:
    put(p_aux=cite("child"), a_bib=CHILD)
    assert codes(papers.select("p.aux", ["a.bib"])) == ["XRF001"]


@pytest.mark.usefixtures("folder")
def test_a_circle_of_parents_ends() -> None:
    put(
        p_aux=cite("a"),
        a_bib="@book{a, title={A}, crossref={b}}\n@book{b, title={B}, crossref={a}}\n",
    )
    assert papers.select("p.aux", ["a.bib"]).entries == 2


@pytest.mark.usefixtures("folder")
def test_many_ways_to_one_parent_are_walked_in_time() -> None:
    layers = 40
    library = "".join(
        f"@book{{{side}{n}, title={{T}}, xdata={{a{n + 1}, b{n + 1}}}}}\n"
        for n in range(layers) for side in "ab"
    )  # fmt: skip
    put(p_tex="\\usepackage{biblatex}\\cite{a0}", a_bib=f"{library}@book{{a40}}\n@book{{b40}}\n")
    assert papers.select("p.tex", ["a.bib"]).entries == 2 * layers + 1


@pytest.mark.usefixtures("folder")
def test_bytes_that_are_not_utf_8_stay() -> None:
    entry = "@book{a, title={Größe und Maß für Fälle} , note={".encode() + b"\xff}}"
    Path("a.bib").write_bytes(entry)
    put(p_aux=cite("a"))
    assert papers.select("p.aux", ["a.bib"]).data() == entry + b"\n"


@pytest.mark.usefixtures("folder")
def test_biblatex_follows_each_kind_of_link() -> None:
    links = "xref={x}, xdata={d, e}, related={r}, title={T}, date={2001}"
    others = "".join(f"@book{{{key}, title={{T}}, date={{2001}}}}\n" for key in "xdersm")
    library = f"@book{{a, {links}}}\n@set{{both, entryset={{s, m}}}}\n{others}"
    put(p_tex="\\usepackage{biblatex}\\cite{a}\\cite{both}", a_bib=library)
    selection = papers.select("p.tex", ["a.bib"])
    assert (selection.entries, selection.dialect) == (8, "biblatex")
    assert papers.select("p.tex", ["a.bib"], dialect="bibtex").entries == 2


@pytest.mark.usefixtures("folder")
def test_strings_that_are_used_come_along_with_what_they_are_made_of() -> None:
    strings = '@string{u = "unused"}\n@string{b = {Base}}\n@string{j = b # " Journal"}\n'
    entry = "@article{a, title={T}, journal = j, month = jan}"
    put(p_aux=cite("a"), a_bib=f"@preamble{{{{\\newcommand{{\\x}}{{}}}}}}\n{strings}{entry}\n")
    text = papers.select("p.aux", ["a.bib"]).text
    assert text == (
        '@string{b = {Base}}\n@string{j = b # " Journal"}\n\n'
        f"@preamble{{{{\\newcommand{{\\x}}{{}}}}}}\n\n{entry}\n"
    )


@pytest.mark.usefixtures("folder")
def test_a_string_that_means_two_things_is_resolved_in_the_second() -> None:
    put(
        p_aux=cite("a", "b"),
        a_bib="@string{j = {One}}\n@article{a, journal = j}\n",
        b_bib="@string{J = {Two}}\n@article{b, title = {T}, journal = {The } # j, note = {N}}\n",
    )
    text = papers.select("p.aux", ["a.bib", "b.bib"]).text
    assert text == (
        "@string{j = {One}}\n\n@article{a, journal = j}\n\n"
        "@article{b, title = {T}, journal = {The Two}, note = {N}}\n"
    )


@pytest.mark.usefixtures("folder")
def test_a_string_that_is_defined_anew_counts_from_there() -> None:
    entry = "@article{{{key}, journal = j}}\n"
    library = "@string{j = {One}}\n" + entry.format(key="a")
    library += "@string{j = {Two}}\n" + entry.format(key="b")
    put(p_aux=cite("b"), a_bib=library)
    assert papers.select("p.aux", ["a.bib"]).text == (
        "@string{j = {Two}}\n\n@article{b, journal = j}\n"
    )


@pytest.mark.usefixtures("folder")
def test_other_formats_are_converted_to_the_papers_dialect() -> None:
    record = "TY  - JOUR\nID  - a\nTI  - T\nT2  - J\nPY  - 2001/05\nER  - \n"
    put(p_aux=cite("a"), q_tex="\\usepackage{biblatex}\\cite{a}", l_ris=record)
    assert "journal = {J}" in papers.select("p.aux", ["l.ris"]).text
    assert "journaltitle = {J}" in papers.select("q.tex", ["l.ris"]).text


@pytest.mark.usefixtures("folder")
def test_biblatex_entries_are_converted_for_bibtex_and_stand_alone() -> None:
    library = (
        "@xdata{x, journaltitle={J}}\n@article{a, title={T}, date={2001-05}, xdata={x},"
        " eprinttype={arxiv}, location={L}}\n"
    )
    put(p_aux=cite("a"), a_bib=library)
    selection = papers.select("p.aux", ["a.bib"])
    assert selection.entries == 1
    assert "journal = {J}" in selection.text
    assert "year = {2001}" in selection.text
    assert "PAP005" in codes(selection)


@pytest.mark.usefixtures("folder")
def test_the_first_library_wins_and_a_difference_is_told() -> None:
    put(
        p_aux=cite("a", "b"),
        a_bib="@book{a, title={One}}\n@book{b, title={Same}}\n",
        b_bib="@book{a, title={Two}}\n@book{b, title = {Same}}\n",
    )
    selection = papers.select("p.aux", ["a.bib", "b.bib"])
    assert selection.text == "@book{a, title={One}}\n\n@book{b, title={Same}}\n"
    told = {each.code: each.message for each, _ in selection.told}
    assert list(told) == ["PAP003", "PAP002"]
    assert "b.bib" in told["PAP002"]


@pytest.mark.usefixtures("folder")
def test_missing_keys_are_told_where_they_are_cited() -> None:
    put(p_tex="Text \\cite{gone}.", a_bib=PARENT)
    selection = papers.select("p.tex", ["a.bib"])
    (problem, source), *_ = [each for each in selection.told if each[0].code == "PAP001"]
    assert selection.missing == ("gone",)
    assert problem.span is not None
    assert source.slice(problem.span) == "gone"


@pytest.mark.usefixtures("folder")
def test_bibtex_takes_keys_without_regard_to_case_and_biblatex_takes_aliases() -> None:
    put(p_aux=cite("KEY", "other"), q_tex="\\usepackage{biblatex}\\cite{KEY,other}",
        a_bib="@book{key, ids={other}, title={T}}\n")  # fmt: skip
    assert papers.select("p.aux", ["a.bib"]).missing == ("other",)
    assert papers.select("q.tex", ["a.bib"]).missing == ("KEY",)


@pytest.mark.usefixtures("folder")
def test_of_keys_that_bibtex_takes_for_one_it_gets_the_first() -> None:
    library = "@book{Key, title={One}}\n@book{key, title={Two}}\n"
    put(p_aux=cite("*"), q_tex="\\usepackage{biblatex}\\nocite{*}", a_bib=library)
    assert papers.select("p.aux", ["a.bib"]).entries == 1
    assert papers.select("q.tex", ["a.bib"]).entries == 2


@pytest.mark.usefixtures("folder")
def test_inputs_are_followed_and_missing_ones_are_told() -> None:
    Path("parts").mkdir()
    put(
        p_tex="\\input{parts/one}\\include{parts/two}\\input{gone}% \\input{not}\n",
        **{
            "parts/one_tex": "\\cite{child}\\input{../p}\\subfile{three}",
            "parts/two_tex": "\\cite{x}\\bibliography{a}",
            "parts/three_tex": "\\nocite{parent}\\verb|\\cite{no}|",
        },
        a_bib=f"{PARENT}\n{CHILD}\n@book{{x, title={{X}}}}\n",
    )
    selection = papers.select("p.tex")
    assert (selection.entries, selection.missing) == (3, ())
    assert codes(selection) == ["PAP004"]


@pytest.mark.usefixtures("folder")
def test_everything_is_taken_where_it_is_asked_for() -> None:
    put(p_aux=cite("*"), a_bib=f"{PARENT}\n{CHILD}\n", b_bib="@book{x, title={X}}\n")
    assert papers.select("p.aux", ["a.bib", "b.bib"]).entries == 3
    assert papers.select("p.aux").text == papers.select("p.aux", ["a.bib", "b.bib"]).text


@pytest.mark.usefixtures("folder")
def test_what_is_broken_in_an_entry_that_is_taken_is_told_and_it_is_written_whole() -> None:
    put(p_aux=cite("a"), a_bib="@book{a, title = {T} year = 2001}\n@book{b, title = {T}\n")
    selection = papers.select("p.aux", ["a.bib"])
    assert "SYN010" in codes(selection)
    put(b_bib=selection.text)
    assert papers.select("p.aux", ["b.bib"]).told == ()


@pytest.mark.usefixtures("folder")
def test_aux_of_biblatex_takes_its_libraries_from_the_bcf_beside_it() -> None:
    put(p_aux="\\abx@aux@cite{0}{one}\n", p_bcf=BCF, refs_bib="@book{one, title={O}}\n")
    assert papers.select("p.aux").entries == 1


@pytest.mark.parametrize(
    ("paper", "why"),
    [("gone.aux", "no such file"), ("p.md", "an .aux, .bcf or .tex file"), ("-", "an .aux"),
     ("p.tex", "names no library")],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_used_is_refused_with_what_to_do(paper: str, why: str) -> None:
    put(p_tex="\\cite{a}\\bibliography{gone}", p_md="[@a]")
    with pytest.raises(InputError, match=why):
        papers.select(paper)
