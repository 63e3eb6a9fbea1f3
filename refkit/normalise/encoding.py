"""From a file's bytes to text, so that the same bytes can be given back.

UTF-8 is tried first, then what the file declares, then detection; anything but UTF-8 is
reported, never silently guessed.
"""

from __future__ import annotations

import codecs
import re
import warnings

from refkit.errors import InputError
from refkit.model.report import Diagnostic, Severity
from refkit.model.text import SourceText, Span

# UTF-32's little-endian mark begins with UTF-16's.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# JabRef, Emacs and Vim, TeXworks, BibDesk.
_DECLARED = re.compile(
    rb"%\s*Encoding:\s*([\w:.-]+)"
    rb"|-\*-.*?coding[:=]\s*([\w.-]+)"
    rb"|%\s*!T[eE]X encoding\s*=\s*([\w .-]+?)\s*$"
    rb"|string encoding [^(\n]*\(([^)\n]+)\)",
    re.MULTILINE,
)
_BIBDESK = {"iso latin 1": "latin-1", "windows latin 1": "cp1252", "mac os roman": "mac-roman"}
# What files with long runs of high bytes come in; detection over all codecs is worse on the few
# letters that a bibliography has.
_CANDIDATES = ["cp1251", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_INVALID = re.compile("[\udc80-\udcff]+")
_HEAD = 4096  # as far as a NUL tells a binary file

_Decoded = tuple[SourceText, tuple[Diagnostic, ...]]


def decode(data: bytes, path: str, encoding: str | None = None) -> _Decoded:
    """Decode a file's bytes; `encoding` is what the user says it is.

    Raises InputError for a binary file, and where the user's encoding does not fit.
    """
    mark = next((mark for mark in _BOMS if data.startswith(mark[0])), None)
    if mark is not None and (encoding is None or _is_marked(encoding, mark[1])):
        found = _by_mark(data, path, *mark, told=encoding is not None)
    elif encoding is not None:
        found = _as_told(data, path, encoding), ()
    else:
        found = _unmarked(data, path)
    if "\0" in found[0].text[:_HEAD]:
        raise _binary(path)
    return found


def _unmarked(data: bytes, path: str) -> _Decoded:
    if b"\0" in data[:_HEAD]:
        raise _binary(path)
    try:
        return SourceText(path, data.decode("utf-8")), ()
    except UnicodeDecodeError:
        return _not_utf8(data, path)


def _binary(path: str) -> InputError:
    return InputError(f"{path}: this is a binary file, not text")


def _is_marked(encoding: str, codec: str) -> bool:
    """Tell whether a mark says what the user says ("utf-16" leaves the order to the mark)."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return False
    return name in (codec, codec.removesuffix("-le").removesuffix("-be"))


def _by_mark(data: bytes, path: str, bom: bytes, codec: str, *, told: bool) -> _Decoded:
    if codec == "utf-8" and not told:
        text = data[len(bom) :].decode(codec, errors="surrogateescape")
        return _checked(SourceText(path, text, codec, bom), ())
    text = _as_told(data[len(bom) :], path, codec).text
    notes = () if told else _notes(f"read as {codec} by its mark")
    return SourceText(path, text, codec, bom), notes


def _as_told(data: bytes, path: str, encoding: str) -> SourceText:
    try:
        with warnings.catch_warnings():
            # unicode_escape warns of what it cannot give back, which is refused below.
            warnings.simplefilter("ignore", DeprecationWarning)
            text = data.decode(encoding)
        if text.encode(encoding) != data:
            raise InputError(f"{path}: {encoding} does not give the file's own bytes back")
        return SourceText(path, text, codecs.lookup(encoding).name)
    except LookupError:
        raise InputError(f"{path}: there is no encoding named {encoding!r}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not {encoding}: {error.reason} at byte {error.start}") from None
    except ValueError as error:  # the codec "undefined", or one that cannot write what it reads
        raise InputError(f"{path}: not {encoding}: {error}") from None


def _not_utf8(data: bytes, path: str) -> _Decoded:
    declared = _declared(data)
    if declared and (text := _round_trip(data, declared)) is not None:
        return SourceText(path, text, declared), _notes(f"read as {declared}, as it declares")
    escaped = data.decode("utf-8", errors="surrogateescape")
    if _mostly_utf8(escaped):
        return _checked(SourceText(path, escaped), ())
    detected = _detect(data)
    if detected and (text := _round_trip(data, detected)) is not None:
        hint = f"not UTF-8; read as {detected}, by detection: say --encoding if that is wrong"
        return SourceText(path, text, detected), _notes(hint)
    return _checked(SourceText(path, escaped), ())


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:2048]) or _DECLARED.search(data[-2048:])
    if found is None:
        return None
    written = next(group for group in found.groups() if group)
    name = written.decode("ascii", "replace")
    try:
        codec = codecs.lookup(_BIBDESK.get(name.strip().lower(), name.strip())).name
        # A file in EBCDIC or UTF-16 could not say so in ASCII.
        return codec if written.decode(codec) == name else None
    except (LookupError, ValueError):
        return None


def _round_trip(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
        return text if text.encode(encoding) == data else None
    except (UnicodeError, LookupError):  # codecs such as "hex" are none of text
        return None


def _mostly_utf8(escaped: str) -> bool:
    invalid = len(_INVALID.findall(escaped))
    good = sum("\x7f" < char < "\ud800" or char > "\udfff" for char in escaped)
    return good > 2 * invalid


def _detect(data: bytes) -> str | None:
    """Guess the encoding: letters that stand alone among ASCII are Western Europe's."""
    runs = _HIGH_BYTES.findall(data)
    if sum(len(run) == 1 for run in runs) * 2 >= len(runs):
        return "cp1252" if _round_trip(data, "cp1252") is not None else "latin-1"
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CANDIDATES).best()
    return best.encoding if best is not None else "cp1252"


def _checked(source: SourceText, problems: tuple[Diagnostic, ...]) -> _Decoded:
    """Report bytes that are not of the encoding; they stay in the text as surrogate escapes."""
    found = [
        Diagnostic("TXT002", "bytes that are not UTF-8; they are kept as they are", Span(*m.span()))
        for m in _INVALID.finditer(source.text)
    ]
    return source, (*problems, *found)


def _notes(message: str) -> tuple[Diagnostic, ...]:
    return (Diagnostic("TXT001", message, Span(0, 0), severity=Severity.WARNING),)
