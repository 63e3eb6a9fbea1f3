"""Decoys: records about a work, parts of it, or other forms of it, that bear its title.

Each kind is known by how its titles are written or by its Crossref type; see `Kind`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from refkit.match.spelling import mended
from refkit.model.entry import Entry


class Kind(StrEnum):
    """What a record is to the work whose title it bears; WORK is the work itself."""

    WORK = "work"
    NOTICE = "correction or retraction notice"
    REPLY = "reply, comment or response"
    REVIEW = "review"
    PEER_REVIEW = "peer review"
    RECOMMENDATION = "recommendation or summary"
    SUPPLEMENT = "supplement, figure or data"


_WHO = r"(?:(?:authors?|publisher|editorial|editor)(?:['\u2019]s?)?\s+)?"
_END = (
    r"(?:\s*$|\s*[:.\-\u2013\u2014(\[]|"
    r"\s+(?:to|for|in|on|of|re|from|regarding|concerning|by|note|notice)\b)"
)
_STARTS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"^\W*{pattern}", re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.NOTICE,
            _WHO + r"(?P<mark>correction|corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)|retraction|"
            r"withdrawal|amendment|expression of concern|notice of (?:retraction|correction|"
            r"withdrawal|violation)|partial retraction|publisher['\u2019]s note|amended title)s?"
            + _END,
        ),
        (
            Kind.PEER_REVIEW,
            r"(?P<mark>decision letter|author response|peer review|reviewer report|"
            r"referee report|review for|reviewer \d|editor(?:'s)? evaluation|"
            r"pre-?publication history|evaluation summary)\b",
        ),
        (
            Kind.REPLY,
            r"(?:in\s+|the\s+|further\s+|a\s+|invited\s+|editorial\s+)?"
            r"(?:authors?['\u2019]?s?['\u2019]?\s+)?"
            r"(?P<mark>reply|replies|repl(?:y|ies) to|response|rejoinder|comment|comments|"
            r"commentary|discussion|letter|letters|remarks?|letter to the editor)" + _END,
        ),
        (
            Kind.RECOMMENDATION,
            r"(?P<mark>faculty opinions|faculty of 1000|f1000|recommendation of|research highlight|"
            r"in this issue|journal club|synopsis of|summary of|abstract (?:[a-z]{0,3}\d+|of|for)|"
            r"highlights? of|translation of|preview of|news and views|podcast|video abstract)\b",
        ),
        (
            Kind.REVIEW,
            r"(?P<mark>(?:book|film|media|software|essay|short|brief)\s+(?:review|notice)s?|"
            r"(?:a\s+)?review\s+of|reviews?\s*[:\u2013\u2014-]|reviewed\s+work|recensione?|"
            r"compte[- ]rendu|rezension|book\s+notes?)\b",
        ),
        (
            Kind.SUPPLEMENT,
            r"(?P<mark>supplement(?:ary|al)?\s+(?:\w+\s+)?(?:to|for|from|material|information|data|"
            r"file|table|figure)|supporting information|additional file|data (?:from|for)(?=\s*:)|"
            r"(?:figure|table|fig\.|appendix)\s+s?\d+|dataset for|code for)\b",
        ),
    )
)
_ENDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"{pattern}\W*$", re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.NOTICE,
            r"[:\-\u2013\u2014.(\[]\s*(?:an?\s+)?(?P<mark>correction|corrigendum|erratum|addendum|"
            r"retraction|expression of concern)s?",
        ),
        (
            Kind.REPLY,
            r"[:\-\u2013\u2014.(\[]\s*(?:an?\s+|the\s+|in\s+|further\s+)?(?:authors?['\u2019]?s?"
            r"['\u2019]?\s+)?(?P<mark>reply|rejoinder|response|comments?)",
        ),
        (Kind.REVIEW, r"[\[(]\s*(?P<mark>(?:book\s+)?review|book)\s*[\])]"),
    )
)
_BOOK_FACTS = re.compile(
    r"\bpp\.?\s*\d|\b\d+\s*(?:pp|pages|pgs)\b|\bisbn\b|\bhard(?:cover|back)\b|\bpaperback\b|"
    r"\bpbk\b|[$\u00a3\u20ac]\s?\d",
    re.IGNORECASE,
)
_REVIEW_VENUE = re.compile(r"\bchoice reviews\b|\bbook reviews?\b|\breviews online\b", re.I)
_UPDATES = re.compile(
    r"\b(correction|corrigendum|erratum|retraction|withdrawal|removal|addendum|"
    r"expression_of_concern|clarification)\s+(10\.\S+)"
)
_SERVERS = (
    "arxiv", "biorxiv", "medrxiv", "chemrxiv", "psyarxiv", "socarxiv", "eartharxiv",
    "engrxiv", "techrxiv", "edarxiv", "paleorxiv", "agrirxiv", "ecoevorxiv", "osf preprints",
    "research square", "ssrn", "preprints.org", "authorea", "essoar", "egusphere",
    "optica open", "jxiv", "scielo preprints", "corr",
)  # fmt: skip
_SERVER = re.compile(rf"\b(?:{'|'.join(map(re.escape, _SERVERS))})\b|\b(pre-?print)s?\b", re.I)
_ANY_SERVER = "a preprint server"
_SERVER_DOIS = {
    "10.48550/": "arxiv",
    "10.2139/ssrn": "ssrn",
    "10.21203/rs.": "research square",
    "10.20944/": "preprints.org",
    "10.26434/": "chemrxiv",
    "10.31234/": "psyarxiv",
    "10.31235/": "socarxiv",
}

FAMILIES: dict[str, str] = {
    **dict.fromkeys(
        """article-journal article-magazine article-newspaper paper-conference review
        review-book journal-article proceedings-article journal-section""".split(),
        "paper",
    ),
    **dict.fromkeys(
        """chapter entry entry-dictionary entry-encyclopedia book-chapter book-section book-part
        book-track reference-entry""".split(),
        "chapter",
    ),
    **dict.fromkeys(
        """book collection classic monograph edited-book reference-book proceedings book-set
        book-series monograph-series proceedings-series""".split(),
        "book",
    ),
    **dict.fromkeys(["thesis", "dissertation"], "thesis"),
    **dict.fromkeys(["report", "report-component", "report-series"], "report"),
    **dict.fromkeys(["dataset", "software", "database"], "dataset"),
    **dict.fromkeys(["standard", "standard-series"], "standard"),
    **dict.fromkeys(["periodical", "journal", "journal-issue", "journal-volume"], "periodical"),
    "patent": "patent",
    "posted-content": "preprint",
    "component": "component",
    "peer-review": "peer-review",
    "grant": "grant",
}
"""The families of CSL's and Crossref's types; every other type may be anything ("")."""


class Texts(dict[str, str]):
    """The text values of an entry by name, its type under "type"; "" for what it lacks."""

    def __missing__(self, name: str) -> str:
        """Return "" for a name that the entry lacks."""
        return ""


def texts_of(entry: Entry) -> Texts:
    """Gather an entry's texts once, CSL variables before the format's own names."""
    found = Texts()
    for each in (*entry.fields, *entry.extra):
        if isinstance(each.value, str):
            found.setdefault(each.name, each.value)
    found["type"] = entry.type
    return found


def family_of(texts: Texts) -> str:
    """Return the family of an entry's type, by Crossref's own type where it is known."""
    own = texts["crossref-type"]
    if own == "posted-content" and texts["type"] in ("thesis", "report"):
        own = texts["type"]
    return FAMILIES.get(own or texts["type"], "")


def kind_of(title: str, venues: tuple[str, ...], texts: Texts) -> Kind:
    """Return what a record is to the work whose title it bears."""
    own = texts["crossref-type"]
    if own == "peer-review":
        return Kind.PEER_REVIEW
    if own == "component":
        return Kind.SUPPLEMENT
    if _updates_another(texts):
        return Kind.NOTICE
    found = kind_of_title(title)[0]
    if found is Kind.WORK and (texts["type"] == "review-book" or _in_reviews(venues)):
        return Kind.REVIEW
    return found


def _in_reviews(venues: tuple[str, ...]) -> bool:
    return any(_REVIEW_VENUE.search(venue) for venue in venues)


def _updates_another(texts: Texts) -> bool:
    """Tell whether Crossref has this record as a notice on another DOI than its own."""
    updates = _UPDATES.findall(texts["update-to"])
    own = texts["DOI"].lower()
    return any(doi.strip(";,").lower() != own for _, doi in updates)


@lru_cache(maxsize=1 << 16)
def kind_of_title(title: str) -> tuple[Kind, str]:
    """Return the kind that a title tells, and the words that tell it."""
    plain = mended(title)
    for kind, pattern in _STARTS:
        found = pattern.match(plain)
        if found:
            return kind, found.group("mark").lower()
    for kind, pattern in _ENDS:
        found = pattern.search(plain)
        if found:
            return kind, found.group("mark").lower()
    if _BOOK_FACTS.search(plain):
        return Kind.REVIEW, ""
    return Kind.WORK, ""


def preprint_server(texts: Texts, venues: tuple[str, ...], doi: str) -> str:
    """Return the preprint server that an entry says it is on, "" if it is no preprint.

    An entry with an eprint and a real venue or volume is the published work.
    """
    for start, server in _SERVER_DOIS.items():
        if doi.startswith(start):
            return server
    for venue in (*venues, texts["publisher"], texts["group-title"]):
        found = _SERVER.search(venue) if venue else None
        if found:
            return _ANY_SERVER if found.group(1) else found.group().lower()
    if texts["crossref-type"] == "posted-content":
        return _ANY_SERVER if family_of(texts) == "preprint" else ""
    if venues or texts["volume"] or texts["ISBN"]:
        return ""
    return _eprint_server(texts)


def _eprint_server(texts: Texts) -> str:
    if texts["eprint"]:
        kind = texts["eprinttype"] or texts["archiveprefix"] or "arxiv"
        found = _SERVER.search(kind)
        return found.group().lower() if found else ""
    for name in ("URL", "note", "number", "genre"):
        text = texts[name]
        found = _SERVER.search(text) if text else None
        if found:
            return _ANY_SERVER if found.group(1) else found.group().lower()
    return ""
