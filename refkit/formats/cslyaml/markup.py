"""Pandoc's inline Markdown, as far as bibliographies use it, to CSL's HTML subset and back."""

from __future__ import annotations

import re
from typing import NamedTuple

_TAGS = {"i": "*", "b": "**", "sub": "~", "sup": "^"}
_SPANS = {
    '<span class="nocase">': "]{.nocase}",
    '<span style="font-variant:small-caps;">': "]{.smallcaps}",
    '<span style="font-variant: small-caps;">': "]{.smallcaps}",
}
_CLASSES = {
    "nocase": '<span class="nocase">',
    "smallcaps": '<span style="font-variant:small-caps;">',
    "small-caps": '<span style="font-variant:small-caps;">',
}
_HTML = re.compile(
    r'</?(?:i|b|sub|sup)>|<span class="nocase">|<span style="font-variant: ?small-caps;">|</span>'
)
_SPECIAL = re.compile(
    r"[\\*^~\[\]<>$@`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|-(?=-)|&(?=#?\w+;)"
    r"|(?<=^\d)[.)](?= )|^[-+#](?= )"
)
_TOKEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~ ])|(?P<mark>\*{1,3}|~~|~|\^|(?<![^\W_])_|_(?![^\W_]))"
    r"|(?P<dash>---?)|(?P<open>\[)|\]\{(?P<spec>[^{}]*)\}"
)
_HTML_OF = {"*": "i", "_": "i", "**": "b", "~": "sub", "^": "sup"}


def escape(text: str) -> str:
    """Write plain text so that pandoc's Markdown reads it as such."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def unescape(text: str) -> str:
    """Take the backslashes away that guard ASCII punctuation."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def to_markdown(rich: str) -> str:
    """Write CSL rich text as Markdown; a tag without its partner stays as text."""
    if "<" not in rich:
        return escape(rich)
    parts: list[str] = []
    opened: list[tuple[str, int]] = []
    at = 0
    for found in _HTML.finditer(rich):
        parts.append(escape(rich[at : found.start()]))
        at = found.end()
        tag = found[0]
        if not tag.startswith("</"):
            opened.append((tag, len(parts)))
            parts.append(escape(tag))
        elif opened and _closes(opened[-1][0], tag):
            _close(parts, *opened.pop())
        else:
            parts.append(escape(tag))
    return "".join((*parts, escape(rich[at:])))


def _closes(opening: str, closing: str) -> bool:
    return opening.startswith("<span") if closing == "</span>" else opening[1:] == closing[2:]


def _close(parts: list[str], opening: str, place: int) -> None:
    """Put Markdown around what stands since `opening`; blanks at its edges go outside."""
    inner = "".join(parts[place + 1 :])
    body = inner.strip()
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    if opening in _SPANS:
        marked = f"[{inner}{_SPANS[opening]}"
        before = after = ""
    else:
        mark = _TAGS[opening[1:-1]]
        text = body.replace(" ", "\\ ") if mark in "~^" else body
        marked = f"{mark}{text}{mark}" if body else ""
    parts[place:] = [before + marked + after]


class _Open(NamedTuple):
    mark: str
    place: int


def from_markdown(text: str) -> str:
    """Read Markdown to CSL rich text; marks without a partner stay as text."""
    if not _TOKEN.search(text):
        return text
    parts: list[str] = []
    opened: list[_Open] = []
    at = 0
    for found in _TOKEN.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        if found["escaped"]:
            parts.append(found["escaped"])
        elif found["dash"]:
            parts.append("—" if len(found["dash"]) == 3 else "–")
        elif found["open"]:
            opened.append(_Open("[", len(parts)))
            parts.append("[")
        elif found["spec"] is not None:
            _read_span(parts, opened, found["spec"], found[0])
        else:
            for mark in _parted(opened, found["mark"]):
                _read_mark(parts, opened, mark, _flanks(text, found))
    return "".join((*parts, text[at:]))


def _parted(opened: list[_Open], mark: str) -> tuple[str, ...]:
    """Part "***" into what is open innermost and the other."""
    if mark != "***":
        return (mark,)
    inner = next((each.mark for each in reversed(opened) if each.mark in ("*", "**")), "**")
    return ("*", "**") if inner == "*" else ("**", "*")


def _flanks(text: str, found: re.Match[str]) -> tuple[bool, bool]:
    """Tell whether a mark can open (text follows) and whether it can close (text precedes)."""
    after, before = text[found.end() : found.end() + 1], text[: found.start()][-1:]
    return bool(after.strip()), bool(before.strip())


def _read_mark(parts: list[str], opened: list[_Open], mark: str, flanks: tuple[bool, bool]) -> None:
    can_open, can_close = flanks
    place = next((n for n in range(len(opened) - 1, -1, -1) if opened[n].mark == mark), None)
    if mark in _HTML_OF and can_close and place is not None:
        start = opened[place].place
        inner = "".join(parts[start + 1 :])
        tag = _HTML_OF[mark]
        parts[start:] = [f"<{tag}>{inner}</{tag}>"]
        del opened[place:]
        return
    if can_open and mark in _HTML_OF:
        opened.append(_Open(mark, len(parts)))
    parts.append(mark)


def _read_span(parts: list[str], opened: list[_Open], spec: str, written: str) -> None:
    place = next((n for n in range(len(opened) - 1, -1, -1) if opened[n].mark == "["), None)
    kind = next((name.lstrip(".") for name in spec.split() if name.lstrip(".") in _CLASSES), "")
    if place is None or not kind:
        parts.append(written)
        return
    start = opened[place].place
    parts[start:] = [_CLASSES[kind] + "".join(parts[start + 1 :]) + "</span>"]
    del opened[place:]
