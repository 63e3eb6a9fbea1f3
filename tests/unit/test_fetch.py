"""The fetcher against a real server on loopback; only time and chance are made up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import formatdate
from functools import partial

import pytest
from standing_clock import START, Time

from refkit.errors import SourceError
from refkit.net.fetch import Fetcher, Policy, retry_after
from refkit.net.httpd import Request, Response, Server, serve
from refkit.net.pace import Limits, Pace, parse_interval

FAST = {"list": Limits(1000.0, 8)}


def ok(body: object = None, **headers: str) -> Response:
    said = {"content-type": "application/json", **headers}
    return Response(200, said, json.dumps(body or {"message": {}}).encode())


def status(code: int, body: str = "", **headers: str) -> Response:
    return Response(code, {"content-type": "text/plain", **headers}, body.encode())


def html(code: int = 200) -> Response:
    return Response(code, {"content-type": "text/html"}, b"<html>Please log in</html>")


@contextmanager
def playing(*responses: Response) -> Iterator[Server]:
    """Serve these responses one after the other, the last one for ever."""
    left = list(responses)
    with serve(lambda _: left.pop(0) if len(left) > 1 else left[0]) as server:
        yield server


def fetcher(time: Time, **policy: float) -> Fetcher:
    return Fetcher("test", FAST, Policy(**policy), time.surroundings())  # type: ignore[arg-type]


def test_reply_says_what_came_from_where_and_when() -> None:
    with playing(ok({"a": 1})) as server:
        asking = fetcher(Time())
        reply = asking.get(f"{server.url}/works?rows=1", "list")
    assert (reply.status, reply.json(), reply.url) == (200, {"a": 1}, f"{server.url}/works?rows=1")
    assert reply.fetched == "2026-09-21T14:13:20Z"
    assert (asking.requests, server.requests) == (1, 1)


@pytest.mark.parametrize(
    ("first", "waits"),
    [
        (status(503), [1.0]),
        (status(500), [1.0]),
        (status(429), [1.0]),
        (Response(429, {}, b""), [1.0]),
        (status(429, **{"retry-after": "7"}), [7.0]),
        (status(503, **{"retry-after": "3"}), [3.0]),
        (status(429, **{"retry-after": formatdate(START + 12, usegmt=True)}), [12.0]),
        (status(429, **{"retry-after": "soon"}), [1.0]),
        (html(), [1.0]),
        (html(404), [1.0]),
        (Response(200, {"content-type": "application/json"}, b'{"half": '), [1.0]),
        (Response(200, {"content-type": "application/json"}, b"[1]"), [1.0]),
        (Response(200, {}, b"{}"), [1.0]),
        (Response(200, {}, b"", drop=True), [1.0]),
        (Response(200, {"content-encoding": "gzip"}, b"no gzip"), [1.0]),
    ],
    ids=lambda value: value.status if isinstance(value, Response) else None,
)
def test_a_passing_fault_is_waited_out(first: Response, waits: list[float]) -> None:
    time = Time()
    with playing(first, ok({"a": 1})) as server:
        assert fetcher(time).get(server.url, "list").json() == {"a": 1}
    assert time.waits() == waits
    assert server.requests == 2


@pytest.mark.parametrize(
    ("always", "reason"),
    [
        (status(503), "status 503"),
        (Response(429, {}, b""), "status 429"),
        (html(), "text/html where JSON was expected"),
    ],
)
def test_two_requests_in_vain_end_the_asking(always: Response, reason: str) -> None:
    time = Time()
    with playing(always) as server:
        asking = fetcher(time)
        with pytest.raises(SourceError, match=reason) as first:
            asking.get(server.url, "list")
        with pytest.raises(SourceError, match="2 requests in a row") as second:
            asking.get(server.url, "list")
        asked = server.requests
        with pytest.raises(SourceError, match=reason) as third:
            asking.get(server.url, "list")
        assert server.requests == asked == 8
    assert [error.value.final for error in (first, second, third)] == [False, True, True]
    assert time.waits() == [1.0, 2.0, 4.0] * 2
    assert time.at < Policy().outage_budget


def test_a_success_between_failures_keeps_the_service_up() -> None:
    down, up = [status(500)] * 4, [ok()]
    with playing(*down, *up, *down, *up) as server:
        asking = fetcher(Time())
        for _ in range(2):
            with pytest.raises(SourceError) as error:
                asking.get(server.url, "list")
            assert not error.value.final
            assert asking.get(server.url, "list").status == 200


def test_a_wait_longer_than_the_budget_is_not_begun() -> None:
    time = Time()
    with playing(status(429, **{"retry-after": "3600"})) as server:
        asking = fetcher(time)
        with pytest.raises(SourceError, match="wait 3600 s, longer than the 30 s") as error:
            asking.get(server.url, "list")
        with pytest.raises(SourceError, match="3600 s"):
            asking.get(server.url, "list")
    assert error.value.final
    assert (server.requests, time.slept) == (1, [])


def test_the_outage_budget_ends_a_long_silence() -> None:
    time = Time()
    with playing(status(503, **{"retry-after": "9"})) as server:
        asking = fetcher(time, tries=100)
        with pytest.raises(SourceError, match="status 503") as error:
            asking.get(server.url, "list")
    assert error.value.final
    assert 20 < time.at <= 30


def test_time_in_which_nobody_asked_is_no_outage() -> None:
    time = Time()
    with playing(*[status(503)] * 4, ok()) as server:
        asking = fetcher(time)
        with pytest.raises(SourceError):
            asking.get(server.url, "list")
        time.at += 1000
        assert asking.get(server.url, "list").status == 200


def test_a_block_ends_everything_at_once() -> None:
    time = Time()
    with playing(status(403, "blocked"), ok()) as server:
        asking = fetcher(time)
        for _ in range(3):
            with pytest.raises(SourceError, match="403") as error:
                asking.get(server.url, "list")
            assert error.value.final
        assert server.requests == 1
    assert time.slept == []


@pytest.mark.parametrize("code", [400, 404, 410, 414])
def test_a_refusal_is_an_answer(code: int) -> None:
    with playing(status(code, "no")) as server:
        reply = fetcher(Time()).get(server.url, "list")
    assert (reply.status, reply.body, server.requests) == (code, b"no", 1)


def test_a_refused_connection_fails_soon() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        time = Time()
        asking = Fetcher("test", {"list": Limits(1.0, 1)}, Policy(), time.surroundings())
        for final in (False, True):
            with pytest.raises(SourceError, match="no connection") as error:
                asking.get(url, "list")
            assert error.value.final is final
    assert time.at < 3.0


def test_a_server_that_hangs_is_given_up_within_the_budget() -> None:
    with playing(Response(200, {}, b"{}", delay=60.0)) as server:
        asking = Fetcher("test", FAST, Policy(timeout=0.1, outage_budget=0.3))
        with pytest.raises(SourceError, match="no answer within") as error:
            asking.get(server.url, "list")
    assert error.value.final


def test_an_answer_that_never_ends_is_given_up() -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", drip=b" ") as url:
        asking = Fetcher("test", FAST, Policy(timeout=0.3, outage_budget=0.5))
        with pytest.raises(SourceError) as error:
            asking.get(url, "list")
    assert error.value.final


def test_an_answer_that_is_too_large_is_not_read() -> None:
    with playing(ok({"a": "x" * 100_000})) as server:
        with pytest.raises(SourceError, match=r"more than 0\.05 MB") as error:
            fetcher(Time(), max_bytes=50_000).get(server.url, "list")
        assert (error.value.final, server.requests) == (False, 1)


def test_the_deadline_ends_the_run() -> None:
    time = Time()
    with playing(ok()) as server:
        asking = fetcher(time, deadline=60.0)
        assert asking.get(server.url, "list").status == 200
        time.at = 60.0
        with pytest.raises(SourceError, match="deadline of 60 s") as error:
            asking.get(server.url, "list")
        assert (error.value.final, server.requests) == (True, 1)


def test_no_wait_goes_past_the_deadline() -> None:
    time = Time()
    with playing(status(429, **{"retry-after": "20"})) as server:
        with pytest.raises(SourceError, match="longer than the 5 s left") as error:
            fetcher(time, deadline=5.0).get(server.url, "list")
        assert (error.value.final, server.requests) == (True, 1)
    assert time.at == 0.0


def test_pacing_never_waits_past_the_deadline() -> None:
    time = Time()
    with playing(ok()) as server:
        policy = Policy(deadline=5.0)
        asking = Fetcher("test", {"list": Limits(0.1, 1)}, policy, time.surroundings())
        asking.get(server.url, "list")
        with pytest.raises(SourceError, match="deadline"):
            asking.get(server.url, "list")
    assert time.at == 0.0


def test_a_redirect_is_followed_and_counted() -> None:
    def answer(request: Request) -> Response:
        return ok({"b": 2}) if request.path == "/b" else Response(301, {"location": "/b"}, b"")

    with serve(answer) as server:
        asking = fetcher(Time())
        reply = asking.get(f"{server.url}/a", "list")
        assert (reply.url, reply.redirected, reply.json()) == (f"{server.url}/b", True, {"b": 2})
        assert asking.requests == server.requests == 2


def test_a_circle_of_redirects_is_a_fault() -> None:
    with (
        playing(Response(302, {"location": "/"}, b"")) as server,
        pytest.raises(SourceError, match="cannot be read"),
    ):
        fetcher(Time(), tries=1).get(server.url, "list")


def test_requests_keep_to_the_pace_and_take_over_the_limits_of_answers() -> None:
    time = Time()
    limits = {"x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"}
    with playing(ok(), ok(), ok(**limits), ok()) as server:
        asking = Fetcher("test", {"list": Limits(2.0, 1)}, Policy(), time.surroundings())
        for _ in range(5):
            asking.get(server.url, "list")
    assert time.slept == [0.5, 0.5, 0.02, 0.02]
    assert asking.limits("list") == Limits(50.0, 1)


@pytest.mark.parametrize(
    ("headers", "limits"),
    [
        ({}, (1.0, 1)),
        ({"x-rate-limit-limit": "10", "x-rate-limit-interval": "1s"}, (10.0, 1)),
        ({"x-rate-limit-limit": "10"}, (10.0, 1)),
        ({"x-rate-limit-limit": "30", "x-rate-limit-interval": "1m"}, (0.5, 1)),
        ({"x-rate-limit-limit": "10", "x-concurrency-limit": "3"}, (10.0, 3)),
        ({"x-rate-limit-limit": "0", "x-concurrency-limit": "0"}, (1.0, 1)),
        ({"x-rate-limit-limit": "-5", "x-concurrency-limit": "many"}, (1.0, 1)),
        ({"x-rate-limit-limit": "9", "x-rate-limit-interval": "0s"}, (1.0, 1)),
        ({"x-rate-limit-limit": "9", "x-rate-limit-interval": "a while"}, (1.0, 1)),
    ],
)
def test_limits_are_taken_from_headers(headers: dict[str, str], limits: tuple[float, int]) -> None:
    pace = Pace(Limits(1.0, 1))
    pace.adapt(headers)
    assert pace.limits == limits


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("250ms", 0.25), ("2m", 120), ("1h", 3600), ("3", 3), ("s", 0)]
)
def test_intervals_are_read(text: str, seconds: float) -> None:
    assert parse_interval(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 5 ", 5),
        ("-5", 0),
        ("1e3", 0),
        ("٣", 0),
        ("", 0),
        ("9" * 5000, 999_999_999),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
        ("Sun Nov  6 08:49:37 1994", 37),
        ("Sun, 06 Nov 1994 08:48:00 GMT", 0),
        ("Sun, 99 Nov 1994 99:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read(text: str, seconds: float) -> None:
    assert retry_after(text, now=784_111_740.0) == seconds


def test_no_more_requests_at_once_than_allowed() -> None:
    together = threading.Barrier(2, timeout=10)
    never = threading.Event()
    lock = threading.Lock()
    running, most = 0, 0

    def answer(_: Request) -> Response:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        never.wait(0.05)  # a third request, if it were let through, would be seen here
        with lock:
            running -= 1
        return ok()

    with serve(answer) as server:
        asking = Fetcher("test", {"list": Limits(1000.0, 2)})
        with ThreadPoolExecutor(6) as pool:
            replies = list(pool.map(lambda _: asking.get(server.url, "list"), range(6)))
        asking.close()
    assert [reply.status for reply in replies] == [200] * 6
    assert most == 2
    assert asking.requests == 6


def test_one_connection_serves_all_requests() -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
    opened: list[int] = []
    with raw_server(answer, opened=opened) as url:
        asking = fetcher(Time())
        for _ in range(5):
            asking.get(url, "list")
        asking.close()
    assert len(opened) == 1


def test_a_broken_environment_is_the_end_but_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy:1")
    with pytest.raises(SourceError, match="no HTTP client") as error:
        fetcher(Time()).get("http://127.0.0.1:9/", "list")
    assert error.value.final


def test_what_is_no_url_is_refused_without_a_try() -> None:
    asking = fetcher(Time())
    with pytest.raises(SourceError, match="cannot ask"):
        asking.get("gopher://127.0.0.1/", "list")


@contextmanager
def raw_server(
    answer: bytes, *, drip: bytes = b"", opened: list[int] | None = None
) -> Iterator[str]:
    """Answer every request on a bare socket; with `drip`, one such piece at a time for ever."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def talk(connection: socket.socket) -> None:
        connection.settimeout(10)
        with connection:
            while not stop.is_set() and _received(connection):
                connection.sendall(answer)
                while drip and _sent(connection, drip):
                    stop.wait(0.02)

    def accept() -> None:
        while True:
            connection, address = listener.accept()
            if stop.is_set():
                connection.close()
                return
            if opened is not None:
                opened.append(address[1])
            threads.append(_started(partial(talk, connection)))

    port = listener.getsockname()[1]
    main = _started(accept)
    yield f"http://127.0.0.1:{port}/"
    stop.set()
    socket.create_connection(("127.0.0.1", port)).close()
    for thread in (main, *threads):
        thread.join()
    listener.close()


def _started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _received(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(65_536))
    except OSError:
        return False


def _sent(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True
