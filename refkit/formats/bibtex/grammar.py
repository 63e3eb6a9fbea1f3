"""The regular expressions of the BibTeX language.

Sources: "Tame the BeaST" (N. Markey, 2009), section 11, and the scanner of bibtex.web. Braces
count even behind a backslash. Everything is possessive, so that no input backtracks.
"""

from __future__ import annotations

import re

# A `@` is left to the careful lane: it may begin the next entry inside an unclosed value, and
# stopping there keeps the cost of a broken entry within that entry.
_PLAIN = r"[^{}@]*+"


def _braced(depth: int) -> str:
    inner = rf"(?:{_braced(depth - 1)}{_PLAIN})*+" if depth else ""
    return rf"\{{{_PLAIN}{inner}\}}"


_BRACED = _braced(4)
_QUOTED = rf'"[^"{{}}@]*+(?:{_BRACED}[^"{{}}@]*+)*+"'
_BARE = r"[^\s,{}()\"#%=@'\\]++"
_ATOM = rf"(?:{_BRACED}|{_QUOTED}|{_BARE})"
_NAME = r"[^\s=,{}()\"#%@'\\]++"
_TYPE = r"[A-Za-z][^\s{}()\"#%'=,@\\]*+"

TOP = re.compile(r"%[^\n]*+|@")
HEAD = re.compile(rf"@[ \t]*+({_TYPE})\s*+([{{(])")
COMMENTED_HEAD = re.compile(rf"@{_TYPE}[ \t]*+[{{(][^\s,{{}}]++,")
LINE = re.compile(r"[^,{}=\n]*+")
BARE_KEY = re.compile(r"[^\s,{}\"=#%@]++")
WORDS = re.compile(r"[^,{}()\"#%=@\n]*+")
KEY = re.compile(r"\s*+([^\s,{}\"=#%]*+)\s*+(?:,|(?=[})]))")
FIELD = re.compile(rf"\s*+({_NAME})\s*+=\s*+({_ATOM}(?:\s*+\#\s*+{_ATOM})*+)\s*+(?:(,)|(?=[}})]))")
CLOSE = re.compile(r"\s*+([})])")
FIELD_NAME = re.compile(rf"({_NAME})(\s*+=)")
BARE = re.compile(_BARE)
SPACE = re.compile(r"(?:\s|%[^\n]*+)*+")
BRACE = re.compile(r"[{}]")
BRACE_OR_QUOTE = re.compile(r"[{}\"]")
# What can only be the start of the next block: a head at the start of a line with a key and a
# comma behind it (a title line may well begin "@ {SIGIR}").
NEXT_BLOCK = re.compile(
    r"^[ \t]*+@[ \t]*+(?:(?:string|preamble|comment)\s*+[{(]"
    rf"|{_TYPE}\s*+[{{(]\s*+[^\s,{{}}\"=]*+\s*+,)",
    re.MULTILINE | re.IGNORECASE,
)
# Fields behind an entry's end: a stray brace closed the entry too early.
LEFTOVER = re.compile(rf"[ \t]*+,\s*+{_NAME}\s*+=")
# The next field on a line of its own, inside a value that was never closed.
SWALLOWED = re.compile(rf"\s*+,\s*?\n[ \t]*+{_NAME}[ \t]*+=[ \t]*+[{{\"\w]")
