r"""Lone surrogates: halves of characters, which no file in UTF-8 can hold.

JSON may name one by an escape ("\ud800"), and bytes of a .bib file that are not of its encoding
are held as such (PEP 383) so that the file itself can be written back. Everywhere else U+FFFD,
Unicode's replacement character, takes their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from refkit.model.entry import AsWritten, Date, Entry, Field, Name, Value

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONE = re.compile("[\ud800-\udfff]")
_PARTS = ("family", "given", "particle", "dropping_particle", "suffix", "literal")


def mended(entry: Entry) -> tuple[Entry, tuple[str, ...]]:
    """Return an entry without lone surrogates, and the names of the fields that had any.

    The citation key's name among them is "id".
    """
    fields = (*entry.fields, *entry.extra)
    faulty = [each.name for each in fields if _is_faulty(each)]
    words = entry.as_written.fields if entry.as_written else ()
    faulty += [name for name, text in words if _has_lone(name) or _has_lone(text)]
    if not _has_lone(entry.key) and not _has_lone(entry.native_type) and not faulty:
        return entry, ()
    whole = replace(
        entry,
        key=whole_text(entry.key),
        native_type=whole_text(entry.native_type),
        fields=tuple(_mended_fields(entry.fields)),
        extra=tuple(_mended_fields(entry.extra)),
        as_written=_mended_words(entry.as_written),
    )
    names = (["id"] if whole.key != entry.key else []) + faulty
    return whole, tuple(whole_text(name) for name in dict.fromkeys(names or ["type"]))


def _mended_words(written: AsWritten | None) -> AsWritten | None:
    if written is None:
        return None
    fields = ((whole_text(name), whole_text(text)) for name, text in written.fields)
    return replace(written, fields=tuple(fields))


def whole_text(text: str) -> str:
    """Return text with U+FFFD for each lone surrogate."""
    return _LONE.sub("\ufffd", text) if _has_lone(text) else text


def xml_text(text: str) -> str:
    """Return text with U+FFFD for each character that XML 1.0 does not allow."""
    return _NOT_XML.sub("\ufffd", text)


def _has_lone(text: str) -> bool:
    return not text.isascii() and _LONE.search(text) is not None


def _is_faulty(field: Field) -> bool:
    if _has_lone(field.raw) or _has_lone(field.name):
        return True
    value = field.value
    if isinstance(value, str):
        return _has_lone(value)
    return any(_has_lone(text) for text in _texts(value))


def _texts(value: tuple[Name, ...] | Date) -> Iterator[str]:
    if isinstance(value, Date):
        yield value.literal
    else:
        for name in value:
            yield from (getattr(name, part) for part in _PARTS)


def _mended_fields(fields: Iterable[Field]) -> Iterator[Field]:
    for each in fields:
        if _is_faulty(each):
            name, raw = whole_text(each.name), whole_text(each.raw)
            yield replace(each, name=name, value=_mended_value(each.value), raw=raw)
        else:
            yield each


def _mended_value(value: Value) -> Value:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, Date):
        return replace(value, literal=whole_text(value.literal))
    return tuple(
        Name(**{part: whole_text(getattr(name, part)) for part in _PARTS}) for name in value
    )
