"""CSL types and variables that RIS has no type or tag for, as "variable: value" in `M2`.

Zotero reads and writes its field Extra there and takes such lines for CSL types and variables
(Zotero's documentation, "Citing Fields from Extra"): names as "Family || Given", dates as EDTF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.formats.plain import read_name
from refkit.formats.tagged import Claimed, Tagged
from refkit.model.entry import Date, Field, Name, Value
from refkit.model.vocab import DATES, NAMES, TYPES, VARIABLES
from refkit.normalise.dates import format_edtf, parse_date

TAG = "M2"
_LINE = re.compile(r"([A-Za-z][A-Za-z _-]*):\s+(\S.*)")
_BY_NAME = {name.casefold(): name for name in VARIABLES - {"journalAbbreviation"}}


def read(claimed: Claimed) -> None:
    """Claim each `M2` that is a CSL variable of which the record says nothing else."""
    names: dict[str, list[tuple[Name, Tagged]]] = {}
    for value in claimed.all(TAG):
        found = _LINE.fullmatch(value.value)
        variable = _BY_NAME.get(found[1].strip().casefold().replace(" ", "-")) if found else None
        if found is None or variable is None or claimed.has(variable):
            claimed.give_back(value)
        elif variable in NAMES:
            names.setdefault(variable, []).append((_read_name(found[2]), value))
        else:
            claimed.set(variable, parse_date(found[2]) if variable in DATES else found[2], value)
    for variable, given in names.items():
        claimed.set(variable, tuple(name for name, _ in given), *(value for _, value in given))


def read_type(claimed: Claimed) -> str:
    """Claim the line that names a CSL type, and return it; "" if there is none."""
    kind = ""
    for value in claimed.all(TAG):
        found = _LINE.fullmatch(value.value)
        if not kind and found and found[1].casefold() == "type" and found[2] in TYPES:
            kind = found[2]
        else:
            claimed.give_back(value)
    return kind


def _read_name(text: str) -> Name:
    family, bars, given = text.partition("||")
    return read_name(f"{family.strip()}, {given.strip()}") if bars else Name(literal=text.strip())


def lines(field: Field) -> Iterator[str]:
    """Yield what to write for a variable, a line for each name of it."""
    value: Value = field.value
    texts = [" ".join(value.split())] if isinstance(value, str) else []
    if isinstance(value, Date):
        texts = [format_edtf(value)]
    elif not isinstance(value, str):
        texts = [_write_name(name) for name in value]
    yield from (f"{field.name}: {text}" for text in texts if text)


def _write_name(name: Name) -> str:
    if name.literal:
        return name.literal
    family = " ".join(filter(None, (name.particle, name.family)))
    given = " ".join(filter(None, (name.given, name.dropping_particle)))
    return f"{family} || {', '.join(filter(None, (given, name.suffix)))}"
