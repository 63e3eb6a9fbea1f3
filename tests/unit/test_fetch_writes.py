"""Requests that change something: sent again only where that is safe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from standing_clock import Time
from zotero_server import Fault, Zotero

from refkit.errors import SourceError
from refkit.net.fetch import Call, Fetcher, Policy
from refkit.net.pace import Limits

BODY = b'[{"key": "ABCD2345", "version": 0, "itemType": "book"}]'
HEADERS = {
    "zotero-api-version": "3",
    "zotero-api-key": "P9NiFoyLeZu2bZNvvuQPDWsd",
    "zotero-write-token": "a" * 32,
}


def fetcher(time: Time, **policy: object) -> Fetcher:
    return Fetcher("test", {"z": Limits(1000.0)}, Policy(**policy), time.surroundings())  # type: ignore[arg-type]


def write(zotero: Zotero, *, repeatable: bool, facts: frozenset[int] = frozenset()) -> Call:
    url = f"{zotero.url}/users/123/items"
    return Call("POST", url, HEADERS, BODY, facts=facts, repeatable=repeatable)


LOST = [Fault("POST", 0, done=True), Fault("POST", 500), Fault("POST", 200, "<p>", {}, done=True)]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.status)
def test_a_write_that_may_have_arrived_is_sent_once(zotero: Zotero, fault: Fault) -> None:
    zotero.faults = [replace(fault)]
    with pytest.raises(SourceError, match="it may have arrived") as error:
        fetcher(Time()).send(write(zotero, repeatable=False), "z")
    assert not error.value.final
    assert zotero.lines() == ["POST /users/123/items"]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.status)
def test_a_repeatable_write_is_sent_again(zotero: Zotero, fault: Fault) -> None:
    zotero.faults = [replace(fault)]
    time = Time()
    reply = fetcher(time).send(write(zotero, repeatable=True), "z")
    assert reply.status == (412 if fault.done else 200)
    assert [each.body for each in zotero.asked] == [BODY, BODY]
    assert list(zotero.items) == ["ABCD2345"]
    assert time.waits() == [1.0]


def test_a_write_that_was_put_off_is_sent_again(zotero: Zotero) -> None:
    zotero.faults = [Fault("POST", 429, headers={"retry-after": "5"})]
    time = Time()
    assert fetcher(time).send(write(zotero, repeatable=False), "z").status == 200
    assert time.waits() == [5.0]


def test_a_named_status_is_an_answer(zotero: Zotero) -> None:
    zotero.faults = [Fault("POST", 403, "Write access denied"), Fault("POST", 500, "{}")]
    asking = fetcher(Time())
    call = write(zotero, repeatable=True, facts=frozenset({403, 500}))
    assert [asking.send(call, "z").status for _ in range(3)] == [403, 500, 200]


def test_a_rest_that_is_asked_for_is_kept(zotero: Zotero) -> None:
    zotero.faults = [Fault("GET", 200, "{}", {"content-type": "application/json", "backoff": "7"})]
    time = Time()
    asking = fetcher(time)
    for _ in range(2):
        assert asking.get(f"{zotero.url}/keys/current", "z", headers=HEADERS).status == 200
    assert time.waits() == [7.0]


def test_a_rest_that_is_too_long_is_not_begun(zotero: Zotero) -> None:
    rest = {"content-type": "application/json", "backoff": "3600"}
    zotero.faults = [Fault("GET", 200, "{}", rest)]
    time = Time()
    asking = fetcher(time)
    asking.get(f"{zotero.url}/", "z", headers=HEADERS)
    with pytest.raises(SourceError, match="3600 s without requests") as error:
        asking.get(f"{zotero.url}/", "z", headers=HEADERS)
    assert error.value.final
    assert (time.at, len(zotero.asked)) == (0.0, 1)


def test_no_other_address_is_followed_with_a_key(zotero: Zotero) -> None:
    zotero.faults = [Fault("GET /a", 302, headers={"location": f"{zotero.url}/b"})]
    reply = fetcher(Time(), redirects=False).get(f"{zotero.url}/a", "z", headers=HEADERS)
    assert (reply.status, zotero.lines()) == (302, ["GET /a"])


def test_a_proxy_is_not_asked_for_this_machine(
    zotero: Zotero, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(SourceError):
        fetcher(Time()).get(f"{zotero.url}/keys/current", "z", headers=HEADERS)
    near = fetcher(Time(), proxies=False)
    assert near.get(f"{zotero.url}/keys/current", "z", headers=HEADERS).status == 200


def test_whether_there_ever_was_a_connection(zotero: Zotero) -> None:
    asking = fetcher(Time())
    with pytest.raises(SourceError):
        asking.get("http://127.0.0.1:9/", "z")
    assert not asking.connected
    asking = fetcher(Time(), tries=1)
    zotero.faults = [Fault("GET", 500)]
    with pytest.raises(SourceError):
        asking.get(zotero.url, "z")
    assert asking.connected
