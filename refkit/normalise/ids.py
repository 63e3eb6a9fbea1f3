"""Identifiers: DOI, arXiv, ISBN, ISSN, PMID, PMCID and URL, cleaned and with check digits proved.

Each `clean_*` function takes what people write in a field and gives the identifier in its
usual written form, or None where the text is not one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from refkit.model.ids import Id

# A DOI is "10." + registrant + "/" + any printable characters (ISO 26324); SICI-like names hold
# "<first page:code>", so a "<" belongs to the DOI only where such a pair follows.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/(?:[^\s\"<>{}|\\^`]|<[^\s<>/:]*:[^\s<>]*>)+")
_DOI_PREFIX = re.compile(
    r"(?:(?:info:|urn:)?doi\s*[:=]?\s*/?|(?:https?:)?/*(?:www\.|dx\.)?doi\.(?:org|acm\.org)/+)+",
    re.IGNORECASE,
)
_RESOLVER = re.compile(r"doi\.(?:acm\.)?org/", re.IGNORECASE)
_LATEX_ESCAPES = (
    (re.compile(r"\\(?:url|path|nolinkurl|texttt|doi)\s*\{(.*)\}\s*$", re.DOTALL), r"\1"),
    (re.compile(r"\$\s*\\?([<>_])\s*\$"), r"\1"),
    (re.compile(r"\{?\\textless\s*(?:\{\}|\})?"), "<"),
    (re.compile(r"\{?\\textgreater\s*(?:\{\}|\})?"), ">"),
    (re.compile(r"\{?\\textunderscore\s*(?:\{\}|\})?"), "_"),
    (re.compile(r"\{?\\textasciitilde\s*(?:\{\}|\})?|\\~\{\}"), "~"),
    (re.compile(r"\\([_%&#$~<>])"), r"\1"),
    (re.compile(r"[{}\u200b\u200c\u200d\ufeff\xad]"), ""),
)
# What publishers' web addresses put behind a DOI.
_URL_TAIL = re.compile(
    r"(?:/(?:full|fulltext|abstract|abs|pdf|epdf|epub|meta|html|summary|references|figures|"
    r"asset|standard|download|issuetoc|suppl_file|supplementary-material)(?:[./].*)?|\.(?:full|abstract)(?:\.pdf)?|\.pdf|\.html?|"
    r";jsessionid=.*)$",
    re.IGNORECASE,
)
_ARTICLE_NUMBER_FOLLOWS = re.compile(r"/(?:[a-z]+-)?article(?:-[a-z]+)?/doi/$")
_PREPRINT_VERSION = re.compile(r"^(10\.1101/[\d.]+)v\d+.*$")
_BLANK = re.compile(r"\s")
_CLOSERS = {")": "(", "]": "[", ">": "<"}

_ARXIV_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_ARXIV_OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_ARXIV_ID = rf"(?P<id>{_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?"
_ARXIV_BARE = re.compile(rf"{_ARXIV_ID}(?:\.pdf)?(?:\s*\[[\w.-]+\])?", re.IGNORECASE)
_ARXIV_MARKED = re.compile(
    r"(?:arxiv\s*(?:e-?prints?|preprints?)?\s*[:.,/]?\s*(?:abs/)?|\babs/|"
    r"arxiv\.org/(?:abs|pdf|html|format|ps|e-print)/|arxiv\.org:)"
    rf"{_ARXIV_ID}(?!\d)",
    re.IGNORECASE,
)

_ISBNS = (
    re.compile(r"(?<![\d-])97[89](?:[ -]?\d){10}(?![\d-])"),
    re.compile(r"(?<![\d-])\d(?:[ -]?\d){8}[ -]?[\dXx](?![\dXx-])"),
)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u00ad]")
_ISSN = re.compile(r"(?<![\dXx])(\d{4})-?(\d{3}[\dXx])(?![\dXx])")
_PMID = re.compile(
    r"(?:pmid\s*:?\s*|(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|"
    r"ncbi\.nlm\.nih\.gov/pubmed)/)?([1-9]\d{0,7})/?",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:pmcid\s*:?\s*|(?:https?://)?(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov|"
    r"ncbi\.nlm\.nih\.gov/pmc)/articles/)?(?:PMC)?\s*([1-9]\d{0,8})(?:\.\d+)?/?",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(doi|arxiv|isbn|pmid|pmcid|pmc)\s*:\s*(.+)", re.IGNORECASE)
_ARXIV_ADDRESS = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(.+?)(?:\.pdf)?/?", re.IGNORECASE
)
_ARXIV_WHOLE = re.compile(_ARXIV_ID, re.IGNORECASE)
_ISBN_ONLY = re.compile(r"[\dXx \u2010-\u2015-]+")
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^\s/]+.*|(?:mailto|urn|doi|info|data):\S+", re.I)


def clean_doi(text: str) -> str | None:
    r"""Return the DOI that `text` is, in its own case, or None if it is not one DOI.

    Takes a bare DOI, `doi:`, a resolver's address (percent-encoded or not) and LaTeX
    escapes; drops trailing punctuation. Text with blanks inside is not a DOI: cutting it
    there could name another work.
    """
    bare = _unescape(text)
    prefix = _DOI_PREFIX.match(bare)
    if prefix:
        in_address = _RESOLVER.search(prefix.group()) is not None
        bare = bare[prefix.end() :]
        if in_address:
            bare = _from_address(bare)
    found = _DOI.match(bare)
    if found is None:
        return None
    doi = _trimmed(found.group())
    rest = bare[len(doi) :].strip(" \t\r\n.,;:)]}>'\"")
    return None if rest or doi.endswith("/") else doi


def doi_key(doi: str) -> str:
    """Return a DOI in the form in which two DOIs are the same or not: in ASCII lower case."""
    return doi.lower()


def find_doi(text: str) -> str | None:
    """Return the first DOI inside a web address, note or other text, or None."""
    bare = _unescape(text)
    if "%2f" in bare.lower():
        bare = unquote(bare)
    for found in _DOI.finditer(bare):
        doi = found.group()
        scheme = bare.rfind("://", 0, found.start())
        address = bare[scheme : found.start()] if scheme >= 0 else " "
        if not _BLANK.search(address):
            doi = _without_tail(doi, address)
        doi = _trimmed(doi)
        if not doi.endswith("/"):
            return doi
    return None


def _from_address(path: str) -> str:
    return unquote(re.split(r"[?#]", path, maxsplit=1)[0])


def _without_tail(doi: str, address: str) -> str:
    doi = re.split(r"[?#&]", doi, maxsplit=1)[0]
    if _RESOLVER.search(address):
        return doi
    if _ARTICLE_NUMBER_FOLLOWS.search(address):
        doi = re.sub(r"/\d{5,}(?:/.*)?$", "", doi)
    return _PREPRINT_VERSION.sub(r"\1", _URL_TAIL.sub("", doi))


def _unescape(text: str) -> str:
    text = text.strip()
    if any(mark in text for mark in "\\{}$\u200b\u200c\u200d\ufeff\xad"):
        for pattern, by in _LATEX_ESCAPES:
            text = pattern.sub(by, text)
    return text.strip()


def _trimmed(doi: str) -> str:
    while doi:
        last = doi[-1]
        opener = _CLOSERS.get(last)
        if last in ".,;:'*" or (opener and doi.count(last) > doi.count(opener)):
            doi = doi[:-1]
        else:
            break
    return doi


def clean_arxiv(text: str) -> str | None:
    """Return the arXiv id in `text` without version and subject class, or None.

    A bare id must be the whole text; inside other text it must be marked as one (`arXiv:`,
    `abs/`, an arxiv.org address, a 10.48550/arXiv. DOI). Forms as in arXiv's own
    "Understanding the arXiv identifier".
    """
    found = _ARXIV_BARE.fullmatch(text.strip()) or _ARXIV_MARKED.search(text)
    if found is None:
        return None
    archive, slash, number = found.group("id").partition("/")
    return f"{archive.lower().split('.')[0]}/{number}" if slash else archive


def clean_isbn(text: str) -> str | None:
    """Return the first ISBN in `text` whose check digit is right, without hyphens, or None.

    An ISBN of 13 digits goes before one of 10, wherever it stands.
    """
    text = _DASHES.sub("-", text)
    for pattern in _ISBNS:
        for found in pattern.finditer(text):
            digits = re.sub(r"[ -]", "", found.group()).upper()
            if _is_isbn(digits):
                return digits
    return None


def _is_isbn(digits: str) -> bool:
    """Check the last digit: weights 10 to 1 modulo 11, or 1 and 3 by turns modulo 10."""
    if len(digits) == 10:
        return sum((10 - i) * _digit(c) for i, c in enumerate(digits)) % 11 == 0
    return sum((3 if i % 2 else 1) * int(c) for i, c in enumerate(digits)) % 10 == 0


def _digit(character: str) -> int:
    return 10 if character in "Xx" else int(character)


def clean_issn(text: str) -> str | None:
    """Return the first ISSN in `text` whose check digit is right, as "1234-567X", or None."""
    for found in _ISSN.finditer(_DASHES.sub("-", text)):
        digits = found.group(1) + found.group(2).upper()
        if sum((8 - i) * _digit(c) for i, c in enumerate(digits)) % 11 == 0:
            return f"{digits[:4]}-{digits[4:]}"
    return None


def clean_pmid(text: str) -> str | None:
    """Return a PubMed id as its digits, from a bare number, `PMID:` or a PubMed address."""
    found = _PMID.fullmatch(text.strip())
    return found.group(1) if found else None


def clean_pmcid(text: str) -> str | None:
    """Return a PubMed Central id as "PMC123", from a number, `PMCID:` or a PMC address."""
    found = _PMCID.fullmatch(text.strip())
    return f"PMC{found.group(1)}" if found else None


def clean_url(text: str) -> str | None:
    r"""Return the web address that `text` is, or None if it is not one.

    Takes off `\url{}`, angle brackets and LaTeX escapes, joins what a line end broke, writes
    blanks as %20 and gives `www.` a scheme.
    """
    url = re.sub(r"[ \t]*[\r\n]\s*", "", text.strip())
    if "\\" in url or url[:1] in "{<":
        url = _unescape(url)
        if url.startswith("<") and url.endswith(">"):
            url = url[1:-1]
    url = re.sub(r"\s", "%20", url.strip())
    if url[:4].lower() == "www.":
        url = "http://" + url
    return url if _URL.fullmatch(url) else None


def parse_id(text: str) -> Id | None:
    """Return the id that the whole of `text` is, or None.

    Takes "doi:10.1000/x", "arxiv:2502.08640v2", "isbn:978...", "pmid:123", "pmc:PMC123" (or
    "pmcid:"), a bare DOI, and addresses of doi.org, arxiv.org, PubMed and PubMed Central. A
    number without a mark is no id: it could be of several kinds.
    """
    text = text.strip()
    marked = _MARKED.fullmatch(text)
    if marked:
        kind = marked[1].lower().replace("pmcid", "pmc")
        return _PARSERS[kind](marked[2])
    address = _ARXIV_ADDRESS.fullmatch(text)
    if address:
        return _arxiv_id(address[1])
    if "ncbi.nlm.nih.gov/" in text:
        return _made("pmid", clean_pmid(text)) or _made("pmcid", clean_pmcid(text))
    return _doi_id(text)


def _made(kind: str, value: str | None) -> Id | None:
    return Id(kind, value) if value else None


def _doi_id(text: str) -> Id | None:
    doi = clean_doi(text)
    return Id("doi", doi_key(doi)) if doi else None


def _arxiv_id(text: str) -> Id | None:
    """Keep the version: another version is another text."""
    text = text.strip()
    found, number = _ARXIV_WHOLE.fullmatch(text), clean_arxiv(text)
    if found is None or number is None:
        return None
    version = text[found.end("id") :].lower()
    return Id("arxiv", number + version)


def _isbn_id(text: str) -> Id | None:
    return _made("isbn", clean_isbn(text)) if _ISBN_ONLY.fullmatch(text) else None


_PARSERS: dict[str, Callable[[str], Id | None]] = {
    "doi": _doi_id,
    "arxiv": _arxiv_id,
    "isbn": _isbn_id,
    "pmid": lambda text: _made("pmid", clean_pmid(text)),
    "pmc": lambda text: _made("pmcid", clean_pmcid(text)),
}
