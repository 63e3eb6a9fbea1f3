"""RIS, NBIB and EndNote XML: nothing that a file says is lost, read or written, unless told."""

from __future__ import annotations

from dataclasses import replace
from xml.sax.saxutils import escape

import pytest
from formats_strategies import anything, bodies, dates, entries, names, people, sentences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refkit.formats.endnotexml import FORMAT as ENDNOTE
from refkit.formats.endnotexml.tables import ELEMENTS
from refkit.formats.endnotexml.tables import TYPES as ENDNOTE_TYPES
from refkit.formats.nbib import FORMAT as NBIB
from refkit.formats.nbib.tables import ORDER
from refkit.formats.ris import FORMAT as RIS
from refkit.formats.ris.tables import _TYPES as RIS_TYPES
from refkit.model import vocab
from refkit.model.entry import Entry, Field
from refkit.model.report import Severity
from refkit.model.text import SourceText
from refkit.plugins import Format

slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FORMATS = (RIS, NBIB, ENDNOTE)
RIS_TAGS = sorted(
    {a + b for a, b in
     ("A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DO DP ED EP "
      "ET H1 H2 ID IS J1 J2 JA JF JI JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PI PP "
      "PU PY RI RN RP SE SN SP ST SV T1 T2 T3 TA TI TT U1 U5 UR VL VO Y1 Y2 ZZ").split()}
)  # fmt: skip
NBIB_TAGS = sorted({*ORDER, "CIN", "EIN", "RIN", "RN", "NM", "IRAD", "AUID", "PHST", "XYZ"})


def _read(form: Format, text: str) -> tuple[Entry, ...]:
    assert form.read is not None
    return form.read(SourceText("file", text)).entries


def _said(entry: Entry) -> str:
    """Return all that an entry says, in its values as in its key and type."""
    fields = (*entry.fields, *entry.extra)
    return repr((entry.key, entry.native_type, [(each.name, each.value) for each in fields]))


def _tagged(tags: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Return lines of a record, each with a word that stands nowhere else in it."""
    shapes = st.sampled_from(["{}", "a {} b", "{} 12", "{}, X", "{}-7", "{}; {}x", "(1) {}."])
    lines = st.lists(st.tuples(st.sampled_from(tags), shapes), min_size=1, max_size=25)
    return lines.map(
        lambda found: [
            (tag, shape.format(*[f"Zq{place}w"] * 2)) for place, (tag, shape) in enumerate(found)
        ]
    )


@slow
@given(kind=st.sampled_from([*sorted(RIS_TYPES), "NONE"]), lines=_tagged(RIS_TAGS))
def test_every_word_of_a_ris_record_is_kept(kind: str, lines: list[tuple[str, str]]) -> None:
    text = f"TY  - {kind}\n" + "".join(f"{tag}  - {text}\n" for tag, text in lines) + "ER  - \n"
    (entry,) = _read(RIS, text)
    _all_said(entry, lines)


@slow
@given(lines=_tagged(NBIB_TAGS))
def test_every_word_of_an_nbib_record_is_kept(lines: list[tuple[str, str]]) -> None:
    lines = [("PMID", "1"), *((tag, text) for tag, text in lines if tag != "PMID")]
    text = "".join(f"{tag:<4}- {text}\n" for tag, text in lines)
    (entry,) = _read(NBIB, text)
    _all_said(entry, lines[1:])


@slow
@given(
    kind=st.sampled_from(sorted(ENDNOTE_TYPES)),
    lines=_tagged([*(path for path, _ in ELEMENTS), "custom8", "own/element"]),
)
def test_every_word_of_an_endnote_record_is_kept(kind: str, lines: list[tuple[str, str]]) -> None:
    name, number = ENDNOTE_TYPES[kind]
    body = "".join(_element(path, text) for path, text in lines)
    record = f'<record><ref-type name="{name}">{number}</ref-type>{body}</record>'
    (entry,) = _read(ENDNOTE, f"<xml><records>{record}</records></xml>")
    _all_said(entry, lines)


def _element(path: str, text: str) -> str:
    steps = path.split("/")
    opening = "".join(f"<{step}>" for step in steps)
    return opening + escape(text) + "".join(f"</{step}>" for step in reversed(steps))


def _all_said(entry: Entry, lines: list[tuple[str, str]]) -> None:
    said = _said(entry)
    assert not [(tag, text) for tag, text in lines if _word(text) not in said]


def _word(text: str) -> str:
    start = text.index("Zq")
    return text[start : text.index("w", start) + 1]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@slow
@given(data=st.data())
def test_what_was_read_is_written_back(form: Format, data: st.DataObject) -> None:
    text = data.draw(_texts(form))
    once = _read(form, text)
    assert form.write is not None
    written = form.write(once)
    again = _read(form, written.text)
    told = " ".join(each.message for each in written.problems)
    for entry, back in zip(once, again, strict=True):
        assert back.type == entry.type or "has no type" in told
        _compare(entry, back, told)


def _texts(form: Format) -> st.SearchStrategy[str]:
    if form is NBIB:
        return _tagged(NBIB_TAGS).map(
            lambda lines: (
                "".join(f"{tag:<4}- {text}\n" for tag, text in lines if tag != "PMID")
                or "TI  - x\n"
            )
        )
    if form is RIS:
        return st.tuples(st.sampled_from(sorted(RIS_TYPES)), _tagged(RIS_TAGS)).map(
            lambda found: (
                f"TY  - {found[0]}\n"
                + "".join(f"{tag}  - {text}\n" for tag, text in found[1])
                + "ER  - \n"
            )
        )
    return _tagged([path for path, _ in ELEMENTS]).map(
        lambda lines: (
            "<xml><records><record>"
            + "".join(_element(path, text) for path, text in lines)
            + "</record></records></xml>"
        )
    )


def _compare(entry: Entry, back: Entry, told: str) -> None:
    """Require each field and extra to be held, or to be named in what is told."""
    for field in entry.fields:
        held = next((each.value for each in back.fields if each.name == field.name), None)
        first = next(each.value for each in entry.fields if each.name == field.name)
        assert held == first or repr(field.name) in told, (field, held)
    rest = [(each.name, each.value) for each in back.extra]
    for field in entry.extra:
        if (field.name, field.value) in rest:
            rest.remove((field.name, field.value))
        else:
            assert repr(field.name) in told, field


extras = st.lists(
    st.builds(
        Field,
        st.sampled_from(["AD", "C1", "M1", "T2", "PY", "OWN", "PT", "CI", "MH", "custom1", "AU",
                         "report-id", "eprint", "file", "misc1", "ER", "TY", "SN", "DA", "ID"]),
        sentences | anything | names | dates,
    ),
    max_size=4,
).map(tuple)  # fmt: skip


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@slow
@given(
    found=entries(
        st.sampled_from(sorted(vocab.TYPES)), sorted(vocab.VARIABLES), sentences | anything
    ),
    extra=extras,
    native=st.sampled_from(["", "JOUR", "inproceedings", "Journal Article", "GRNT"]),
)
def test_nothing_is_lost_untold(
    form: Format, found: list[Entry], extra: tuple[Field, ...], native: str
) -> None:
    found = [replace(entry, extra=extra, native_type=native) for entry in found]
    assert form.write is not None
    written = form.write(found)
    again = _read(form, written.text)
    assert len(again) == len(found)
    for entry, back in zip(found, again, strict=True):
        told = " ".join(each.message for each in written.problems if each.key == entry.key)
        keys = " ".join(each.message for each in written.problems)
        assert back.key == entry.key or "'id'" in told or "citation keys" in keys
        assert back.type == entry.type or "has no type" in told
        _compare(entry, back, told)
    assert all(each.severity is not Severity.ERROR for each in written.problems)


@pytest.mark.parametrize("form", [RIS, ENDNOTE], ids=lambda form: form.name)
@slow
@given(found=st.lists(people | bodies, min_size=1, max_size=5).map(tuple))
def test_names_come_back_part_by_part(form: Format, found: tuple[object, ...]) -> None:
    entry = Entry("k", "article-journal", (Field("author", found),))  # type: ignore[arg-type]
    assert form.write is not None
    written = form.write([entry])
    assert _read(form, written.text)[0].names("author") == found
    assert written.problems == ()
