"""What is to be sent to Zotero and how, and what is wanted of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from refkit.errors import InputError

_COLLECTION = re.compile(r"[23456789A-Z]{8}")


@dataclass(frozen=True, slots=True)
class PushOptions:
    """How entries are sent.

    `to` is "zotero" (the running Zotero imports them into what is selected in its window),
    "web" (the Web API) or "local" (the local API of Zotero 10). `format` is what the running
    Zotero imports ("" for the most faithful). With `update`, items that are there already get
    what the entries say. `collection` is the key of a collection to put them into. With
    `dry_run` nothing is written.
    """

    to: Literal["zotero", "web", "local"] = "zotero"
    format: str = ""
    update: bool = False
    collection: str = ""
    dry_run: bool = False

    def check(self) -> None:
        """Raise InputError for options that do not go together."""
        check_collection(self.collection)
        if self.to == "zotero" and (self.update or self.collection):
            raise InputError(
                "the running Zotero imports new items into what is selected in its window; "
                "to update items or to name a collection, use the web or local API"
            )
        if self.to != "zotero" and self.format:
            raise InputError("only an import by the running Zotero takes a format")


@dataclass(frozen=True, slots=True)
class PullOptions:
    """What is wanted of a library: a collection's key, a tag, what changed since a version.

    `via` is the API that is asked, "local" or "web"; "auto" takes the local one where it
    answers, else the Web API where a library is named.
    """

    via: Literal["auto", "local", "web"] = "auto"
    collection: str = ""
    tag: str = ""
    since: int | None = None

    def check(self) -> None:
        """Raise InputError for what is no key of a collection."""
        check_collection(self.collection)


def check_collection(key: str) -> None:
    """Raise InputError for what is no key of a collection."""
    if key and not _COLLECTION.fullmatch(key):
        raise InputError(
            f"{key!r} is no key of a collection: it has 8 letters and digits, as at the end of "
            "the collection's address on zotero.org"
        )
