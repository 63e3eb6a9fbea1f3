"""References by BibTeX styles: pybtex's own and .bst files; one of pybtex's doors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from pybtex.backends import BaseBackend
from pybtex.bibtex import bst
from pybtex.bibtex.interpreter import Interpreter
from pybtex.database.input.bibtex import Parser
from pybtex.errors import capture
from pybtex.plugin import PluginNotFound, find_plugin
from pybtex.style.template import FieldIsMissing

from refkit.errors import InputError
from refkit.model.report import Diagnostic, Severity
from refkit.normalise.latex import to_rich
from refkit.rendering.marks import MARKS, MARKUP, safe, unmarked
from refkit.rendering.reference import TAG, Formatted

_TAGS = {"em": "i", "i": "i", "strong": "b", "b": "b", "sup": "sup", "sub": "sub"}
_OPENED = {opening: name for name, (opening, _) in MARKUP.items()}
_ITEM = re.compile(r"\\bibitem\b")


class _Backend(BaseBackend):  # type: ignore[misc]
    """pybtex's rich text as CSL's HTML subset."""

    RenderType = str
    symbols = {"ndash": "–", "newblock": " ", "nbsp": "\u00a0"}  # noqa: RUF012

    def format_tag(self, tag_name: str, text: str) -> str:
        """Return text in a tag that CSL has, other text as it is."""
        name = _TAGS.get(tag_name)
        return f"<{name}>{text}</{name}>" if name and text else text

    def format_href(self, url: str, text: str, external: bool = False) -> str:
        """Return the text of a link."""
        return text


def python_style(name: str) -> Any:
    """Return a style of pybtex's, of those that are installed, or None."""
    try:
        return find_plugin("pybtex.style.formatting", name)()
    except PluginNotFound:
        return None
    except Exception as error:  # somebody's plugin
        raise InputError(f"the style {name!r} of pybtex does not load: {error}") from error


def formatted(texts: Sequence[str], style: Any) -> Iterator[Formatted]:
    """Yield each BibTeX entry as a reference in a style of pybtex's.

    An entry that lacks what its type must have is formatted as @misc, which needs nothing.
    """
    for text in texts:
        (entry,) = _entries(text).values()
        for name, value in entry.fields.items():
            entry.fields[name] = _marked(value)
        problems: tuple[Diagnostic, ...] = ()
        try:
            shown = style.format_entry("", entry)
        except Exception as error:  # FieldIsMissing, AttributeError for a type, and bugs
            why = str(error) if isinstance(error, FieldIsMissing) else f"@{entry.type} is unknown"
            message = f"{why}; it is formatted as @misc"
            problems = (Diagnostic("STY002", message, key=entry.key, severity=Severity.WARNING),)
            entry.type = "misc"
            try:
                shown = style.format_entry("", entry)
            except Exception as fault:
                yield _failed(entry.key, fault)
                continue
        yield Formatted(unmarked(shown.text.render(_Backend())), problems)


def _marked(latex: str) -> str:
    """Return a field's text with marks for markup and in braces what keeps its case.

    pybtex's own reading of LaTeX takes most commands for text.
    """
    out: list[str] = []
    closings: list[str] = []
    for number, part in enumerate(TAG.split(to_rich(latex))):
        if number % 2 == 0 or (part.startswith("</") and not closings):
            out.append(safe(part))
        elif part.startswith("</"):
            out.append(closings.pop())
        else:
            opening, closing = MARKS.get(_OPENED.get(part, ""), ("", ""))
            out.append(f"{opening}{{")
            closings.append(f"}}{closing}")
    return "".join(out + closings[::-1])


def _failed(key: str, fault: Exception) -> Formatted:
    message = f"the style fails: {type(fault).__name__}: {fault}"
    return Formatted("", (Diagnostic("STY001", message, key=key),))


def bst_style(text: str, path: str) -> Any:
    """Read a .bst file; raises InputError where it is none."""
    try:
        return list(bst.parse_string(text))
    except Exception as error:
        raise InputError(f"{path}: this is no .bst file: {error}") from None


def formatted_by_bst(texts: Sequence[str], script: Any) -> Iterator[Formatted]:
    """Yield each BibTeX entry as a reference in the style of a .bst file.

    The style runs over all entries at once, for it tells them apart ("2001a"); where it fails,
    over one at a time.
    """
    try:
        yield from _run(texts, script)
    except Exception:
        for text in texts:
            try:
                yield from _run([text], script)
            except Exception as error:
                yield _failed(_keys([text])[0], error)


def _run(texts: Sequence[str], script: Any) -> list[Formatted]:
    keys = _keys(texts)
    with capture() as faults:
        output = Interpreter(Parser, "utf-8").run(
            script, list(keys), [StringIO("\n".join(texts))], min_crossrefs=len(texts) + 2
        )
    said = {key: [str(each) for each in faults if re.search(rf"\b{re.escape(key)}\b", str(each))]
            for key in keys}  # fmt: skip
    found = dict(_items(output))
    return [_result(key, found.get(key, ""), said[key]) for key in keys]


def _result(key: str, latex: str, said: Sequence[str]) -> Formatted:
    problems = [Diagnostic("STY002", each, key=key, severity=Severity.WARNING) for each in said]
    if not latex.strip():
        problems.append(Diagnostic("STY001", "the style gives nothing for it", key=key))
    text = re.sub(r"\\newblock\b", " ", latex).strip()
    return Formatted(to_rich(text, protect=False), tuple(problems))


def _keys(texts: Sequence[str]) -> list[str]:
    return [key for text in texts for key in _entries(text)]


def _entries(text: str) -> Any:
    """Return the entries of a BibTeX text by key; asking pybtex for its plugin is slow."""
    with capture():
        return Parser().parse_string(text).entries


def _items(output: str) -> Iterator[tuple[str, str]]:
    r"""Yield key and text of each `\bibitem[label]{key}` of a .bbl file."""
    body = output.partition(r"\end{thebibliography}")[0]
    for item in _ITEM.split(body)[1:]:
        at = _behind(item, "[", "]")
        end = _behind(item, "{", "}", at)
        yield item[at:end].strip()[1:-1], item[end:]


def _behind(text: str, opening: str, closing: str, at: int = 0) -> int:
    """Return the offset behind a group, braces counted; `at` where none begins there."""
    while text[at : at + 1].isspace() or text[at : at + 1] == "%":
        at += 1
    if text[at : at + 1] != opening:
        return at
    depth = 0
    for here in range(at, len(text)):
        depth += (text[here] in "{" + opening) - (text[here] in "}" + closing)
        if depth == 0:
            return here + 1
    return len(text)


def find_bst(name: str) -> str | None:
    """Return the path of a .bst file of the TeX installation; None where there is none."""
    from pybtex.kpathsea import kpsewhich

    try:
        found = kpsewhich(name)
    except OSError:  # no kpsewhich
        return None
    return found.decode() if found else None
