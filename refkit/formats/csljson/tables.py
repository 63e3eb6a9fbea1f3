"""The tables of CSL-JSON: member names, their order, and what other programs call types."""

from __future__ import annotations

from refkit.model.vocab import DATES, NAMES, NUMBERS, STRINGS, VARIABLES

ALIASES = {
    "shortTitle": "title-short",
    "journalAbbreviation": "container-title-short",
    "event": "event-title",
    "part": "part-number",
    "printing": "printing-number",
    "supplement": "supplement-number",
}
"""Members that are another name of a CSL variable: two of citeproc-js, the rest of CSL 1.0.1
and of the official schema, which keeps some names that the specification has since changed."""

SCHEMA_NAMES = {"part-number": "part", "printing-number": "printing",
                "supplement-number": "supplement"}  # fmt: skip
"""Variables that the official schema knows only under an older name."""

NOT_IN_SCHEMA = frozenset({"editor-translator", "license"})
"""Variables of CSL 1.0.2 that the official schema refuses: they are kept in `custom`."""

SCHEMA_EXTRAS = ("categories", "volume-title-short")
"""Members that the official schema has beside the variables of CSL 1.0.2."""

_FIRST = (
    "title title-short volume-title part-title original-title reviewed-title author "
    "container-author editor collection-editor translator container-title "
    "container-title-short collection-title collection-number volume issue page page-first "
    "number edition version genre medium issued original-date event-title event-date event-place "
    "publisher publisher-place original-publisher original-publisher-place number-of-pages "
    "number-of-volumes chapter-number section DOI ISBN ISSN PMID PMCID URL accessed language "
    "abstract keyword note annote"
).split()

_ordered = (*_FIRST, *sorted(VARIABLES.difference(_FIRST), key=str.lower))
ORDER = {name: place for place, name in enumerate(_ordered)}
"""The place of each variable in a written item, after `id`, `citation-key` and `type`."""

KINDS = {
    **dict.fromkeys(STRINGS | NUMBERS, "text"),
    **dict.fromkeys(NAMES, "names"),
    **dict.fromkeys(DATES, "date"),
}
"""What the value of each variable is."""

LISTS = {"ISSN": " ", "ISBN": " ", "keyword": ", "}
"""How the parts of a text are joined that some programs give as a list."""

TYPES = {
    # Crossref's REST API
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "book-track": "chapter",
    "reference-entry": "entry",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "book-series": "book",
    "proceedings": "book",
    "journal": "periodical",
    "journal-issue": "periodical",
    "dissertation": "thesis",
    "posted-content": "article",
    "report-component": "report",
    "peer-review": "review",
    # Zotero's own item types
    "journalArticle": "article-journal",
    "magazineArticle": "article-magazine",
    "newspaperArticle": "article-newspaper",
    "bookSection": "chapter",
    "conferencePaper": "paper-conference",
    "blogPost": "post-weblog",
    "forumPost": "post",
    "computerProgram": "software",
    "encyclopediaArticle": "entry-encyclopedia",
    "dictionaryEntry": "entry-dictionary",
    "preprint": "article",
    "film": "motion_picture",
    "videoRecording": "motion_picture",
    "audioRecording": "song",
    "tvBroadcast": "broadcast",
    "radioBroadcast": "broadcast",
    "podcast": "broadcast",
    "artwork": "graphic",
    "presentation": "speech",
    "letter": "personal_communication",
    "email": "personal_communication",
    "instantMessage": "personal_communication",
    "case": "legal_case",
    "statute": "legislation",
    # CSL 1.1 and its drafts
    "article-preprint": "article",
    "paper": "paper-conference",
}
"""Types that are not CSL 1.0.2's own, and the CSL type that is meant."""

EPRINTS = {
    "arxiv": "https://arxiv.org/abs/{}",
    "jstor": "https://www.jstor.org/stable/{}",
    "pubmed": "https://www.ncbi.nlm.nih.gov/pubmed/{}",
    "hdl": "https://hdl.handle.net/{}",
    "googlebooks": "https://books.google.com?id={}",
}
"""The addresses of BibLaTeX's eprint types (the BibLaTeX manual, "Electronic Publishing")."""
