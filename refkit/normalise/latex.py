r"""LaTeX field text to Unicode with CSL's HTML subset, and back.

`to_rich` and `to_plain` decode by a table of their own (`latex_table`), since calling
pylatexenc per value is over 90 % of the time of the usual stack; pylatexenc answers for symbol
commands that the table does not know. Fields that LaTeX does not read as text (url, doi, file,
eprint) are never given to these functions.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from refkit.normalise import latex_table as table
from refkit.normalise.latex_write import from_rich, strip_markup

__all__ = ["from_rich", "strip_markup", "to_plain", "to_rich", "unknown_macros"]

_NEEDS_WORK = re.compile(r"[\\{}$~`\t\r\n]|--|''|  |^ | $")
# Group 1 is a run of text that stands for itself, but for the blanks in it.
_TOKEN = re.compile(
    r"((?:[^\\{}$~`'\-!?]+|-(?!-)|[!?](?!`)|'(?=[A-Za-z]))+)"
    r"|\\[A-Za-z]+\*?[ \t\r\n]*|\\.|[{}~]|-{2,3}|``?|'{1,3}"
    r"|\$\$(?:[^$\\]|\\.)+\$\$|\$(?:[^$\\]|\\.)+\$|[!?]`|.",
    re.DOTALL,
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_MACRO = re.compile(r"\\([A-Za-z]+)")
_MATH = re.compile(r"\$(?:[^$\\]|\\.)+\$", re.DOTALL)
_SCRIPT = re.compile(
    r"\$\s*(?:\{\})?\s*([_^])\s*(?:\{\s*(?:\\(?:rm|mathrm|text|textrm|mbox)\b\s*)?\{?"
    r"([^\\{}$_^]+)\}?\s*\}|\\(?:mathrm|text|textrm)\{([^\\{}$_^]+)\}|([^\\{}$\s]))\s*\$"
)
_DIMENSION = re.compile(r"=?\s*[+-]?[\d.]+\s*(?:em|ex|pt|pc|in|cm|mm|sp|mu)?\s?")
_SPACES = re.compile(r" {2,}")
_TAG = re.compile(r"(<[^<>]*>)")
_FIXED = {
    "``": "“", "`": "‘", "''": "”", "'''": "”'", "--": "–", "---": "—", "~": "\u00a0",
    "!`": "¡", "?`": "¿",
}  # fmt: skip


def to_rich(latex: str, *, protect: bool = True) -> str:
    r"""Return LaTeX field text as Unicode with CSL's HTML subset as markup.

    Braces that protect case (BibTeX's rule: a group that does not begin with a command) become
    `<span class="nocase">`, unless `protect` is off. Math stays as written, `$..$`, but for a
    lone sub- or superscript. An unknown command gives its arguments, or without any itself.
    """
    if _NEEDS_WORK.search(latex) is None:
        return latex
    return _decoded(latex, True, protect)


def to_plain(latex: str) -> str:
    """Return LaTeX field text as Unicode text without markup, simple math decoded too."""
    if _NEEDS_WORK.search(latex) is None:
        return latex
    return _decoded(latex, False, False)


def unknown_macros(latex: str) -> tuple[str, ...]:
    """Return the commands outside math whose meaning is not known, each once, in order."""
    if "\\" not in latex:
        return ()
    names = dict.fromkeys(_MACRO.findall(_MATH.sub("", latex).replace("\\\\", " ")))
    return tuple(name for name in names if not _is_known(name))


def _is_known(name: str) -> bool:
    tables = (table.ACCENTS, table.LETTERS, table.SYMBOLS, table.WRAPS, table.SWITCHES)
    return (
        any(name in each for each in tables)
        or name in table.DROPPED
        or name in table.SECOND
        or name in _SPECIAL
        or _from_pylatexenc(name) is not None
    )


@lru_cache(maxsize=2048)
def _decoded(latex: str, rich: bool, protect: bool) -> str:
    try:
        text = _Decoder(latex, rich, protect).run()
    except RecursionError:  # hundreds of nested braces: no text that anyone wrote
        return latex
    return _SPACES.sub(" ", text).strip(" ")


@lru_cache(maxsize=1024)
def _from_pylatexenc(name: str) -> str | None:
    """Return the character that pylatexenc's table has for a command without arguments."""
    from pylatexenc.latex2text import get_default_latex_context_db

    spec = get_default_latex_context_db().get_macro_spec(name)
    text = getattr(spec, "simplify_repl", None)
    if not isinstance(text, str) or not 0 < len(text.strip()) < 3 or "%" in text:
        return None
    return unicodedata.normalize("NFC", text)


class _Decoder:
    """One pass over one value; `pos` is where the next token begins."""

    __slots__ = ("closed", "pos", "protect", "quotes", "rich", "singles", "text")

    def __init__(self, text: str, rich: bool, protect: bool) -> None:
        self.text = text
        self.rich = rich
        self.protect = protect
        self.pos = 0
        self.closed = False
        self.quotes = 0
        self.singles = 0

    def run(self) -> str:
        out = self._sequence(False)
        while self.closed:  # a brace too many is text
            out += "}" + self._sequence(False)
        return out

    def _sequence(self, protected: bool) -> str:
        """Decode up to the group's closing brace, which is taken, or the end of the text."""
        out: list[str] = []
        while self.pos < len(self.text):
            found = self._match()
            token = found.group()
            first = token[0]
            if found.lastindex:
                plain = token.isprintable() and "  " not in token
                out.append(token if plain else _BLANKS.sub(" ", token))
            elif first == "}":
                self.closed = True
                return "".join(out)
            elif first == "{":
                out.append(self._group(protected))
            elif first == "\\" and len(token) > 1:
                name = token[1:].rstrip(" \t\r\n") or " "
                if name in table.SWITCHES:
                    tags = table.SWITCHES[name]
                    out.append(self._tagged(tags, self._sequence(protected)))
                    return "".join(out)
                out.append(self._command(name, token, protected))
            else:
                out.append(self._plain(token))
        self.closed = False
        return "".join(out)

    def _match(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.pos)
        assert found is not None  # noqa: S101 - the last alternative takes any character
        self.pos = found.end()
        return found

    def _plain(self, token: str) -> str:
        first = token[0]
        if first == "$" and len(token) > 1:
            return self._math(token)
        if first == "`" and len(token) == 1:
            self.singles += 1
        if first == "'" and self.singles and len(token) != 2:
            return self._closing_quote(token)
        return _FIXED.get(token, token)

    def _closing_quote(self, token: str) -> str:
        """Close a single quotation mark, unless the mark is an apostrophe inside a word."""
        if len(token) == 1 and self.text[self.pos : self.pos + 1].isalpha():
            return "'"
        self.singles -= 1
        return "’" if len(token) == 1 else "’”"

    def _math(self, token: str) -> str:
        script = _SCRIPT.fullmatch(token)
        if script is not None:
            tags = table.SUP if script[1] == "^" else table.SUB
            return self._tagged(tags, (script[2] or script[3] or script[4]).strip())
        return token if self.rich else _plain_math(token)

    def _tagged(self, tags: tuple[str, str], text: str) -> str:
        if not text:
            return ""
        if tags[0].startswith("<") and not self.rich:
            return text
        return f"{tags[0]}{text}{tags[1]}"

    def _group(self, protected: bool) -> str:
        begins = not protected and self.protect and not self.text.startswith("\\", self.pos)
        inner = self._sequence(protected or begins)
        if not begins:
            return inner
        bare = _MATH.sub("", strip_markup(inner))
        return self._tagged(table.NOCASE, inner) if bare.lower() != bare.upper() else inner

    def _argument(self, protected: bool) -> str:
        """Decode a command's argument: a group, a command, or one character."""
        self._skip_blanks()
        if self.pos >= len(self.text):
            return ""
        if self.text[self.pos] == "{":
            self.pos += 1
            return self._sequence(protected)
        if self.text[self.pos] == "\\":
            token = self._match().group()
            return self._command(token[1:].rstrip() or " ", token, protected)
        if self.text[self.pos] == "}":
            return ""
        self.pos += 1
        return self.text[self.pos - 1]

    def _skip_blanks(self) -> None:
        while self.text[self.pos : self.pos + 1] in (" ", "\t", "\n", "\r"):
            self.pos += 1

    def _command(self, name: str, token: str, protected: bool) -> str:
        if name in table.ACCENTS:
            return self._accented(name, protected)
        symbol = table.LETTERS.get(name)
        if symbol is None:
            symbol = table.SYMBOLS.get(name)
        if symbol is not None:
            return symbol
        if name in table.WRAPS:
            return self._tagged(table.WRAPS[name], self._argument(protected))
        if name in table.DROPPED:
            self._argument(protected)
            return ""
        if name in table.SECOND:
            self._argument(protected)
            return self._argument(protected)
        special = _SPECIAL.get(name)
        return special(self, protected) if special else self._unknown(name, token, protected)

    def _accented(self, name: str, protected: bool) -> str:
        base = self._argument(protected)
        if not base.strip():
            return table.BARE_ACCENTS.get(name, "") + base
        return base if base.startswith("\\") else _accent(base, table.ACCENTS[name])

    def _unknown(self, name: str, token: str, protected: bool) -> str:
        symbol = _from_pylatexenc(name)
        if symbol is not None:
            return symbol
        arguments: list[str] = []
        while self.text[self.pos : self.pos + 1] == "{":
            arguments.append(self._argument(protected))
        if arguments:
            return " ".join(part for part in arguments if part)
        blank = token[1 + len(name) :]
        # "\ConTeXt" and "\UNIX" stand for their own names.
        return name + blank if name != name.lower() else f"\\{name}{blank}"

    def enquote(self, protected: bool) -> str:
        """Set quotation marks by depth: double outside, single inside."""
        self.quotes += 1
        inner = self._argument(protected)
        self.quotes -= 1
        return f"‘{inner}’" if self.quotes % 2 else f"“{inner}”"

    def verbatim(self, protected: bool) -> str:
        """Take a web address as it stands, without the escapes of special characters."""
        return re.sub(r"\\([_%&#~$])", r"\1", self._raw_argument())

    def _raw_argument(self) -> str:
        self._skip_blanks()
        start = self.pos
        depth = 0
        while self.pos < len(self.text):
            depth += {"{": 1, "}": -1}.get(self.text[self.pos], 0)
            self.pos += 1
            if depth <= 0:
                break
        return self.text[start : self.pos].removeprefix("{").removesuffix("}")

    def dimension(self, protected: bool) -> str:
        """Pass over a length, as after a kern."""
        found = _DIMENSION.match(self.text, self.pos)
        self.pos = found.end() if found else self.pos
        return ""

    def math(self, protected: bool) -> str:
        """Take the argument as math."""
        return self._math(f"${self._raw_argument()}$")

    def inline_math(self, protected: bool) -> str:
        """Take the text up to the closing command as math."""
        end = self.text.find("\\)", self.pos)
        if end < 0:
            return "("
        inner = self.text[self.pos : end]
        self.pos = end + 2
        return self._math(f"${inner.strip()}$")

    def environment(self, protected: bool) -> str:
        r"""Take what is between \begin{x} and \end{x}, marked where x is a font ("it", "bf")."""
        name = self._raw_argument().strip()
        end = self.text.find(f"\\end{{{name}}}", self.pos)
        if end < 0:
            return ""
        inner = _Decoder(self.text[self.pos : end], self.rich, self.protect and not protected)
        self.pos = end + len(name) + len("\\end{}")
        tags = table.SWITCHES.get(name) or table.WRAPS.get(name) or ("", "")
        return self._tagged(tags, inner.run())

    def nothing(self, protected: bool) -> str:
        """Pass over an argument."""
        self._raw_argument()
        return ""

    def upper(self, protected: bool) -> str:
        """Set the argument in capitals."""
        parts = _TAG.split(self._argument(protected))
        return "".join(part if part.startswith("<") else part.upper() for part in parts)

    def lower(self, protected: bool) -> str:
        """Set the argument in small letters."""
        parts = _TAG.split(self._argument(protected))
        return "".join(part if part.startswith("<") else part.lower() for part in parts)


_SPECIAL = {
    "enquote": _Decoder.enquote,
    "enquote*": _Decoder.enquote,
    "ensuremath": _Decoder.math,
    "(": _Decoder.inline_math,
    "begin": _Decoder.environment,
    "end": _Decoder.nothing,
    "kern": _Decoder.dimension,
    "hskip": _Decoder.dimension,
    "penalty": _Decoder.dimension,
    "url": _Decoder.verbatim,
    "path": _Decoder.verbatim,
    "uppercase": _Decoder.upper,
    "MakeUppercase": _Decoder.upper,
    "MakeTextUppercase": _Decoder.upper,
    "lowercase": _Decoder.lower,
    "MakeLowercase": _Decoder.lower,
    "MakeTextLowercase": _Decoder.lower,
}


@lru_cache(maxsize=4096)
def _accent(base: str, mark: str) -> str:
    """Set a combining mark behind the first letter and the marks that it has already."""
    if base[0] in "ıȷ" and mark not in "\u0323\u0327\u0328\u0331":
        base = {"ı": "i", "ȷ": "j"}[base[0]] + base[1:]
    split = unicodedata.normalize("NFD", base)
    end = 1
    while end < len(split) and unicodedata.combining(split[end]):
        end += 1
    return unicodedata.normalize("NFC", split[:end] + mark + split[end:])


def _plain_math(math: str) -> str:
    text = _MACRO.sub(lambda found: _math_symbol(found[1]), math.strip("$"))
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[{}_^]", "", text)).replace("~", " ").strip()


def _math_symbol(name: str) -> str:
    if name in table.GREEK:
        return table.GREEK[name]
    if name in table.WRAPS or name in table.SWITCHES or name.startswith("math"):
        return ""
    known = table.LETTERS.get(name) or table.SYMBOLS.get(name)
    return known or _from_pylatexenc(name) or name
