"""Pandoc documents in its JSON form: which ids they cite, and references added to them.

Facts: pandoc's User's Guide, "Citation syntax" and "Specifying bibliographic data"; a filter
gets the document on standard input (https://pandoc.org/filters.html). A citation key ends
where pandoc's rules say so: `[@doi:10.1016/S0140-6736(05)1]` cites "doi:10.1016/S0140-6736",
and only `[@{doi:10.1016/S0140-6736(05)1}]` the whole. `other-ids` in a reference are further
keys under which it may be cited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from refkit.errors import InputError
from refkit.model.ids import Id
from refkit.normalise.ids import parse_id
from refkit.pandoc.meta import Node, meta, plain

PREFIX = "refkit"
_MARK = re.compile(r"(doi|arxiv|isbn|pmid|pmcid|pmc):", re.IGNORECASE)
# What directly follows a key where more of a DOI follows: pandoc takes no brackets into a key,
# and no two marks in a row ("--" it has made a dash).
_GOES_ON = re.compile(r"[(</#%&+=~_$^\\]|[-\u2013.:]+\w")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation key that is meant to be an id: the id, or the fault that it has."""

    key: str
    id: Id | None
    fault: str = ""


def read(data: bytes) -> Node:
    """Read a document from pandoc's JSON; raises InputError."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or "pandoc-api-version" not in document:
        raise InputError(
            "this is no document in pandoc's JSON form; run it as "
            "pandoc --filter refkit-pandoc-filter --citeproc, or after pandoc -t json"
        )
    if not isinstance(document.get("meta"), dict) or not isinstance(document.get("blocks"), list):
        raise InputError(
            f"pandoc's JSON form {document['pandoc-api-version']} is not known; "
            "pandoc 2 and 3 give the form 1.20 and later"
        )
    try:
        for look in (cited, keys_held, settings, bibliographies):
            look(document)
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"this document in pandoc's JSON form is damaged: {error!r}") from None
    return document


def write(document: Node) -> bytes:
    """Write a document as pandoc reads it."""
    return json.dumps(document, separators=(",", ":")).encode()


def cited(document: Node) -> list[Cited]:
    """Return the keys that are meant to be ids, each once, in the order of citation.

    Keys that look like no id are the author's own and left out.
    """
    cut: dict[str, bool] = {}
    parts = {name: each for name, each in document["meta"].items() if name != "references"}
    for key, is_cut in _citations([parts, document["blocks"]]):
        cut[key] = cut.get(key, False) or is_cut
    found = (_cited(key, is_cut=is_cut) for key, is_cut in cut.items())
    return [each for each in found if each is not None]


def _citations(node: Any, following: Any = None) -> Iterator[tuple[str, bool]]:
    """Yield each citation's key, and whether the text goes on where pandoc ended the key."""
    if isinstance(node, list):
        for each, after in zip_longest(node, node[1:]):
            yield from _citations(each, after)
    elif isinstance(node, Mapping):
        if node.get("t") == "Cite":
            for citation in node["c"][0]:
                suffix = citation["citationSuffix"]
                yield citation["citationId"], _goes_on(suffix[0] if suffix else following)
                yield from _citations([citation["citationPrefix"], suffix])
        else:
            for each in node.values():
                yield from _citations(each)


def _goes_on(inline: Any) -> bool:
    text = inline.get("c") if isinstance(inline, Mapping) and inline.get("t") == "Str" else ""
    return isinstance(text, str) and _GOES_ON.match(text) is not None


def _cited(key: str, *, is_cut: bool) -> Cited | None:
    found, marked = parse_id(key), _MARK.match(key)
    if found is None and marked is None:
        return None
    if found and not (is_cut and found.kind == "doi"):
        return Cited(key, found)
    kind = marked[0] if marked else "doi:"
    if is_cut:
        return Cited(
            key, None, f"pandoc ends the key here; put all of it in braces, @{{{kind}...}}"
        )
    return Cited(
        key, None, f"this is no id of its kind; if it is cut short, put it in @{{{kind}...}}"
    )


def keys_held(document: Node) -> set[str]:
    """Return the keys of the references that the document has in its metadata."""
    held: set[str] = set()
    for each in _references(document):
        own = plain(each)
        if isinstance(own, dict):
            others = own.get("other-ids")
            listed = others if isinstance(others, list) else []
            held |= {str(key) for key in (own.get("id"), *listed) if key}
    return held


def bibliographies(document: Node) -> list[str]:
    """Return the paths of the document's bibliography files."""
    value = document["meta"].get("bibliography")
    found = plain(value) if value else []
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, str)]


def settings(document: Node) -> dict[str, Any]:
    """Return refkit's settings: what is in `refkit:`, and above it `refkit-...` one by one."""
    values = {name: plain(each) for name, each in document["meta"].items() if PREFIX in name}
    found = dict(values[PREFIX]) if isinstance(values.get(PREFIX), dict) else {}
    start = f"{PREFIX}-"
    flat = {name[len(start) :]: each for name, each in values.items() if name.startswith(start)}
    return found | flat


def with_references(document: Node, items: Sequence[Mapping[str, Any]]) -> Node:
    """Return the document with CSL items added behind its own references."""
    references = [*_references(document), *map(meta, items)]
    changed = {**document["meta"], "references": {"t": "MetaList", "c": references}}
    return {**document, "meta": changed}


def _references(document: Node) -> list[Node]:
    value = document["meta"].get("references")
    if value is None:
        return []
    return list(value["c"]) if value["t"] == "MetaList" else [value]


def item(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what pandoc takes of a CSL item: its id comes with the citation."""
    dropped = ("id", "custom", "citation-key")
    return {name: each for name, each in whole.items() if name not in dropped}


def reference(work: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return a CSL item as a reference that is cited by these keys."""
    others = {"other-ids": list(keys[1:])} if len(keys) > 1 else {}
    return {"id": keys[0], **others, **work}
