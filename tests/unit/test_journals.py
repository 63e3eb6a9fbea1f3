"""Journals' names: abbreviated by ISO 4, expanded only to what is known, in files and entries."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import refkit
from refkit import Conversion
from refkit.adapt.journals import Names, renamed
from refkit.api.documents import read_data
from refkit.api.journals import journal_names, rename_journals
from refkit.model.report import Document
from refkit.normalise import ltwa
from refkit.normalise.iso4 import abbreviated, is_abbreviation

PATH = Path(__file__).parent.parent / "cases" / "journals" / "iso4.toml"
CASES = [
    pytest.param(full, short, id=f"{group}: {full}")
    for group, titles in tomllib.loads(PATH.read_text("utf-8")).items()
    for full, short in titles.items()
]

if not ltwa.installed():
    pytest.skip("the extra 'journals' is not installed", allow_module_level=True)


@pytest.mark.parametrize(("full", "short"), CASES)
def test_a_title_is_abbreviated_as_its_case_says_and_then_stays(full: str, short: str) -> None:
    assert abbreviated(full) == short
    assert abbreviated(short) == short


def test_the_entrys_language_goes_before_what_the_title_looks_like() -> None:
    assert abbreviated("Die Review", "en-GB") == "Die Rev."
    assert abbreviated("Die Review", "de-AT") == "Review"


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("J. Chem. Phys.", True),
        ("Phys. Rev. Letters", True),
        ("Proc. Natl. Acad. Sci. U.S.A.", True),
        ("Journal of Chemical Physics", False),
        ("Proceedings of the Royal Society of London. Series A", False),
        ("Nature", False),
        ("", False),
    ],
)
def test_dots_of_abbreviations_are_told_from_full_stops(title: str, short: bool) -> None:
    assert is_abbreviation(title) is short


FULL = (
    "Journal of Chemical Physics",
    "Physical Review A",
    "Physical Review B",
    "Journal of Physics",
    "Deutsche Zeitschrift für Philosophie",
    "Nature",
)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("J. Chem. Phys.", "Journal of Chemical Physics"),
        ("J Chem Phys", "Journal of Chemical Physics"),
        ("Phys. Rev. A", "Physical Review A"),
        ("Dtsch. Z. Philos.", "Deutsche Zeitschrift für Philosophie"),
        ("Journal of Chemical Physics", "Journal of Chemical Physics"),
        ("Nature", "Nature"),
        ("Nat.", "Nat."),
        ("Phys. Rev.", "Phys. Rev."),
        ("JCP", "JCP"),
        ("J. Phys.", "Journal of Physics"),
    ],
)
def test_an_abbreviation_is_expanded_to_the_one_name_that_fits(name: str, full: str) -> None:
    assert renamed(name, "expand", Names((each, "") for each in FULL))[0] == full


def test_what_fits_several_names_or_none_stays_and_is_told() -> None:
    names = Names([("Journal of Chemistry", ""), ("Journal of Chemotherapy", "")])
    new, told = renamed("J. Chem.", "expand", names)
    assert new == "J. Chem."
    assert told is not None
    assert told[0] == "JRN002"
    assert "Journal of Chemistry; Journal of Chemotherapy" in told[1]
    new, told = renamed("J. Biol.", "expand", names)
    assert new == "J. Biol."
    assert told is not None
    assert told[0] == "JRN001"


def test_a_full_name_is_not_taken_for_another_that_is_longer() -> None:
    names = Names([("Computers & Graphics", ""), ("Nature Methods", "")])
    assert renamed("Computer Graphics", "expand", names) == ("Computer Graphics", None)
    assert renamed("Comput Graph", "expand", names)[0] == "Computers & Graphics"
    # An abbreviation without dots is no full name that another could mean.
    names.learn("Comput Graph")
    assert renamed("Comput. Graph.", "expand", names)[0] == "Computers & Graphics"


def test_a_known_pair_is_enough_where_words_do_not_show_it() -> None:
    pairs = [("Astronomy & Astrophysics", "A & A"), ("Memoirs of Geology", "Memoirs")]
    names = Names(pairs)
    assert renamed("A & A", "expand", names)[0] == "Astronomy & Astrophysics"
    # A publisher's single word is nobody's own.
    assert renamed("Memoirs", "expand", names)[0] == "Memoirs"


def bib(text: str, mode: str, *pairs: tuple[str, str]) -> tuple[str, list[str]]:
    document = refkit.parse(text, "bibtex")
    options = Conversion(journals=mode, journal_names=pairs)  # type: ignore[arg-type]
    new, problems = rename_journals(document, options)
    return new, [each.code for each in problems]


def test_in_a_file_only_the_journals_names_change() -> None:
    text = (
        "% Journal of Chemical Physics\n"
        '@article{a, title = {Journal of Physics}, journal = "Journal of Chemical Physics" }\n'
        "@article{b,\n\tJournalTitle={Trends in {Ecology} \\& Evolution},year=2000}\n"
        "@article{c, journal = {Nature}, journal = {Annalen der Physik}}\n"
        "@inproceedings{d, booktitle = {Journal of Physics}}\n"
        "@article{broken, journal = {Journal of Physics}\n"
    )
    expected = (
        text.replace('"Journal of Chemical Physics"', '"J. Chem. Phys."')
        .replace("{Trends in {Ecology} \\& Evolution}", "{Trends Ecol. Evol.}")
        .replace("{Annalen der Physik}", "{Ann. Phys.}")
    )
    assert bib(text, "abbreviate") == (expected, [])


def test_letters_stay_as_the_file_spells_them() -> None:
    latex = "@article{a, journal = {Revista Espa{\\~n}ola de Cardiolog{\\'i}a}}"
    assert bib(latex, "abbreviate")[0] == "@article{a, journal = {Rev. Esp. Cardiol.}}"
    accents = "@article{a, journal = {Gaceta M{\\'e}dica de M{\\'e}xico}}"
    made = bib(accents, "abbreviate")[0]
    assert made.isascii()
    assert refkit.parse(made, "bibtex").entries[0].text("container-title") == "Gac. Méd. Méx."


def test_a_name_that_the_files_encoding_lacks_is_spelt_out_or_told() -> None:
    data = '@article{a, journal = "Dtsch. Z. Philos."} % \xe9'.encode("latin-1")
    document = read_data(data, "x.bib", encoding="latin-1")
    for full, written in (
        ("Deutsche Zeitschrift für Philosophie", '"Deutsche Zeitschrift für Philosophie"'),
        ("Deutsche Zeitschrift für Philosophıe", '"Deutsche Zeitschrift f{\\"u}r Philosoph{\\i}e"'),
    ):
        options = Conversion(journals="expand", journal_names=((full, "Dtsch. Z. Philos."),))
        new, _ = rename_journals(document, options)
        assert written in new
        document.source.data(new)
    options = Conversion(journals="expand", journal_names=(("哲学 誌", "Dtsch. Z. Philos."),))
    new, problems = rename_journals(document, options)
    assert new == document.source.text
    assert [each.code for each in problems] == ["FIX004"]


def test_a_macro_changes_where_it_is_defined_if_it_is_only_a_journal() -> None:
    text = (
        "@string{jcp = {Journal of Chemical Physics}}\n@string{ap = {Annalen der Physik}}\n"
        "@article{a, journal = jcp}\n@article{b, journal = JCP}\n@article{c, journal = ap}\n"
        "@article{d, note = ap # { x}, journal = {J. } # jcp}\n"
    )
    new, codes = bib(text, "abbreviate")
    # jcp is part of another journal's name too, ap is part of a note.
    assert new == text
    assert codes == ["FIX004"] * 3
    alone = text[: text.index("@article{d")]
    new, codes = bib(alone, "abbreviate")
    assert new == alone.replace("Journal of Chemical Physics", "J. Chem. Phys.").replace(
        "Annalen der Physik", "Ann. Phys."
    )
    assert codes == []


def test_a_files_own_names_expand_its_abbreviations() -> None:
    text = (
        "@article{a, journal = {Journal of Chemical Physics}}\n"
        "@article{b, journal = {J. Chem. Phys.}}\n"
        "@article{c, journal = {A. and A.}}\n"
        "@article{d, journaltitle = {Astronomy and Astrophysics}, shortjournal = {A. and A.}}\n"
        "@article{e, journal = {J. Biol.}}\n"
    )
    new, codes = bib(text, "expand")
    expected = text.replace("{J. Chem. Phys.}", "{Journal of Chemical Physics}").replace(
        "journal = {A. and A.}}\n@article{d", "journal = {Astronomy and Astrophysics}}\n@article{d"
    )
    assert new == expected
    assert codes == ["JRN001"]


def convert(text: str, to: str, mode: str, *pairs: tuple[str, str]) -> Document:
    options = Conversion(journals=mode, journal_names=pairs)  # type: ignore[arg-type]
    written = refkit.convert(refkit.parse(text, "biblatex"), to, options)
    return refkit.parse(written.text, to)


ARTICLE = "@article{a, title={T}, journaltitle = {Journal of Chemical Physics}, date={2000}}\n"
SHORT = "@article{a, title={T}, journaltitle = {J. Chem. Phys.}, date={2000}}\n"


def test_csl_gets_the_abbreviation_beside_the_name_and_others_in_its_place() -> None:
    entry = convert(ARTICLE, "csljson", "abbreviate").entries[0]
    assert entry.text("container-title") == "Journal of Chemical Physics"
    assert entry.text("container-title-short") == "J. Chem. Phys."
    for to in ("bibtex", "biblatex", "ris"):
        assert convert(ARTICLE, to, "abbreviate").entries[0].text("container-title") == (
            "J. Chem. Phys."
        )


def test_an_entrys_own_abbreviation_goes_before_one_that_is_made() -> None:
    text = ARTICLE.replace("date=", "shortjournal={J. chem. phys.}, date=")
    assert (
        "journal = {J. chem. phys.}"
        in refkit.convert(
            refkit.parse(text, "biblatex"), "bibtex", Conversion(journals="abbreviate")
        ).text
    )
    entry = convert(text, "csljson", "abbreviate").entries[0]
    assert entry.text("container-title-short") == "J. chem. phys."


def test_an_expanded_abbreviation_is_kept_where_there_is_a_place_for_it() -> None:
    pair = ("Journal of Chemical Physics", "")
    for to in ("csljson", "biblatex"):
        entry = convert(SHORT, to, "expand", pair).entries[0]
        assert entry.text("container-title") == "Journal of Chemical Physics"
        assert entry.text("container-title-short") == "J. Chem. Phys."
    plain = convert(SHORT, "bibtex", "expand", pair).entries[0]
    assert plain.text("container-title") == "Journal of Chemical Physics"


def test_what_cannot_be_expanded_is_told_by_the_conversion() -> None:
    document = refkit.parse(SHORT, "biblatex")
    written = refkit.convert(document, "bibtex", Conversion(journals="expand"))
    assert [each.code for each in written.problems] == ["JRN001"]
    assert "{J. Chem. Phys.}" in written.text


def test_books_and_papers_keep_their_containers_names() -> None:
    text = "@inproceedings{a, title={T}, booktitle={Journal of Physics}, date={2000}}"
    entry = convert(text, "csljson", "abbreviate").entries[0]
    assert entry.text("container-title") == "Journal of physics"
    assert entry.text("container-title-short") == ""


def test_a_catalogue_gives_the_names_that_its_records_have(samples: Path, tmp_path: Path) -> None:
    said: list[str] = []
    names = journal_names(samples / "catalogue.jsonl", said)
    assert ("Ecology Letters", "Ecology Letters") in names
    assert ("Methods in Ecology and Evolution", "Methods Ecol Evol") in names
    pytest.importorskip("tantivy")
    refkit.build_catalogue([samples / "catalogue.jsonl"], tmp_path / "built")
    assert journal_names(tmp_path / "built", said) == names


def test_without_the_list_of_words_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ltwa, "find_spec", lambda name: None)
    ltwa.words.cache_clear()
    abbreviated.cache_clear()
    with pytest.raises(refkit.InputError, match=r"pip install 'refkit-bib\[journals\]'"):
        bib(ARTICLE, "abbreviate")
    assert bib(SHORT + ARTICLE, "expand")[0] == ARTICLE * 2
    monkeypatch.undo()
    abbreviated.cache_clear()
    assert bib(ARTICLE, "abbreviate")[0] == SHORT


def test_genuine_names_are_never_expanded_wrongly(shared: Path) -> None:
    from tests.bench.journals.__main__ import agreement, expansion, pairs

    found = pairs(shared / "data" / "crossref" / "works.jsonl.gz")
    counts = expansion(found)
    assert counts["WRONG"] == 0
    assert counts["right"] >= 260
    other = [(full, short) for full, short in found if full.lower() != short.lower()]
    agrees = agreement(other, abbreviated)
    assert agrees["words agree"] / agrees["words"] >= 0.88
