"""A library behind Zotero's API, version 3: on the web, or in a Zotero that runs here.

Sources: https://www.zotero.org/support/dev/web_api/v3/basics and …/write_requests, and for the
local API the endpoints of Zotero 7 (reading) and 10 (writing).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from refkit.errors import SourceError
from refkit.net.fetch import Call, Reply
from refkit.zotero.service import ANSWERS, Item, Service, listing_fault

AT_ONCE = 50
"""How many items one write may hold (413 beyond)."""

_PAGE = 100
_READINGS = 3  # so often a library may change while it is read
_LETTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"  # of an item's key

Headers = Callable[[], Mapping[str, str]]


class Listing(NamedTuple):
    """Items as the API gives them (`key`, `version`, `data`), and the library's version."""

    items: list[Item]
    version: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one item of a write: its key, or why it was refused."""

    key: str = ""
    refused: str = ""
    unchanged: bool = False


def new_key() -> str:
    """Return a key for a new item, as Zotero's own clients make them."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


class Library:
    """One library: `path` is "users/123" or "groups/456".

    `version` is the library's, after the last reading or writing. `allow` gives the headers
    that a write needs beside those of every request; it is asked again after a 401.
    """

    def __init__(self, service: Service, path: str, allow: Headers = dict) -> None:
        self.service = service
        self.path = path
        self.version = 0
        self._allow = allow
        self._leave: Mapping[str, str] | None = None

    def items(self, inside: str = "items", **query: object) -> Listing:
        """Read a whole listing, page by page.

        `inside` is the path within the library ("items/top"). Raises RefusedError; SourceError
        where it cannot be read whole: no answer, or a library that changes again and again.
        """
        for _ in range(_READINGS):
            found = self._read(f"/{self.path}/{inside}", query)
            if found is not None:
                self.version = found.version
                return found
        raise SourceError(self.service.name, "the library changed while it was read; try again")

    def _read(self, path: str, query: Mapping[str, object]) -> Listing | None:
        """Read all pages; None where the library changed between two of them."""
        items: list[Item] = []
        version: int | None = None
        while True:
            asked = {**query, "format": "json", "limit": _PAGE, "start": len(items)}
            doing = f"read {self.path}"
            reply = self.service.get(path, asked, fault=listing_fault, doing=doing)
            now = number(reply, "last-modified-version")
            if version is not None and now != version:
                return None
            version = now
            page = reply.json()
            items += page
            total = number(reply, "total-results")
            if len(items) >= total and 'rel="next"' not in reply.headers.get("link", ""):
                return Listing(items, version or 0)
            if not page:
                raise SourceError(
                    self.service.name, f"only {len(items)} of {total} items were given"
                )

    def create(self, items: Sequence[Item]) -> list[Receipt]:
        """Make at most 50 items, each with a `key` of `new_key`; a receipt for each.

        The write token keeps a repeated request from making them twice.
        """
        sent = [{**each, "version": 0} for each in items]
        return self._write(sent, {"zotero-write-token": secrets.token_hex(16)})

    def update(self, items: Sequence[Item]) -> list[Receipt]:
        """Change at most 50 items, each with its `key` and `version`; a receipt for each.

        What an item gives replaces what is there, the rest stays: a POST of items that exist
        changes them as a PATCH does. Nothing is written over what has changed since it was read.
        """
        return self._write(items, {"if-unmodified-since-version": str(self.version)})

    def _write(self, items: Sequence[Item], guard: Mapping[str, str]) -> list[Receipt]:
        reply = self._posted(json.dumps(items).encode(), guard)
        if reply.status == 412:  # it may be the second of two requests, the first unanswered
            return self._found_out(items, str(self.service.refusal(reply)))
        answer = self.service.accepted(reply, f"write to {self.path}").json()
        self.version = number(reply, "last-modified-version") or self.version
        told = [self._receipt(answer, str(index), item) for index, item in enumerate(items)]
        if None in told:
            found = self._found_out(items, "Zotero's answer does not say what became of it")
            return [one or other for one, other in zip(told, found, strict=True)]
        return [each for each in told if each is not None]

    def _posted(self, body: bytes, guard: Mapping[str, str]) -> Reply:
        for first in (True, False):
            if self._leave is None:
                self._leave = self._allow()
            headers = {"content-type": "application/json", **guard, **self._leave}
            call = Call("POST", f"/{self.path}/items", headers, body, facts=ANSWERS)
            reply = self.service.send(call)
            if reply.status != 401 or not first:
                break
            self._leave = None  # Zotero's local keys may be good for one write only
        return reply

    def _receipt(self, answer: Mapping[str, Any], index: str, item: Item) -> Receipt | None:
        """Read one item's part of the answer to a write, None where there is none."""
        failed = _part(answer, "failed").get(index)
        if failed is not None:
            message = failed.get("message") if isinstance(failed, dict) else failed
            code = failed.get("code", "") if isinstance(failed, dict) else ""
            said = self.service.without_secret(f"{message or 'no reason given'}")
            return Receipt(refused=f"{said} (code {code})" if code else said)
        if index in _part(answer, "unchanged"):
            return Receipt(item["key"], unchanged=True)
        for name in ("success", "successful"):
            if index in _part(answer, name):
                return Receipt(item["key"])
        return None

    def _found_out(self, items: Sequence[Item], reason: str) -> list[Receipt]:
        """Look which items of a write have arrived; `reason` is for those that have not."""
        keys = ",".join(each["key"] for each in items)
        there = {each.get("key"): each for each in self.items(itemKey=keys).items}
        return [
            Receipt(each["key"]) if _arrived(each, there) else Receipt(refused=reason)
            for each in items
        ]


def _arrived(item: Item, there: Mapping[Any, Item]) -> bool:
    found = there.get(item["key"])
    if found is None or item["version"] == 0:
        return found is not None
    data = found.get("data", {})
    sent = {name: value for name, value in item.items() if name not in ("key", "version")}
    return all(data.get(name) == value for name, value in sent.items())


def number(reply: Reply, header: str) -> int:
    """Return a whole number from a header, 0 where it holds none."""
    text = reply.headers.get(header, "").strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = answer.get(name)
    return part if isinstance(part, dict) else {}
