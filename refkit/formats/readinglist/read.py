"""The text of a reading list to a `Document`: titles and abstracts, told by their lengths.

A paragraph is a line, or lines that stand between blank ones. What is long and made of
sentences is an abstract, and the short paragraph right before it its title. Where most short
paragraphs are titles, others are a page's banners, buttons and headings: they are told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from refkit.formats.plain import fill_keys
from refkit.model.entry import Entry, Field, Origin
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import SourceText, Span
from refkit.normalise.latex import to_plain, to_rich
from refkit.normalise.titles import fold

NO_TITLE = "SYN022"

LONG = 240
"""Characters from which a paragraph is an abstract: hardly a title is longer."""
_SHORT_ABSTRACT = 120
_WIDEST = 130  # no text is wrapped at more characters a line

_MARK = re.compile(r"(?:[-*\u2022\u2023\u25aa\u25e6]\s+|\[\d{1,3}\]\s*|\d{1,3}[.)]\s+(?=\S))")
_LABEL = re.compile(r"(?:title|abstract|summary)\s*[:.\u2014\u2013-]+\s*", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!][\"'\u201d\u2019)]*(?:\s|$)")
GLUED = re.compile(r"([A-Z][a-z]{2,})([A-Z][\w'\u2019-]*)(?= )")
"""A first word that may be two: "SearchNetworks", but also "WordNet"."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph's text, and its place in the file."""

    text: str
    span: Span

    @property
    def is_abstract(self) -> bool:
        """Whether it is long, or not so long but made of sentences."""
        sentences = len(_SENTENCE.findall(self.text))
        ends = self.text.endswith((".", "?", "!"))
        long = len(self.text) >= LONG and sentences >= 1
        return long or (len(self.text) >= _SHORT_ABSTRACT and sentences >= 2 and ends)


def read(source: SourceText) -> Document:
    """Read a reading list; each entry has a title and, where the list has it, an abstract."""
    groups = list(_groups(_paragraphs(source.text)))
    titled = sum(bool(abstract) for _, abstract in groups)
    entries: list[Entry] = []
    problems: list[Diagnostic] = []
    for shorts, abstract in groups:
        if not abstract and titled * 2 < len(shorts):  # a list of bare titles
            entries += [_entry(source, each, []) for each in shorts]
            continue
        title = shorts[-1] if abstract and shorts else None
        problems += [_passed_over(each) for each in (shorts[:-1] if abstract else shorts)]
        if title is not None:
            entries.append(_entry(source, title, abstract))
        elif abstract:
            entries.append(_entry(source, None, abstract))
            message = "an abstract without a title before it"
            problems.append(
                Diagnostic(NO_TITLE, message, abstract[0].span, severity=Severity.WARNING)
            )
    return Document(source, "readinglist", fill_keys(entries), tuple(problems))


def _passed_over(each: _Paragraph) -> Diagnostic:
    message = f"{each.text[:60]!r} is taken for no title: no abstract follows it"
    return Diagnostic(NO_TITLE, message, each.span, severity=Severity.INFO)


def _groups(
    paragraphs: Iterable[_Paragraph],
) -> Iterator[tuple[list[_Paragraph], list[_Paragraph]]]:
    """Yield runs of short paragraphs with the abstract's paragraphs that follow them."""
    shorts: list[_Paragraph] = []
    abstract: list[_Paragraph] = []
    for each in paragraphs:
        if each.is_abstract:
            abstract.append(each)
            continue
        if abstract:
            yield shorts, abstract
            shorts, abstract = [], []
        shorts.append(each)
    if shorts or abstract:
        yield shorts, abstract


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    """Yield paragraphs: lines where they are long ones, else blocks between blank lines."""
    lines = [
        _Paragraph(found.group(), Span(*found.span()))
        for found in re.finditer(r"[^\r\n\f]*\S[^\r\n\f]*", text)
    ]
    if any(len(each.text) > _WIDEST for each in lines):
        yield from map(_cleaned, lines)
        return
    block: list[_Paragraph] = []
    for each in lines:
        if block and text.count("\n", block[-1].span.end, each.span.start) > 1:
            yield from map(_cleaned, _block(block))
            block = []
        block.append(each)
    yield from map(_cleaned, _block(block))


def _block(lines: list[_Paragraph]) -> Iterator[_Paragraph]:
    """Yield a block of wrapped lines; a title may stand right on top of its abstract."""
    if not lines:
        return
    widest = max(len(each.text) for each in lines)
    body = sum(len(each.text) for each in lines[1:])
    headed = not lines[0].text.rstrip().endswith(".") and len(lines[0].text) < 0.9 * widest
    if headed and body >= _SHORT_ABSTRACT:
        yield lines.pop(0)
    if _is_list(lines):
        yield from lines
        return
    joined = re.sub(r"(?<=[a-z])-\s+(?=[a-z])", "", " ".join(each.text.strip() for each in lines))
    yield _Paragraph(joined, Span(lines[0].span.start, lines[-1].span.end))


def _is_list(lines: list[_Paragraph]) -> bool:
    """Tell lines that stand alone from those of prose, which mostly go on in small letters."""
    texts = [each.text.strip() for each in lines]
    if all(map(_MARK.match, texts)):
        return True
    small = sum(text[:1].islower() for text in texts[1:])
    ended = sum(text.endswith((".", ",", ";")) for text in texts)
    return len(texts) > 2 and small * 3 < len(texts) and ended * 2 < len(texts)


def _cleaned(each: _Paragraph) -> _Paragraph:
    text = " ".join(each.text.split())
    text = _LABEL.sub("", _MARK.sub("", text, count=1), count=1) or text
    return replace(each, text=text) if text != each.text else each


def _entry(source: SourceText, title: _Paragraph | None, abstract: list[_Paragraph]) -> Entry:
    parts = [*([title] if title else []), *abstract]
    origin = Origin("readinglist", source.path, Span(parts[0].span.start, parts[-1].span.end))
    summary = "\n".join(_untexed(each.text) for each in abstract)
    fields = []
    if title is not None:
        plain = to_rich(title.text, protect=False) if _is_tex(title.text) else title.text
        clean = unglued(plain, summary)
        raw = title.text if clean != title.text else ""
        fields.append(Field("title", clean, replace(origin, span=title.span), raw))
    if summary:
        fields.append(Field("abstract", summary, replace(origin, span=abstract[0].span)))
    return Entry("", "document", tuple(fields), (), "", origin)


def _is_tex(text: str) -> bool:
    return "\\" in text or bool(re.search(r"\$[^$\s][^$]*\$|\{[^{}]*\}", text))


def _untexed(text: str) -> str:
    return to_plain(text) if "\\" in text else text


def unglued(title: str, abstract: str) -> str:
    """Return a title without a word of the page that was glued to its first word.

    "SearchNetworks of ..." is parted where the abstract knows "networks", or the title uses it
    again, and the abstract knows neither "search" nor "searchnetworks"; a name such as
    "WordNet" stays.
    """
    found = GLUED.match(title)
    if not found:
        return title
    known = set(fold(f"{title[found.end() :]} {abstract}").split())
    stray, own, whole = (fold(each).split()[0] for each in (found[1], found[2], found[0]))
    if own in known and stray not in known and whole not in known:
        return title[found.end(1) :]
    return title
