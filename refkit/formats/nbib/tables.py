"""The tables of NBIB, PubMed's MEDLINE display format.

Source: the National Library of Medicine's "MEDLINE/PubMed Data Element (Field) Descriptions".
ERIC uses the same tags with other contents, see `ERIC_TYPES`.
"""

from __future__ import annotations

TEXTS = {
    "title": ("TI",),
    "original-title": ("TT",),
    "container-title": ("JT", "TA"),
    "container-title-short": ("TA",),
    "volume-title": ("VTI",),
    "collection-title": ("CTI",),
    "volume": ("VI",),
    "issue": ("IP",),
    "edition": ("EN",),
    "publisher": ("PB",),
    "abstract": ("AB", "OAB"),
    "license": ("CI",),
    "language": ("LA",),
    "note": ("GN",),
}
"""Variables that are one text, and their tags: the first is written, all are read."""

NAMES = {
    "author": ("FAU", "AU", "CN"),
    "editor": ("FED", "ED", "ECN"),
    "contributor": ("FIR", "IR"),
}
"""Name variables: the tag of full names, of abbreviated ones, of organisations."""

KEYWORDS = ("OT", "MH")

TYPES = {
    "Book Chapter": "chapter",
    "Book": "book",
    "Books": "book",
    "Guidebook": "book",
    "Monograph": "book",
    "Preprint": "article",
    "Dataset": "dataset",
    "Newspaper Article": "article-newspaper",
    "Technical Report": "report",
    "Government Document": "report",
    "Legal Case": "legal_case",
    "Legislation": "legislation",
    "Address": "speech",
    "Lecture": "speech",
    "Interview": "interview",
    "Video-Audio Media": "motion_picture",
    "Webcast": "motion_picture",
    "Academic Dissertation": "thesis",
    "Dissertation": "thesis",
    "Manuscript": "manuscript",
    "Map": "map",
    "Journal Article": "article-journal",
}
"""PubMed's publication types (`PT`) that tell a CSL type, the telling ones before the general."""

ERIC_TYPES = (
    ("Dissertations/Theses", "thesis"),
    ("Journal Articles", "article-journal"),
    ("Books", "book"),
    ("Speeches/Meeting Papers", "speech"),
    ("Legal/Legislative", "legislation"),
    ("Reports", "report"),
)
"""ERIC's publication types, by how they begin."""

WRITTEN_TYPES = {
    "article-journal": "Journal Article",
    "chapter": "Book Chapter",
    "book": "Book",
    "article": "Preprint",
    "dataset": "Dataset",
    "article-newspaper": "Newspaper Article",
    "report": "Technical Report",
    "legal_case": "Legal Case",
    "legislation": "Legislation",
    "speech": "Lecture",
    "interview": "Interview",
    "motion_picture": "Video-Audio Media",
    "thesis": "Academic Dissertation",
    "manuscript": "Manuscript",
    "map": "Map",
}
"""The publication type to write for a CSL type."""

ORDER = (
    "PMID OWN STAT LR IS ISBN VI IP DP TI TT PG LID BTI CTI VTI EN PB AB OAB CI FAU AU AD CN "
    "FED ED ECN FIR IR LA GR PT DEP PL TA JT JID SB MH OTO OT PMC MID COIS EDAT MHDA CRDT PHST "
    "AID PST SO GN"
).split()
"""The order of tags in a written record, that of PubMed's own."""
