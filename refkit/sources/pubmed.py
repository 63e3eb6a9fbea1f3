"""PubMed: articles and books by PMID, and by PMCID where PubMed has them too.

Facts: "Entrez Programming Utilities Help" (NCBI Bookshelf NBK25499): EFetch gives PubMed's XML
by a list of ids, in which unknown ones are absent; ESummary of `db=pmc` tells a PMCID's PMID,
or an `error`; three requests a second without a key; `tool` and `email` name the client. The
elements are those of the PubMed DTD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.entry import Entry, Name, Origin
from refkit.model.ids import Id
from refkit.net.fetch import Reply, json_fault
from refkit.net.pace import Limits
from refkit.normalise.dates import from_parts, parse_date
from refkit.normalise.ids import clean_doi, clean_pmcid
from refkit.normalise.pages import clean_pages, expanded_pages
from refkit.sources.crossref_text import clean_text, text_of
from refkit.sources.service import Record, Service, fields_of
from refkit.sources.xml import fault_unless, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

TYPES = {
    "Preprint": "article",
    "Dataset": "dataset",
    "Newspaper Article": "article-newspaper",
    "Technical Report": "report",
    "Academic Dissertation": "thesis",
}
"""The CSL type of a publication type; anything else in a journal is an article of it."""

LANGUAGES = {
    "chi": "zh",
    "eng": "en",
    "fre": "fr",
    "ger": "de",
    "ita": "it",
    "jpn": "ja",
    "pol": "pl",
    "por": "pt",
    "rus": "ru",
    "spa": "es",
    "und": "",
}
"""CSL's language (BCP 47) for the commonest of PubMed's (ISO 639-2/B)."""

_NO_IDS = b"ID list is empty"
_TAG = re.compile(r"\A<[^>]*>|</[^>]*>\Z")
_articles = fault_unless("PubmedArticleSet")


def create(settings: SourceSettings) -> PubmedSource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return PubmedSource(settings)


def _fault(reply: Reply) -> str:
    """As for any XML; EFetch may also refuse a list in which there is no id that it knows."""
    return "" if _is_empty(reply) else _articles(reply)


def _is_empty(reply: Reply) -> bool:
    return reply.status == 400 and _NO_IDS in reply.body


def _summary_fault(reply: Reply) -> str:
    wrong = json_fault(reply)
    if wrong or reply.status == 404:
        return wrong or "status 404: this is no E-utilities service"
    return "" if isinstance(reply.json().get("result"), dict) else "JSON without a result"


class PubmedSource(Service):
    """The source `pubmed`."""

    name = "pubmed"
    title = "PubMed"
    kinds = frozenset({"pmid", "pmcid"})
    batch = 100

    def limits(self) -> Limits:
        """Return the limit for clients without a key."""
        return Limits(3, 1)

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for a list of ids; those of PubMed Central cost one request more."""
        central = [each for each in ids if each.kind == "pmcid"]
        numbers = {each: each.value for each in ids if each.kind == "pmid"}
        reply: Reply | None = None
        if central:
            found, reply = self._pmids(central)
            numbers |= found
        if numbers:
            reply = self._fetch(dict.fromkeys(numbers.values()))
        if reply is None:
            raise SourceError(self.name, "it was asked for nothing")
        articles = _records(reply) if numbers else {}
        return {e: articles[pmid] for e, pmid in numbers.items() if pmid in articles}, reply

    def _fetch(self, pmids: Iterable[str]) -> Reply:
        return self.get("efetch.fcgi", self._params("pubmed", pmids, "xml"), _fault, (400,))

    def _pmids(self, ids: Sequence[Id]) -> tuple[dict[Id, str], Reply]:
        """Return the PMIDs of those PMCIDs that have one."""
        numbers = {each: each.value.removeprefix("PMC") for each in ids}
        params = self._params("pmc", numbers.values(), "json")
        reply = self.get("esummary.fcgi", params, _summary_fault)
        result = reply.json()["result"]
        found = {each: _pmid(result.get(number)) for each, number in numbers.items()}
        return {each: pmid for each, pmid in found.items() if pmid}, reply

    def _params(self, database: str, ids: Iterable[str], mode: str) -> dict[str, str]:
        contact = {"email": self.mailto} if self.mailto else {}
        return {"db": database, "id": ",".join(ids), "retmode": mode, "tool": "refkit", **contact}

    def identity(self, record: Record) -> str:
        """Return the DOI, or the article's address where it has none."""
        doi = clean_doi(record["doi"])
        return doi.lower() if doi else f"https://pubmed.ncbi.nlm.nih.gov/{record['pmid']}/"

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read an article or a book."""
        pages = expanded_pages(clean_pages(record["pages"]))
        date = record["date"]
        values = {
            "title": record["title"],
            "author": _names(record["authors"]),
            "editor": _names(record["editors"]),
            "container-title": record["container"],
            "container-title-short": record["short"],
            "issued": from_parts(*date) if date[0] else parse_date(record["literal_date"]),
            "volume": record["volume"],
            "issue": record["issue"],
            "page": pages,
            "number": "" if pages else record["pii"],
            "publisher": record["publisher"],
            "publisher-place": record["place"],
            "language": record["language"],
            "ISSN": record["issn"],
            "ISBN": record["isbn"],
            "DOI": clean_doi(record["doi"]),
            "PMID": record["pmid"],
            "PMCID": clean_pmcid(record["pmcid"]),
        }
        return Entry(origin.ref, record["type"], fields_of(values, origin), (), "", origin)


def _pmid(summary: object) -> str:
    """Return the PMID in a summary of PubMed Central, "" where it has none ("0", too)."""
    ids = summary.get("articleids") if isinstance(summary, Mapping) else None
    for each in ids if isinstance(ids, list) else ():
        if isinstance(each, Mapping) and each.get("idtype") == "pmid":
            return text_of(each.get("value")).strip("0") and text_of(each.get("value"))
    return ""


def _records(reply: Reply) -> dict[str, Record]:
    if _is_empty(reply):
        return {}
    root = parse(reply.body)
    articles = [_article(each) for each in root.findall("PubmedArticle")]
    books = [_book(each) for each in root.findall("PubmedBookArticle")]
    return {record["pmid"]: record for record in (*articles, *books)}


def _article(element: _Element) -> Record:
    found = _Reader(element, "MedlineCitation/Article")
    types = [text_of(each.text) for each in found.all("PublicationTypeList/PublicationType")]
    kind = next((TYPES[each] for each in types if each in TYPES), "article-journal")
    journal = "Journal/JournalIssue"
    return {
        **found.common("MedlineCitation/PMID", "PubmedData/ArticleIdList"),
        "type": kind,
        "title": found.text("ArticleTitle") or found.text("VernacularTitle"),
        "container": found.text("Journal/Title"),
        "short": found.text("Journal/ISOAbbreviation"),
        "volume": found.text(f"{journal}/Volume"),
        "issue": found.text(f"{journal}/Issue"),
        "pages": found.text("Pagination/MedlinePgn"),
        "pii": _article_number(found.text("ELocationID[@EIdType='pii']")),
        "issn": found.text("Journal/ISSN"),
        **found.date(f"{journal}/PubDate"),
    }


def _book(element: _Element) -> Record:
    found = _Reader(element, "BookDocument")
    title, within = found.text("ArticleTitle"), found.text("Book/BookTitle")
    return {
        **found.common("BookDocument/PMID", "BookDocument/ArticleIdList"),
        "type": "chapter" if title and title != within else "book",
        "title": title or within,
        "container": within if title and title != within else "",
        "publisher": found.text("Book/Publisher/PublisherName"),
        "place": found.text("Book/Publisher/PublisherLocation"),
        "isbn": found.text("Book/Isbn"),
        **found.date("Book/PubDate"),
    }


_EMPTY = dict.fromkeys(
    """container short volume issue pages pii issn isbn publisher place language doi pmcid
    literal_date""".split(),
    "",
)


class _Reader:
    """Texts of an article's element by path."""

    def __init__(self, element: _Element, base: str) -> None:
        self.element = element
        self.base = base

    def all(self, path: str) -> list[_Element]:
        return self.element.findall(f"{self.base}/{path}")

    def text(self, path: str) -> str:
        """Return an element's text as CSL rich text, without a full stop at its end."""
        return _rich(next(iter(self.all(path)), None))

    def common(self, pmid: str, ids: str) -> dict[str, object]:
        own = {e.get("IdType", ""): text_of(e.text) for e in self.element.findall(f"{ids}/*")}
        lists = self.all("AuthorList") + self.all("Book/AuthorList")
        editors = [each for each in lists if each.get("Type") == "editors"]
        authors = [each for each in lists if each.get("Type") != "editors"]
        language = self.text("Language")
        return {
            **_EMPTY,
            "pmid": text_of(self.element.findtext(pmid)),
            "doi": own.get("doi", "") or self.text("ELocationID[@EIdType='doi']"),
            "pmcid": own.get("pmc", ""),
            "authors": [_person(each) for group in authors for each in group.findall("Author")],
            "editors": [_person(each) for group in editors for each in group.findall("Author")],
            "language": LANGUAGES.get(language, language),
        }

    def date(self, path: str) -> dict[str, object]:
        year, month, day = (self.text(f"{path}/{part}") for part in ("Year", "Month", "Day"))
        return {
            "date": [year, month or self.text(f"{path}/Season"), day],
            "literal_date": self.text(f"{path}/MedlineDate"),
        }


def _rich(element: _Element | None) -> str:
    from lxml import etree

    if element is None:
        return ""
    whole = etree.tostring(element, encoding="unicode", with_tail=False)
    text = clean_text(_TAG.sub("", whole)).removesuffix(".")
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _article_number(pii: str) -> str:
    """Return a publisher's item id where it is a short one, given in place of pages."""
    return pii if re.fullmatch(r"[A-Za-z]{0,3}\d{1,9}", pii) else ""


def _person(author: _Element) -> dict[str, str]:
    parts = ("LastName", "ForeName", "Initials", "Suffix", "CollectiveName")
    return {part: text_of(author.findtext(part)) for part in parts}


def _names(people: Iterable[Mapping[str, str]]) -> tuple[Name, ...]:
    return tuple(filter(None, map(_name, people)))


def _name(person: Mapping[str, str]) -> Name | None:
    family, group = person["LastName"], person["CollectiveName"]
    if not family:
        return Name(literal=clean_text(group).removesuffix(".")) if group else None
    given = person["ForeName"] or " ".join(f"{each}." for each in person["Initials"])
    given = re.sub(r"(?<![\w.])([A-Z])(?=$|[ -])", r"\1.", given)
    return Name(family=family, given=given, suffix=person["Suffix"])
