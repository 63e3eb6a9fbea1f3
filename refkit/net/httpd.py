"""A small threaded HTTP server that gives every request to one function: for this machine only."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

from refkit.errors import InputError

MAX_URL = 16_384
IDLE_SECONDS = 60
_LOG_LENGTH = 10_000


class Request(NamedTuple):
    """A request: `path` and `query` are percent-encoded, `headers` are named in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}


class Response(NamedTuple):
    """An answer; `delay` seconds pass before it is sent, `drop` closes the connection instead."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay: float = 0.0
    drop: bool = False


Handle = Callable[[Request], Response]


def plain(status: int, text: str) -> Response:
    """Return an answer of plain text."""
    return Response(status, {"content-type": "text/plain;charset=utf-8"}, text.encode())


class Server:
    """A running server: `url` is its address, `requests` how many it was asked, `log` which.

    Leaving the `with` block, or `close()`, ends it and every connection that is still open.
    """

    def __init__(self, handle: Handle, host: str, port: int) -> None:
        self.log: deque[str] = deque(maxlen=_LOG_LENGTH)
        self.requests = 0
        self.stopping = threading.Event()
        self._handle = handle
        self._lock = threading.Lock()
        try:
            self._server = _Listener((host, port), self)
        except OSError as error:
            raise InputError(f"cannot listen on {host}:{port}: {error.strerror}") from error
        except OverflowError:
            raise InputError(f"{port} is no port number; they go from 0 to 65535") from None
        except (UnicodeError, TypeError):  # as the socket module says it
            raise InputError(f"{host!r} is no name of a machine") from None
        bound = self._server.server_address[1]
        self.url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="refkit-httpd", daemon=True
        )
        self._thread.start()

    def answer(self, request: Request) -> Response:
        """Count a request and answer it; a fault of the handler becomes a 500."""
        with self._lock:
            self.requests += 1
            mark = "?" if request.query else ""
            self.log.append(f"{request.method} {request.path}{mark}{request.query}")
        try:
            return self._handle(request)
        except Exception as error:
            return plain(500, f"{type(error).__name__}: {error}")

    def wait(self) -> None:
        """Serve until the server is closed or the process is interrupted."""
        self.stopping.wait()

    def close(self) -> None:
        """End the server; answers that are being delayed are dropped."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        """Return the server, which is running already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the server."""
        self.close()


def serve(
    handle: Handle, host: str = "127.0.0.1", port: int = 0, *, public: bool = False
) -> Server:
    """Start a server for `handle` and return it running; port 0 takes any free one.

    Raises InputError where it cannot listen, or where `host` is not this machine's loopback
    address and `public` was not asked for.
    """
    if not public and not _is_loopback(host):
        raise InputError(f"{host} is not this machine's own; --public serves other machines")
    return Server(handle, host, port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Listener(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._guard:
            for connection in self._connections:
                _end(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is no fault of ours."""

    def server_bind(self) -> None:
        """Bind without the reverse name look-up that HTTPServer makes, which may take seconds."""
        if self.allow_reuse_address:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the other end was faster
        return


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "refkit"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = 65_536
    server: _Listener

    def do_GET(self) -> None:
        """Answer a GET or HEAD."""
        if len(self.path) > MAX_URL:
            self._send(plain(414, "Request-URI Too Long"))
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = self.server.owner.answer(Request(self.command, path, query, headers))
        if response.delay:
            self.server.owner.stopping.wait(response.delay)
        if response.drop or (response.delay and self.server.owner.stopping.is_set()):
            self.close_connection = True
        else:
            self._send(response)

    def do_HEAD(self) -> None:
        """Answer as to a GET, without the body."""
        self.do_GET()

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(response.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, *_: Any) -> None:
        """Write nothing to standard error; `Server.log` has the requests."""
