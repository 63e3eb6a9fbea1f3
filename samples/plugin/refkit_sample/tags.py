"""What the tags of EndNote's refer files stand for: one table, used to read and to write."""

from __future__ import annotations

TEXTS = {
    "%T": "title",
    "%J": "container-title",
    "%B": "container-title",
    "%S": "collection-title",
    "%V": "volume",
    "%N": "issue",
    "%P": "page",
    "%7": "edition",
    "%I": "publisher",
    "%C": "publisher-place",
    "%R": "DOI",
    "%U": "URL",
    "%K": "keyword",
    "%X": "abstract",
    "%Z": "note",
}
NAMES = {"%A": "author", "%E": "editor", "%Y": "collection-editor"}
TYPES = {
    "Journal Article": "article-journal",
    "Magazine Article": "article-magazine",
    "Newspaper Article": "article-newspaper",
    "Book": "book",
    "Book Section": "chapter",
    "Conference Paper": "paper-conference",
    "Thesis": "thesis",
    "Report": "report",
    "Web Page": "webpage",
    "Computer Program": "software",
    "Dataset": "dataset",
    "Generic": "document",
}
KNOWN = {*TEXTS, *NAMES, "%0", "%F", "%D", "%8", "%@"}

NATIVE_TYPES = {csl: native for native, csl in TYPES.items()}
NAME_TAGS = {variable: tag for tag, variable in NAMES.items()}
TEXT_TAGS = {variable: tag for tag, variable in TEXTS.items() if tag != "%B"}


def text_tag(variable: str, csl_type: str) -> str:
    """Return the tag of a text variable in an entry of that type, "" if there is none."""
    if variable == "container-title" and not csl_type.startswith("article"):
        return "%B"
    return TEXT_TAGS.get(variable, "")
