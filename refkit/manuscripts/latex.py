r"""LaTeX: what its own commands, natbib, biblatex and apacite cite.

Comments and verbatim text cite nothing, nor does what follows `\end{document}`. Commands that
a manuscript defines for itself are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.manuscripts.citation import Citation, blanked, listed

_VERBATIM = "verbatim Verbatim BVerbatim LVerbatim lstlisting minted comment filecontents alltt"
_IGNORED = re.compile(
    r"(?P<kept>\\[^A-Za-z@])"
    r"|%[^\n]*"
    r"|\\(?:verb|lstinline)\*?(?P<mark>[^\sA-Za-z*\[{])[^\n]*?(?P=mark)"
    r"|\\lstinline(?:\[[^\]\n]*\])?\{(?:[^{}\n]|\{[^{}\n]*\})*\}"
    rf"|\\begin\s*\{{(?P<name>(?:{'|'.join(_VERBATIM.split())})\*?)\}}"
    r".*?(?:\\end\s*\{(?P=name)\}|\Z)"
    r"|\\end\s*\{document\}.*",
    re.DOTALL,
)

# natbib's manual, section 2; biblatex's manual, section 3.9; apacite's manual, section 4;
# csquotes' manual, on integrated citations.
_ONE = frozenset(
    """cite nocite citet citep citealt citealp citeauthor citefullauthor citeyear citeyearpar
    citenum citetalias citepalias defcitealias shortcites Citet Citep Citealt Citealp Citeauthor
    Cite parencite Parencite footcite footcitetext textcite Textcite smartcite Smartcite
    autocite Autocite supercite citetitle citedate citeurl fullcite footfullcite notecite
    Notecite pnotecite Pnotecite fnotecite citefield citelist citename citeA citeNP
    citeauthorNP citeyearNP shortcite shortciteA shortciteNP fullciteA fullciteNP maskcite
    onlinecite citeonline textcquote blockcquote displaycquote""".split()
)
_SECOND = frozenset(
    """foreigntextcquote hyphentextcquote foreignblockcquote hyphenblockcquote
    hybridblockcquote""".split()
)
_VOLUME = frozenset(
    """volcite Volcite pvolcite Pvolcite fvolcite ftvolcite svolcite Svolcite tvolcite Tvolcite
    avolcite Avolcite""".split()
)
_MANY = frozenset(
    """cites Cites parencites Parencites footcites footcitetexts textcites Textcites smartcites
    Smartcites autocites Autocites supercites""".split()
)
_MANY_VOLUMES = frozenset(name + "s" for name in _VOLUME)
_COMMAND = re.compile(
    r"\\(?:begin\{(?=displaycquote\}))?([A-Za-z@]+)(?:\*|\}(?<=displaycquote\}))?"
)
_SPACE = re.compile(r"[^\S\n]*(?:\n[^\S\n]*(?=\S))?")
_EVERYTHING = re.compile(r"\\nocite\s*\{(?:[^{}]*,)?\s*\*\s*(?:,[^{}]*)?\}")
LONGEST = 10_000
"""The most characters that an argument of a citation command may have."""
_CLOSERS = {"[": "]", "{": "}", "(": ")", "<": ">"}
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subfileinclude|@input)\s*\{([^{}]+)\}"
    r"|\\input\s+([^\s{}\\]+)"
    r"|\\(?:sub)?(?:import|includefrom|inputfrom)\*?\s*\{([^{}]*)\}\s*\{([^{}]+)\}"
)
_RESOURCE = re.compile(
    r"\\(?:bibliography|bibdata|addbibresource|addglobalbib|addsectionbib|nobibliography)\*?"
    r"\s*(?:\[[^\]]*\]\s*)?\{([^{}]+)\}"
)


def citations(text: str) -> Iterator[Citation]:
    """Yield the citations of a LaTeX text, command by command."""
    yield from commands(blanked(text, _IGNORED))


def commands(shown: str) -> Iterator[Citation]:
    """Yield the citations of the commands in a text without comments and verbatim text."""
    for found in _COMMAND.finditer(shown):
        name = found[1]
        if name in _ONE:
            yield from _group(shown, found.end(), skipped=0)[0]
        elif name in _VOLUME or name in _SECOND:
            yield from _group(shown, found.end(), skipped=1)[0]
        elif name in _MANY or name in _MANY_VOLUMES:
            yield from _many(shown, found.end(), skipped=int(name in _MANY_VOLUMES))


def _many(text: str, at: int, *, skipped: int) -> Iterator[Citation]:
    r"""Read `\cites(pre)(post)[pre][post]{key}[pre][post]{key}...`."""
    while True:
        keys, end = _group(text, at, skipped=skipped)
        if end is None:
            return
        yield from keys
        at = end


def _group(text: str, at: int, *, skipped: int) -> tuple[list[Citation], int | None]:
    """Read the options and the braces that hold keys, behind `skipped` other arguments."""
    while True:
        at = _space(text, at)
        mark = text[at : at + 1]
        closed = _closed(text, at) if mark in _CLOSERS else None
        if closed is None:
            return [], None
        if mark == "{":
            if skipped == 0:
                return list(listed(text, at + 1, closed - 1)), closed
            skipped -= 1
        at = closed


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _closed(text: str, at: int) -> int | None:
    """Return the offset behind the mark that closes the one at `at`; a blank line ends the try."""
    opening = text[at]
    closing = _CLOSERS[opening]
    depth = braces = 0
    for here in range(at, min(len(text), at + LONGEST)):
        char = text[here]
        if char == "\n" and text[here + 1 : here + 2] == "\n":
            return None
        if opening != "{" and char in "{}":
            braces += 1 if char == "{" else -1
        elif char == opening and not braces:
            depth += 1
        elif char == closing and not braces:
            depth -= 1
            if depth == 0:
                return here + 1
    return None


def included(text: str) -> tuple[str, ...]:
    r"""Return the files that `\input`, `\include`, `\import` and their like name, as written."""
    shown = blanked(text, _IGNORED)
    found = (
        (each[1] or each[2] or (each[3] or "") + (each[4] or "")).strip()
        for each in _INPUT.finditer(shown)
    )
    return tuple(each for each in found if each and "#" not in each)


def bibliographies(text: str) -> tuple[str, ...]:
    r"""Return the bibliographies that `\bibliography`, `\addbibresource` ... name, as written."""
    shown = blanked(text, _IGNORED)
    names = (name.strip() for each in _RESOURCE.finditer(shown) for name in each[1].split(","))
    return tuple(name for name in names if name and "#" not in name)


def shown(text: str) -> str:
    """Return a text of the same length in which comments and verbatim text are blank."""
    return blanked(text, _IGNORED)


def cites_everything(text: str) -> bool:
    r"""Tell whether a LaTeX text has `\nocite{*}`."""
    return _EVERYTHING.search(shown(text)) is not None
