"""What a format can hold, it gives back; what it cannot, it tells; and no input breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from formats_strategies import anything, dates, entries, essence, names, sentences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.formats.cslyaml import FORMAT as CSLYAML
from refkit.formats.endnotexml import FORMAT as ENDNOTE
from refkit.formats.nbib import FORMAT as NBIB
from refkit.formats.nbib.tables import WRITTEN_TYPES
from refkit.formats.ris import FORMAT as RIS
from refkit.formats.zoterojson import FORMAT as ZOTEROJSON
from refkit.formats.zoterordf import FORMAT as ZOTERORDF
from refkit.model import vocab
from refkit.model.entry import Date, Entry, Field
from refkit.model.report import Severity, Written
from refkit.model.text import SourceText
from refkit.plugins import Format

FORMATS = (CSLJSON, CSLYAML, RIS, NBIB, ENDNOTE, ZOTEROJSON, ZOTERORDF)
HELD_BY_RIS = [
    "title", "title-short", "container-title", "author", "editor", "volume", "issue",
    "publisher", "publisher-place", "language", "abstract", "note", "issued", "accessed",
]  # fmt: skip
HELD_BY_NBIB = [
    "title", "container-title", "container-title-short", "author", "editor", "volume", "issue",
    "publisher", "language", "abstract", "note", "issued",
]  # fmt: skip
SHAPED = {"DOI", "ISBN", "ISSN", "PMID", "PMCID", "page", "keyword", "container-title-short"}
"""The variables that are not any text, and one that stands for another where that is missing."""
EVERY = sorted(vocab.VARIABLES - {"journalAbbreviation"})

slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _written(form: Format, given_entries: Sequence[Entry]) -> Written:
    assert form.write is not None
    return form.write(given_entries)


def _read(form: Format, text: str) -> tuple[Entry, ...]:
    assert form.read is not None
    document = form.read(SourceText("file", text))
    assert not [each for each in document.problems if each.severity is Severity.ERROR]
    return document.entries


def _warnings(written: Written) -> list[str]:
    return [each.message for each in written.problems if each.severity is not Severity.INFO]


extras = st.dictionaries(
    st.sampled_from(["eprint", "eprinttype", "file", "x-note"]), sentences | names | dates,
    max_size=3,
).map(lambda found: tuple(Field(name, value) for name, value in found.items()))  # fmt: skip


@pytest.mark.parametrize("form", [CSLJSON, CSLYAML], ids=lambda form: form.name)
@slow
@given(
    found=entries(st.sampled_from(sorted(vocab.TYPES)), EVERY, sentences | anything),
    extra=extras,
    native=st.sampled_from(["", "inproceedings", "JOUR"]),
)
def test_csl_holds_every_variable_and_extra(
    form: Format, found: list[Entry], extra: tuple[Field, ...], native: str
) -> None:
    if form is CSLYAML:
        # YAML cannot hold control characters, and Markdown reads "--" and blanks its own way.
        found = [entry for entry in found if _is_plain(entry)]
    found = [replace(entry, extra=extra, native_type=native) for entry in found]
    written = _written(form, found)
    again = _read(form, written.text)
    assert [essence(entry) for entry in again] == [essence(entry) for entry in found]
    assert all(entry.native_type == native for entry in again)
    assert _warnings(written) == []


def _is_plain(entry: Entry) -> bool:
    texts = [field.value for field in entry.fields if isinstance(field.value, str)]
    return all(text.isprintable() and text == text.strip() for text in texts)


@slow
@given(found=entries(st.sampled_from(sorted(vocab.TYPES)), EVERY))
def test_written_csl_json_is_stable(found: list[Entry]) -> None:
    once = _written(CSLJSON, found).text
    assert _written(CSLJSON, _read(CSLJSON, once)).text == once


@slow
@given(found=entries(st.sampled_from(["article-journal", "article-magazine"]), HELD_BY_RIS))
def test_ris_gives_back_what_it_holds(found: list[Entry]) -> None:
    written = _written(RIS, found)
    assert [essence(entry) for entry in _read(RIS, written.text)] == list(map(essence, found))
    assert _warnings(written) == []


@slow
@given(found=entries(st.sampled_from(["article-journal"]), HELD_BY_RIS))
def test_endnote_gives_back_what_it_holds(found: list[Entry]) -> None:
    written = _written(ENDNOTE, found)
    assert [essence(entry) for entry in _read(ENDNOTE, written.text)] == list(map(essence, found))
    assert _warnings(written) == []


@slow
@given(found=entries(st.sampled_from(["article-journal", "chapter"]), HELD_BY_NBIB))
def test_nbib_gives_back_what_it_holds(found: list[Entry]) -> None:
    # A short title alone is taken for the journal's title, as readers want it.
    found = [e for e in found if e.field("container-title") or not e.text("container-title-short")]
    written = _written(NBIB, found)
    again = [replace(entry, key="") for entry in _read(NBIB, written.text)]
    assert [essence(entry) for entry in again] == [essence(replace(e, key="")) for e in found]
    assert [each for each in _warnings(written) if "citation keys" not in each] == []


@pytest.mark.parametrize("form", [RIS, NBIB, ENDNOTE], ids=lambda form: form.name)
@slow
@given(found=entries(st.sampled_from(sorted(vocab.TYPES)), EVERY, sentences | anything))
def test_what_is_lost_is_told(form: Format, found: list[Entry]) -> None:
    written = _written(form, found)
    assert form.read is not None
    again = form.read(SourceText("file", written.text)).entries
    assert len(again) == len(found)
    for entry, read_back in zip(found, again, strict=True):
        told = " ".join(each.message for each in written.problems if each.key == entry.key)
        if read_back.type != entry.type:
            assert "has no type" in told
        for field in entry.fields:
            held = next((f.value for f in read_back.fields if f.name == field.name), None)
            assert held == field.value or repr(field.name) in told


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@slow
@given(
    text=st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["[", "]", "{", "}", '"id"', ":", '"a"', ",", "TY  - JOUR\n", "ER  - \n", "PMID- 1\n",
             "TI  - x\n", "DA  - 9/9/9/9\n", "PY  - 1\n", "<xml>", "<record>", "</record>", "- a",
             "\n", "  ", "references:", "&", "*", "<b>", "]{.nocase}", "null", '"issued"', "-1",
             '"author"', '"date-parts"', "SP  - -\n", "AU  - ,,\n", "KW  - \n", "---\n",
             '"data"', '"itemType"', '"book"', "<rdf:RDF>", '<rdf:RDF xmlns:rdf="r">', "&a;"]
        )
    ).map("".join)
)  # fmt: skip
def test_no_text_breaks_a_reader(form: Format, text: str) -> None:
    assert form.read is not None
    document = form.read(SourceText("file", text))
    for problem in document.problems:
        if problem.span is not None:
            assert 0 <= problem.span.start <= problem.span.end <= len(text)


@slow
@given(
    item=st.dictionaries(
        st.sampled_from(["id", "type", "title", "author", "issued", "custom", "ISSN", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["date-parts", "family", "literal", "raw", "season", "refkit",
                                 "fields", "variables", "names", "date", "issued"]),
                inner, max_size=3,
            ),
            max_leaves=8,
        ),
    )
)  # fmt: skip
def test_no_item_breaks_csl_json(item: dict[str, object]) -> None:
    import json

    assert CSLJSON.read is not None
    (entry,) = CSLJSON.read(SourceText("file", json.dumps([item], allow_nan=True))).entries
    assert entry.type in vocab.TYPES
    _written(CSLJSON, [entry])


def test_every_csl_type_is_held_by_ris_and_most_by_nbib() -> None:
    for kind in sorted(vocab.TYPES):
        entry = Entry("k", kind, (Field("issued", Date(2000)),))
        written = _written(RIS, [entry])
        assert written.problems == (), kind
        (again,) = _read(RIS, written.text)
        assert again.type == kind
    assert set(WRITTEN_TYPES) <= vocab.TYPES


@pytest.mark.parametrize("kind", sorted(vocab.TYPES))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_ris_holds_every_variable_of_every_type(kind: str, data: st.DataObject) -> None:
    found = data.draw(entries(st.just(kind), [name for name in EVERY if name not in SHAPED]))
    written = _written(RIS, found)
    assert [essence(entry) for entry in _read(RIS, written.text)] == list(map(essence, found))
    assert _warnings(written) == []
