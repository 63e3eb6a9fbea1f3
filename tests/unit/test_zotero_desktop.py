"""The Zotero that runs here: its connector and its local API, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from standing_clock import Time
from zotero_server import JSON, LOCAL_KEY, SERVER_ID, Fault, Zotero

from refkit.config import ZoteroSettings
from refkit.errors import InputError, SourceError
from refkit.zotero.desktop import Desktop, LocalAPI, Target
from refkit.zotero.options import PushOptions
from refkit.zotero.plan import Verdict, Wanted
from refkit.zotero.push import Outcome, imported, prepare, send
from refkit.zotero.service import RefusedError

RIS = "TY  - JOUR\nTI  - Bees é\nER  - \n"
IMPORT = "POST /connector/import"


@pytest.fixture
def desktop(zotero: Zotero, time: Time) -> Iterator[Desktop]:
    made = Desktop(ZoteroSettings(url=zotero.url + "/", timeout=0.5), time.surroundings())
    yield made
    made.close()


def test_zotero_tells_its_version(desktop: Desktop) -> None:
    assert desktop.ping() == "10.0.1"


def test_no_zotero_is_told_with_what_to_do(time: Time) -> None:
    desktop = Desktop(ZoteroSettings(url="http://127.0.0.1:9"), time.surroundings())
    asked = (desktop.ping, desktop.local_api, desktop.target, lambda: desktop.import_text(RIS))
    for ask in asked:
        with pytest.raises(SourceError, match="start it, or use the Web API"):
            ask()
    with pytest.raises(SourceError, match="start it, or use the Web API"):
        desktop.library("users/0").items()
    assert time.at < 10


@pytest.mark.parametrize(
    "url",
    [
        *("127.0.0.1:23119", "ftp://127.0.0.1", "http://", "nonsense", ""),
        *("http://[::1", "http://localhost:99999", "http://localhost:port"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="no address of a service"):
        Desktop(ZoteroSettings(url=url))


@pytest.mark.parametrize(("status", "body"), [(200, "<html>Hello</html>"), (404, "no"), (403, "")])
def test_another_program_is_not_taken_for_zotero(
    zotero: Zotero, desktop: Desktop, status: int, body: str
) -> None:
    zotero.faults = [Fault("GET /connector/ping", status, body)]
    with pytest.raises(SourceError, match="is not Zotero"):
        desktop.ping()


def test_a_zotero_that_hangs_is_not_waited_for(zotero: Zotero, desktop: Desktop) -> None:
    zotero.faults = [Fault("GET /connector/ping", 200, hang=5.0, times=9)]
    with pytest.raises(SourceError, match=r"no answer within 0\.5 s, 4 times"):
        desktop.ping()


def test_the_local_api_is_on_or_off_and_says_how_to_switch_it(
    zotero: Zotero, desktop: Desktop
) -> None:
    assert desktop.local_api() == LocalAPI(server=SERVER_ID)
    zotero.server_id = ""
    assert desktop.local_api() == LocalAPI()
    zotero.local_on = False
    assert "under Advanced, tick 'Allow other" in desktop.local_api().off
    with pytest.raises(RefusedError, match="the local API is off"):
        desktop.library("users/0").items()
    zotero.faults = [Fault("GET /api/", 404, "No endpoint found")]
    assert "Zotero 7 or later" in desktop.local_api().off
    zotero.faults = [Fault("GET /api/", 200, "hello", JSON)]
    assert "is not Zotero's API" in desktop.local_api().off


def test_what_is_selected_in_the_window(zotero: Zotero, desktop: Desktop) -> None:
    found = desktop.target()
    assert found == Target("My Library", "Thesis", editable=True, own=True)
    assert str(found) == "My Library / Thesis"
    zotero.editable, zotero.library_id = False, 9
    assert (desktop.target().editable, desktop.target().own) == (False, False)


def test_a_file_is_imported_as_the_connector_wants_it(zotero: Zotero, desktop: Desktop) -> None:
    zotero.made_by_import = [
        {"itemType": "book", "title": "Bees"},
        {"itemType": "note", "note": "x"},
        {"itemType": "attachment", "title": "pdf"},
    ]
    assert desktop.import_text(RIS) == [{"itemType": "book", "title": "Bees"}]
    asked = zotero.asked[-1]
    assert asked.body == RIS.encode()
    assert asked.headers["x-zotero-connector-api-version"] == "2"
    assert asked.headers["content-type"] == "text/plain"
    assert asked.headers["user-agent"].startswith("refkit/")
    desktop.import_text(RIS)
    assert len(zotero.sessions) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(IMPORT, 400), "knows no translator"),
        (Fault(IMPORT, 403), "refused the import"),
        (Fault(IMPORT, 409, '{"error": "SESSION_EXISTS"}', JSON), "SESSION_EXISTS"),
        (Fault(IMPORT, 413), "refused"),
        (Fault(IMPORT, 500, '{"libraryEditable": false}', JSON), "read-only; select another"),
    ],
    ids=lambda value: value.status if isinstance(value, Fault) else None,
)
def test_a_refused_import_says_why(
    zotero: Zotero, desktop: Desktop, fault: Fault, said: str
) -> None:
    zotero.faults = [replace(fault)]
    with pytest.raises(RefusedError, match=said):
        desktop.import_text(RIS)
    assert len(zotero.lines(IMPORT)) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(IMPORT, 0, done=True), "it may have arrived"),
        (Fault(IMPORT, 500, "An error occurred"), "failed half-way"),
        (Fault(IMPORT, 200, "<html>", {"content-type": "text/html"}), "it may have arrived"),
        (Fault(IMPORT, 201, '[{"itemType": ', JSON, done=True), "it may have arrived"),
        (Fault(IMPORT, 503), "it may have arrived"),
    ],
)
def test_an_import_whose_answer_was_lost_is_not_repeated(
    zotero: Zotero, desktop: Desktop, fault: Fault, said: str
) -> None:
    zotero.faults = [replace(fault)]
    with pytest.raises(SourceError, match=said):
        desktop.import_text(RIS)
    assert len(zotero.lines(IMPORT)) == 1


def test_an_import_is_sent_again_where_it_was_put_off(
    zotero: Zotero, desktop: Desktop, time: Time
) -> None:
    zotero.faults = [Fault(IMPORT, 429, headers={"retry-after": "4"})]
    assert len(desktop.import_text(RIS)) == 1
    assert 4.0 in time.waits()


def entries(count: int, **data: Any) -> list[Wanted]:
    return [
        Wanted(f"k{i}", {"itemType": "book", "title": f"Book {i}", "citationKey": f"k{i}", **data})
        for i in range(count)
    ]


def local_push(zotero: Zotero, desktop: Desktop, wanted: list[Wanted]) -> list[Outcome]:
    library = desktop.library("users/0", server=SERVER_ID)
    return send(library, prepare(library, wanted, PushOptions("local")))


@pytest.mark.parametrize(("grant", "questions"), [("always", 1), ("once", 3)])
def test_leave_to_write_is_asked_for(
    zotero: Zotero, desktop: Desktop, grant: str, questions: int
) -> None:
    zotero.grant = grant
    outcomes = local_push(zotero, desktop, entries(120))
    assert {each.verdict for each in outcomes} == {Verdict.MADE}
    assert len(zotero.items) == 120
    assert len(zotero.lines("POST /api/local/authorize")) == questions
    last = zotero.writes()[-1].headers
    assert (last["zotero-server-id"], last["zotero-api-key"]) == (SERVER_ID, LOCAL_KEY)


def test_a_second_local_push_makes_nothing_and_asks_nothing(
    zotero: Zotero, desktop: Desktop
) -> None:
    local_push(zotero, desktop, entries(3))
    asked = len(zotero.lines("POST"))
    assert {each.verdict for each in local_push(zotero, desktop, entries(3))} == {Verdict.THERE}
    assert len(zotero.lines("POST")) == asked


def test_leave_that_is_denied_is_not_asked_for_again(zotero: Zotero, desktop: Desktop) -> None:
    zotero.grant = "deny"
    outcomes = local_push(zotero, desktop, entries(120))
    assert {each.verdict for each in outcomes} == {Verdict.REFUSED}
    assert "you denied it in Zotero's window" in outcomes[-1].reason
    assert len(zotero.lines("POST")) == 1


def test_too_many_questions_are_waited_out(zotero: Zotero, desktop: Desktop, time: Time) -> None:
    zotero.faults = [Fault("POST /api/local/authorize", 429, headers={"retry-after": "42"})]
    assert local_push(zotero, desktop, entries(1))[0].verdict is Verdict.MADE
    assert 42.0 in time.waits()


def test_another_zotero_than_at_the_start_is_not_written_to(
    zotero: Zotero, desktop: Desktop
) -> None:
    zotero.server_id = "another"
    outcome = local_push(zotero, desktop, entries(1))[0]
    assert outcome.verdict is Verdict.REFUSED
    assert "another Zotero answers" in outcome.reason
    assert not zotero.items


def test_a_read_only_local_library_is_told(zotero: Zotero, desktop: Desktop) -> None:
    zotero.editable = False
    outcome = local_push(zotero, desktop, entries(1))[0]
    assert outcome.verdict is Verdict.REFUSED
    assert "the library is read-only" in outcome.reason


@pytest.mark.parametrize(
    ("titles", "arrived"),
    [
        (["Book 0", "Book 1"], [True, True]),
        (["something", "else"], [True, True]),
        (["<i>book</i> 1"], [False, True]),
        ([], [False, False]),
    ],
)
def test_what_an_importer_leaves_out_is_named(titles: list[str], arrived: list[bool]) -> None:
    made = [{"itemType": "book", "title": title} for title in titles]
    outcomes = imported(entries(2), made)
    assert [each.verdict is Verdict.MADE for each in outcomes] == arrived
    assert all(each.reason for each in outcomes if each.verdict is Verdict.REFUSED)
