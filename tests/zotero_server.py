"""A server on loopback that speaks as Zotero does: connector, local API, and the Web API.

It keeps items with versions and remembers write tokens; faults happen on order. What it
answers follows https://www.zotero.org/support/dev/web_api/v3 and the endpoints of Zotero 10.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"
LOCAL_KEY = "localkey0localkey0localkey0local"
SERVER_ID = "6LpvURP2E933"
JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain"}


@dataclass
class Fault:
    """What goes wrong with the next requests that begin with `on` ("POST /users").

    `status` 0 drops the connection; `done` has the request carried out all the same; `hang` is
    in seconds.
    """

    on: str
    status: int = 0
    body: str = ""
    headers: dict[str, str] = field(default_factory=lambda: dict(TEXT))
    done: bool = False
    hang: float = 0.0
    times: int = 1
    after: int = 0  # so many requests go well before


Answer = tuple[int, Mapping[str, str], str]


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Zotero:
    """The state: a library with its items by key, the settings, and what was asked."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 100
    tokens: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    collections: set[str] = field(default_factory=lambda: {"COLLECTA"})
    rights: dict[str, Any] = field(
        default_factory=lambda: {"user": {"library": True, "write": True}}
    )
    local_on: bool = True
    server_id: str = SERVER_ID
    editable: bool = True
    library_id: int = 1
    grant: str = "always"  # or "once", "deny"
    keys: dict[str, bool] = field(default_factory=dict)  # local keys: good for ever, or once
    sessions: set[str] = field(default_factory=set)
    made_by_import: list[dict[str, Any]] | None = None
    url: str = ""

    def lines(self, prefix: str = "") -> list[str]:
        return [each.line for each in self.asked if each.line.startswith(prefix)]

    def writes(self) -> list[Asked]:
        return [a for a in self.asked if a.method == "POST" and a.path.endswith("/items")]

    def add(self, key: str, **data: Any) -> dict[str, Any]:
        """Put an item into the library."""
        self.version += 1
        base = {"itemType": "journalArticle", "tags": [], "collections": [], "dateAdded": key}
        self.items[key] = {**base, **data, "key": key, "version": self.version}
        return self.items[key]

    def works(self) -> list[dict[str, Any]]:
        return [each for each in self.items.values() if each["itemType"] != "note"]

    def notes(self) -> list[dict[str, Any]]:
        return [each for each in self.items.values() if each["itemType"] == "note"]

    # --- answering ---------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Answer:
        path = asked.path
        if path.startswith("/connector/"):
            status, headers, body = self._connector(asked)
            return status, {**headers, "x-zotero-version": "10.0.1"}, body
        if path.startswith("/api/"):
            return self._local(asked)
        return self._web(asked)

    def _connector(self, asked: Asked) -> Answer:
        if asked.path == "/connector/ping":
            return 200, {"content-type": "text/html"}, "Zotero Connector Server is Available"
        if asked.headers.get("user-agent", "").startswith("Mozilla/"):
            return 403, TEXT, ""
        if asked.path == "/connector/getSelectedCollection":
            found = {
                "libraryID": self.library_id,
                "libraryName": "My Library",
                "libraryEditable": self.editable,
                "id": 7,
                "name": "Thesis",
            }
            return 200, JSON, json.dumps(found)
        return self._import(asked)

    def _import(self, asked: Asked) -> Answer:
        text = asked.body.decode()
        if not re.search(r"TY  - |<rdf:RDF|@\w+\{", text):
            return 400, {}, ""
        if not self.editable:
            return 500, JSON, json.dumps({"libraryEditable": False})
        if asked.query["session"] in self.sessions:
            return 409, JSON, json.dumps({"error": "SESSION_EXISTS"})
        self.sessions.add(asked.query["session"])
        found = self.made_by_import
        if found is None:
            count = len(re.findall(r"TY  - |<z:itemType>(?!note|attachment)|@\w+\{", text))
            found = [{"itemType": "journalArticle", "title": f"item {i}"} for i in range(count)]
        return 201, JSON, json.dumps(found)

    def _local(self, asked: Asked) -> Answer:
        own = {"zotero-api-version": "3"}
        if self.server_id:
            own["zotero-server-id"] = self.server_id
        status, headers, body = self._local_api(asked)
        return status, {**headers, **own}, body

    def _local_api(self, asked: Asked) -> Answer:
        if not self.local_on:
            return 403, TEXT, "Local API is not enabled"
        path = asked.path.removeprefix("/api")
        if path == "/":
            return 200, TEXT, "Nothing to see here."
        if path == "/local/authorize":
            return self._server_fault(asked) or self._authorize(asked)
        if asked.method != "GET" and (barred := self._server_fault(asked) or self._bar(asked)):
            return barred
        if path.startswith("/groups/") or not path.startswith(("/users/0/", "/users/123/")):
            return 404, TEXT, "Not found"
        return self._library(asked, path.split("/", 3)[3])

    def _server_fault(self, asked: Asked) -> Answer | None:
        given = asked.headers.get("zotero-server-id", "")
        if not self.server_id:
            return 400, TEXT, "Endpoint does not support method"
        if given != self.server_id:
            return (412, TEXT, "Wrong server") if given else (428, TEXT, "Server ID missing")
        return None

    def _bar(self, asked: Asked) -> Answer | None:
        key = asked.headers.get("zotero-api-key", "")
        if key not in self.keys:
            return 401, TEXT, "API key required"
        if not self.keys[key]:
            del self.keys[key]
        return None if self.editable else (403, TEXT, "Write access denied")

    def _authorize(self, asked: Asked) -> Answer:
        if not asked.json().get("appName"):
            return 400, TEXT, "appName is required"
        if self.grant == "deny":
            return 403, JSON, json.dumps({"denied": True})
        remember = self.grant == "always"
        self.keys[LOCAL_KEY] = remember
        return 200, JSON, json.dumps({"key": LOCAL_KEY, "remember": remember})

    def _web(self, asked: Asked) -> Answer:
        if asked.headers.get("zotero-api-version") != "3":
            return 400, TEXT, "wrong version"
        key = asked.headers.get("zotero-api-key")
        if key != KEY:
            return 403, TEXT, "Invalid key"
        if asked.path == "/keys/current":
            found = {"key": KEY, "userID": 123, "username": "u", "access": self.rights}
            return 200, JSON, json.dumps(found)
        if not asked.path.startswith(("/users/123/", "/groups/456/")):
            return 403, TEXT, "Forbidden"
        if asked.method != "GET" and not self.rights["user"]["write"]:
            return 403, TEXT, "Write access denied"
        return self._library(asked, asked.path.split("/", 3)[3])

    def _library(self, asked: Asked, path: str) -> Answer:
        if asked.method == "GET":
            return self._listing(asked, path)
        if asked.method == "POST" and path == "items":
            return self._write(asked)
        return 405, TEXT, "Method not allowed"

    def _listing(self, asked: Asked, path: str) -> Answer:
        query = asked.query
        found = list(self.items.values())
        inside = re.fullmatch(r"collections/(\w+)/(items(?:/top)?)", path)
        if inside:
            if inside[1] not in self.collections:
                return 404, TEXT, "Collection not found"
            keys = {e["key"] for e in found if inside[1] in e.get("collections", ())}
            found = [e for e in found if {e["key"], e.get("parentItem")} & keys]
            path = inside[2]
        if path.endswith("/top"):
            found = [e for e in found if not e.get("parentItem")]
        if kind := query.get("itemType"):
            wanted = kind.removeprefix("-")
            found = [e for e in found if (e["itemType"] == wanted) is not kind.startswith("-")]
        if tag := query.get("tag"):
            found = [e for e in found if tag in [t["tag"] for t in e["tags"]]]
        if keys_asked := query.get("itemKey"):
            found = [e for e in found if e["key"] in keys_asked.split(",")]
        found = [e for e in found if e["version"] > int(query.get("since", 0))]
        start, limit = int(query.get("start", 0)), min(100, int(query.get("limit", 25)))
        page = found[start : start + limit]
        headers = {
            **JSON,
            "total-results": str(len(found)),
            "last-modified-version": str(self.version),
        }
        if start + limit < len(found):
            headers["link"] = f'<{self.url}{asked.path}?start={start + limit}>; rel="next"'
        whole = [{"key": e["key"], "version": e["version"], "data": e} for e in page]
        return 200, headers, json.dumps(whole)

    def _write(self, asked: Asked) -> Answer:
        token = asked.headers.get("zotero-write-token", "")
        version = asked.headers.get("if-unmodified-since-version")
        if token and token in self.tokens:
            return 412, TEXT, "Write token already used"
        if version is not None and int(version) < self.version:
            return 412, TEXT, f"Library has been modified (expected {version})"
        items = asked.json()
        if len(items) > 50:
            return 413, TEXT, "Cannot add more than 50 items at a time"
        answer: dict[str, dict[str, Any]] = {
            "successful": {}, "success": {}, "unchanged": {}, "failed": {},
        }  # fmt: skip
        self.version += 1
        for index, item in enumerate(items):
            self._one(str(index), item, answer, guarded=version is not None)
        self.tokens |= {token} - {""}
        headers = {**JSON, "last-modified-version": str(self.version)}
        return 200, headers, json.dumps(answer)

    def _one(
        self, index: str, item: dict[str, Any], answer: dict[str, dict[str, Any]], *, guarded: bool
    ) -> None:
        old = self.items.get(item.get("key", ""))
        fault = self._fault_of(item, old, guarded=guarded)
        if fault:
            answer["failed"][index] = {"key": item.get("key"), **fault}
            return
        fresh = {"tags": [], "collections": [], "dateAdded": f"2026-{len(self.items):06}"}
        sent = {name: value for name, value in item.items() if name != "version"}
        new = {**(old or fresh), **sent}
        if old is not None and new == old:
            answer["unchanged"][index] = item["key"]
            return
        self.items[item["key"]] = {**new, "version": self.version}
        answer["success"][index] = item["key"]
        answer["successful"][index] = {"key": item["key"], "version": self.version, "data": new}

    def _fault_of(
        self, item: dict[str, Any], old: dict[str, Any] | None, *, guarded: bool
    ) -> dict[str, Any] | None:
        faults = self._faults_of(item, old, guarded=guarded)
        return next(({"code": code, "message": message} for code, message in faults), None)

    def _faults_of(
        self, item: dict[str, Any], old: dict[str, Any] | None, *, guarded: bool
    ) -> Iterator[tuple[int, str]]:
        if not re.fullmatch(r"[23456789A-Z]{8}", item.get("key", "")):
            yield 400, "not a valid item key"
        if "version" not in item and not guarded:
            yield 428, "version must be provided for key-based writes"
        if item.get("version", 0) != (old["version"] if old else 0):
            yield 412, "Item has been modified since specified version"
        if old is None and not item.get("itemType"):
            yield 400, "'itemType' property not provided"
        if item.get("parentItem") and item["parentItem"] not in self.items:
            yield 409, f"Parent item {item['parentItem']} doesn't exist"
        for each in item.get("collections", ()):
            if each not in self.collections:
                yield 409, f"Collection {each} doesn't exist"
        if "refuse me" in str(item.get("title", "")) + str(item.get("note", "")):
            yield 400, "'nonsense' is not a valid field for type 'book'"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("content-length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        pairs = dict(parse_qsl(query, keep_blank_values=True))
        asked = Asked(self.command, path, pairs, headers, self.rfile.read(length))
        zotero = self.server.zotero
        with self.server.lock:
            zotero.asked.append(asked)
            fault = self._fault(asked)
            answer = zotero.answer(asked) if fault is None or fault.done else None
        if fault is not None:
            self.server.stopping.wait(fault.hang)
            if not fault.status:
                self.close_connection = True
                return
            answer = (fault.status, fault.headers, fault.body)
        assert answer is not None
        self._send(*answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self.server.zotero.faults:
            if asked.line.startswith(fault.on) and fault.times > 0:
                if fault.after:
                    fault.after -= 1
                    return None
                fault.times -= 1
                return fault
        return None

    def _send(self, status: int, headers: Mapping[str, str], body: str) -> None:
        data = body.encode()
        self.send_response(status)
        for name, value in {"content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, zotero: Zotero) -> None:
        self.zotero = zotero
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a client that hangs up is no fault."""


@contextmanager
def running(zotero: Zotero) -> Iterator[Zotero]:
    """Serve it while the block runs; `zotero.url` is the address."""
    server = _Server(zotero)
    zotero.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield zotero
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
