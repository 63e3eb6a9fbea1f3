"""The tables of EndNote XML: its elements and reference types in RIS's terms.

Source: EndNote's "RSXML" document type definition, and EndNote's own RIS export, which gives
each element of a record one RIS tag.
"""

from __future__ import annotations

ELEMENTS = (
    ("contributors/authors/author", "AU"),
    ("contributors/secondary-authors/author", "A2"),
    ("contributors/tertiary-authors/author", "A3"),
    ("contributors/subsidiary-authors/author", "A4"),
    ("contributors/translated-authors/author", "TA"),
    ("auth-address", "AD"),
    ("auth-affiliaton", "auth-affiliaton"),
    ("titles/title", "TI"),
    ("titles/secondary-title", "T2"),
    ("titles/tertiary-title", "T3"),
    ("titles/alt-title", "J2"),
    ("titles/short-title", "ST"),
    ("titles/translated-title", "TT"),
    ("periodical/full-title", "JF"),
    ("periodical/abbr-1", "JA"),
    ("periodical/abbr-2", "periodical/abbr-2"),
    ("periodical/abbr-3", "periodical/abbr-3"),
    ("alt-periodical/full-title", "alt-periodical/full-title"),
    ("alt-periodical/abbr-1", "alt-periodical/abbr-1"),
    ("pages", "SP"),
    ("volume", "VL"),
    ("number", "M1"),
    ("issue", "IS"),
    ("secondary-volume", "secondary-volume"),
    ("secondary-issue", "secondary-issue"),
    ("num-vols", "NV"),
    ("edition", "ET"),
    ("section", "SE"),
    ("reprint-edition", "RP"),
    ("reprint-status", "reprint-status"),
    ("keywords/keyword", "KW"),
    ("dates/year", "PY"),
    ("dates/pub-dates/date", "DA"),
    ("dates/copyright-dates/date", "dates/copyright-dates/date"),
    ("pub-location", "CY"),
    ("publisher", "PB"),
    ("orig-pub", "OP"),
    ("isbn", "SN"),
    ("accession-num", "AN"),
    ("call-num", "CN"),
    ("report-id", "report-id"),
    ("coden", "coden"),
    ("electronic-resource-num", "DO"),
    ("abstract", "AB"),
    ("label", "ID"),
    ("image", "image"),
    ("caption", "CA"),
    ("notes", "N1"),
    ("research-notes", "RN"),
    ("work-type", "M3"),
    ("reviewed-item", "RI"),
    ("availability", "availability"),
    ("remote-source", "remote-source"),
    ("meeting-place", "meeting-place"),
    ("work-location", "work-location"),
    ("work-extent", "work-extent"),
    ("pack-method", "pack-method"),
    ("size", "size"),
    ("repro-ratio", "repro-ratio"),
    ("remote-database-name", "DB"),
    ("remote-database-provider", "DP"),
    ("language", "LA"),
    ("urls/web-urls/url", "UR"),
    ("urls/pdf-urls/url", "L1"),
    ("urls/text-urls/url", "urls/text-urls/url"),
    ("urls/related-urls/url", "UR"),
    ("urls/image-urls/url", "L4"),
    ("access-date", "Y2"),
    ("modified-date", "modified-date"),
    ("custom1", "C1"),
    ("custom2", "C2"),
    ("custom3", "C3"),
    ("custom4", "C4"),
    ("custom5", "C5"),
    ("custom6", "C6"),
    ("custom7", "C7"),
    ("misc1", "misc1"),
    ("misc2", "misc2"),
    ("misc3", "misc3"),
)
"""Each element's path in a record and its RIS tag, in the order that the definition asks for.

An element without a RIS tag has its path for one, and so becomes an extra of that name.
"""

OTHERS = tuple(path for path, tag in ELEMENTS if path == tag)
"""The elements without a RIS tag."""

OF_THE_FILE = frozenset({"database", "source-app", "rec-number", "foreign-keys", "ref-type"})
"""The elements of a record that tell its place in a library, and its type."""

WRITTEN = {
    **{tag: path for path, tag in ELEMENTS if path != "urls/web-urls/url"},
    "BT": "titles/secondary-title",
    "IS": "number",
    "C8": "",
}
"""The element to write for a RIS tag."""

SERIES_NUMBERED = frozenset({"CHAP", "CASE"})
"""The types whose `number` is RIS's `SV`: the number in a series, or a docket's."""

REPEATED = frozenset({"AU", "A2", "A3", "A4", "TA", "KW", "UR", "L1", "L4", "urls/text-urls/url"})
"""The tags whose element may stand several times."""

TYPES = {
    "ADVS": ("Audiovisual Material", 3),
    "AGGR": ("Aggregated Database", 55),
    "ANCIENT": ("Ancient Text", 51),
    "ART": ("Artwork", 2),
    "BILL": ("Bill", 4),
    "BLOG": ("Blog", 56),
    "BOOK": ("Book", 6),
    "CASE": ("Case", 7),
    "CHAP": ("Book Section", 5),
    "CHART": ("Chart or Table", 38),
    "CLSWK": ("Classical Work", 49),
    "COMP": ("Computer Program", 9),
    "CONF": ("Conference Proceedings", 10),
    "CPAPER": ("Conference Paper", 47),
    "CTLG": ("Catalog", 8),
    "DATA": ("Dataset", 59),
    "DBASE": ("Online Database", 45),
    "DICT": ("Dictionary", 52),
    "EBOOK": ("Electronic Book", 44),
    "ECHAP": ("Electronic Book Section", 60),
    "EDBOOK": ("Edited Book", 28),
    "EJOUR": ("Electronic Article", 43),
    "ENCYC": ("Encyclopedia", 53),
    "EQUA": ("Equation", 39),
    "FIGURE": ("Figure", 37),
    "GEN": ("Generic", 13),
    "GOVDOC": ("Government Document", 46),
    "GRANT": ("Grant", 54),
    "HEAR": ("Hearing", 14),
    "JOUR": ("Journal Article", 17),
    "LEGAL": ("Legal Rule or Regulation", 50),
    "MANSCPT": ("Manuscript", 36),
    "MAP": ("Map", 20),
    "MGZN": ("Magazine Article", 19),
    "MPCT": ("Film or Broadcast", 21),
    "MULTI": ("Online Multimedia", 48),
    "MUSIC": ("Music", 61),
    "NEWS": ("Newspaper Article", 23),
    "PAMP": ("Pamphlet", 24),
    "PAT": ("Patent", 25),
    "PCOMM": ("Personal Communication", 26),
    "RPRT": ("Report", 27),
    "SER": ("Serial", 57),
    "STAND": ("Standard", 58),
    "STAT": ("Statute", 31),
    "THES": ("Thesis", 32),
    "UNPB": ("Unpublished Work", 34),
    "WEB": ("Web Page", 12),
}
"""RIS type to EndNote's reference type: its name and number."""

NEAREST = {"ABST": "JOUR", "JFULL": "SER", "SLIDE": "CPAPER", "ELEC": "WEB", "ICOMM": "PCOMM",
           "INPR": "UNPB", "UNBILL": "BILL", "GRNT": "GRANT", "UNPD": "UNPB", "VIDEO": "MPCT",
           "SOUND": "ADVS"}  # fmt: skip
"""The nearest of EndNote's types for a RIS type that it lacks."""

PERIODICALS = frozenset({"JOUR", "EJOUR", "MGZN", "NEWS"})
"""The types whose container is a periodical."""

FACES = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}
"""The faces of EndNote's `style` element, and the tags of CSL's rich text."""
