"""Fields of BibTeX and BibLaTeX against the variables of CSL 1.0.2: one table, used both ways.

Sources: the BibLaTeX manual, section 2.2 (fields, and 2.2.5 for aliases), "BibTeXing"
(O. Patashnik, 1988), section 3.2, and appendix IV of the CSL 1.0.2 specification. Titles and
publishers need more than a row: see `title_plan` and `publisher_field`.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import NamedTuple

from refkit.formats.bibtex.types import Dialect, Group
from refkit.model.vocab import NAMES


class Row(NamedTuple):
    """One field: its CSL variable, how its text is read, and where it counts.

    `unless` names fields that go before it; `groups` the groups of types that it is for (""
    is all); `home` the dialect whose writer uses it ("both", "" for neither).
    """

    bib: str
    csl: str
    kind: str = "text"
    unless: str = ""
    groups: str = ""
    home: str = "both"


ROWS = (
    # names
    Row("author", "author", "names"),
    Row("bookauthor", "container-author", "names"),
    Row("editor", "editor", "role"),
    Row("editora", "", "role"),
    Row("editorb", "", "role"),
    Row("editorc", "", "role"),
    Row("translator", "translator", "names"),
    # titles beyond those of `title_plan`
    Row("shorttitle", "title-short", "title"),
    Row("shortjournal", "container-title-short", "title"),
    Row("origtitle", "original-title", "title"),
    Row("eventtitle", "event-title", "event"),
    Row("series", "collection-title", "title"),
    Row("series", "collection-title", "series", groups="article periodical"),
    # publication
    Row("publisher", "publisher", "list"),
    Row("publisher", "publisher", "list", unless="institution school", groups="study"),
    Row("institution", "publisher", "list", unless="publisher", home=""),
    Row("institution", "publisher", "list", groups="study", home=""),
    Row("school", "publisher", "list", unless="publisher institution", home=""),
    Row("school", "publisher", "list", unless="institution", groups="study", home=""),
    Row(
        "organization", "publisher", "list", unless="publisher institution school", home="",
    ),
    Row(
        "howpublished", "publisher", "howpublished",
        unless="publisher institution school organization", home="",
    ),
    Row("address", "publisher-place", "address", home="bibtex"),
    Row("address", "jurisdiction", "address", unless="location", groups="patent", home=""),
    Row("location", "publisher-place", "places", unless="address", home="biblatex"),
    Row("location", "jurisdiction", "places", groups="patent"),
    Row("venue", "event-place"),
    Row("origpublisher", "original-publisher", "list"),
    Row("origlocation", "original-publisher-place", "list"),
    Row("pubstate", "status", "key"),
    # dates
    Row("date", "issued", "date", home="biblatex"),
    Row("year", "issued", "year", unless="date", home="bibtex"),
    Row("urldate", "accessed", "date"),
    Row("lastchecked", "accessed", "date", unless="urldate", home=""),
    Row("lastaccessed", "accessed", "date", unless="urldate lastchecked", home=""),
    Row("eventdate", "event-date", "date"),
    Row("origdate", "original-date", "date"),
    Row("origyear", "original-date", "date", unless="origdate", home=""),
    # numbers
    Row("volume", "volume", "joined"),
    Row("number", "collection-number", groups="book part"),
    Row("number", "issue", "joined", groups="article periodical"),
    Row("number", "number", groups="other patent study"),
    Row("issue", "issue", unless="number", groups="article periodical", home=""),
    Row("issue", "issue", groups="book part other patent study"),
    Row("eid", "number", groups="article periodical book part"),
    Row("eid", "number", unless="number", groups="other patent study", home=""),
    Row("articleno", "number", unless="eid", groups="article periodical book part", home=""),
    Row("chapter", "chapter-number"),
    Row("edition", "edition"),
    Row("version", "version"),
    Row("pages", "page", "pages"),
    Row("pagetotal", "number-of-pages"),
    Row("numpages", "number-of-pages", unless="pagetotal", home=""),
    Row("volumes", "number-of-volumes"),
    # identifiers and addresses
    Row("doi", "DOI", "doi"),
    Row("isbn", "ISBN", "verbatim"),
    Row("issn", "ISSN", "verbatim"),
    Row("pmid", "PMID", "pmid"),
    Row("pmcid", "PMCID", "pmcid"),
    Row("url", "URL", "url"),
    # description
    Row("type", "genre", "key"),
    Row("language", "language", "language", unless="langid hyphenation", home="bibtex"),
    Row("langid", "language", "language", home="biblatex"),
    Row("hyphenation", "language", "language", unless="langid", home=""),
    Row("library", "call-number"),
    Row("license", "license"),
    Row("keywords", "keyword"),
    Row("abstract", "abstract"),
    Row("annotation", "annote", home="biblatex"),
    Row("annote", "annote", unless="annotation", home="bibtex"),
    Row("note", "note", "joined"),
    Row("addendum", "note", unless="note", home=""),
)  # fmt: skip

GROUPS: tuple[Group, ...] = ("article", "periodical", "book", "part", "study", "patent", "other")

COMPONENTS = {
    "title": ("subtitle", "titleaddon"),
    "booktitle": ("booksubtitle", "booktitleaddon"),
    "maintitle": ("mainsubtitle", "maintitleaddon"),
    "journaltitle": ("journalsubtitle", "journaltitleaddon"),
    "journal": ("journalsubtitle", "journaltitleaddon"),
    "issuetitle": ("issuesubtitle", "issuetitleaddon"),
    "eventtitle": ("", "eventtitleaddon"),
    "note": ("", "addendum"),
    "number": ("", "issue"),
    "volume": ("", "part"),
}
"""Fields that are read into one value with the field that leads them; they stay in `extra`."""

VERBATIM = frozenset(
    """url urlraw doi eprint file pdf verba
    verbb verbc options execute ids crossref xdata xref related relatedtype entryset sortkey
    presort langid hyphenation pagination bookpagination entrysubtype gender""".split()
)
"""Fields that LaTeX does not set as text."""

ROLES = NAMES - {"author", "container-author", "translator"}
"""CSL name variables that an `editortype` may name."""

EDITORS = ("editora", "editorb", "editorc")


def _compiled(group: Group) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in ROWS:
        if not row.groups or group in row.groups.split():
            rows[row.bib] = row
    return rows


READ: dict[Group, dict[str, Row]] = {group: _compiled(group) for group in GROUPS}
"""The row of each field, by group; the more special of two rows comes later in `ROWS`."""


def title_plan(group: Group, has: Container[str]) -> dict[str, str]:
    """Return the CSL variable that each title field stands for in an entry with fields `has`.

    CSL: `title` is the title of the work, here of the whole work in volumes (BibLaTeX's
    `maintitle`) with the volume's own as `volume-title`; likewise `container-title` and
    `volume-title` for a part of such a volume, and `volume-title` for an issue's own title.
    """
    plan = {"title": "title"}
    if group == "periodical":
        return {"title": "container-title", "issuetitle": "title"} if "issuetitle" in has else plan
    journal = "journaltitle" if "journaltitle" in has else "journal"
    if group == "book":
        if "maintitle" in has:
            plan = {"maintitle": "title", "title": "volume-title"}
        return plan | {journal: "container-title"}
    if group == "article":
        plan["issuetitle"] = "volume-title"
    inner = journal if group == "article" else "booktitle"
    other = "booktitle" if group == "article" else journal
    container = inner if inner in has else other
    if "maintitle" in has:
        return plan | {"maintitle": "container-title", container: "volume-title"}
    return plan | {container: "container-title"}


def title_field(csl: str, group: Group, has: Container[str], dialect: Dialect) -> str:
    """Return the field for a title variable in an entry with CSL variables `has`, "" if none.

    No book, and none of the types like `misc`, has a field for a container; `journal` is the one
    that refkit, pandoc and citation.js all read there.
    """
    volumes = "volume-title" in has
    journal = "journaltitle" if dialect == "biblatex" else "journal"
    if group == "periodical":
        fields = {"title": "issuetitle" if "container-title" in has else "title",
                  "container-title": "title"}  # fmt: skip
    elif group == "book":
        fields = {"title": "maintitle" if volumes else "title", "volume-title": "title",
                  "container-title": "journal"}  # fmt: skip
    elif group == "article":
        fields = {"title": "title", "container-title": journal, "volume-title": "issuetitle"}
    elif group == "other" and not volumes:
        fields = {"title": "title", "container-title": "journal"}
    else:
        fields = {"title": "title", "container-title": "maintitle" if volumes else "booktitle",
                  "volume-title": "booktitle"}  # fmt: skip
    return fields.get(csl, "")


_PUBLISHERS = {
    "phdthesis": "school", "mastersthesis": "school", "techreport": "institution",
    "report": "institution", "thesis": "institution",
    "online": "organization", "booklet": "howpublished", "unpublished": "howpublished",
}  # fmt: skip


def publisher_field(bib_type: str, dialect: Dialect) -> str:
    """Return the field that names the publisher of an entry of that type."""
    if bib_type == "misc":
        return "howpublished" if dialect == "bibtex" else "organization"
    if bib_type == "manual" and dialect == "bibtex":
        return "organization"
    return _PUBLISHERS.get(bib_type, "publisher")


@cache
def written(group: Group, dialect: Dialect) -> dict[str, Row]:
    """Return the row by which each CSL variable is written."""
    homes = ("both", dialect)
    rows = {row.csl: row for row in READ[group].values() if row.csl and row.home in homes}
    return rows


def field_name(
    csl: str, bib_type: str, group: Group, dialect: Dialect, has: Container[str] = ()
) -> str:
    """Return the field that a CSL variable is written to, "" where there is none.

    `has` holds the entry's CSL variables, on which the fields of titles depend.
    """
    if name := title_field(csl, group, has, dialect):
        return name
    if csl == "publisher":
        return publisher_field(bib_type, dialect)
    row = written(group, dialect).get(csl)
    return row.bib if row else ""


ORDER = {
    name: place
    for place, name in enumerate(
        """author title subtitle titleaddon shorttitle editor editortype editora editoratype
        editorb editorbtype editorc editorctype translator bookauthor maintitle mainsubtitle
        maintitleaddon booktitle booksubtitle booktitleaddon journal journaltitle
        journalsubtitle journaltitleaddon shortjournal issuetitle issuesubtitle
        issuetitleaddon date year month day eventtitle eventtitleaddon eventdate venue series
        volume part number issue eid volumes edition version chapter pages pagetotal type
        publisher institution school organization howpublished location address pubstate
        entrysubtype isbn issn doi eprint eprinttype archiveprefix eprintclass primaryclass
        pmid pmcid url urldate origtitle origdate origpublisher origlocation langid language
        library license note addendum abstract annotation annote keywords""".split()
    )
}
"""The order in which the writer puts fields; all others follow, as they came."""
