"""What Zotero's formats can hold, they give back; what they cannot, they tell."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from formats_strategies import anything, entries, essence, sentences
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from refkit.formats.zotero.reading import split_tags
from refkit.formats.zotero.tables import TYPES
from refkit.formats.zoterojson import FORMAT as JSON
from refkit.formats.zoterojson import children, item_data
from refkit.formats.zoterordf import FORMAT as RDF
from refkit.model import vocab
from refkit.model.entry import Date, Entry, Field
from refkit.model.report import Severity
from refkit.model.text import SourceText
from refkit.plugins import Format

BOTH = pytest.mark.parametrize("form", [JSON, RDF], ids=lambda form: form.name)
EVERY = sorted(vocab.VARIABLES - {"journalAbbreviation"})
KINDS = st.sampled_from(sorted(vocab.TYPES))

slow = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def _round(form: Format, found: list[Entry]) -> tuple[list[Entry], list[str]]:
    assert form.write is not None
    assert form.read is not None
    written = form.write(found)
    document = form.read(SourceText("file", written.text))
    assert not [each for each in document.problems if each.severity is Severity.ERROR]
    return list(document.entries), [each.message for each in written.problems]


def _is_told(entry: Entry, again: Entry, told: list[str]) -> bool:
    values = {field.name: field.value for field in again.fields}
    lost = [f for f in entry.fields if _held(f.name, f.value) != _held(f.name, values.get(f.name))]
    lost += [f for f in entry.extra if f.value not in [e.value for e in again.extra]]
    return all(any(repr(f.name) in message for message in told) for f in lost)


def _held(name: str, value: object) -> object:
    """Return a value as Zotero has it: keywords are tags, each of them trimmed."""
    return split_tags(value) if name == "keyword" and isinstance(value, str) else value


@BOTH
@slow
@given(found=entries(KINDS, EVERY))
def test_every_type_and_variable_comes_back(form: Format, found: list[Entry]) -> None:
    again, told = _round(form, found)
    assert [essence(entry) for entry in again] == [essence(entry) for entry in found]
    assert told == []


@BOTH
@slow
@given(
    found=entries(KINDS, EVERY, sentences | anything),
    extra=st.dictionaries(
        st.sampled_from(["eprint", "eprinttype", "file", "groups", "x-note", "series", "country"]),
        sentences | anything,
    ),
)
def test_what_is_lost_is_told(form: Format, found: list[Entry], extra: dict[str, str]) -> None:
    beyond = tuple(Field(name, value) for name, value in extra.items())
    found = [replace(entry, extra=beyond) for entry in found]
    again, told = _round(form, found)
    assert len(again) == len(found)
    for entry, read_back in zip(found, again, strict=True):
        assert read_back.key == entry.key
        assert _is_told(entry, read_back, told)


@BOTH
@slow
@given(
    kind=st.sampled_from(sorted(TYPES)),
    found=entries(KINDS, ["title", "author", "issued", "keyword"]),
)
def test_a_type_of_zoteros_stays_itself(form: Format, kind: str, found: list[Entry]) -> None:
    found = [replace(e, type=TYPES[kind].csl, native_type=kind) for e in found]
    again, _ = _round(form, found)
    assert [(e.type, e.native_type) for e in again] == [(TYPES[kind].csl, kind) for _ in found]


@slow
@given(found=entries(KINDS, EVERY))
def test_items_are_such_as_the_api_takes(found: list[Entry]) -> None:
    for entry in found:
        data = item_data(entry)
        shape = TYPES[data["itemType"]]
        own = {"itemType", "creators", "tags", "collections", "relations"}
        assert data.keys() - own <= set(shape.fields.values())
        assert {each["creatorType"] for each in data["creators"]} <= set(shape.creators)
        assert all(each["itemType"] == "note" for each in children(entry))
        json.dumps(data)


@slow
@given(
    item=st.dictionaries(
        st.sampled_from(["key", "data", "itemType", "title", "creators", "tags", "date", "extra",
                         "parentItem", "note", "collections", "version"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["tag", "name", "lastName", "itemType"]), inner),
            max_leaves=6,
        ),
    )
)  # fmt: skip
def test_no_item_breaks_zoteros_json(item: dict[str, object]) -> None:
    assert JSON.read is not None
    assert JSON.write is not None
    entries = JSON.read(SourceText("file", json.dumps([item]))).entries
    JSON.write(entries)


def test_a_year_alone_is_a_year() -> None:
    again, told = _round(JSON, [Entry("k", "book", (Field("issued", Date(1850, circa=True)),))])
    assert again[0].date() == Date(1850, circa=True)
    assert told == []
