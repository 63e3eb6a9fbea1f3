"""Citation keys: what patterns give, which entries get keys, and what follows a rename."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

import refkit
from refkit import Keying
from refkit.citekeys.pattern import PatternError, parse
from refkit.normalise.keys import fit_key

PATH = Path(__file__).parent.parent / "cases" / "citekeys" / "patterns.toml"
CASES = tomllib.loads(PATH.read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "pattern", "key"),
    [
        pytest.param(case["text"], pattern, key, id=f"{case['name']}: {pattern}")
        for case in CASES["entry"]
        for pattern, key in case["keys"].items()
    ],
)
def test_a_pattern_gives_the_key_of_its_case(text: str, pattern: str, key: str) -> None:
    entry = refkit.parse(text, "biblatex").entries[0]
    assert parse(pattern).key(entry) == key


@pytest.mark.parametrize("case", CASES["error"], ids=lambda case: case["pattern"] or "nothing")
def test_a_faulty_pattern_is_told_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(PatternError) as raised:
        parse(case["pattern"])
    told, shown, caret = str(raised.value).split("\n")
    assert f"column {case['column']}:" in told
    assert case["says"] in told
    assert shown == f"  {case['pattern']}"
    assert caret.index("^") - 2 == case["column"] - 1


def test_deep_parentheses_are_refused_and_not_a_crash() -> None:
    with pytest.raises(PatternError, match="too deeply"):
        parse("(" * 5000 + "auth" + ")" * 5000)


@pytest.mark.parametrize(
    ("text", "key"),
    [("Ab c", "Abc"), ("a--b", "a-b"), (":a.", "a"), ("a+b/c", "abc"), ("ÆØÅ", "AeOA"), ("…", "")],
)
def test_a_key_is_fit_for_every_consumer(text: str, key: str) -> None:
    assert fit_key(text) == key


def keyed(text: str, **options: Any) -> refkit.Keyed:
    return refkit.assign_keys(refkit.parse(text, "bibtex"), Keying(**options))


def new_keys(found: refkit.Keyed) -> list[str]:
    return [each.key for each in refkit.parse(found.text, "bibtex").entries]


def codes(found: refkit.Keyed) -> list[str]:
    return [each.code for each in found.problems]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@book{, author={Doe, J}, year=2020}", "@book{doe2020, author={Doe, J}, year=2020}"),
        ("@book{author={Doe, J}, year=2020}", "@book{doe2020, author={Doe, J}, year=2020}"),
        ("@book(\n author={Doe, J})", "@book(doe,\n author={Doe, J})"),
        ("@book{ , author={Doe, J}}", "@book{ doe, author={Doe, J}}"),
        ("@book{}", "@book{entry}"),
        ("@book{,}", "@book{entry,}"),
    ],
)
def test_a_missing_key_is_put_where_it_belongs(before: str, after: str) -> None:
    found = keyed(before)
    assert found.text == after
    assert "SYN003" not in codes(found)
    assert refkit.parse(found.text, "bibtex").problems == ()


def test_keys_that_are_there_stay_unless_asked_for() -> None:
    text = "@book{My Key, author={Doe, J}}\n@book{K2, author={Roe, R}}\n@book{, title={X1 y}}"
    assert new_keys(keyed(text)) == ["My Key", "K2", "x1"]
    assert new_keys(keyed(text, chosen=frozenset({"K2"}))) == ["My Key", "roe", ""]
    assert new_keys(keyed(text, every=True)) == ["doe", "roe", "x1"]


def test_taken_keys_get_letters_in_the_files_order_whatever_their_case() -> None:
    one = "@book{, author={Doe, J}, year=2020}\n"
    text = "@book{DOE2020, title={x}}\n" + one * 3
    found = keyed(text, pattern="auth.lower + year")
    assert new_keys(found) == ["DOE2020", "doe2020a", "doe2020b", "doe2020c"]
    assert codes(found) == ["KEY011"] * 3
    numbered = keyed(one * 3, pattern="auth.lower + year", postfix="number")
    assert new_keys(numbered) == ["doe2020", "doe2020-2", "doe2020-3"]
    many = new_keys(keyed(one * 30, pattern="auth"))
    assert many[0] == "Doe"
    assert many[26:29] == ["Doez", "Doeaa", "Doeab"]


def test_a_key_that_is_as_the_pattern_asks_stays_when_others_come_before_it() -> None:
    one = "@book{{{}, author={{Doe, J}}, year=2020}}\n"
    text = one.format("new") + one.format("doe2020b") + one.format("doe2020") + one.format("x")
    found = keyed(text, every=True, pattern="auth.lower + year")
    assert new_keys(found) == ["doe2020a", "doe2020b", "doe2020", "doe2020c"]
    word = keyed(one.format("doe2020limits"), every=True, pattern="auth.lower + year")
    assert new_keys(word) == ["doe2020"]


def test_an_alias_of_another_entry_is_taken() -> None:
    text = "@book{a, ids={doe}}\n@book{, author={Doe, J}}"
    assert new_keys(keyed(text)) == ["a", "doea"]


def test_an_entry_of_which_the_pattern_says_nothing_gets_another_key_and_is_told() -> None:
    found = keyed("@book{, author={Doe, J}, year=2020, title={Odd}}", pattern="volume")
    assert new_keys(found) == ["doe2020odd"]
    assert codes(found) == ["KEY010"]


def test_repeated_keys_are_reported_and_cured_when_asked_for() -> None:
    text = "@book{k, author={Doe, J}}\n@book{k, author={Roe, R}}\n@misc{c, crossref={k}}"
    assert codes(keyed(text)) == ["KEY001"]
    found = keyed(text, chosen=frozenset({"k"}))
    assert new_keys(found) == ["doe", "roe", "c"]
    assert codes(found) == ["KEY012"]
    assert "crossref={doe}" in found.text


def test_a_broken_entry_keeps_its_key_and_is_told() -> None:
    text = "@book{b, title={a}\n\n@book{, author={Doe, J}}"
    found = keyed(text, every=True)
    assert found.text == text.replace("{,", "{doe,")
    assert "FIX001" in codes(found)


def test_all_that_names_a_key_in_the_file_follows() -> None:
    text = r"""@collection{old, editor={Roe, R}, note={As \cite[p.~1]{ch, old} says, \emph{old}}}
@incollection{ch, author={Doe, J}, crossref = {OLD}, related="old,
  ch", url={http://x/\cite{old}}}
@set{set, entryset={old,ch,other}}
@misc{x, xref = {old}, xdata = {data}}
@xdata{data, publisher={P}}
"""
    found = keyed(text, chosen=frozenset({"old", "ch"}))
    expected = (
        text.replace("{old,", "{roe,", 1)
        .replace(r"{ch, old}", "{doe, roe}")
        .replace("{ch, author", "{doe, author")
        .replace("{OLD}", "{roe}")
        .replace("xref = {old}", "xref = {roe}")
        .replace('"old,\n  ch"', '"roe,\n  doe"')
        .replace("{old,ch,other}", "{roe,doe,other}")
    )
    assert found.text == expected
    everything = keyed(text, every=True, pattern="type")
    assert "@xdata{data" in everything.text
    assert "xdata = {data}" in everything.text


def test_a_link_in_a_macro_is_told_and_left() -> None:
    text = "@string{s = {old}}\n@book{old, author={Doe, J}}\n@misc{x, crossref = s, title={Y}}"
    found = keyed(text, chosen=frozenset({"old"}))
    assert codes(found) == ["FIX004"]
    assert found.text == text.replace("{old,", "{doe,")


def test_links_in_other_letters_and_without_delimiters_follow_aliases_stay() -> None:
    text = (
        "@book{Doe, author={doe, J}, ids={d1}}\n@misc{x, crossref={DOE}, xref=Doe}\n"
        "@misc{y, related={d1,Doe}, note={a \\cite{Doe} b}}\n"
    )
    found = keyed(text, chosen=frozenset({"Doe"}))
    assert found.text == (
        text.replace("{Doe, author", "{doe, author")
        .replace("{DOE}, xref=Doe", "{doe}, xref={doe}")
        .replace("{d1,Doe}", "{d1,doe}")
        .replace("cite{Doe}", "cite{doe}")
    )


def test_keys_may_change_places() -> None:
    text = "@book{Roe, author={Doe, J}, related={Doe}}\n@book{Doe, author={Roe, R}, xref={Roe}}"
    swapped = "@book{Doe, author={Doe, J}, related={Roe}}\n@book{Roe, author={Roe, R}, xref={Doe}}"
    assert keyed(text, every=True, pattern="auth").text == swapped


def test_the_old_key_stays_as_an_alias_when_asked_for() -> None:
    text = "@book{a,\n  author = {Doe, J},\n}\n@book{b, author={Roe, R}, ids={b0}}\n"
    found = keyed(text, every=True, keep_alias=True)
    assert found.text == (
        "@book{doe,\n  author = {Doe, J},\n  ids = {a},\n}\n"
        "@book{roe, author={Roe, R}, ids={b0, b}}\n"
    )
    assert keyed(found.text, every=True, keep_alias=True).text == found.text


def test_other_formats_get_keys_where_they_had_none() -> None:
    text = '[{"id": "a", "type": "book"}, {"type": "book", "title": "Odd things"}]'
    found = refkit.assign_keys(refkit.parse(text, "csljson"))
    assert [each.key for each in refkit.parse(found.text, "csljson").entries] == ["a", "odd"]
    ris = "TY  - JOUR\nID  - k1\nTI  - t\nER  - \nTY  - JOUR\nTI  - u\nAU  - Doe, J.\nER  - \n"
    again = refkit.assign_keys(refkit.parse(ris, "ris"))
    assert [each.key for each in refkit.parse(again.text, "ris").entries] == ["k1", "doe"]
    assert again.problems == ()


def test_what_cannot_be_done_is_refused() -> None:
    document = refkit.parse("@book{a}", "bibtex")
    with pytest.raises(refkit.InputError, match="no entry has the key 'zz'"):
        refkit.assign_keys(document, Keying(chosen=frozenset({"zz", "a"})))
    with pytest.raises(refkit.InputError, match=r"only \.bib files hold aliases"):
        refkit.assign_keys(refkit.parse("[]", "csljson"), Keying(keep_alias=True))
    with pytest.raises(refkit.InputError, match="holds no keys"):
        refkit.assign_keys(refkit.parse("PMID- 1\n", "nbib"))


MANUSCRIPTS = {
    "paper.tex": r"\cite[see][1]{old,other} % \cite{old}" + "\n\\verb|\\cite{old}| old\n",
    "notes.md": "By @old and [-@{old}; @other] `@old` \\@old\n",
    "notes.typ": '= A <here>\n@old[p. 1] #cite(<old>) // @old\n@here "@older"\n',
    "paper.aux": "\\citation{old,other}\n\\bibcite{old}{1}\n",
}
FOLLOWED = {
    "paper.tex": r"\cite[see][1]{doe2020,other} % \cite{old}" + "\n\\verb|\\cite{old}| old\n",
    "notes.md": "By @doe2020 and [-@{doe2020}; @other] `@old` \\@old\n",
    "notes.typ": '= A <here>\n@doe2020[p. 1] #cite(<doe2020>) // @old\n@here "@older"\n',
    "paper.aux": "\\citation{doe2020,other}\n\\bibcite{doe2020}{1}\n",
}


def project(folder: Path) -> tuple[Path, list[Path]]:
    bib = folder / "refs.bib"
    bib.write_text("@book{old, author={Doe, J}, year=2020}\n@book{other, title={X}}\n")
    for name, text in MANUSCRIPTS.items():
        (folder / name).write_text(text)
    return bib, [folder / name for name in MANUSCRIPTS]


def test_manuscripts_follow_and_nothing_else_in_them_changes(tmp_path: Path) -> None:
    bib, paths = project(tmp_path)
    options = Keying(chosen=frozenset({"old"}))
    found = refkit.assign_keys(refkit.read(bib), options, [*paths, tmp_path / "." / paths[0].name])
    assert {path.name: path.read_text() for path in paths} == MANUSCRIPTS
    refkit.save_keys(found)
    assert {path.name: path.read_text() for path in paths} == FOLLOWED
    assert bib.read_text().startswith("@book{doe2020, author")


def test_all_files_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib, paths = project(tmp_path)
    before = bib.read_text()
    options = Keying(chosen=frozenset({"old"}))
    found = refkit.assign_keys(refkit.read(bib), options, paths)
    real = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if Path(target).name == "notes.md":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(refkit.InputError, match=r"notes\.md: cannot be written"):
        refkit.save_keys(found)
    assert {path.name: path.read_text() for path in paths} == MANUSCRIPTS
    assert bib.read_text() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([bib.name, *MANUSCRIPTS])


def test_a_file_that_has_changed_meanwhile_stops_the_renaming(tmp_path: Path) -> None:
    bib, paths = project(tmp_path)
    options = Keying(chosen=frozenset({"old"}))
    found = refkit.assign_keys(refkit.read(bib), options, paths)
    paths[-1].write_text("other")
    with pytest.raises(refkit.InputError, match="changed since it was read"):
        refkit.save_keys(found)
    assert paths[0].read_text() == MANUSCRIPTS["paper.tex"]


def test_latex_still_finds_every_work_after_a_renaming(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None or shutil.which("bibtex") is None:
        pytest.skip("pdflatex and bibtex are not installed")
    bib = tmp_path / "refs.bib"
    bib.write_text(
        "@inproceedings{x, author={Doe, J}, title={One}, crossref={p}}\n"
        "@book{y, author={Roe, R}, title={Two}, year=2001, publisher={P}}\n"
        "@proceedings{p, title={Proceedings}, year=2000}\n"
    )
    paper = tmp_path / "paper.tex"
    paper.write_text(
        "\\documentclass{article}\\begin{document}\\cite[1]{x, y} \\nocite{p}"
        "\\bibliographystyle{plain}\\bibliography{refs}\\end{document}\n"
    )
    refkit.save_keys(refkit.assign_keys(refkit.read(bib), Keying(every=True), [paper]))
    assert "{doe2000one, roe2001two}" in paper.read_text()
    latex = ["pdflatex", "-interaction=batchmode", "paper.tex"]
    for command in (latex, ["bibtex", "paper"], latex, latex):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    log = (tmp_path / "paper.log").read_text(errors="replace")
    assert "undefined" not in log
    assert "doe2000one" in (tmp_path / "paper.bbl").read_text()
