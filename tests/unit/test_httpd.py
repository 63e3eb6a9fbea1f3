"""The small HTTP server."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from refkit.errors import InputError
from refkit.net.httpd import MAX_URL, Request, Response, Server, plain, serve

seen: list[Request] = []


def handle(request: Request) -> Response:
    seen.append(request)
    if request.path == "/fault":
        raise ValueError("of the handler")
    if request.path == "/drop":
        return Response(200, {}, b"", drop=True)
    if request.path == "/hang":
        return Response(200, {}, b"late", delay=600)
    return Response(200, {"x-test": "yes"}, f"{request.path}|{request.query}".encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(handle) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    yield connection
    connection.close()


def get(client: http.client.HTTPConnection, path: str, method: str = "GET") -> tuple[int, bytes]:
    client.request(method, path, headers={"User-Agent": "Test"})
    answer = client.getresponse()
    return answer.status, answer.read()


def test_many_requests_over_one_connection(
    server: Server, client: http.client.HTTPConnection
) -> None:
    assert get(client, "/a%2Fb?c=d%20e") == (200, b"/a%2Fb|c=d%20e")
    port = client.sock.getsockname()
    assert get(client, "/b") == (200, b"/b|")
    assert client.sock.getsockname() == port
    assert server.requests == 2
    assert list(server.log) == ["GET /a%2Fb?c=d%20e", "GET /b"]
    assert seen[-1].headers["user-agent"] == "Test"


def test_head_has_the_headers_alone(client: http.client.HTTPConnection) -> None:
    client.request("HEAD", "/abc")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    assert answer.headers["content-length"] == "5"
    assert get(client, "/b") == (200, b"/b|")


def test_other_methods_are_refused(client: http.client.HTTPConnection) -> None:
    assert get(client, "/", "POST")[0] == 501


def test_addresses_that_are_too_long(client: http.client.HTTPConnection) -> None:
    assert get(client, "/" + "x" * (MAX_URL - 1))[0] == 200
    assert get(client, "/" + "x" * MAX_URL)[0] == 414


def test_a_fault_of_the_handler(client: http.client.HTTPConnection) -> None:
    assert get(client, "/fault") == (500, b"ValueError: of the handler")
    assert get(client, "/b") == (200, b"/b|")


def test_a_dropped_connection(client: http.client.HTTPConnection) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        get(client, "/drop")


def test_closing_ends_hanging_answers_and_idle_connections() -> None:
    server = serve(handle)
    port = int(server.url.rpartition(":")[2])
    idle = socket.create_connection(("127.0.0.1", port), timeout=10)
    hanging = socket.create_connection(("127.0.0.1", port), timeout=10)
    idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert idle.recv(1000).startswith(b"HTTP/1.1 200")
    hanging.sendall(b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
    while server.requests < 2:
        time.sleep(0.01)
    closing = threading.Thread(target=server.close)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()
    assert hanging.recv(10) == idle.recv(10) == b""
    hanging.close()
    idle.close()
    server.close()


def test_requests_at_once(server: Server) -> None:
    answers: list[tuple[int, bytes]] = []

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
        answers.extend(get(connection, f"/{number}") for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted((200, f"/{n}|".encode()) for n in range(12) for _ in range(5))
    assert server.requests == 60


def test_other_machines_are_kept_out() -> None:
    for host in ("0.0.0.0", "192.0.2.1", "example.org", "::"):  # noqa: S104
        with pytest.raises(InputError, match="other machines"):
            serve(handle, host)


def test_a_port_that_is_taken(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(InputError, match=f"cannot listen on 127.0.0.1:{port}"):
        serve(handle, port=port)


@pytest.mark.parametrize("port", [-1, 65_536, 99_999, 2**70])
def test_a_port_that_cannot_be(port: int) -> None:
    with pytest.raises(InputError, match=f"{port} is no port number"):
        serve(handle, port=port)


def test_a_host_that_cannot_be() -> None:
    with pytest.raises(InputError, match="no name of a machine"):
        serve(handle, "é" * 70, public=True)


def test_plain() -> None:
    assert plain(404, "Resource not found.").body == b"Resource not found."
