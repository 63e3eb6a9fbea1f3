"""The Zotero that runs on this machine: its connector and its local API.

The connector imports files and is always on; the local API (Zotero 7 or later) reads libraries
where the user has switched it on, and from Zotero 10 on also writes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from refkit.config import ZoteroSettings
from refkit.errors import SourceError
from refkit.net.fetch import Call, Surroundings
from refkit.zotero.library import Library
from refkit.zotero.service import (
    AGENT,
    ANSWERS,
    KEY,
    REFUSALS,
    Item,
    Manner,
    RefusedError,
    Service,
    listing_fault,
    no_fault,
    words,
)

SWITCH_ON = (
    "the local API is off; in Zotero's settings, under Advanced, tick "
    "'Allow other applications on this computer to communicate with Zotero'"
)
START = "Zotero does not run here: start it, or use the Web API (--library users/… and a key)"

_CONNECTOR = {"x-zotero-connector-api-version": "2"}
_JSON = {"content-type": "application/json"}
_DIALOG = 300.0  # seconds for the user to answer Zotero's question
_IMPORT = 300.0  # seconds for Zotero to import a file
_LOCAL = REFUSALS | {
    401: "Zotero gave no leave to write",
    403: SWITCH_ON,
    404: "Zotero has no such library, or no local API (Zotero 7 or later has one)",
    501: "this Zotero cannot be written to; version 10 or later can",
}
_LOCAL_WRITING = _LOCAL | {
    400: "Zotero did not take it (version 10 or later can be written to)",
    403: "the library is read-only",
    412: "the library was changed since it was read, or another Zotero answers now; run again",
}
_IMPORTING = {
    400: "Zotero knows no translator for the format",
    403: "Zotero refused the import",
    409: "Zotero took it for a repetition",
    500: "the library that is selected in Zotero's window is read-only; select another",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What is selected in Zotero's window, where an import goes to; `own` is My Library."""

    library: str
    collection: str
    editable: bool
    own: bool

    def __str__(self) -> str:
        return f"{self.library} / {self.collection}" if self.collection else self.library


@dataclass(frozen=True, slots=True)
class LocalAPI:
    """The local API's state: `off` says why it does not answer ("" where it does).

    `server` is the id that writing needs, "" before Zotero 10.
    """

    off: str = ""
    server: str = ""


class Desktop:
    """The Zotero that runs on this machine."""

    def __init__(self, settings: ZoteroSettings, world: Surroundings | None = None) -> None:
        """Take the address and the timeout from the settings."""
        self._settings = settings
        self._world = world
        self._service = self._made("", _IMPORTING, settings.timeout)

    def _made(self, path: str, meanings: Mapping[int, str], timeout: float) -> Service:
        headers = AGENT | _CONNECTOR
        manner = Manner(headers, meanings, timeout, unreached=START, world=self._world)
        return Service("zotero", self._settings.url.rstrip("/") + path, manner)

    def ping(self) -> str:
        """Return Zotero's version ("" if it does not say); raises SourceError if none runs."""
        stranger = SourceError("zotero", f"what answers at {self._settings.url} is not Zotero")
        try:
            reply = self._service.get("/connector/ping", fault=no_fault)
        except RefusedError:
            raise stranger from None
        version = reply.headers.get("x-zotero-version", "")
        if not version and b"Zotero" not in reply.body:
            raise stranger
        return version

    def local_api(self) -> LocalAPI:
        """Ask the local API for its state; raises SourceError where Zotero does not answer."""
        service = self._made("/api", _LOCAL, self._settings.timeout)
        try:
            reply = service.get("/", fault=no_fault)
        except RefusedError as error:
            return LocalAPI(off=str(error).removeprefix("zotero: "))
        finally:
            service.close()
        if not reply.headers.get("zotero-api-version"):
            return LocalAPI(off=f"what answers at {service.base} is not Zotero's API")
        return LocalAPI(server=reply.headers.get("zotero-server-id", ""))

    def target(self) -> Target:
        """Return what is selected in Zotero's window."""
        call = Call("POST", "/connector/getSelectedCollection", _JSON, b"{}")
        found = self._service.accepted(self._service.send(call)).json()
        return Target(
            library=str(found.get("libraryName", "")),
            collection=str(found.get("name", "")) if found.get("id") is not None else "",
            editable=found.get("libraryEditable") is not False,
            own=found.get("libraryID") == 1,
        )

    def import_text(self, text: str) -> list[Item]:
        """Have Zotero import a file's text into what is selected; returns the items it made.

        It is sent once: a second import would make everything twice. Raises RefusedError, and
        SourceError where there is no answer.
        """
        call = Call(
            "POST",
            f"/connector/import?session={secrets.token_hex(8)}",
            {"content-type": "text/plain"},
            text.encode("utf-8", "replace"),
            fault=listing_fault,
            facts=ANSWERS | {500},
            repeatable=False,
        )
        service = self._made("", _IMPORTING, max(self._settings.timeout, _IMPORT))
        try:
            reply = service.send(call)
            if reply.status == 500 and b"libraryEditable" not in reply.body:
                raise SourceError("zotero", f"the import failed half-way ({words(reply)})")
            found = service.accepted(reply).json()
        finally:
            service.close()
        return [each for each in found if each.get("itemType") not in ("note", "attachment")]

    def library(self, path: str, *, server: str = "") -> Library:
        """Return a library behind the local API; `server` is the id that writing needs."""
        meanings = _LOCAL_WRITING if server else _LOCAL
        service = self._made("/api", meanings, self._settings.timeout)
        return Library(service, path, lambda: self._leave(server))

    def _leave(self, server: str) -> Mapping[str, str]:
        """Ask the user, in Zotero's window, for leave to write; returns a write's headers."""
        service = self._made(
            "/api", {**_LOCAL_WRITING, 403: "you denied it in Zotero's window"}, _DIALOG
        )
        headers = {**_JSON, "zotero-server-id": server}
        body = b'{"appName": "refkit"}'
        call = Call("POST", "/local/authorize", headers, body, facts=ANSWERS, repeatable=False)
        try:
            key = service.accepted(service.send(call)).json().get("key")
        finally:
            service.close()
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise SourceError("zotero", "Zotero gave leave to write, but no key")
        return {"zotero-server-id": server, "zotero-api-key": key}

    def close(self) -> None:
        """Close the connections."""
        self._service.close()
