"""Entry types of BibTeX and BibLaTeX against those of CSL 1.0.2: one table, used both ways.

Sources: the BibLaTeX manual, section 2.1 (with its aliases and its types without support by
the standard styles), "BibTeXing" (O. Patashnik, 1988), section 3.1, and appendix III of the
CSL 1.0.2 specification. Where CSL describes a type by name ("report ... may also be used for
manuals", "article ... preprints, working papers") that description decides.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Literal, NamedTuple

from refkit.formats.losses import DATA_ONLY
from refkit.model.entry import Entry
from refkit.model.vocab import TYPES as CSL_TYPES

Dialect = Literal["bibtex", "biblatex"]
Group = Literal["article", "periodical", "book", "part", "study", "patent", "other"]


class TypeRule(NamedTuple):
    """What an entry type means.

    `group` tells how its fields are read (see `fields`); `bibtex` and `biblatex` name the type
    that takes its place in that dialect, itself where the dialect has it; `genre` is what the
    type says about the work beyond the CSL type.
    """

    csl: str
    group: Group
    bibtex: str
    biblatex: str
    genre: str = ""


TYPES: dict[str, TypeRule] = {
    "article": TypeRule("article-journal", "article", "article", "article"),
    "book": TypeRule("book", "book", "book", "book"),
    "mvbook": TypeRule("book", "book", "book", "mvbook"),
    "inbook": TypeRule("chapter", "part", "inbook", "inbook"),
    "bookinbook": TypeRule("book", "part", "inbook", "bookinbook"),
    "suppbook": TypeRule("chapter", "part", "inbook", "suppbook"),
    "booklet": TypeRule("pamphlet", "book", "booklet", "booklet"),
    "collection": TypeRule("book", "book", "book", "collection"),
    "mvcollection": TypeRule("book", "book", "book", "mvcollection"),
    "incollection": TypeRule("chapter", "part", "incollection", "incollection"),
    "suppcollection": TypeRule("chapter", "part", "incollection", "suppcollection"),
    "dataset": TypeRule("dataset", "other", "misc", "dataset"),
    "manual": TypeRule("report", "book", "manual", "manual"),
    "misc": TypeRule("document", "other", "misc", "misc"),
    "online": TypeRule("webpage", "other", "misc", "online"),
    "electronic": TypeRule("webpage", "other", "misc", "online"),
    "www": TypeRule("webpage", "other", "misc", "online"),
    "patent": TypeRule("patent", "patent", "misc", "patent"),
    "periodical": TypeRule("periodical", "periodical", "misc", "periodical"),
    "suppperiodical": TypeRule("article-journal", "article", "article", "suppperiodical"),
    "proceedings": TypeRule("book", "book", "proceedings", "proceedings"),
    "mvproceedings": TypeRule("book", "book", "proceedings", "mvproceedings"),
    "inproceedings": TypeRule("paper-conference", "part", "inproceedings", "inproceedings"),
    "conference": TypeRule("paper-conference", "part", "inproceedings", "inproceedings"),
    "reference": TypeRule("book", "book", "book", "reference"),
    "mvreference": TypeRule("book", "book", "book", "mvreference"),
    "inreference": TypeRule("entry", "part", "incollection", "inreference"),
    "report": TypeRule("report", "study", "techreport", "report"),
    "techreport": TypeRule("report", "study", "techreport", "report", "technical report"),
    "set": TypeRule("document", "other", "set", "set"),
    "software": TypeRule("software", "other", "misc", "software"),
    "thesis": TypeRule("thesis", "study", "phdthesis", "thesis"),
    "phdthesis": TypeRule("thesis", "study", "phdthesis", "thesis", "PhD thesis"),
    "mastersthesis": TypeRule("thesis", "study", "mastersthesis", "thesis", "Master’s thesis"),
    "unpublished": TypeRule("manuscript", "other", "unpublished", "unpublished"),
    "xdata": TypeRule("document", "other", "xdata", "xdata"),
    "artwork": TypeRule("graphic", "other", "misc", "artwork"),
    "audio": TypeRule("song", "other", "misc", "audio"),
    "bibnote": TypeRule("document", "other", "misc", "bibnote"),
    "commentary": TypeRule("book", "book", "book", "commentary"),
    "image": TypeRule("graphic", "other", "misc", "image"),
    "jurisdiction": TypeRule("legal_case", "other", "misc", "jurisdiction"),
    "legislation": TypeRule("legislation", "other", "misc", "legislation"),
    "legal": TypeRule("treaty", "other", "misc", "legal"),
    "letter": TypeRule("personal_communication", "other", "misc", "letter"),
    "movie": TypeRule("motion_picture", "other", "misc", "movie"),
    "music": TypeRule("song", "other", "misc", "music"),
    "performance": TypeRule("performance", "other", "misc", "performance"),
    "review": TypeRule("review", "article", "article", "review"),
    "standard": TypeRule("standard", "other", "misc", "standard"),
    "video": TypeRule("motion_picture", "other", "misc", "video"),
}

# Types in use that neither manual lists.
TYPES["preprint"] = TypeRule("article", "other", "misc", "misc")
TYPES["webpage"] = TYPES["online"]
TYPES["code"] = TYPES["software"]
TYPES["data"] = TYPES["dataset"]

UNKNOWN = TypeRule("document", "other", "misc", "misc")

_HOMES = {
    "article": "misc", "article-journal": "article", "article-magazine": "article",
    "article-newspaper": "article", "bill": "legislation", "book": "book",
    "broadcast": "video", "chapter": "incollection", "classic": "book", "collection": "misc",
    "dataset": "dataset", "document": "misc", "entry": "inreference",
    "entry-dictionary": "inreference", "entry-encyclopedia": "inreference", "event": "misc",
    "figure": "image", "graphic": "artwork", "hearing": "misc", "interview": "misc",
    "legal_case": "jurisdiction", "legislation": "legislation", "manuscript": "unpublished",
    "map": "image", "motion_picture": "movie", "musical_score": "music", "pamphlet": "booklet",
    "paper-conference": "inproceedings", "patent": "patent", "performance": "performance",
    "periodical": "periodical", "personal_communication": "letter", "post": "online",
    "post-weblog": "online", "regulation": "legislation", "report": "report",
    "review": "review", "review-book": "review", "software": "software", "song": "audio",
    "speech": "unpublished", "standard": "standard", "thesis": "thesis", "treaty": "legal",
    "webpage": "online",
}  # fmt: skip
"""The BibLaTeX type that each CSL type is written as; its BibTeX form follows from `TYPES`."""

# BibLaTeX: "entrysubtype ... may be used to specify a subtype of an entry type", as in
# `magazine` and `newspaper` for articles. A CSL type's own name is taken in the same way.
SUBTYPES = {
    "magazine": "article-magazine",
    "newspaper": "article-newspaper",
    "preprint": "article",
    "blog": "post-weblog",
} | {name: name for name in CSL_TYPES}
_SUBTYPE_NAMES = {csl: name for name, csl in reversed(SUBTYPES.items())} | {
    "article-magazine": "magazine",
    "article-newspaper": "newspaper",
    "article": "preprint",
}

_EVENT_FIELDS = ("eventtitle", "venue", "eventdate")


def read_type(bib_type: str, has: Container[str], subtype: str = "", arxiv: bool = False) -> str:
    """Return the CSL type of an entry type, refined by its subtype and the fields it has.

    `misc` with an arXiv number is CSL's `article` (a preprint); `unpublished` with an event is
    a `speech`, as pandoc has it. An unknown type is a `document`.
    """
    rule = TYPES.get(bib_type, UNKNOWN)
    if subtype and (refined := SUBTYPES.get(subtype.strip().lower())):
        return refined
    if arxiv and bib_type == "misc":
        return "article"
    if bib_type == "unpublished" and any(name in has for name in _EVENT_FIELDS):
        return "speech"
    return rule.csl


def reading_rule(bib_type: str, subtype: str = "") -> TypeRule:
    """Return the rule by which an entry's fields are read.

    A `misc` that names its CSL type as `entrysubtype` is read as that type's own entry type:
    so BibTeX, which has no type for patents, can hold one.
    """
    csl = SUBTYPES.get(subtype.strip().lower(), "") if bib_type == "misc" else ""
    return TYPES[_HOMES[csl]] if csl else TYPES.get(bib_type, UNKNOWN)


def write_type(entry: Entry, dialect: Dialect) -> str:
    """Return the entry type that an entry is written as.

    The type that it had where it was read is kept if it still means the same, alone or with
    the entry's own `entrysubtype`. The genre tells a master's thesis from a doctoral one, which
    BibTeX keeps apart.
    """
    home = entry.native_type if _fits(entry) else _HOMES.get(entry.type, "misc")
    if home == "book" != entry.native_type and _is_within_a_volume(entry):
        home = "bookinbook"
    rule = TYPES[home]
    if dialect == "biblatex":
        return rule.biblatex
    genre = entry.text("genre")
    if home == "thesis" and "phd" not in genre.lower() and "doctor" not in genre.lower():
        return "mastersthesis" if genre else "phdthesis"
    return rule.bibtex


def _is_within_a_volume(entry: Entry) -> bool:
    """Tell whether a book is in a volume of another work, for which @book has no fields."""
    return bool(entry.text("container-title") and entry.text("volume-title"))


def _fits(entry: Entry) -> bool:
    native, csl = entry.native_type, entry.type
    rule = TYPES.get(native)
    if rule is None:
        return False
    if native in DATA_ONLY or rule.csl == csl:
        return True
    if TYPES[_HOMES.get(csl, "misc")].group == rule.group == "article":
        return True
    # What a `misc` is by its subtype, BibLaTeX has types of its own for.
    subtype = entry.beyond("entrysubtype") if native != "misc" else ""
    return bool(subtype) and SUBTYPES.get(subtype.strip().lower()) == csl


def subtype_for(csl: str, bib_type: str, has: Container[str], arxiv: bool = False) -> str:
    """Return the `entrysubtype` without which the type would not read back, "" if none."""
    if read_type(bib_type, has, arxiv=arxiv) == csl:
        return ""
    return _SUBTYPE_NAMES.get(csl, csl)
