"""Zotero: what can be reached, entries sent to a library, and a library read.

A running Zotero takes files through its connector; libraries are read and written through its
local API or the Web API.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from refkit import plugins
from refkit.api import documents
from refkit.config import ZoteroSettings
from refkit.errors import InputError, PluginError, SourceError
from refkit.formats.losses import writable
from refkit.model.report import Diagnostic, Document
from refkit.zotero import push as pushing
from refkit.zotero.desktop import Desktop, LocalAPI, Target
from refkit.zotero.library import Library
from refkit.zotero.options import PullOptions, PushOptions
from refkit.zotero.plan import Verdict, Wanted, plan
from refkit.zotero.pull import Pulled, pull
from refkit.zotero.push import Outcome
from refkit.zotero.service import Item, RefusedError
from refkit.zotero.web import KEYS_PAGE, Web, checked_library, may

ITEMS = "zoterojson"
"""The format of the API's items."""

OWN = "users/0"
"""The library of the running Zotero's user, as the local API names it."""

_NO_LIBRARY = f"name the library, as users/123 or groups/456; your number is at {KEYS_PAGE}"

# What an item says of the library that it comes from.
_FOREIGN = ("key", "version", "collections", "relations", "parentItem", "dateAdded", "dateModified")


@dataclass(frozen=True, slots=True)
class Status:
    """What was found: `down` and `web_down` say why a place does not answer ("" if it does).

    `rights` are the key's, as the Web API tells them, None where it was not asked or refused
    to say (`refused`).
    """

    version: str = ""
    target: Target | None = None
    local: LocalAPI | None = None
    down: str = ""
    owner: str = ""
    rights: dict[str, Any] | None = None
    refused: str = ""
    web_down: str = ""

    def may(self, library: str, right: str) -> bool:
        """Tell whether the key has a right ("library" to read, "write") to a library."""
        return may(self.rights or {}, self.owner, library, right)


@dataclass(frozen=True, slots=True)
class Push:
    """What became of a document's entries: an outcome each, in order, and where they went.

    `problems` tell what Zotero does not hold of them; `warnings` what could not be looked up.
    """

    outcomes: tuple[Outcome, ...] = ()
    place: str = ""
    problems: tuple[Diagnostic, ...] = ()
    warnings: tuple[str, ...] = ()

    def report(self) -> list[dict[str, Any]]:
        """Return the report: one JSON-ready object per entry."""
        return [
            {
                "key": each.key,
                "verdict": str(each.verdict),
                "reason": each.reason,
                "item": each.item or None,
                "notes": each.notes,
            }
            for each in self.outcomes
        ]


@dataclass(frozen=True, slots=True)
class Pull:
    """A library's items as a document; `version` is the library's, for `since` the next time.

    `works` counts the items, `left` what is no work: files and notes that stand alone.
    """

    document: Document
    place: str
    version: int
    works: int
    left: int
    warnings: tuple[str, ...] = ()


def zotero_status(settings: ZoteroSettings | None = None) -> Status:
    """Tell what can be reached: the running Zotero and, where a library is named, the Web API.

    Raises InputError for settings that make no sense.
    """
    chosen = settings or ZoteroSettings()
    found = _desktop_status(Desktop(chosen))
    return _web_status(found, chosen) if chosen.library else found


def _desktop_status(desktop: Desktop) -> Status:
    try:
        version = desktop.ping()
        return Status(version, _target(desktop), desktop.local_api())
    except SourceError as error:
        return Status(down=error.reason)
    finally:
        desktop.close()


def _target(desktop: Desktop) -> Target | None:
    try:
        return desktop.target()
    except RefusedError:
        return None


def _web_status(found: Status, settings: ZoteroSettings) -> Status:
    web = Web(_with_key(settings))
    try:
        owner, rights = web.rights()
        return replace(found, owner=owner, rights=rights)
    except RefusedError as error:
        return replace(found, refused=str(error))
    except SourceError as error:
        return replace(found, web_down=str(error))
    finally:
        web.close()


def zotero_push(
    document: Document,
    settings: ZoteroSettings | None = None,
    options: PushOptions | None = None,
) -> Push:
    """Send a document's entries to Zotero; see `PushOptions`.

    Items that are there already are not made again: those with the same DOI, citation key or
    ISBN, or the same title, authors, date and place. What is refused or not reached is an
    outcome's verdict. Raises InputError and PluginError for what cannot be sent at all.
    """
    chosen, how = settings or ZoteroSettings(), options or PushOptions()
    how.check()
    if how.to == "web":
        _with_key(chosen)
    if how.to == "zotero" and chosen.library:
        raise InputError(
            f"an import goes to what is selected in Zotero's window, not to {chosen.library}; "
            "the web or local API writes there"
        )
    kept, left_out = writable(document.entries)
    works = replace(document, entries=tuple(kept))
    wanted, problems = _wanted(works)
    if not wanted:
        return Push(problems=tuple(left_out))
    try:
        if how.to == "zotero":
            done = _imported(works, wanted, chosen, how)
        else:
            done = replace(_written(wanted, chosen, how), problems=problems)
        return replace(done, problems=(*left_out, *done.problems))
    except (RefusedError, SourceError) as error:
        return Push(tuple(pushing.failed(wanted, error)))


def _wanted(document: Document) -> tuple[list[Wanted], tuple[Diagnostic, ...]]:
    """Return each entry as an item and its child notes, and what is lost by that."""
    written = documents.convert(document, ITEMS)
    families: list[list[Item]] = []
    for item in json.loads(written.text):
        if item.get("parentItem"):
            families[-1].append(item)
        else:
            families.append([item])
    if len(families) != len(document.entries):
        raise PluginError(f"format {ITEMS!r} gave {len(families)} for {len(document.entries)}")
    wanted = [
        Wanted(entry.key, _own(item), tuple(_own(each) for each in notes))
        for entry, (item, *notes) in zip(document.entries, families, strict=True)
    ]
    return wanted, written.problems


def _own(item: Item) -> Item:
    return {name: value for name, value in item.items() if name not in _FOREIGN}


def _written(wanted: Sequence[Wanted], settings: ZoteroSettings, how: PushOptions) -> Push:
    """Write through the Web API or the local API."""
    library = _writable(settings, how)
    try:
        steps = pushing.prepare(library, wanted, how)
        outcomes = pushing.planned(steps) if how.dry_run else pushing.send(library, steps)
    finally:
        library.service.close()
    return Push(tuple(outcomes), f"{library.path} at {library.service.base}")


def _writable(settings: ZoteroSettings, how: PushOptions) -> Library:
    if how.to == "web":
        return Web(settings).library(settings.library)
    desktop = Desktop(settings)
    local = desktop.local_api()
    desktop.close()
    if local.off:
        raise RefusedError(f"zotero: {local.off}", 403)
    if not local.server:
        raise RefusedError("zotero: this Zotero cannot be written to; version 10 or later can", 501)
    return desktop.library(checked_library(settings.library or OWN), server=local.server)


def _imported(
    document: Document, wanted: Sequence[Wanted], settings: ZoteroSettings, how: PushOptions
) -> Push:
    """Have the running Zotero import what is not there already."""
    desktop = Desktop(settings)
    try:
        desktop.ping()
        target = desktop.target()
        if not target.editable:
            raise RefusedError(
                f"zotero: {target} is read-only; select another library in Zotero's window", 500
            )
        there, warnings = _visible(desktop, target)
        steps = plan(wanted, there, update=False)
        outcomes = pushing.planned(steps)
        new = [index for index, each in enumerate(steps) if each.verdict is Verdict.MADE]
        chosen = replace(document, entries=tuple(document.entries[index] for index in new))
        written = documents.convert(chosen, how.format or transport())
        if new and not how.dry_run:
            found = _import(desktop, [wanted[index] for index in new], written.text)
            for index, outcome in zip(new, found, strict=True):
                outcomes[index] = outcome
    finally:
        desktop.close()
    return Push(tuple(outcomes), str(target), written.problems, tuple(warnings))


def _import(desktop: Desktop, wanted: Sequence[Wanted], text: str) -> list[Outcome]:
    try:
        return pushing.imported(wanted, desktop.import_text(text))
    except (RefusedError, SourceError) as error:
        return pushing.failed(wanted, error)


def _visible(desktop: Desktop, target: Target) -> tuple[list[Item], list[str]]:
    """Return the items of the library that an import goes to, or why they cannot be seen."""
    blind = "cannot see what the library holds, so what is there already is made again"
    if not target.own:
        return [], [f"{blind}: {target} is a group's library"]
    local = desktop.local_api()
    if local.off:
        return [], [f"{blind}: {local.off}"]
    library = desktop.library(OWN)
    try:
        return pushing.existing(library), []
    finally:
        library.service.close()


def transport() -> str:
    """Return the most faithful format that a running Zotero imports."""
    known = {point.name for point in plugins.registered("refkit.formats")}
    return "zoterordf" if "zoterordf" in known else "ris"


def zotero_pull(settings: ZoteroSettings | None = None, options: PullOptions | None = None) -> Pull:
    """Read a library, or a part of it, as a document in the format zoterojson.

    Raises InputError where it is refused, SourceError where there is no answer.
    """
    chosen, wish = settings or ZoteroSettings(), options or PullOptions()
    wish.check()
    warnings: list[str] = []
    for library in _readable(chosen, wish.via):
        try:
            return _document(pull(library, wish), library, warnings)
        except (RefusedError, SourceError) as error:
            last: RefusedError | SourceError = error
            warnings.append(str(error))
        finally:
            library.service.close()
    raise last


def _readable(settings: ZoteroSettings, via: str) -> list[Library]:
    """Return the libraries to be tried, one after the other."""
    path = settings.library
    if via == "web" and not path:
        raise InputError(_NO_LIBRARY)
    near = Desktop(settings).library(checked_library(path or OWN))
    if via == "local" or not path:
        return [near]
    web = Web(settings).library(path)
    return [web] if via == "web" else [near, web]


def _document(found: Pulled, library: Library, warnings: Sequence[str]) -> Pull:
    place = f"{library.path} at {library.service.base}"
    text = json.dumps(found.items, ensure_ascii=False, indent=2) + "\n"
    document = documents.parse(text, ITEMS, path=place)
    return Pull(document, place, found.version, found.works, found.left, tuple(warnings))


def _with_key(settings: ZoteroSettings) -> ZoteroSettings:
    """Return settings that are fit for the Web API; raises InputError."""
    if not settings.library:
        raise InputError(_NO_LIBRARY)
    checked_library(settings.library)
    if not settings.api_key:
        raise InputError(f"the Web API needs a key ($ZOTERO_API_KEY); make one at {KEYS_PAGE}")
    return settings
