"""What BibTeX and BibLaTeX cannot hold of an entry is told: every CSL variable, type and name."""

from __future__ import annotations

import pytest
from formats_strategies import entries, value_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refkit.formats.bibtex import BIBLATEX, BIBTEX
from refkit.model import vocab
from refkit.model.entry import Entry, Field
from refkit.model.text import SourceText
from refkit.normalise.latex import strip_markup
from refkit.plugins import Format

EVERY = sorted(vocab.VARIABLES - {"journalAbbreviation"})
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", [BIBTEX, BIBLATEX], ids=lambda form: form.name)
@slow
@given(found=entries(st.sampled_from(sorted(vocab.TYPES)), EVERY))
def test_what_a_bib_file_cannot_hold_is_told(form: Format, found: list[Entry]) -> None:
    check(form, found)


@pytest.mark.parametrize("form", [BIBTEX, BIBLATEX], ids=lambda form: form.name)
@slow
@given(
    kind=st.sampled_from(sorted(vocab.TYPES)),
    variables=st.lists(st.sampled_from(EVERY), min_size=1, max_size=3, unique=True),
    data=st.data(),
)
def test_each_variable_of_each_type_is_held_or_told(
    form: Format, kind: str, variables: list[str], data: st.DataObject
) -> None:
    fields = [Field(name, data.draw(value_of(name))) for name in variables]
    check(form, [Entry("k", kind, tuple(fields))])


def check(form: Format, found: list[Entry]) -> None:
    assert form.read is not None
    assert form.write is not None
    written = form.write(found)
    again = form.read(SourceText("out.bib", written.text)).entries
    assert [each.type for each in again] == [each.type for each in found]
    for entry, read_back in zip(found, again, strict=True):
        told = " ".join(
            each.message for each in written.problems if each.key in (entry.key, read_back.key)
        )
        for field in entry.fields:
            held = next((f.value for f in read_back.fields if f.name == field.name), None)
            if isinstance(held, str):
                held = strip_markup(held)
            assert held == field.value or repr(field.name) in told, (
                field,
                held,
                written.text,
                told,
            )
