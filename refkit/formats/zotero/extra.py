"""The lines of Zotero's `extra` field that say what no other field can.

Zotero and its citation processor read "Original Date: 1850" there as a field or CSL variable,
"Type: classic" as the type and "Director: Last || First" as a name; Better BibTeX reads
"tex.field: value" as a field of BibTeX's. The processor only reads lines from the top on, so
these come first, and what is a note of the user's last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from refkit.formats.zotero.names import people, read_line, write_line
from refkit.formats.zotero.tables import BASE_FIELDS, CREATORS, VARIABLES, creator_variable
from refkit.model import vocab
from refkit.model.entry import Date, Name, Value
from refkit.normalise.dates import format_edtf, parse_date

_LINE = re.compile(r"([A-Za-z][A-Za-z _-]*): ?(.*)")
_TEX = re.compile(r"tex\.([^\s:]+): ?(.+)", re.IGNORECASE)
_LOWER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACES = re.compile(r"\s+")

CITATION_KEY = "citation-key"
TYPE = "type"
ARXIV = "arxiv"
_NOTE = "note"

# What Zotero itself hands on to its processor, and so may be written as people write it.
_READABLE = frozenset(
    """abstract accessed annote archive archive-place author authority call-number
    chapter-number collection-editor collection-number collection-title composer
    container-author container-title container-title-short dimensions director edition editor
    editorial-director event-date event-place genre illustrator interviewer issue issued
    jurisdiction language medium number number-of-pages number-of-volumes original-author
    original-date original-publisher original-publisher-place original-title page publisher
    publisher-place recipient references reviewed-author reviewed-title scale section source
    status submitted title title-short translator version volume""".split()
)


_OTHERS = {CITATION_KEY: CITATION_KEY, TYPE: TYPE, "arXiv": ARXIV, "arXiv ID": ARXIV,
           "event": "event-title", "journal abbreviation": "container-title-short",
           "PubMed ID": "PMID"}  # fmt: skip


def _normal(label: str) -> str:
    """Return a label as Zotero compares it: "Original Date" and "originalDate" are one."""
    return re.sub(r"[\s_]", "-", _LOWER.sub("-", label.strip()).lower())


def _labels() -> dict[str, str]:
    fields = (BASE_FIELDS.get(own, own) for own in (*BASE_FIELDS, *VARIABLES))
    names = dict(zip((*BASE_FIELDS, *VARIABLES), fields, strict=True))
    known = {_normal(own): VARIABLES[base] for own, base in names.items() if base in VARIABLES}
    known |= {_normal(each): creator_variable("", each) for each in CREATORS}
    known |= {_normal(each): each for each in sorted(vocab.VARIABLES)}
    known |= {_normal(label): name for label, name in _OTHERS.items()}
    return {label: variable for label, variable in known.items() if variable}


_KNOWN = _labels()


class Line(NamedTuple):
    """One line: a CSL variable, "citation-key", "type", "arxiv" or a field of BibTeX's (`tex`)."""

    name: str
    text: str
    tex: bool = False


def read_lines(extra: str) -> tuple[list[Line], str]:
    """Part `extra` into the lines that are known, and the rest, which is a note."""
    lines: list[Line] = []
    rest: list[str] = []
    for text in extra.splitlines():
        line = _read_line(text)
        if line is None:
            rest.append(text)
        else:
            lines.append(line)
    noted = "\n".join(line.text for line in lines if line.name == _NOTE and not line.tex)
    kept = [line for line in lines if line.name != _NOTE or line.tex]
    return kept, "\n".join(filter(None, (noted, "\n".join(rest).strip())))


def _read_line(text: str) -> Line | None:
    tex = _TEX.fullmatch(text)
    if tex:
        return Line(tex[1], tex[2].strip(), tex=True)
    found = _LINE.fullmatch(text)
    name = _KNOWN.get(_normal(found[1])) if found else None
    if found is None or name is None or not (found[2].strip() or name == _NOTE):
        return None
    return Line(name, found[2].strip())


def value_of(name: str, texts: Sequence[str]) -> Value:
    """Return the value of a variable that these lines have, each a name or the whole of it."""
    if name in vocab.NAMES:
        return tuple(read_line(text) for text in texts)
    return parse_date(texts[0]) if name in vocab.DATES else texts[0]


def lines_of(name: str, value: Value) -> list[Line]:
    """Return the lines that hold the value of a CSL variable."""
    return [Line(name, text) for text in _texts(value) if text]


def _texts(value: Value) -> list[str]:
    if isinstance(value, Date):
        return [format_edtf(value)]
    if isinstance(value, str):
        return [_SPACES.sub(" ", value).strip()]
    named: tuple[Name, ...] = people(value)
    return [_SPACES.sub(" ", write_line(name)).strip() for name in named]


def write_lines(lines: Sequence[Line], note: str) -> str:
    """Write lines and note; a note that would be read as lines becomes lines of its own."""
    ordered = sorted(lines, key=_rank)
    head = [f"{_label(line)}: {line.text}" for line in ordered]
    if note and read_lines(note) != ([], note):
        head += [f"Note: {each}" for each in note.splitlines()]
        note = ""
    return "\n".join((*head, note) if note else head)


def _rank(line: Line) -> int:
    if line.tex:
        return 4
    return {CITATION_KEY: 0, TYPE: 1, ARXIV: 3}.get(line.name, 2)


def _label(line: Line) -> str:
    if line.tex:
        return f"tex.{line.name}"
    if line.name == ARXIV:
        return "arXiv"
    if line.name in _READABLE or line.name in (CITATION_KEY, TYPE):
        return line.name.replace("-", " ").title()
    return line.name
