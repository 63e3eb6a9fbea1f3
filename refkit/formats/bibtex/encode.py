"""Values as LaTeX text for a field: one function per kind of field, the reverse of `convert`."""

from __future__ import annotations

import re
from collections.abc import Callable

from refkit.formats.bibtex.grammar import BRACE, NEXT_BLOCK
from refkit.formats.bibtex.localization import KEYS
from refkit.formats.bibtex.types import Dialect
from refkit.formats.bibtex.values import closing_brace
from refkit.normalise.latex import from_rich
from refkit.normalise.pages import bibtex_pages
from refkit.normalise.titles import is_in_sentence_case

_AND = re.compile(r"(?<=\s)and(?=\s)", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?P<skip><span class=\"nocase\">.*?</span>|</?[a-z][^<>]*>|\$[^$]+\$)"
    r"|(?P<word>[^\W\d_](?:[\w'’.-]*\w)?)|(?P<end>[:?!—](?=\s))",
    re.DOTALL,
)
_NOCASE = re.compile(r"<span class=\"nocase\">(.*?)</span>", re.DOTALL)
_ANY_BRACE = re.compile(r"\\?[{}]")
_COMMANDS = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
PROTECTED = frozenset(("title", "shorttitle", "booktitle", "maintitle", "issuetitle"))
"""Title fields whose case BibTeX styles change."""


def protect(rich: str) -> str:
    """Return a title with the words that must keep their capitals in `nocase` spans.

    Those are words with a capital inside ("DNA", "iPhone"), and in a title that is in
    sentence case (see `is_in_sentence_case`) every later word with one.
    """
    if rich.islower():
        return rich
    names = is_in_sentence_case(rich) is not False
    out: list[str] = []
    at, first = 0, True
    for token in _TOKEN.finditer(rich):
        if token.lastgroup == "word":
            word = token[0]
            if word[1:] != word[1:].lower() or (names and not first and word[0].isupper()):
                out += (rich[at : token.start()], '<span class="nocase">', word, "</span>")
                at = token.end()
            first = False
        elif token.lastgroup == "end":
            first = True
    return "".join([*out, rich[at:]])


def without_nocase(rich: str) -> str:
    """Return a title without the marks of what keeps its case."""
    return _NOCASE.sub(r"\1", rich) if "nocase" in rich else rich


def is_sound(text: str) -> bool:
    """Tell whether a text's braces balance, so that braces around it hold all of it."""
    if "{" not in text and "}" not in text:
        return True
    return closing_brace(f"{{{text}}}", 0) == len(text) + 2


def in_one(text: str) -> str:
    """Return LaTeX text of which no line begins as the next entry of a file does."""
    starts = "@" in text and NEXT_BLOCK.search(f"{{{text}")
    return text.replace("\n", " ") if starts else text


def balanced(text: str) -> str:
    """Return LaTeX text with each brace that has no partner as a command."""
    partners = _partners(text)
    return _ANY_BRACE.sub(
        lambda found: found[0] if found.end() - 1 in partners else _COMMANDS[found[0][-1]], text
    )


def _partners(text: str) -> set[int]:
    """Return where the braces are that have a partner; they count even behind a backslash."""
    opened: list[int] = []
    found: set[int] = set()
    for brace in BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            found |= {opened.pop(), brace.start()}
    return found


def verbatim(text: str) -> str:
    """Return text of a field that LaTeX does not read, without braces that do not balance."""
    if is_sound(text):
        return text
    return text.replace("{", "%7B").replace("}", "%7D")


def literal_list(text: str, dialect: Dialect) -> str:
    """Return a text as the one item of a literal list; braces keep an `and` inside it.

    CSL has no lists: that its semicolons part items is a guess, and every reader gives back
    one item as it is, while some take only the first of several.
    """
    written = from_rich(text)
    return f"{{{written}}}" if dialect == "biblatex" and _AND.search(text) else written


def _pages(text: str, dialect: Dialect) -> str:
    return from_rich(bibtex_pages(text)).replace("-{}-", "--")


def _verbatim(text: str, dialect: Dialect) -> str:
    return verbatim(text)


def _text(text: str, dialect: Dialect) -> str:
    return from_rich(text)


def localisation_key(text: str, dialect: Dialect) -> str:
    """Return BibLaTeX's key for a genre or state ("phdthesis", "inpress"), "" if it has none."""
    return KEYS.get(text.casefold().replace("’", "'"), "") if dialect == "biblatex" else ""


_KINDS: dict[str, Callable[[str, Dialect], str]] = {
    "list": literal_list,
    "places": literal_list,
    "address": literal_list,
    "pages": _pages,
    "url": _verbatim,
    "doi": _verbatim,
    "pmid": _verbatim,
    "pmcid": _verbatim,
    "verbatim": _text,
}


def encode(text: str, kind: str, dialect: Dialect) -> str:
    """Return a text value as the LaTeX of a field of that kind."""
    return _KINDS.get(kind, _text)(text, dialect)
