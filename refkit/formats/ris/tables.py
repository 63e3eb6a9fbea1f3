"""The tables of RIS: what each tag means, per type, for reading and for writing.

Sources: the RIS format specification (Research Information Systems), EndNote's list of
reference types and their RIS tags, and the CSL 1.0.2 specification, appendices III and IV.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

_BASE = """
title TI T1 CT
title-short ST
container-title T2 JF BT JO
container-title-short J2 JA J1 JO JI J9
collection-title T3
collection-number SV
author AU A1
editor A2 ED
collection-editor A3
translator A4
volume VL
issue IS M1
section SE
edition ET
number-of-volumes NV
number C7
genre M3
publisher PB PU
publisher-place CY PP PI
call-number CN H2
archive DB
archive_location AN AV
source DP H1
language LA
abstract AB N2
note N1
keyword KW
DOI DO
URL UR LK L2
"""
"""Variable, then its tags: the first is written, all are read, in this order of preference.
A tag serves only the first variable that finds it filled."""

_BOOK = """
container-title BT
collection-title T2 T3
collection-editor A2
editor A3 ED
collection-number M1 SV
number-of-pages SP
"""
_CHAPTER = """
editor A2 ED
collection-editor A3
chapter-number SE
number-of-volumes NV M1
"""
_CONFERENCE = """
container-title C3 BT JF T2 JO
event-title T2
publisher-place C1 CY PP
event-place CY
contributor A4
"""
_FILM = """
director AU A1
performer A2 A4
producer A3
medium C5 M3
genre C4
dimensions SP
number M1
"""
_LEGAL = """
authority PB
container-title A2 T2 JF
number SV M1
references OP
"""
_BILL = """
author AU A2 A1
authority T3
chapter-number ET
container-title T2 JF
number M1
references OP
"""
_UNPAGED = """
number-of-pages SP
number M1
"""
_GRAPHIC = """
dimensions C3
medium M3 M1
"""
_REPORT = """
number SN
collection-editor A2
collection-title T2 T3
issue IS
"""
_LETTER = """
recipient A2
issue IS
"""
_MUSIC = """
composer AU A1
performer A2
medium C5
number-of-volumes NV
"""
_SITE = """
container-title J2 T2 JF BT JO
container-title-short JA J1
collection-title T2 T3
"""
_PATENT = """
authority A2
number SN IS
call-number M1
references C5
status C6
issue OP
"""

_TYPES: dict[str, tuple[str, str]] = {
    "JOUR": ("article-journal", "PMCID C2"),
    "EJOUR": ("article-journal", "PMCID C3"),
    "ABST": ("article-journal", ""),
    "JFULL": ("periodical", ""),
    "MGZN": ("article-magazine", ""),
    "NEWS": ("article-newspaper", "issue IS"),
    "BOOK": ("book", _BOOK),
    "EBOOK": ("book", _BOOK),
    "EDBOOK": ("book", _BOOK.replace("editor A3 ED", "editor AU A1 A3 ED").lstrip()),
    "SER": ("book", _BOOK),
    "CLSWK": ("book", _BOOK),
    "ANCIENT": ("classic", "collection-editor\nvolume-title T3"),
    "CTLG": ("document", ""),
    "CHAP": ("chapter", _CHAPTER),
    "ECHAP": ("chapter", _CHAPTER.replace("NV M1", "NV") + "page SP\ncollection-number M1"),
    "DICT": ("entry-dictionary", "issue IS"),
    "ENCYC": ("entry-encyclopedia", "issue IS"),
    "CONF": ("paper-conference", _CONFERENCE),
    "CPAPER": ("paper-conference", "event-title T2" + _CONFERENCE),
    "SLIDE": ("speech", "event-title T2\nevent-place CY\npublisher-place\ncontainer-title"),
    "HEAR": ("hearing", "authority T3\nchapter-number ET\nnumber M1\nreferences OP\nsection T2"),
    "THES": ("thesis", "contributor A3\n" + _UNPAGED),
    "RPRT": ("report", _REPORT),
    "GOVDOC": ("report", _REPORT),
    "STAND": ("standard", _REPORT),
    "DATA": ("dataset", "number NV\nversion ET IS\ncontributor A4"),
    "DBASE": ("dataset", "version ET"),
    "COMP": ("software", "version ET IS\ncollection-title T2\ncollection-editor A2\ngenre M3"),
    "WEB": ("webpage", _SITE),
    "ELEC": ("webpage", _SITE),
    "ICOMM": ("personal_communication", _LETTER),
    "PCOMM": ("personal_communication", _LETTER),
    "BLOG": ("post-weblog", _SITE),
    "MANSCPT": ("manuscript", _UNPAGED),
    "INPR": ("manuscript", ""),
    "UNPB": ("manuscript", ""),
    "UNPD": ("manuscript", ""),
    "UNBILL": ("bill", _BILL),
    "PAMP": ("pamphlet", _UNPAGED),
    "BILL": ("bill", _BILL),
    "CASE": ("legal_case", _LEGAL),
    "LEGAL": ("regulation", _LEGAL),
    "STAT": ("legislation", "chapter-number ET\nnumber M1\nreferences OP\nauthority T3"),
    "PAT": ("patent", _PATENT),
    "MAP": ("map", "collection-title T2\ncollection-editor A2\nscale C1\ndimensions C3"),
    "ART": ("graphic", _GRAPHIC),
    "CHART": ("graphic", _GRAPHIC),
    "FIGURE": ("figure", "medium M3 M1"),
    "EQUA": ("document", "medium M3 M1"),
    "MPCT": ("motion_picture", _FILM),
    "ADVS": ("motion_picture", _FILM),
    "VIDEO": ("motion_picture", _FILM),
    "MULTI": ("motion_picture", "collection-editor A2\ncollection-title T2" + _FILM),
    "SOUND": ("song", _MUSIC),
    "MUSIC": ("musical_score", _MUSIC.replace("performer A2\n", "")),
    "GRANT": ("document", ""),
    "GRNT": ("document", ""),
    "AGGR": ("document", ""),
    "GEN": ("document", ""),
}
"""RIS type to CSL type, and what its tags mean other than in `_BASE`. Of several RIS types for
one CSL type the first is written."""

_WRITTEN = {
    "article": "UNPB",
    "broadcast": "ADVS",
    "collection": "BOOK",
    "document": "GEN",
    "entry": "DICT",
    "interview": "PCOMM",
    "periodical": "JFULL",
    "post": "BLOG",
    "review": "JOUR",
    "review-book": "JOUR",
    "speech": "SLIDE",
    "treaty": "STAT",
}
"""The RIS type of CSL types that none, or not the first in `_TYPES`, stands for."""

_BY_NUMBER = frozenset(
    "book chapter classic collection entry-dictionary entry-encyclopedia map musical_score "
    "paper-conference software song motion_picture pamphlet hearing".split()
)
"""The CSL types whose `SN` is an ISBN where the number itself does not tell."""


class Profile(NamedTuple):
    """What a RIS type means: its CSL type, its tags by variable, what its `SN` is."""

    csl: str
    tags: dict[str, tuple[str, ...]]
    serial: str


def _rows(table: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in table.splitlines() if line.strip())
    return {row[0]: tuple(row[1:]) for row in rows}


JUDGED = frozenset({"GEN", "UNPB", "UNPD"})
"""The types whose CSL type depends on what else a record says."""

CONFERENCES = frozenset({"CONF", "CPAPER"})
"""The types that tell the place of a conference, `CY`, from that of its publisher, `C1`."""


@cache
def profile(kind: str, *, with_event: bool = False) -> Profile:
    """Return the profile of a RIS type; an unknown one is read as `GEN`.

    `with_event` tells that a conference is named beside its proceedings: `CY` is then its place.
    Where only one of them is, most programs put the publisher's place there.
    """
    csl, own = _TYPES.get(kind, ("document", ""))
    if with_event:
        own = own.replace("publisher-place C1 CY PP", "publisher-place C1 PP")
    special = _rows(own)
    merged = {**special, **{k: v for k, v in _rows(_BASE).items() if k not in special}}
    if "number" in merged and "SN" in merged["number"]:
        serial = "number"
    else:
        serial = "ISBN" if csl in _BY_NUMBER else "ISSN"
    return Profile(csl, {name: tags for name, tags in merged.items() if tags}, serial)


@cache
def type_for(csl: str, native: str) -> str:
    """Return the RIS type to write: the native one where it means that CSL type."""
    if native in _TYPES and _TYPES[native][0] == csl:
        return native
    for kind, (meant, _) in _TYPES.items():
        if meant == csl:
            return _WRITTEN.get(csl, kind)
    return _WRITTEN.get(csl, "GEN")


def is_known(kind: str) -> bool:
    """Tell whether this is one of RIS's types."""
    return kind in _TYPES
