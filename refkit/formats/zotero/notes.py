"""Notes: Zotero's are HTML, CSL's are rich text with blank lines between paragraphs."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table tr td th hr".split()
)  # fmt: skip
_FACES = {"i": "i", "em": "i", "b": "b", "strong": "b", "sub": "sub", "sup": "sup"}
_RICH = re.compile(
    r'(</?(?:i|b|sub|sup)>|<span (?:class="nocase"|style="font-variant:small-caps;")>|</span>)'
)
_SPACES = re.compile(r"[ \t\r\n]+")


def write_note(text: str) -> str:
    """Return rich text as the HTML of a note."""
    return "\n".join(f"<p>{_inline(each)}</p>" for each in text.split("\n\n"))


def _inline(text: str) -> str:
    parts = _RICH.split(text)
    parts[::2] = [escape(part, quote=False).replace("\n", "<br/>") for part in parts[::2]]
    return "".join(parts)


def read_note(html: str) -> str:
    """Return a note's text: paragraphs between blank lines, with CSL's rich text."""
    reader = _Note()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Note(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._paragraphs: list[list[str]] = [[]]
        self._spans: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._paragraphs.append([])
        elif tag == "br":
            self._add("\n")
        elif tag in _FACES:
            self._add(f"<{_FACES[tag]}>")
        elif tag == "span":
            self._spans.append(_span(dict(attrs)))
            self._add(self._spans[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._paragraphs.append([])
        elif tag in _FACES:
            self._add(f"</{_FACES[tag]}>")
        elif tag == "span" and self._spans and self._spans.pop():
            self._add("</span>")

    def handle_data(self, data: str) -> None:
        self._add(_SPACES.sub(" ", data))

    def _add(self, text: str) -> None:
        self._paragraphs[-1].append(text)

    def text(self) -> str:
        whole = ("".join(parts).strip(" ") for parts in self._paragraphs)
        return "\n\n".join(each for each in whole if each.strip())


def _span(attributes: dict[str, str | None]) -> str:
    if attributes.get("class") == "nocase":
        return '<span class="nocase">'
    style = (attributes.get("style") or "").replace(" ", "").rstrip(";")
    return f'<span style="{style};">' if style == "font-variant:small-caps" else ""
