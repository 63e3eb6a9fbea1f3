"""Crossref's text values, with their tags, MathML and entities, as clean CSL rich text."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

# JATS, HTML and publishers' own names for what CSL rich text knows; "" keeps only the content.
_STYLES = {
    **dict.fromkeys(("i", "em", "it", "ital", "italic", "emph"), "i"),
    **dict.fromkeys(("b", "bold", "strong"), "b"),
    **dict.fromkeys(("sub", "inf"), "sub"),
    **dict.fromkeys(("sup", "super"), "sup"),
    **dict.fromkeys(
        "a abstract bi div font fontsize title tt u ul underline p sc scp sec small span list "
        "list-item roman sans-serif monospace named-content styled-content xref ext-link "
        "article-title inline-formula tex-math formula section title".split(),
        "",
    ),
}
_MATHML = frozenset(
    """math mi mn mo ms mtext mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced
    menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable
    mtr mtd mspace semantics annotation""".split()
)
_TAG = re.compile(r"<(/?)(?:[A-Za-z]+:)?([A-Za-z][\w-]*)((?:\s[^<>]*?)?)(/?)>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SUBTITLE = re.compile(r"\s*<subtitle>(.*?)(?:</subtitle>|$)", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"\s*<(?:br|break)\s*/?>\s*", re.IGNORECASE)
_INVISIBLE = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u2060\ufeff"} | {0x2010: "-"}
_SCRIPT_ONLY = re.compile(r"(?:<(su[bp])>.*?</\1>)+\Z")
_LOOSE_HYPHEN = re.compile(r"(?<=\w) [-\u2010](?=\w)")
# Private-use characters that mark a formula's ends, and MathML's <mprescripts/>, while rendering.
_OPEN, _SHUT, _BEFORE = "\ue000", "\ue001", "\ue002"
_AROUND = {"math": (_OPEN, _SHUT), "msqrt": ("√(", ")")}
_FORMULA = re.compile(f"{_OPEN}([^{_SHUT}]*){_SHUT}")


class _Node(NamedTuple):
    """An open element: its name, and the rendered text of its children so far."""

    tag: str
    parts: list[str]


@lru_cache(maxsize=4096)
def clean_text(text: str) -> str:
    """Turn a Crossref text value into CSL rich text on one line.

    Entities are decoded, double-escaped ones too; italic, bold, sub- and superscript stay;
    MathML becomes text with sub- and superscripts; other known tags go and their content stays.
    What looks like a tag but is none that is known stays as it is ("p<q>r").
    """
    if "&" in text:
        text = _unescape(text)
    if "<" in text:
        text = _SUBTITLE.sub(r": \1", _BREAK.sub(" ", text))
        text = _LOOSE_HYPHEN.sub("-", one_line(_render(text)))
    return one_line(text)


def one_line(text: str) -> str:
    """Collapse white space, drop invisible characters, use the plain hyphen, compose (NFC)."""
    text = " ".join(text.split())
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def text_of(value: Any) -> str:
    """Return a JSON value's text on one line, "" where it is no text."""
    return one_line(value) if isinstance(value, str) else ""


def _unescape(text: str) -> str:
    for _ in range(3):
        decoded = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
        if decoded == text:
            break
        text = decoded
    return text


def _render(text: str) -> str:
    stack = [_Node("", [])]
    done = 0
    for match in _TAG.finditer(text):
        name = match.group(2).lower()
        if name not in _STYLES and name not in _MATHML:
            continue
        _add(stack, text[done : match.start()])
        done = match.end()
        if match.group(1):
            _close(stack, name)
        elif match.group(4):
            stack[-1].parts.append(_BEFORE if name == "mprescripts" else "")
        else:
            stack.append(_Node(name, []))
    _add(stack, text[done:])
    while len(stack) > 1:
        _flatten(stack)
    return _FORMULA.sub(_spaced, "".join(stack[0].parts)).replace(_BEFORE, "")


def _add(stack: list[_Node], text: str) -> None:
    """Append text to the open element; blanks between MathML elements mean nothing."""
    if text and not (stack[-1].tag in _MATHML and text.isspace()):
        stack[-1].parts.append(text)


def _close(stack: list[_Node], name: str) -> None:
    """Close `name`; an end tag that nothing opened is ignored, what was left open is flattened."""
    if all(node.tag != name for node in stack[1:]):
        return
    while stack[-1].tag != name:
        _flatten(stack)
    node = stack.pop()
    stack[-1].parts.append(_math(*node) if name in _MATHML else _styled(*node))


def _flatten(stack: list[_Node]) -> None:
    node = stack.pop()
    stack[-1].parts.append("".join(node.parts))


def _styled(tag: str, parts: list[str]) -> str:
    style, content = _STYLES[tag], "".join(parts)
    return f"<{style}>{content}</{style}>" if style and content.strip() else content


def _math(tag: str, parts: list[str]) -> str:
    text = "".join(parts)
    if tag in {"msub", "munder", "msubsup", "munderover"} and len(parts) > 1:
        return parts[0] + _scripts(parts[1:])
    if tag in {"msup", "mover"} and len(parts) == 2:
        return parts[0] + _scripts(["", parts[1]])
    if tag == "mmultiscripts" and _BEFORE in parts:
        middle = parts.index(_BEFORE)
        return _scripts(parts[middle + 1 :]) + parts[0] + _scripts(parts[1:middle])
    if tag == "mfrac" and len(parts) == 2:
        return f"{parts[0]}/{parts[1]}"
    before, after = _AROUND.get(tag, ("", ""))
    return f"{before}{text}{after}" if tag != "annotation" else ""


def _scripts(parts: list[str]) -> str:
    """Render sub- and superscripts, which alternate."""
    tags = ("sub", "sup")
    return "".join(f"<{tags[n % 2]}>{p}</{tags[n % 2]}>" for n, p in enumerate(parts) if p)


def _spaced(match: re.Match[str]) -> str:
    """Part a formula from the words beside it, which APS runs together ("the<math>N=88</math>")."""
    content = match.group(1)
    if _SCRIPT_ONLY.match(content):
        return content
    before = match.string[: match.start()][-1:]
    after = match.string[match.end() : match.end() + 1]
    return f"{' ' * before.islower()}{content}{' ' * after.islower()}"
