"""Libraries behind Zotero's API: read page by page, written in batches, whatever goes wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from standing_clock import Time
from zotero_server import JSON, KEY, Fault, Zotero

from refkit.config import ZoteroSettings
from refkit.errors import InputError, SourceError
from refkit.zotero.library import Library, Receipt, new_key
from refkit.zotero.options import PullOptions, PushOptions
from refkit.zotero.plan import Verdict, Wanted
from refkit.zotero.pull import pull
from refkit.zotero.push import Outcome, prepare, send
from refkit.zotero.service import RefusedError
from refkit.zotero.web import Web

POST = "POST /users/123/items"


@pytest.fixture
def library(zotero: Zotero, time: Time) -> Iterator[Library]:
    with opened(zotero, time) as library:
        yield library


@contextmanager
def opened(zotero: Zotero, time: Time) -> Iterator[Library]:
    settings = ZoteroSettings(web_url=zotero.url, api_key=KEY, timeout=0.5)
    web = Web(settings, time.surroundings())
    yield web.library("users/123")
    web.close()


def wanted(count: int, *notes: str, **data: Any) -> list[Wanted]:
    return [
        Wanted(
            f"key{i}",
            {
                "itemType": "book",
                "title": f"Book number {i}",
                "extra": f"Citation Key: key{i}",
                **data,
            },
            tuple({"itemType": "note", "note": note} for note in notes),
        )
        for i in range(count)
    ]


def push(library: Library, entries: list[Wanted], **options: Any) -> list[Outcome]:
    return send(library, prepare(library, entries, PushOptions("web", **options)))


def verdicts(outcomes: list[Outcome]) -> set[Verdict]:
    return {each.verdict for each in outcomes}


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_listing_is_read_page_by_page(
    zotero: Zotero, library: Library, count: int, requests: int
) -> None:
    for number in range(count):
        zotero.add(f"KEY{number:05}", title=f"t{number}")
    found = library.items()
    assert [each["data"]["title"] for each in found.items] == [f"t{i}" for i in range(count)]
    assert found.version == library.version == zotero.version
    assert len(zotero.asked) == requests
    assert {each.headers["zotero-api-key"] for each in zotero.asked} == {KEY}


def test_a_library_that_changes_while_it_is_read_is_read_anew(
    zotero: Zotero, library: Library
) -> None:
    for number in range(150):
        zotero.add(f"KEY{number:05}")
    page = json.dumps([{"key": "OLD", "version": 1, "data": {}}] * 100)
    old = {**JSON, "total-results": "150", "last-modified-version": "3", "link": 'x; rel="next"'}
    zotero.faults = [Fault("GET", 200, page, old)]
    assert len(library.items().items) == 150
    assert len(zotero.asked) == 4
    zotero.faults = [Fault("GET", 200, page, {**old, "last-modified-version": str(n)}, times=1)
                     for n in range(6)]  # fmt: skip
    with pytest.raises(SourceError, match="changed while it was read"):
        library.items()


def test_a_listing_that_ends_too_soon_is_no_listing(zotero: Zotero, library: Library) -> None:
    zotero.faults = [Fault("GET", 200, "[]", {**JSON, "total-results": "7"})]
    with pytest.raises(SourceError, match="only 0 of 7 items"):
        library.items()


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (Fault("GET", 500), 1.0),
        (Fault("GET", 503, headers={"retry-after": "9"}), 9.0),
        (Fault("GET", 429, headers={"retry-after": "30"}), 30.0),
        (Fault("GET", 200, "<html>log in</html>", {"content-type": "text/html"}), 1.0),
        (Fault("GET", 200, '[{"key": "ABC', JSON), 1.0),
        (Fault("GET", 200, '{"no": "list"}', JSON), 1.0),
        (Fault("GET", 200, "[1]", JSON), 1.0),
        (Fault("GET"), 1.0),
    ],
)
def test_a_passing_fault_of_a_listing_is_waited_out(
    zotero: Zotero, library: Library, time: Time, fault: Fault, wait: float
) -> None:
    zotero.add("ABCD2345")
    zotero.faults = [replace(fault)]
    assert len(library.items().items) == 1
    assert [each for each in time.waits() if each > 0.3] == [wait]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "not understood"),
        (403, "no right to read users/123; see https"),
        (404, "no such library"),
        (409, "locked"),
        (412, "changed since it was read"),
        (413, "more than Zotero takes"),
        (428, "which version"),
    ],
)
def test_a_refusal_says_what_it_means(
    zotero: Zotero, library: Library, status: int, said: str
) -> None:
    zotero.faults = [Fault("GET", status, f"in their words, {KEY}")]
    with pytest.raises(RefusedError, match=said) as error:
        library.items()
    assert f"(status {status}: in their words, ***)" in str(error.value)
    assert KEY not in str(error.value)
    assert len(zotero.asked) == 1


def test_a_key_that_is_none_is_refused_unseen_and_unsaid() -> None:
    with pytest.raises(InputError, match="letters and digits") as error:
        Web(ZoteroSettings(api_key="sécret\nkey"))
    assert "cret" not in str(error.value)
    assert "secret" not in repr(ZoteroSettings(api_key="secret"))


def test_a_key_is_not_sent_in_the_clear() -> None:
    with pytest.raises(InputError, match="over https:// only"):
        Web(ZoteroSettings(api_key=KEY, web_url="http://api.zotero.org"))
    Web(ZoteroSettings(api_key=KEY, web_url="https://api.zotero.org")).close()


@pytest.mark.parametrize(("count", "posts"), [(1, 1), (50, 1), (51, 2), (120, 3)])
def test_items_are_made_fifty_at_a_time(
    zotero: Zotero, library: Library, count: int, posts: int
) -> None:
    outcomes = push(library, wanted(count))
    assert verdicts(outcomes) == {Verdict.MADE}
    assert [len(each.json()) for each in zotero.writes()][:-1] == [50] * (posts - 1)
    assert len(zotero.writes()) == posts
    titles = [zotero.items[each.item]["title"] for each in outcomes]
    assert titles == [f"Book number {i}" for i in range(count)]


def test_a_second_push_makes_nothing(zotero: Zotero, library: Library) -> None:
    entries = wanted(60, "a note")
    push(library, entries)
    before = json.dumps(zotero.items, sort_keys=True)
    for update in (False, True):
        outcomes = push(library, entries, update=update)
        assert verdicts(outcomes) == {Verdict.THERE}
        assert outcomes[0].reason == "the same citation key"
    assert json.dumps(zotero.items, sort_keys=True) == before
    assert len(zotero.writes()) == 4  # two of items, two of notes


@pytest.mark.parametrize(
    ("there", "entry", "why"),
    [
        ({"DOI": "10.1000/ABC"}, {"DOI": "https://doi.org/10.1000/abc"}, "the same DOI"),
        ({"extra": "x: y\nDOI: 10.1000/abc"}, {"DOI": "10.1000/abc"}, "the same DOI"),
        ({"extra": "Citation Key: a1"}, {"extra": "citation key: a1"}, "the same citation key"),
        ({"citationKey": "a1"}, {"extra": "Citation Key: a1"}, "the same citation key"),
        (
            {"itemType": "book", "ISBN": "0-306-40615-2"},
            {"itemType": "book", "ISBN": "978-0-306-40615-7"},
            "the same ISBN",
        ),
        (
            {"title": "Of Bees", "date": "1999"},
            {"title": "Of <i>bees</i>", "date": "1999"},
            "the same title, authors, date and place",
        ),
        ({"itemType": "bookSection", "ISBN": "0306406152"}, {"ISBN": "0306406152"}, None),
        ({"DOI": "10.1000/a", "citationKey": "k"}, {"DOI": "10.1000/b", "citationKey": "k"}, None),
        (
            {"title": "A history of glass", "citationKey": "k"},
            {"title": "Quantum error correction", "citationKey": "k"},
            None,
        ),
        ({"title": "Editorial", "volume": "1"}, {"title": "Editorial", "volume": "2"}, None),
        ({"title": "", "extra": ""}, {"title": "", "extra": ""}, None),
    ],
)
def test_what_is_there_already(
    zotero: Zotero, library: Library, there: dict[str, Any], entry: dict[str, Any], why: str | None
) -> None:
    zotero.add("ABCD2345", **there)
    data = {"itemType": "journalArticle", **entry}
    outcome = push(library, [Wanted("k", data)])[0]
    if why is None:
        assert outcome.verdict is Verdict.MADE
        assert len(zotero.items) == 2
    else:
        assert outcome == Outcome("k", Verdict.THERE, why, "ABCD2345")
        assert len(zotero.items) == 1


def test_an_entry_that_is_twice_in_the_file_is_made_once(zotero: Zotero, library: Library) -> None:
    one = {"itemType": "journalArticle", "DOI": "10.1000/a"}
    outcomes = push(library, [Wanted("a", one), Wanted("b", one)])
    assert [each.verdict for each in outcomes] == [Verdict.MADE, Verdict.THERE]
    assert outcomes[1].reason == "the same DOI as a, earlier in the file"
    assert len(zotero.items) == 1
    changed = [Wanted("a", {**one, "title": "A"}), Wanted("b", {**one, "title": "B"})]
    outcomes = push(library, changed, update=True)
    assert [each.verdict for each in outcomes] == [Verdict.UPDATED, Verdict.THERE]
    assert zotero.works()[0]["title"] == "A"


def test_child_notes_follow_their_parents(zotero: Zotero, library: Library) -> None:
    outcomes = push(library, wanted(2, "<p>one</p>", "<p>two</p>"))
    assert [each.notes for each in outcomes] == [2, 2]
    assert [len(each.json()) for each in zotero.writes()] == [2, 4]
    parents = [each["parentItem"] for each in zotero.notes()]
    assert parents == [outcomes[0].item] * 2 + [outcomes[1].item] * 2


def test_an_item_goes_into_a_collection(zotero: Zotero, library: Library) -> None:
    push(library, wanted(1), collection="COLLECTA")
    assert zotero.works()[0]["collections"] == ["COLLECTA"]
    outcomes = push(library, wanted(2)[1:], collection="UNKNOWNX")
    assert outcomes[0].verdict is Verdict.REFUSED
    assert outcomes[0].reason == "Collection UNKNOWNX doesn't exist (code 409)"


def test_an_update_takes_nothing_away(zotero: Zotero, library: Library) -> None:
    item = zotero.add(
        "ABCD2345",
        title="Bees",
        extra="Citation Key: k\nmine: yes",
        pages="1-2",
        tags=[{"tag": "mine"}],
        collections=["COLLECTB"],
    )
    zotero.collections.add("COLLECTB")
    data = {
        "itemType": "journalArticle",
        "title": "Bees and wasps",
        "extra": "Citation Key: k\nPMID: 7",
        "volume": "",
        "tags": [{"tag": "new", "type": 1}],
    }
    entry = Wanted("k", data, ({"itemType": "note", "note": "hello"},))
    outcome = push(library, [entry], update=True, collection="COLLECTA")[0]
    assert (outcome.verdict, outcome.item, outcome.notes) == (Verdict.UPDATED, "ABCD2345", 1)
    found = zotero.items["ABCD2345"]
    assert found["title"] == "Bees and wasps"
    assert found["extra"] == "Citation Key: k\nmine: yes\nPMID: 7"
    assert (found["pages"], "volume" in found) == ("1-2", False)
    assert found["tags"] == [{"tag": "mine"}, {"tag": "new", "type": 1}]
    assert found["collections"] == ["COLLECTB", "COLLECTA"]
    sent = zotero.writes()[0]
    assert sent.headers["if-unmodified-since-version"] == "101"
    assert sent.json()[0]["version"] == item["version"]
    assert "pages" not in sent.json()[0]


@pytest.mark.parametrize(
    ("old", "new", "both"),
    [
        ("", "a: 1", "a: 1"),
        ("a: 1\nmine\n", "a: 1", "a: 1\nmine\n"),
        ("a: 1\nmine", "a: 2", "a: 2\nmine"),
        ("a: 1\na: 2", "a: 2\na: 1", "a: 1\na: 2"),
        ("a: 1", "a: 2\na: 3", "a: 2\na: 3"),
        ("mine", "mine too", "mine\nmine too"),
    ],
)
def test_the_lines_of_extra_are_joined(
    zotero: Zotero, library: Library, old: str, new: str, both: str
) -> None:
    zotero.add("ABCD2345", citationKey="k", extra=old)
    entry = Wanted("k", {"itemType": "journalArticle", "citationKey": "k", "extra": new})
    push(library, [entry], update=True)
    assert zotero.items["ABCD2345"]["extra"] == both


def test_nothing_is_written_over_what_changed_meanwhile(zotero: Zotero, library: Library) -> None:
    zotero.add("ABCD2345", title="Bees", citationKey="k")
    entry = Wanted("k", {"itemType": "journalArticle", "title": "Bees!", "citationKey": "k"})
    steps = prepare(library, [entry], PushOptions("web", update=True))
    zotero.add("ABCD2345", title="Bees and flies", citationKey="k")
    outcome = send(library, steps)[0]
    assert outcome.verdict is Verdict.REFUSED
    assert "changed since it was read" in outcome.reason
    assert zotero.items["ABCD2345"]["title"] == "Bees and flies"


@pytest.mark.parametrize("status", [0, 200, 500])
def test_a_write_whose_answer_was_lost_is_looked_up(
    zotero: Zotero, library: Library, status: int
) -> None:
    """The second request is refused by its write token; what the first did is found out."""
    zotero.faults = [Fault(POST, status, '{"successful": {"0":', JSON, done=True)]
    entries = wanted(3)
    entries[1] = Wanted("bad", {"itemType": "book", "title": "refuse me"})
    outcomes = push(library, entries)
    assert [each.verdict for each in outcomes] == [Verdict.MADE, Verdict.REFUSED, Verdict.MADE]
    assert len(zotero.items) == 2
    first, second = zotero.writes()
    assert first.body == second.body
    assert first.headers["zotero-write-token"] == second.headers["zotero-write-token"]


def test_an_update_whose_answer_was_lost_is_looked_up(zotero: Zotero, library: Library) -> None:
    zotero.add("ABCD2345", title="Bees", citationKey="k")
    zotero.faults = [Fault(POST, 0, done=True)]
    entry = Wanted("k", {"itemType": "journalArticle", "title": "Bees!", "citationKey": "k"})
    outcome = push(library, [entry], update=True)[0]
    assert outcome.verdict is Verdict.UPDATED
    assert zotero.items["ABCD2345"]["title"] == "Bees!"


def test_the_refused_are_named_and_the_rest_arrives(zotero: Zotero, library: Library) -> None:
    entries = wanted(60)
    entries[7] = Wanted("bad", {"itemType": "book", "title": "refuse me"}, entries[7].notes)
    entries[55] = Wanted("noted", entries[55].data, ({"itemType": "note", "note": "refuse me"},))
    outcomes = push(library, entries)
    wrong = {each.key: each for each in outcomes if each.verdict is not Verdict.MADE}
    assert wrong["bad"].reason == "'nonsense' is not a valid field for type 'book' (code 400)"
    assert wrong["noted"].reason.startswith("a child note: 'nonsense'")
    assert set(wrong) == {"bad", "noted"}
    assert len(zotero.items) == 59


@pytest.mark.parametrize(("status", "batches"), [(403, 1), (404, 1), (409, 3), (413, 3), (428, 3)])
def test_a_refused_batch_is_told_of_each_entry(
    zotero: Zotero, library: Library, status: int, batches: int
) -> None:
    zotero.faults = [Fault(POST, status, "no", times=9)]
    outcomes = push(library, wanted(120))
    assert verdicts(outcomes) == {Verdict.REFUSED}
    assert all(f"status {status}: no" in each.reason for each in outcomes)
    assert len(zotero.writes()) == batches
    assert not zotero.items


@pytest.mark.parametrize(
    "fault",
    [
        Fault(POST, 500, times=99),
        Fault(POST, 0, times=99),
        Fault(POST, 429, headers={"retry-after": "3600"}, times=99),
        Fault(POST, 200, "<html>", {"content-type": "text/html"}, times=99),
        Fault(POST, 200, '{"success": ', JSON, times=99),
        Fault(POST, hang=2.0, times=99),
    ],
    ids=["500", "dropped", "429", "page", "cut", "hangs"],
)
def test_an_outage_leaves_the_rest_not_reached(
    zotero: Zotero, library: Library, fault: Fault
) -> None:
    zotero.faults = [replace(fault)]
    outcomes = push(library, wanted(120))
    assert verdicts(outcomes) == {Verdict.UNREACHED}
    assert len(zotero.writes()) <= 8
    assert not zotero.items


def test_what_arrived_before_an_outage_is_told(
    zotero: Zotero, library: Library, time: Time
) -> None:
    zotero.faults = [Fault(POST, 500, times=99, after=1)]
    outcomes = push(library, wanted(120))
    assert [each.verdict for each in outcomes[:50]] == [Verdict.MADE] * 50
    assert verdicts(outcomes[50:]) == {Verdict.UNREACHED}
    zotero.faults = []
    with opened(zotero, time) as later:
        again = push(later, wanted(120))
    assert [each.verdict for each in again].count(Verdict.MADE) == 70
    assert len(zotero.items) == 120


def test_what_an_answer_forgets_is_looked_up(zotero: Zotero, library: Library) -> None:
    zotero.faults = [Fault(POST, 200, '{"success": {"0": "X"}}', JSON)]
    outcomes = push(library, wanted(2))
    assert [each.verdict for each in outcomes] == [Verdict.MADE, Verdict.REFUSED]
    assert "does not say" in outcomes[1].reason
    zotero.faults = [Fault(POST, 200, "{}", JSON, done=True)]
    assert verdicts(push(library, wanted(3)[2:])) == {Verdict.MADE}


def test_a_write_obeys_a_rest(zotero: Zotero, library: Library, time: Time) -> None:
    zotero.faults = [Fault("GET", 200, "[]", {**JSON, "backoff": "12"})]
    push(library, wanted(1))
    assert 12.0 in time.waits()


def test_new_keys_are_zoteros_own(zotero: Zotero, library: Library) -> None:
    receipts = library.create([{"itemType": "book", "key": new_key()} for _ in range(50)])
    assert receipts == [Receipt(key) for key in zotero.items]


def test_a_library_is_pulled_with_its_notes(zotero: Zotero, library: Library) -> None:
    zotero.add("WORKBBBB", title="second", dateAdded="2")
    zotero.add("WORKAAAA", title="first", dateAdded="1", tags=[{"tag": "x"}])
    zotero.add("NOTEAAAA", itemType="note", parentItem="WORKAAAA", note="n")
    zotero.add("FILEAAAA", itemType="attachment", parentItem="WORKAAAA")
    zotero.add("LONEAAAA", itemType="note", note="alone")
    zotero.add("FILE2222", itemType="attachment")
    found = pull(library, PullOptions())
    assert [each["key"] for each in found.items] == ["WORKAAAA", "NOTEAAAA", "WORKBBBB"]
    assert (found.works, found.left, found.version) == (2, 2, zotero.version)


def test_notes_of_another_version_are_not_taken(zotero: Zotero, library: Library) -> None:
    zotero.add("WORKAAAA")
    changed = {**JSON, "total-results": "0", "last-modified-version": "999"}
    zotero.faults = [Fault("GET /users/123/items", 200, "[]", changed, after=1)]
    with pytest.raises(SourceError, match="changed while it was read"):
        pull(library, PullOptions())


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (PullOptions(tag="x y"), ["WORKAAAA", "NOTEAAAA"]),
        (PullOptions(collection="COLLECTA"), ["WORKBBBB", "NOTEBBBB"]),
        (PullOptions(since=103), ["WORKCCCC"]),
        (PullOptions(tag="none"), []),
    ],
)
def test_a_part_of_a_library_is_pulled(
    zotero: Zotero, library: Library, options: PullOptions, keys: list[str]
) -> None:
    zotero.add("WORKAAAA", tags=[{"tag": "x y"}])
    zotero.add("WORKBBBB", collections=["COLLECTA"])
    zotero.add("NOTEAAAA", itemType="note", parentItem="WORKAAAA", note="n")
    zotero.add("NOTEBBBB", itemType="note", parentItem="WORKBBBB", note="n")
    zotero.add("WORKCCCC")
    assert [each["key"] for each in pull(library, options).items] == keys


def test_a_tag_is_taken_by_its_letters(zotero: Zotero, library: Library) -> None:
    pull(library, PullOptions(tag="-draft"))
    assert zotero.asked[0].query["tag"] == "\\-draft"


def test_an_unknown_collection_is_refused(library: Library) -> None:
    with pytest.raises(RefusedError, match="no such library or collection"):
        pull(library, PullOptions(collection="UNKNOWNX"))
