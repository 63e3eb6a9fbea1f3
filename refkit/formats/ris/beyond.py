"""What RIS has no type or tag for, as lines of Zotero's field Extra, which stands in `M2`.

Such a line is "Original Date: 1886", "Type: treaty" or "tex.primaryclass: cs.LG", see
`refkit.formats.zotero.extra`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from refkit.formats.tagged import Claimed, Tagged
from refkit.formats.zotero.extra import TYPE, Line, lines_of, read_lines, value_of, write_lines
from refkit.model.entry import Entry, Field
from refkit.model.vocab import NAMES, TYPES, VARIABLES

TAG = "M2"
_OTHER_FORMATS = frozenset({"ris", "nbib", "endnotexml"})
_LINKS = frozenset({"crossref", "xdata"})


def read(claimed: Claimed) -> tuple[str, list[Field]]:
    """Claim each line that says what the record does not say elsewhere.

    Returns the CSL type that a line names, else "", and the fields of .bib files.
    """
    found: dict[str, list[tuple[str, Tagged]]] = {}
    fields: list[Field] = []
    for value in claimed.all(TAG):
        left: list[str] = []
        for text in value.value.splitlines():
            lines, rest = read_lines(text)
            line = lines[0] if lines and not rest else Line("", "")
            if line.tex:
                # They are BibTeX's though they stand here, and so its writer takes them back.
                origin = replace(claimed.origin_of(value), source="bibtex")
                fields.append(Field(line.name, line.text, origin))
            elif _is_wanted(line, claimed, found):
                found.setdefault(line.name, []).append((line.text, value))
            else:
                left.append(text)
        if left:
            claimed.add(value._replace(value="\n".join(left)))
    kind = found.pop(TYPE, [("", None)])[0][0]
    for name, given in found.items():
        sources = (source for _, source in given)
        claimed.set(name, value_of(name, [text for text, _ in given]), *sources)
    return kind, fields


def _is_wanted(line: Line, claimed: Claimed, found: dict[str, list[tuple[str, Tagged]]]) -> bool:
    if line.name == TYPE:
        return line.text in TYPES and TYPE not in found
    if line.name not in VARIABLES or claimed.has(line.name):
        return False
    return line.name in NAMES or line.name not in found


def lines(field: Field) -> Iterator[str]:
    """Yield what to write for a variable, a line for each name of it."""
    for line in lines_of(field.name, field.value):
        yield write_lines([line], "")


def type_line(kind: str) -> str:
    """Return the line that names a CSL type."""
    return write_lines([Line(TYPE, kind)], "")


def bib_lines(entry: Entry) -> Iterator[str]:
    """Yield the fields of .bib files that the entry has beyond CSL, but for links in the file."""
    for extra in entry.extra:
        if extra.origin.source in _OTHER_FORMATS or extra.name in _LINKS:
            continue
        if isinstance(extra.value, str) and extra.name.islower():
            text = write_lines([Line(extra.name, extra.value, tex=True)], "")
            if read_lines(text) == ([Line(extra.name, extra.value, tex=True)], ""):
                yield text
