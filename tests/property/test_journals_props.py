"""Journals' names: any text is taken, abbreviating is stable, and expanding never guesses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import refkit
from refkit import Conversion
from refkit.adapt.journals import Names, renamed
from refkit.api.journals import rename_journals
from refkit.normalise import ltwa
from refkit.normalise.iso4 import abbreviated
from refkit.normalise.titles import fold

if not ltwa.installed():
    pytest.skip("the extra 'journals' is not installed", allow_module_level=True)

NOUNS = st.sampled_from(
    """Journal Physics Chemical Nature Zeitschrift Annales l'Institut Acta Review Letters IEEE
    Transactions Computer-Aided Royal Society London Plant Health Biology: Revista Española
    J Phys Medicine (Print) Mathematics Weather Philosophie BioSystems""".split()
)
SMALL = st.sampled_from(["", "", "", "of the ", "and ", "für ", "de la ", "& ", "on "])
TITLES = st.builds(
    lambda start, words, end: start + " ".join(small + noun for small, noun in words) + end,
    st.sampled_from(["", "The "]),
    st.lists(st.tuples(SMALL, NOUNS), min_size=1, max_size=5).map(
        lambda pairs: [("", pairs[0][1]), *pairs[1:]]
    ),
    st.sampled_from(["", "", " A", ". Series B", ", Part C", " (Online)"]),
)


@given(st.text(max_size=60) | TITLES)
def test_any_text_is_abbreviated_to_one_no_longer(text: str) -> None:
    assert len(abbreviated(text)) <= len(text)


@given(TITLES)
def test_an_abbreviated_title_stays(title: str) -> None:
    once = abbreviated(title)
    assert abbreviated(once) == once


@given(st.lists(TITLES, max_size=6), TITLES)
def test_an_expansion_is_a_known_name_that_alone_fits(known: list[str], name: str) -> None:
    names = Names((each, "") for each in known)
    new, told = renamed(name, "expand", names)
    if new != name:
        assert told is None
        assert fold(new) in {fold(each) for each in known}
        assert len(names.full(name)) == 1


@given(st.lists(TITLES, max_size=4), st.sampled_from(["abbreviate", "expand"]))
def test_every_other_byte_of_a_file_stays(titles: list[str], mode: str) -> None:
    entries = [f"@article{{k{at}, journal = {{{title}}}, x = {{{title}}}}}\n% {title}\n"
               for at, title in enumerate(titles)]  # fmt: skip
    text = "".join(entries).replace("&", "\\&")
    options = Conversion(journals=mode)  # type: ignore[arg-type]
    new, _ = rename_journals(refkit.parse(text, "bibtex"), options)
    before, after = text.split("journal = {"), new.split("journal = {")
    assert len(before) == len(after)
    assert before[0] == after[0]
    for one, two in zip(before[1:], after[1:], strict=True):
        assert one.partition("}")[2] == two.partition("}")[2]
