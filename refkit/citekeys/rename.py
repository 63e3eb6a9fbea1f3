"""New keys as edits: of a .bib file with all that names its keys, and of manuscripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from refkit.citekeys.assign import Rename
from refkit.formats.bibtex.inherit import keys_in
from refkit.formats.bibtex.place import NewField, insert_fields
from refkit.formats.bibtex.tree import RawEntry, RawField, RawString, Tree
from refkit.manuscripts.latex import commands
from refkit.manuscripts.scan import cited
from refkit.model.report import Diagnostic, Document, Severity
from refkit.model.text import Edit, Span

BROKEN = "FIX001"
UNWRITABLE = "FIX004"

LINKS = frozenset("crossref xdata xref related entryset".split())
"""BibLaTeX's fields that name other entries (its manual, sections 2.2.3 and 2.2.4)."""

_VERBATIM = frozenset("doi url eprint file ids keywords".split())
_KEY = re.compile(r"[^,\s{}\"]+(?:[^\S\n]+[^,\s{}\"]+)*")


def by_old(renames: Sequence[Rename]) -> dict[str, str]:
    """Return the new keys by the old ones; of several entries with one key the first counts."""
    found: dict[str, str] = {}
    for each in renames:
        if each.old:
            found.setdefault(each.old, each.new)
    return {old: new for old, new in found.items() if old != new}


def manuscript_edits(text: str, kind: str, names: Mapping[str, str]) -> list[Edit]:
    """Return the edits that name the new keys in a manuscript of that kind."""
    return [
        Edit(Span(each.start, each.end), names[each.key])
        for each in cited(text, kind)
        if each.key in names
    ]


def bib_edits(
    document: Document, renames: Sequence[Rename], *, keep_alias: bool = False
) -> tuple[list[Edit], list[Diagnostic]]:
    """Return the edits of a .bib file's keys and of all in it that names them.

    These are the fields of `LINKS` and the citation commands in other fields. With
    `keep_alias` an old key stays as an alias in `ids`. What is in a macro is told, not edited.
    """
    tree: Tree = document.tree
    raws = tree.entries()
    text = tree.source.text
    edits: list[Edit] = []
    problems: list[Diagnostic] = []
    first = {raw.key: at for at, raw in reversed(list(enumerate(raws)))}
    for each in renames:
        raw = raws[each.index]
        edits.append(_key_edit(text, raw, each.new))
        if keep_alias and each.old and first[each.old] == each.index:
            edits += _alias(tree, raw, each.old, problems)
    names, links = by_old(renames), _links(document, renames)
    macros = {each.name.lower() for each in tree.blocks if isinstance(each, RawString)}
    for raw, entry in zip(raws, document.entries, strict=True) if names else ():
        for field in raw.fields if raw.complete else ():
            value = tree.raw(field)
            if field.name not in LINKS:
                edits += _cited(field, value, names)
            elif _plain(value):
                edits += _linked(field, value, links)
            elif value.isalnum() and value.lower() not in macros:  # no macro, so its own name
                edits += _bare(field, value, links)
            elif any(_new(key, links) for key in keys_in(entry.beyond(field.name))):
                problems.append(_refused(raw, field, f"{field.name!r} names an old key by a macro"))
    return edits, problems


def _links(document: Document, renames: Sequence[Rename]) -> dict[str, str]:
    """Return the new key for each that a link may name, "" for those that stay.

    Names in small letters are for links in other letters. A name that is first another entry's
    alias is that entry's, as for inheritance.
    """
    new = {each.index: each.new for each in renames if each.old}
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for index, entry in enumerate(document.entries):
        aliases = ((alias, "") for alias in keys_in(entry.beyond("ids")))
        for name, written in ((entry.key, new.get(index, "")), *aliases):
            exact.setdefault(name, written)
            folded.setdefault(name.lower(), written)
    return {**folded, **exact}


def _key_edit(text: str, raw: RawEntry, new: str) -> Edit:
    if raw.key or text[raw.key_end : raw.end].lstrip().startswith(","):
        return Edit(Span(raw.key_start, raw.key_end), new)
    # Neither key nor comma: they go behind the opening delimiter.
    at = raw.start + len(text[raw.start : raw.key_start].rstrip())
    if not raw.fields:
        return Edit(Span(at, at), new)
    return Edit(Span(at, at), new + ("," if at < raw.key_start else ", "))


def _alias(tree: Tree, raw: RawEntry, old: str, problems: list[Diagnostic]) -> list[Edit]:
    field = next((each for each in raw.fields if each.name == "ids"), None)
    if field is None:
        return insert_fields(tree, raw, [NewField("ids", old)])
    value = tree.raw(field)
    if not _plain(value):
        problems.append(_refused(raw, field, f"{old!r} cannot be added to 'ids', a macro"))
        return []
    if old in keys_in(value[1:-1]):
        return []
    at = field.value_end - 1
    return [Edit(Span(at, at), f", {old}" if value[1:-1].strip() else old)]


def _plain(value: str) -> bool:
    """Tell whether a value as written is one text in delimiters."""
    return len(value) > 1 and value[0] + value[-1] in ("{}", '""') and "#" not in value


def _cited(field: RawField, value: str, names: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits of the citation commands in a field's value."""
    if field.name in _VERBATIM or "\\" not in value:
        return
    for each in commands(value):
        if each.key in names:
            place = Span(field.value_start + each.start, field.value_start + each.end)
            yield Edit(place, names[each.key])


def _linked(field: RawField, value: str, links: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits of the keys in a link's value."""
    for each in _KEY.finditer(value):
        if new := _new(each[0], links):
            yield Edit(Span(field.value_start + each.start(), field.value_start + each.end()), new)


def _bare(field: RawField, value: str, links: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edit of a link that is a key without delimiters, such as `xdata = K`."""
    if new := _new(value, links):
        yield Edit(Span(field.value_start, field.value_end), f"{{{new}}}")


def _new(key: str, links: Mapping[str, str]) -> str:
    """Return the new key for one that a link names, "" if it stays; BibTeX reads any case."""
    new = links.get(key, links.get(key.lower(), ""))
    return "" if new == key else new


def _refused(raw: RawEntry, field: RawField, message: str) -> Diagnostic:
    span = Span(field.start, field.end)
    return Diagnostic(UNWRITABLE, message, span, raw.key, severity=Severity.WARNING)
