"""Filtering a Pandoc document: the works that it cites by id become references of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from refkit import files
from refkit.api.documents import read as read_bibliography
from refkit.api.documents import save
from refkit.api.resolving import Resolution, resolve
from refkit.config import URLS, SourceSettings, urls_in
from refkit.errors import InputError, RefkitError
from refkit.formats.characters import mended
from refkit.formats.csljson.item import entry_to_item
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.pandoc import document as pandoc
from refkit.pandoc import lock
from refkit.pandoc.meta import Node

_SWITCHES = ("offline", "refresh", "strict")
_TEXTS = ("catalogue", "deadline", "lock", "mailto", "sources", "timeout")
_URLS = tuple(f"{source}-url" for source in URLS)
_YES, _NO = ("true", "yes", "1", "on"), ("false", "no", "0", "off", "")


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """What a filter run does.

    `lock` is the lock file's path. `offline` asks no service, only the lock file and the
    catalogue; `refresh` asks anew for what is locked; `strict` says that an id without a
    reference is a failure.
    """

    lock: str = lock.NAME
    offline: bool = False
    refresh: bool = False
    strict: bool = False
    sources: tuple[str, ...] = ()
    source: SourceSettings = field(default_factory=SourceSettings)


@dataclass(frozen=True, slots=True)
class Filtered:
    """A filtered document in pandoc's JSON form, and what is to be said of it.

    `unknown` and `unchecked` give the citation keys that have no reference, each with the
    reason; `added` those that have one now.
    """

    data: bytes
    added: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    unchecked: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    strict: bool = False


def filter_pandoc(
    data: bytes,
    *,
    environment: Mapping[str, str] = os.environ,
    given: Mapping[str, Any] | None = None,
) -> Filtered:
    """Resolve the ids that a document in pandoc's JSON form cites, and add their references.

    Settings come from `given`, then from the document's metadata (`refkit:` or `refkit-...`),
    then from `environment` (`REFKIT_...`). What was found is kept in the lock file and taken
    from there the next time. A document with nothing to add comes back byte for byte. Raises
    InputError for what is no such document, for a bad setting and for a damaged lock file.
    """
    document = pandoc.read(data)
    chosen, warnings = _settings(given or {}, pandoc.settings(document), environment)
    cited = _open(document)
    if not cited:
        return Filtered(data, warnings=warnings, strict=chosen.strict)
    unknown = {each.key: each.fault for each in cited if each.id is None}
    keys: dict[Id, list[str]] = {}
    for each in cited:
        if each.id is not None:
            keys.setdefault(each.id, []).append(each.key)
    book, answer, said = _looked_up(list(keys), chosen)
    found = {each: book[str(each)] for each in keys if str(each) in book}
    items = _references(found, keys)
    return Filtered(
        pandoc.write(pandoc.with_references(document, items)) if items else data,
        tuple(key for each in found for key in keys[each]),
        unknown | _reasons(answer.unknown, keys, found),
        _reasons(answer.unchecked, keys, found),
        (*warnings, *answer.warnings, *said),
        chosen.strict,
    )


def _open(document: Node) -> list[pandoc.Cited]:
    """Return the cited ids that the document has no reference for."""
    cited = pandoc.cited(document)
    if not cited:
        return []
    held = pandoc.keys_held(document) | _keys_of(pandoc.bibliographies(document))
    return [each for each in cited if each.key not in held]


def _keys_of(paths: Sequence[str]) -> set[str]:
    """Return the keys in bibliography files; what is wrong with those pandoc itself tells."""
    keys: set[str] = set()
    for path in paths:
        try:
            keys |= {entry.key for entry in read_bibliography(path).entries}
        except RefkitError:
            continue
    return keys


def _references(
    found: Mapping[Id, lock.Locked], keys: Mapping[Id, Sequence[str]]
) -> list[dict[str, Any]]:
    """Return a reference for each record, though it may be cited by ids of several kinds."""
    works: dict[str, tuple[Mapping[str, Any], list[str]]] = {}
    for each, entry in found.items():
        works.setdefault(entry.record or str(each), (entry.item, []))[1].extend(keys[each])
    return [pandoc.reference(item, cited) for item, cited in works.values()]


def _reasons(
    found: Mapping[Id, str], keys: Mapping[Id, Sequence[str]], but: Mapping[Id, object]
) -> dict[str, str]:
    return {key: why for each, why in found.items() if each not in but for key in keys[each]}


def _looked_up(
    ids: Sequence[Id], chosen: FilterSettings
) -> tuple[dict[str, lock.Locked], Resolution, list[str]]:
    """Return the lock file's entries with what was found now, the resolution, and warnings.

    An entry that is locked stays as it is, unless it was asked for anew and has changed.
    """
    book = _read_lock(chosen.lock)
    wanted = [each for each in ids if chosen.refresh or str(each) not in book]
    answer = _resolved(wanted, chosen)
    new = {str(each): _entry(candidate) for each, candidate in answer.found.items()}
    changed = {each: e for each, e in new.items() if each not in book or book[each].item != e.item}
    said = [
        f"{each}: kept as it is in {chosen.lock}: {why}"
        for each, why in {**answer.unknown, **answer.unchecked}.items()
        if str(each) in book
    ]
    book |= changed
    said += [
        f"{each}: its entry in {chosen.lock} was edited by hand and is used as it is"
        for each in ids
        if str(each) in book and book[str(each)].edited
    ]
    if changed:
        said += _write_lock(chosen.lock, book)
    return book, answer, said


def _read_lock(path: str) -> dict[str, lock.Locked]:
    return lock.parse(files.read_bytes(path), path) if Path(path).exists() else {}


def _write_lock(path: str, book: Mapping[str, lock.Locked]) -> list[str]:
    """Write the lock file; the document is none the worse where that fails."""
    try:
        save(path, lock.render(book))
    except InputError as error:
        return [str(error)]
    return []


def _resolved(ids: Sequence[Id], chosen: FilterSettings) -> Resolution:
    sources = chosen.sources
    if chosen.offline and not chosen.source.catalogue:
        why = f"not in {chosen.lock}, and no service is asked offline"
        return Resolution({}, {}, dict.fromkeys(ids, why))
    if chosen.offline:
        sources = ("catalogue",)
    answer = resolve(ids, sources, settings=chosen.source)
    if not chosen.offline:
        return answer
    # What a catalogue lacks, a service may know.
    why = f"neither in {chosen.lock} nor in the catalogue, and no service is asked offline"
    missing = dict.fromkeys((*answer.unknown, *answer.unchecked), why)
    return replace(answer, unknown={}, unchecked=missing)


def _entry(candidate: Candidate) -> lock.Locked:
    entry, _ = mended(candidate.entry)
    origin, item = entry.origin, pandoc.item(entry_to_item(entry))
    return lock.Locked(item, origin.source, origin.ref, origin.fetched, lock.digest(item))


def _settings(
    given: Mapping[str, Any], metadata: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[FilterSettings, tuple[str, ...]]:
    """Put the settings together, and warn of those in the metadata that there are not."""
    known = (*_SWITCHES, *_TEXTS, *_URLS)
    unknown = [name for name in metadata if name not in known]
    variables = {name: f"REFKIT_{name.replace('-', '_').upper()}" for name in known}
    outer = {name: environment[v] for name, v in variables.items() if environment.get(v)}
    inner = {name: value for name, value in metadata.items() if name in known}
    values = {**outer, **inner, **given}
    texts = {name: _text(name, values[name]) for name in _TEXTS if name in values}
    switches = {name: _switch(name, values.get(name, False)) for name in _SWITCHES}
    urls = {n.removesuffix("-url"): _text(n, values[n]) for n in _URLS if n in values}
    source = SourceSettings(
        mailto=texts.get("mailto", ""),
        use_cache=not switches["refresh"],
        timeout=_seconds("timeout", texts) or SourceSettings().timeout,
        deadline=_seconds("deadline", texts),
        catalogue=texts.get("catalogue", ""),
        urls=urls_in(environment) | urls,
    )
    names = tuple(filter(None, (each.strip() for each in texts.get("sources", "").split(","))))
    chosen = FilterSettings(_lock_path(texts), sources=names, source=source, **switches)
    return chosen, tuple(f"there is no setting {name!r} of refkit's" for name in unknown)


def _lock_path(texts: Mapping[str, str]) -> str:
    path = texts.get("lock") or lock.NAME
    if not path.endswith(".json"):
        raise InputError(f"{path}: the name of a lock file has to end in .json")
    return path


def _text(name: str, value: Any) -> str:
    """Return a setting's text; a list is joined by commas."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in listed):
        raise InputError(f"refkit's setting {name!r} has to be a text")
    return ",".join(listed)


def _switch(name: str, value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in (*_YES, *_NO):
        raise InputError(f"refkit's setting {name!r} has to be true or false, not {value!r}")
    return text in _YES


def _seconds(name: str, texts: Mapping[str, str]) -> float | None:
    if name not in texts:
        return None
    try:
        seconds = float(texts[name])
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 1e6:
        raise InputError(f"refkit's setting {name!r} has to be a number of seconds")
    return seconds
