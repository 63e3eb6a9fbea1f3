"""A pasted bibliography to its references: where each begins, and its lines made one again.

What Word and PDF leave in such text is undone first: ligatures, soft hyphens, page numbers and
running heads, words parted at line ends.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from refkit.intake.items import Item, Kind
from refkit.model.ids import Id
from refkit.normalise.ids import clean_arxiv, clean_doi, doi_key, find_doi

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LETTERS = str.maketrans({**_LIGATURES, "\u00ad": "", "\u200b": "", "\ufeff": "", "\u00a0": " "})
_HEADING = re.compile(
    r"\W*(?:\d+\.?\s+)?(?:references?(?: list| cited)?|bibliography|works cited|reference list|"
    r"literature(?: cited)?|literatur(?:verzeichnis)?|bibliographie|références)\W*",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(
    r"[\s|\u2013\u2014-]*(?:(?:page|p\.|seite)\s*)?\d{1,4}(?:\s*(?:of|/|von)\s*\d+)?[\s|\u2013\u2014-]*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})[.)]?(?=\s))\s*(?=\S)")
_LABELLED = re.compile(
    r"\s*(?:\[[A-Za-z][\w+\u2019' .,&-]{0,40}\d{0,4}[a-z]?\]\s*|"
    r"[-*\u2022\u2023\u25aa\u25e6]\s+)(?=\S)"
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ENDED = re.compile(r"(?:[.)\]>]|https?://\S+|\b10\.\d{4,9}/\S+)\s*$")
_AUTHOR = re.compile(
    r"\s*(?:[\u2014\u2013_-]{2,}|(?:(?:van|von|de|del|della|di|da|le|la|ter|ten|al)\s+)*"
    r"[^\W\d_a-z][\w'\u2019-]*(?:\s[^\W\d_a-z][\w'\u2019-]+){0,2}(?:,|\s+[A-Z]{1,3}[,.])|"
    r"(?:[A-Z]\.[\s-]?)+\s*[^\W\d_])"
)
_DITTO = re.compile(r"(?:[\u2014\u2013]{1,3}|-{3,}|_{3,})[.,]?(?=\s)")
_BEFORE_TITLE = re.compile(r".+?(?=\(?\b(?:1[5-9]|20)\d\d|[\"\u201c])")
_LOCKED = re.compile(r"[-\u2010-\u2015,]\s*$")
_WIDEST = 130  # no text is wrapped at more characters a line
_SEQUENCE_GAP = 3
_PMID = re.compile(r"\bPMID\s*:?\s*([1-9]\d{4,7})\b", re.IGNORECASE)


class _Line(NamedTuple):
    """A line of the input: its number, and its text; `after_blank` tells what stands before."""

    number: int
    text: str
    after_blank: bool


def read_references(text: str) -> list[Item]:
    """Part a bibliography into its references, in the order in which they stand.

    Takes references that are numbered ([1], (1), 1.), labelled ([Smi20]) or in a list of
    bullets, parted by blank lines, told by their hanging or first indent, one a line, or only
    by how they begin.
    """
    lines = _lines(text.translate(_LETTERS))
    items: list[Item] = []
    for group in _split(lines):
        item = _item(group)
        items.append(_with_authors(item, items[-1].text) if items else item)
    return items


def _with_authors(item: Item, before: str) -> Item:
    """Put the authors of the reference before in place of the dash that stands for them."""
    dash = _DITTO.match(item.text)
    authors = _BEFORE_TITLE.match(before)
    if dash is None or authors is None:
        return item
    return replace(item, text=f"{authors.group().rstrip()} {item.text[dash.end() :].lstrip()}")


def _lines(text: str) -> list[_Line]:
    """Return the lines that are of references: without page numbers, running heads, headings."""
    raw = [line.rstrip() for line in re.sub(r"\r\n?", "\n", text).split("\n")]
    heads = _running_heads(raw)
    lines: list[_Line] = []
    blank = True
    for number, whole in enumerate(raw, 1):
        line = whole.replace("\f", "").rstrip()
        if not line or number in heads:
            # A page break within a reference does not part it.
            blank = (blank or not line) and "\f" not in whole and number not in heads
            continue
        lines.append(_Line(number, line, blank))
        blank = False
    return lines


def _running_heads(raw: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines that belong to the page: heads, numbers, the heading."""
    counts = Counter(_shape(line) for line in raw if line.strip())
    found = set()
    for at, line in enumerate(raw):
        bare = line.strip("\f ")
        before = raw[at - 1] if at else ""
        after = raw[at + 1] if at + 1 < len(raw) else ""
        number = bool(_PAGE_NUMBER.fullmatch(bare)) and not _LOCKED.search(before)
        if _YEAR.search(bare) and before.strip("\f ") and after.strip():
            number = False  # a year that was wrapped to a line of its own
        apart = _is_edge(before) + _is_edge(after) + 2 * ("\f" in line or "\f" in after)
        repeated = counts[_shape(line)] > 1 and len(bare.split()) <= 12 and apart >= 2
        short = len(bare) <= 80 and not _NUMBERED.match(bare)
        # Right below a page's number stands the next page's head, if a blank line follows.
        below = bool(before.strip()) and _is_edge(before) and not after.strip()
        head = short and (repeated or (below and not _YEAR.search(bare)))
        if bare and (number or _HEADING.fullmatch(bare) or head):
            found.add(at + 1)
    return frozenset(found)


def _is_edge(line: str) -> int:
    return int(not line.strip("\f ") or bool(_PAGE_NUMBER.fullmatch(line.strip("\f "))))


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip("\f "))


def _split(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    starts = _starts(lines)
    group: list[_Line] = []
    for at, line in enumerate(lines):
        if group and at in starts:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _starts(lines: Sequence[_Line]) -> frozenset[int]:
    """Return the places of the lines that begin a reference, by the first way that tells."""
    ways: tuple[Callable[[Sequence[_Line]], frozenset[int]], ...] = (
        _by_number,
        _by_label,
        _by_blank,
        _by_indent,
        _by_line,
    )
    for way in ways:
        found = way(lines)
        if found:
            return found
    return frozenset(
        at
        for at, line in enumerate(lines)
        if at == 0 or (_ENDED.search(lines[at - 1].text) and _AUTHOR.match(line.text))
    )


def _by_number(lines: Sequence[_Line]) -> frozenset[int]:
    """Follow the numbers upwards, so that a line that begins with "12." may go on a reference."""
    places: list[int] = []
    last: int | None = None
    for at, line in enumerate(lines):
        found = _NUMBERED.match(line.text)
        if found is None:
            continue
        number = int(next(filter(None, found.groups())))
        bare = found[3] is not None and line.text.lstrip()[len(found[3])] not in ".)"
        if last is None and (at > 0 or (bare and number != 1)):
            continue
        if last is None or last < number <= last + (1 if bare else _SEQUENCE_GAP):
            places.append(at)
            last = number
    return frozenset(places) if len(places) > 1 or _lone(lines, places) else frozenset()


def _lone(lines: Sequence[_Line], places: Sequence[int]) -> bool:
    return places == [0] and lines[0].text.lstrip()[:1] in "[("


def _by_label(lines: Sequence[_Line]) -> frozenset[int]:
    places = frozenset(at for at, line in enumerate(lines) if _LABELLED.match(line.text))
    return places if 0 in places and len(places) > 1 else frozenset()


def _by_blank(lines: Sequence[_Line]) -> frozenset[int]:
    """Part at blank lines, if what they part are references: nearly each has a year."""
    places = [at for at, line in enumerate(lines) if line.after_blank]
    if len(places) < 2:
        return frozenset()
    ends = [*places[1:], len(lines)]
    texts = [" ".join(line.text for line in lines[a:b]) for a, b in zip(places, ends, strict=True)]
    dated = sum(bool(_YEAR.search(text)) for text in texts)
    single = all(b - a == 1 for a, b in zip(places, ends, strict=True))
    return frozenset(places) if single or dated >= 0.8 * len(texts) else frozenset()


def _by_indent(lines: Sequence[_Line]) -> frozenset[int]:
    """Part by a hanging indent, or by one of the first line."""
    indents = [len(line.text) - len(line.text.lstrip()) for line in lines]
    least = min(indents, default=0)
    inner = [indent > least + 1 for indent in indents]
    if not any(inner) or all(inner):
        return frozenset()
    hanging = not inner[0]
    return frozenset(at for at, deep in enumerate(inner) if deep != hanging)


def _by_line(lines: Sequence[_Line]) -> frozenset[int]:
    """Take each line for a reference, if lines are too long to be wrapped or nearly all dated."""
    lengths = [len(line.text) for line in lines]
    if not lengths:
        return frozenset()
    dated = sum(bool(_YEAR.search(line.text)) for line in lines) / len(lines)
    ended = sum(bool(_ENDED.search(line.text)) for line in lines) / len(lines)
    long = max(lengths) > _WIDEST and max(lengths) > 1.2 * statistics.median(lengths)
    if long or len(lines) == 1 or (dated >= 0.8 and ended >= 0.8):
        return frozenset(range(len(lines)))
    return frozenset()


def _item(lines: Sequence[_Line]) -> Item:
    first = _without_mark(lines[0].text)
    texts = [first.strip(), *(line.text.strip() for line in lines[1:])]
    text = joined(texts)
    return Item(lines[0].number, text, Kind.REFERENCE, ids_in(text, "".join(texts)))


def _without_mark(text: str) -> str:
    found = _NUMBERED.match(text) or _LABELLED.match(text)
    return text[found.end() :] if found else text


def joined(lines: Iterable[str]) -> str:
    """Return lines as one: a word that a hyphen parts at a line's end is made whole."""
    text = ""
    for line in lines:
        if re.search(r"[^\W\d_][-\u2010]$", text) and line[:1].islower():
            text = text[:-1] + line
        elif re.search(r"\w[-\u2010-\u2014/]$", text):
            text += line
        else:
            text = f"{text} {line}" if text else line
    return " ".join(text.split())


def ids_in(text: str, *readings: str) -> tuple[Id, ...]:
    """Return the ids that a reference gives, also as `readings` of its lines give them."""
    found: list[Id] = []
    for each in (text, *readings):
        doi = clean_doi(find_doi(each) or "")
        arxiv = clean_arxiv(each) if "arxiv" in each.lower() else None
        pmid = _PMID.search(each)
        found += [Id("doi", doi_key(doi))] if doi else []
        found += [Id("arxiv", arxiv)] if arxiv else []
        found += [Id("pmid", pmid[1])] if pmid else []
    return tuple(dict.fromkeys(found))


def item_of(text: str, line: int) -> Item:
    """Return a reference or title that stands alone, as a command's argument does."""
    whole = " ".join(text.translate(_LETTERS).split())
    return Item(line, whole, Kind.REFERENCE, ids_in(whole))
