"""ProCite's RIS: its fields without a tag stand in notes as "Label: value"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refkit.formats.tagged import Tagged
from refkit.model.text import Span

_MARKS = (
    "Record ID:",
    "Record Number:",
    "Connective Phrase:",
    "Medium Designator:",
    "Packaging Method:",
)
_LABELS = {
    "Author, Monographic": "A2",
    "Call Number": "CN",
    "Edition": "ET",
    "Editor": "A2",
    "Editor/Compiler": "A2",
    "History": "OP",
    "Histroy": "OP",  # so misspelt by ProCite's own export
    "ISBN": "SN",
    "ISSN": "SN",
    "Issue ID": "IS",
    "Issue Identification": "IS",
    "Language": "LA",
    "Page(s)": "SP",
    "Place of Publication": "CY",
    "Publisher Name": "PB",
    "Series Editor": "A3",
    "Series Title": "T3",
    "Series Volume ID": "SV",
    "Volume ID": "VL",
}
_TYPED_LABELS = {
    ("CONF", "Proceedings Title"): "C3",
    ("CONF", "Place of Meeting"): "CY",
    ("MAP", "Scale"): "C1",
    ("MAP", "Size"): "C3",
    ("ART", "Size"): "C3",
    ("VIDEO", "Producer"): "A3",
    ("MPCT", "Producer"): "A3",
}
_EDITION = {"VL": "ET", "IS": "VL"}
_LAW = {"VL": "M1", "CY": "T2", "SP": "SE"}
_TAGS: Mapping[str, Mapping[str, str]] = {
    "ADVS": _EDITION,
    "ART": _EDITION,
    "BILL": _LAW,
    "BOOK": _EDITION,
    "CHAP": _EDITION,
    "CONF": {"CY": "C1"},
    "MAP": _EDITION,
    "UNBILL": _LAW,
}


def is_procite(values: Iterable[Tagged]) -> bool:
    """Tell whether a record bears notes, each its own `N1`, labelled as ProCite alone does."""
    notes = [value.value for value in values if value.tag == "N1"]
    return len(notes) > 1 and any(note.startswith(_MARKS) for note in notes)


def translated(kind: str, values: Iterable[Tagged]) -> list[Tagged]:
    """Return a ProCite record of a RIS type with the tags of ordinary RIS."""
    tags = _TAGS.get(kind, {})
    return [
        _unlabelled(kind, value)
        if value.tag == "N1"
        else value._replace(tag=tags.get(value.tag, value.tag))
        for value in values
    ]


def _unlabelled(kind: str, value: Tagged) -> Tagged:
    label, colon, rest = value.value.partition(":")
    tag = _TYPED_LABELS.get((kind, label)) or _LABELS.get(label)
    text = rest.strip()
    if label == "Notes" and text:
        tag = "N1"
    if not colon or tag is None or not text:
        return value
    start = value.span.end - len(text)
    return Tagged(tag, text, Span(start, value.span.end))
