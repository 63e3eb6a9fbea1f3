r"""What LaTeX leaves for BibTeX and biber: .aux files and .bcf files.

An .aux file has `\citation`, `\bibdata`, `\bibstyle` and `\@input` ("BibTeXing", section 1), and
`\abx@aux@cite` from biblatex. A .bcf file is biblatex's control file for biber, XML with
datasources and, by section, citation keys (biber's manual, "Control file").
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from refkit.errors import InputError
from refkit.manuscripts.citation import Citation
from refkit.manuscripts.needs import Needs, split

_AUX = re.compile(
    r"\\(?P<name>citation|bibdata|bibstyle|@input|abx@aux@cite(?:\{\d+\})?)\s*\{(?P<text>[^{}]*)\}"
)
_BIBLATEX_AUX = "\\abx@aux@"
_BCF = "{https://sourceforge.net/projects/biblatex}"


def aux(text: str) -> Needs:
    """Return what an .aux file asks of BibTeX, or tells of what biblatex was asked."""
    found: dict[str, list[Citation]] = {"bibdata": [], "bibstyle": [], "@input": [], "cited": []}
    for each in _AUX.finditer(text):
        kind = each["name"] if each["name"] in found else "cited"
        found[kind] += split(text, *each.span("text"))
    styles = {each.key for each in found["bibstyle"]}
    biblatex = _BIBLATEX_AUX in text or "biblatex" in styles
    dialect = "biblatex" if biblatex else "bibtex" if styles else ""
    libraries = (each.key for each in found["bibdata"] if not each.key.endswith("-blx"))
    included = [each.key for each in found["@input"]]
    return Needs.of(found["cited"], map(_with_suffix, libraries), included, dialect)


def _with_suffix(name: str) -> str:
    return name if name.endswith(".bib") else f"{name}.bib"


def bcf(text: str, path: str) -> Needs:
    """Return what a .bcf file asks of biber; raises InputError where it is no such file."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{path}: this is no .bcf file: {error}") from None
    if not str(root.tag).startswith(_BCF):
        raise InputError(f"{path}: this is no .bcf file: it is not of biblatex's namespace")
    sources = [each for each in root.iter(f"{_BCF}datasource") if each.get("type") == "file"]
    return Needs.of(_cited(root.iter(f"{_BCF}citekey"), text), map(_text, sources), (), "biblatex")


def _cited(elements: Iterable[etree._Element], text: str) -> Iterable[Citation]:
    """Yield the keys, and of a set that the paper itself makes its members."""
    at = 0
    for each in elements:
        key = _text(each)
        members = [name for name in (each.get("members") or "").split(",") if name]
        at = max(text.find(f">{key}<", at) + 1, at)
        for name in members if each.get("type") == "set" else [key]:
            yield Citation(name, at, at + len(key))


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()
