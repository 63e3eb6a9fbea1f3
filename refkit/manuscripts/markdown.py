"""Pandoc's Markdown: `@key`, `[-@key, p. 3]` and `@{key}`, and LaTeX's commands in between.

The syntax is that of Pandoc's manual, "Citation syntax". Code, math, comments, links' targets
and raw LaTeX environments hold no `@key`; fields of the metadata, such as `nocite`, do.
Quarto's cross-references (`@fig-map`) look the same and are left out of its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.manuscripts import latex
from refkit.manuscripts.citation import Citation, blanked

_PLAIN = r"[^\W_](?:\w|[:.#$%&\-+?<>~/](?=\w))*|_\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*"
_KEY = re.compile(rf"(?<![^\W_])@(?:(?P<plain>{_PLAIN})|\{{(?P<braced>[^\s{{}}]+)\}})")
_FENCE = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+)?(`{3,}|~{3,})([^\n]*)")
_ITEM = re.compile(r"[ ]{0,3}(?:[-*+:~]|\(?(?:\d+|[a-zA-Z#@])[\w-]*[.)]|\[\^[^\]\s]+\]:)[ \t]")
_LATEX = re.compile(r"(?P<kept>\\[^A-Za-z])|<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE = re.compile(
    r"\\[\\`*_{}\[\]()>#+\-.!@$<~^|\"']"
    r"|(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?(?:-->|\Z)"
    r"|\$\$(?:(?!\n[ \t]*\n).)+?\$\$"
    r"|\$(?![\s$])(?:(?!\n[ \t]*\n)[^$\\]|\\.)*?(?<!\s)\$(?!\d)"
    r"|(?<=\])\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
    r"|<(?:[A-Za-z][\w+.-]*:|[\w.+-]+@)[^\s<>]*>"
    r"|</?[A-Za-z][\w-]*(?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*\s*/?>"
    r"|\\begin\{(?P<name>[A-Za-z*]+)\}.*?\\end\{(?P=name)\}",
    re.DOTALL,
)
# An item of a numbered list of examples, to which `@label` refers.
_EXAMPLE = re.compile(r"(?:\A|\n[ \t]*\n)[ ]{0,3}(?:\(@([\w-]+)\)|@([\w-]+)[.)])(?=\s|\Z)")
_QUARTO = re.compile(
    r"(?:fig|tbl|lst|sec|eq|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau)-"
)
_HEAD = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_RESOURCE = re.compile(
    r"^bibliography:[ \t]*(?:\[([^\]]*)\]|([^\s\[][^\n]*)|((?:\n[ \t]*-[^\n]*)+))", re.MULTILINE
)


def citations(text: str) -> Iterator[Citation]:
    """Yield the citations of a Markdown text."""
    shown = _without_code(text)
    yield from latex.commands(blanked(shown, _LATEX))
    examples = {found[1] or found[2] for found in _EXAMPLE.finditer(shown)}
    for found in _KEY.finditer(blanked(shown, _INLINE)):
        group = "plain" if found["plain"] else "braced"
        if found[group] not in examples:
            yield Citation(found[group], *found.span(group))


def quarto(text: str) -> Iterator[Citation]:
    """Yield the citations of a Quarto text, in which some keys are cross-references."""
    return (each for each in citations(text) if not _QUARTO.match(each.key))


def bibliographies(text: str) -> tuple[str, ...]:
    """Return the bibliographies that the YAML metadata names, as written."""
    head = _HEAD.match(text)
    found = _RESOURCE.search(head[1]) if head else None
    if found is None:
        return ()
    if found[3]:
        items = [line.strip().removeprefix("-") for line in found[3].strip().split("\n")]
    else:
        items = found[1].split(",") if found[1] else [found[2]]
    names = (item.split(" #")[0].strip().strip("\"'") for item in items)
    return tuple(name for name in names if name)


def _without_code(text: str) -> str:
    """Return the text with fenced and indented code blanked."""
    out: list[str] = []
    fence, listed, indented, blank = "", False, False, True
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        opening = _FENCE.match(line)
        if fence:
            code = True
            if bare.lstrip("> ").startswith(fence) and not bare.lstrip("> ").strip(fence[0]):
                fence = ""
        elif opening and not (opening[1][0] == "`" and "`" in opening[2]):
            fence, code = opening[1], True
        else:
            depth = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
            indented = bool(bare) and depth >= (8 if listed else 4) and (blank or indented)
            code = indented
            if bare and depth < 4:
                listed = bool(_ITEM.match(line)) or (listed and not blank)
        blank = not bare
        out.append(re.sub(r"[^\r\n]", " ", line) if code else line)
    return "".join(out)
