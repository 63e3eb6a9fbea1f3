"""The local catalogue: reading, building, opening, looking up and searching."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from refkit.config import SourceSettings
from refkit.errors import InputError, SourceError
from refkit.model.entry import Origin
from refkit.model.query import Query
from refkit.model.report import Diagnostic
from refkit.normalise.latex import strip_markup
from refkit.sources.catalogue import Catalogue, Filter, build, create, open_catalogue, terms_in
from refkit.sources.catalogue_build import LOCK
from refkit.sources.catalogue_index import write_index
from refkit.sources.catalogue_read import Found, is_work, read_jsonl, unpacked
from refkit.sources.catalogue_terms import words
from refkit.sources.crossref_record import read_record

Work = dict[str, Any]


def work(doi: str, title: str, *families: str, year: int = 2000, **others: Any) -> Work:
    authors = [{"family": family, "given": "A."} for family in families]
    issued = {"date-parts": [[year]]}
    kind = "journal-article"
    base = {"DOI": doi, "type": kind, "title": [title], "author": authors, "issued": issued}
    return {**base, **others}


@pytest.fixture(scope="module")
def built(works: list[Work], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    path = tmp_path_factory.mktemp("catalogue") / "built"
    build(works, path)
    with open_catalogue(path) as opened:
        yield opened


@pytest.fixture(params=["in memory", "built"])
def either(request: pytest.FixtureRequest, catalogue: Catalogue, built: Catalogue) -> Catalogue:
    return catalogue if request.param == "in memory" else built


def query_of(record: Work) -> Query | None:
    entry = read_record(record, Origin("test"))
    names = entry.names("author")
    title = strip_markup(entry.text("title"))
    if len(title) < 15 or not names:
        return None
    issued = entry.date()
    year = issued.year if issued else None
    return Query(title, tuple(name.family or name.literal for name in names[:3]), year)


def test_every_work_is_found_first_by_its_own_features(
    either: Catalogue, works: list[Work]
) -> None:
    asked = [(each, query) for each in works if (query := query_of(each)) is not None]
    assert len(asked) > 100
    missed = []
    for each, query in asked:
        found = [candidate.id for candidate in either.search(query)]
        twins = {other["DOI"].lower() for other, same in asked if same == query}
        if found[0] not in twins or each["DOI"].lower() not in found:
            missed.append(each["DOI"])
    assert not missed


def test_both_kinds_of_index_give_the_same_first_candidates(
    catalogue: Catalogue, built: Catalogue, works: list[Work]
) -> None:
    for each in works:
        query = query_of(each)
        if query is not None:
            assert catalogue.search(query)[0] == built.search(query)[0]


def test_lookup(either: Catalogue, works: list[Work]) -> None:
    wanted = [each["DOI"].upper() for each in works[:30]]
    found = either.lookup([*wanted, "10.5555/nowhere", wanted[0]])
    assert list(found) == [doi.lower() for doi in wanted]
    for doi, candidate in found.items():
        assert candidate.id == candidate.entry.key == doi
        assert candidate.entry.origin == Origin("catalogue", doi)


def test_a_thousand_dois_at_once(either: Catalogue) -> None:
    assert either.lookup([f"10.5555/{n}" for n in range(1000)]) == {}


@pytest.mark.parametrize(
    "title", ["", "!!! ???", "zzxyq", 'title:(a OR "b"', "AND OR NOT *", "a" * 5000, "\x00\ud800"]
)
def test_odd_titles_are_only_words(either: Catalogue, title: str) -> None:
    either.search(Query(title))
    either.search(Query(title, (title,), 1999, title))


def test_a_title_with_an_error_in_it_is_found(either: Catalogue, works: list[Work]) -> None:
    for each in works:
        query = query_of(each)
        if query is not None and len(query.title.split()) > 5:
            spoilt = " ".join([*query.title.split()[1:-1], "teh"])
            first = either.search(Query(spoilt, query.authors, query.year))[0]
            assert first.id == each["DOI"].lower()


def test_authors_in_any_order_and_the_year_part_equal_titles() -> None:
    records = [
        work("10.5555/1", "Editorial", "Smith", "Jones", year=1999),
        work("10.5555/2", "Editorial", "Miller", "Jones", year=1999),
        work("10.5555/3", "Editorial", "Miller", "Jones", year=2007),
        work("10.5555/4", "Editorial", "Miller", "Jones", year=2007),
    ]
    catalogue = Catalogue.in_memory(records)
    found = catalogue.search(Query("Editorial", ("Jones", "Miller"), 2007))
    assert [each.id for each in found] == ["10.5555/3", "10.5555/4", "10.5555/2", "10.5555/1"]


def test_titles_without_blanks_between_words() -> None:
    assert words("深度学习") == ["深度", "度学", "学习"]
    assert words("deep 学习 a学") == ["deep", "学习", "a", "学"]
    catalogue = Catalogue.in_memory(
        [work("10.5555/1", "基于深度学习的图像识别"), work("10.5555/2", "图书馆管理系统研究")]
    )
    assert [each.id for each in catalogue.search(Query("深度学习图像"))] == ["10.5555/1"]


def test_of_two_records_of_one_doi_the_newer_stands(tmp_path: Path) -> None:
    old = work("10.5555/A", "Old", indexed={"timestamp": 1})
    new = work("10.5555/a", "New", indexed={"timestamp": 2})
    later = work("10.5555/a", "Later", indexed={"timestamp": 2})
    report = build([new, old, later, work("10.5555/b", "B"), new], tmp_path / "c")
    assert report == (2, 3, 0)
    with open_catalogue(tmp_path / "c") as opened:
        assert len(opened) == 2
        assert opened.lookup(["10.5555/A"])["10.5555/a"].entry.text("title") == "New"


def test_records_without_a_doi_have_ids_of_their_own(tmp_path: Path) -> None:
    own = {"key": "smith2020", "type": "book", "title": ["An uncommon book title"]}
    bare = {"type": "book", "title": ["Another uncommon title"]}
    assert build([own, bare, bare], tmp_path / "c") == (2, 1, 2)
    with open_catalogue(tmp_path / "c") as opened:
        first = opened.search(Query("An uncommon book title"))[0]
        assert first.id.startswith("key:smith2020#")
        assert first.entry.key == "smith2020"
        assert opened.search(Query("Another uncommon title"))[0].id.startswith("digest:")


def test_records_of_one_key_are_kept_apart() -> None:
    whales = {"key": "smith2001", "title": ["Whales and their songs"]}
    bridges = {"key": "smith2001", "title": ["Steel bridges of the north"]}
    with Catalogue.in_memory([whales, bridges, whales]) as made:
        assert len(made) == 2
        found = made.search(Query("Whales and their songs"))
        assert found[0].entry.text("title") == "Whales and their songs"


UNFIT: list[Any] = [
    {"DOI": "10.5555/\ud800a"},
    {"DOI": "10.5555/u", "title": ["x\ud800"]},
    {"DOI": "10.5555/v", "author": [{"family": "\udfff"}]},
    {"DOI": "10.5555/n", "indexed": {"timestamp": float("nan")}},
    {"DOI": "10.5555/i", "score": float("inf")},
    ["no record"],
]


@pytest.mark.parametrize("unfit", UNFIT)
def test_a_record_that_cannot_be_kept_costs_only_itself(tmp_path: Path, unfit: Any) -> None:
    records = [work("10.5555/1", "First"), unfit, work("10.5555/2", "Second")]
    for kind in ("in memory", "built"):
        said: list[str] = []
        if kind == "built":
            report = build(records, tmp_path / "c", refused=said.append)
            made = open_catalogue(tmp_path / "c")
            assert report == (2, 0, 0)
        else:
            made = Catalogue.in_memory(records, said.append)
        with made:
            assert len(made.lookup(["10.5555/1", "10.5555/2"])) == len(made) == 2
        assert len(said) == 1
        assert said[0].startswith("cannot be kept: ")


def test_unless_told_otherwise_an_unfit_record_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a record cannot be kept"):
        Catalogue.in_memory(UNFIT[:1])
    with pytest.raises(InputError, match="a record cannot be kept"):
        build(UNFIT[:1], tmp_path / "c")


@pytest.mark.parametrize("stamp", [1e300, -1e300, 2**63, -5, "5", None, [5], True])
def test_a_record_with_an_odd_timestamp_is_older_than_others(stamp: Any) -> None:
    odd = work("10.5555/1", "Odd", indexed={"timestamp": stamp})
    sound = work("10.5555/1", "Sound", indexed={"timestamp": 2**63 - 1})
    for records in ([odd, sound], [sound, odd]):
        with Catalogue.in_memory(records) as made:
            found = made.lookup(["10.5555/1"])["10.5555/1"]
            assert found.entry.text("title") == "Sound"


def test_a_failed_build_leaves_the_old_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "c"
    build([work("10.5555/1", "First")], path)

    def broken() -> Iterator[Work]:
        yield work("10.5555/2", "Second")
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        build(broken(), path)
    with open_catalogue(path) as opened:
        assert list(opened.lookup(["10.5555/1", "10.5555/2"])) == ["10.5555/1"]
    assert len(list(path.glob("build-*"))) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from refkit.sources.catalogue import build
def records():
    for n in range(5000):
        if n == 3000:
            os.kill(os.getpid(), signal.SIGKILL)
        yield {"DOI": f"10.5555/new.{n}", "title": [f"Title {n}"]}
build(records(), Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_build_leaves_the_old_catalogue_and_the_next_clears_up(tmp_path: Path) -> None:
    path = tmp_path / "c"
    build([work("10.5555/1", "First")], path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode < 0
    with open_catalogue(path) as opened:
        assert len(opened) == 1
    build([work("10.5555/2", "Second")], path)
    with open_catalogue(path) as opened:
        assert list(opened.lookup(["10.5555/1", "10.5555/2"])) == ["10.5555/2"]
    names = sorted(each.name for each in path.iterdir())
    assert names == ["build-3", LOCK, "catalogue.json"]


def test_one_build_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "c"
    script = f"""
from pathlib import Path
from refkit.errors import InputError
from refkit.sources.catalogue import build
try:
    build([], Path({str(path)!r}))
except InputError as error:
    print(error)
"""
    said: list[str] = []

    def records() -> Iterator[Work]:
        yield work("10.5555/1", "First")
        command = [sys.executable, "-c", script]
        said.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        with pytest.raises(InputError, match="another build"):
            build([], path)
        yield work("10.5555/2", "Second")

    assert build(records(), path).records == 2
    assert "another build of it is running" in said[0]
    with open_catalogue(path) as opened:
        assert len(opened) == 2


FULL = """
import resource, sys
from pathlib import Path
from refkit.errors import InputError
from refkit.sources.catalogue import build
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
works = ({"DOI": f"10.5555/{n}", "title": [f"Title {n}"]} for n in range(20_000))
try:
    build(works, Path(sys.argv[1]))
except InputError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_a_full_disk(tmp_path: Path) -> None:
    build([work("10.5555/1", "First")], tmp_path / "c")
    command = [sys.executable, "-c", FULL, str(tmp_path / "c")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "the catalogue cannot be written" in done.stdout
    with open_catalogue(tmp_path / "c") as opened:
        assert len(opened) == 1


def test_an_index_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the index cannot be written"):
        write_index(tmp_path / "nowhere", [])


def test_a_catalogue_in_use_is_replaced_under_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "c"
    build([work("10.5555/1", "First")], path)
    with open_catalogue(path) as old:
        build([work("10.5555/2", "Second")], path)
        assert list(old.lookup(["10.5555/1"])) == ["10.5555/1"]
        assert [each.id for each in old.search(Query("First"))] == ["10.5555/1"]


def test_building_twice_gives_the_same_answers(works: list[Work], tmp_path: Path) -> None:
    answers = []
    for name in "ab":
        build(works, tmp_path / name)
        with open_catalogue(tmp_path / name) as opened:
            found = opened.index.find([terms_in("a study of the")], 50)
            answers.append(found)
    assert answers[0] == answers[1]
    assert len({hit.score for hit in answers[0].hits}) > 1


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    records = [work(f"10.5555/{n}", f"Title {n}") for n in range(2500)]
    build(records, tmp_path / "c", lambda step, done: told.append((step, done)))
    counts = [1000, 2000, 2500]
    assert told == [(step, count) for step in ("read", "index") for count in counts]


def test_places_that_are_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/notes.txt").write_text("mine")
    with pytest.raises(InputError, match="a catalogue is a folder"):
        build([], tmp_path / "file")
    with pytest.raises(InputError, match=r"holds other things \(notes\.txt"):
        build([], tmp_path / "folder")
    for name in ("file", "folder", "nowhere"):
        with pytest.raises(InputError, match="no catalogue"):
            open_catalogue(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "damaged"), ("[]", "damaged"), ('{"schema": 99, "build": "b", "records": 1}', "99")],
)
def test_damaged_catalogues(tmp_path: Path, text: str, message: str) -> None:
    build([work("10.5555/1", "First")], tmp_path / "c")
    (tmp_path / "c/catalogue.json").write_text(text)
    with pytest.raises(InputError, match=message):
        open_catalogue(tmp_path / "c")


def test_an_empty_catalogue(tmp_path: Path) -> None:
    build([], tmp_path / "c")
    with open_catalogue(tmp_path / "c") as opened:
        assert len(opened) == 0
        assert opened.search(Query("anything")) == []
    assert Catalogue.in_memory([]).search(Query("anything")) == []


def test_the_source_plugin(tmp_path: Path) -> None:
    build([work("10.5555/1", "First")], tmp_path / "c")
    with create(SourceSettings(catalogue=str(tmp_path / "c"))) as made:
        assert (made.name, made.batch) == ("catalogue", 500)
        assert list(made.lookup(["10.5555/1"])) == ["10.5555/1"]
    with pytest.raises(SourceError, match="--catalogue"):
        create(SourceSettings())
    with pytest.raises(InputError, match="no built catalogue"):
        create(SourceSettings(catalogue=str(tmp_path / "nowhere")))


WITHOUT_TANTIVY = """
import sys
sys.modules["tantivy"] = None
from pathlib import Path
from refkit.errors import InputError
from refkit.model.query import Query
from refkit.sources.catalogue import Catalogue, build, open_catalogue
found = Catalogue.in_memory([{"DOI": "10.5555/1", "title": ["A title"]}]).search(Query("A title"))
assert found[0].id == "10.5555/1"
for call in (lambda: build([], Path(sys.argv[2])), lambda: open_catalogue(Path(sys.argv[1]))):
    try:
        call()
    except InputError as error:
        assert "pip install 'refkit-bib[catalogue]'" in str(error)
    else:
        raise SystemExit("no error")
"""


def test_without_tantivy_only_a_built_catalogue_is_out_of_reach(tmp_path: Path) -> None:
    build([work("10.5555/1", "First")], tmp_path / "c")
    command = [sys.executable, "-c", WITHOUT_TANTIVY, str(tmp_path / "c"), str(tmp_path / "d")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "d").exists()


def test_many_threads_read_at_once(either: Catalogue, works: list[Work]) -> None:
    wrong: list[str] = []

    def read() -> None:
        for each in works[:40]:
            doi = each["DOI"].lower()
            if either.lookup([doi])[doi].id != doi:
                wrong.append(doi)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_filters(works: list[Work], either: Catalogue) -> None:
    def dois(**wanted: Any) -> set[str]:
        numbers = either.store.numbers(Filter(**wanted))
        return {key for key, _ in either.store.by_number(numbers)}

    def where(test: Any) -> set[str]:
        return {each["DOI"].lower() for each in works if test(each)}

    def year(each: Work) -> int:
        return int(each["issued"]["date-parts"][0][0] or 0)

    assert dois() == where(lambda each: True)
    books = where(lambda each: each["type"] in ("book", "monograph"))
    assert dois(types=("book", "monograph")) == books != set()
    issn = where(lambda each: "0028-0836" in each.get("ISSN", ()))
    assert dois(codes=(("issn", "0028-0836"),)) == issn != set()
    recent = where(lambda each: 2010 <= year(each) <= 2015)
    assert dois(since="2010", until="2015") == recent != set()
    assert dois(codes=(("prefix", "10.1002"),), types=("component",)) == set()


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def read(data: bytes, path: str = "x.jsonl") -> list[Found | Diagnostic]:
    stream: io.BufferedReader = io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)))
    with unpacked(stream, path) as plain:
        return list(read_jsonl(plain, path))


def records(found: list[Found | Diagnostic]) -> list[Work]:
    return [each.record for each in found if isinstance(each, Found)]


A, B = {"DOI": "10.5555/a"}, {"DOI": "10.5555/b"}


@pytest.mark.parametrize("name", ["x.jsonl", "x.json"])
@pytest.mark.parametrize(
    "data",
    [
        lines(A, B),
        lines(A, B).rstrip(),
        b"\xef\xbb\xbf" + lines(A, B),
        b"\n\n" + lines(A) + b"\r\n" + lines(B),
        gzip.compress(lines(A, B)),
        gzip.compress(lines(A)) + gzip.compress(lines(B)),
        json.dumps([A, B]).encode(),
        b"\n" + json.dumps([A, B], indent=2).encode(),
        gzip.compress(json.dumps([A, B], indent=2).encode()),
        json.dumps({"items": [A, B]}, indent=2).encode(),
        json.dumps({"references": [A, B]}, indent=2).encode(),
        lines({"items": [A]}, {"items": [B]}),
        lines([{"items": [A]}, {"message": B}]),
        lines({"status": "ok", "message": A}, {"status": "ok", "message": {"items": [B]}}),
    ],
)
def test_reading_records(data: bytes, name: str) -> None:
    found = read(data, name)
    assert records(found) == [A, B]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (b"\n" + lines(A) + b"\n" + lines(B), ["x.jsonl, line 2", "x.jsonl, line 4"]),
        (json.dumps([A, B], indent=2).encode(), ["x.jsonl, record 1", "x.jsonl, record 2"]),
        (lines({"items": [A]}, B), ["x.jsonl, line 1, record 1", "x.jsonl, line 2"]),
    ],
)
def test_places_of_records(data: bytes, places: list[str]) -> None:
    assert [each.place for each in read(data) if isinstance(each, Found)] == places


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        (lines(A) + b"{oops\n" + lines(B), ["x.jsonl, line 2: this is not JSON"]),
        (b"{oops\n" + lines(A, B), ["x.jsonl, line 1: this is not JSON"]),
        (b"\njunk\n\xff\n" + lines(A, B), ["x.jsonl, line 2: this is", "x.jsonl, line 3: this"]),
        (lines(A, 7, B, None), ["line 2: this is not a record", "line 4: this is not a record"]),
        (lines(A, [[[B]]], B), ["line 2, record 1, record 1: this is not a record"]),
        (lines(A) + b'{"x": "\xff"}\n' + lines(B), ["line 2: this is not JSON"]),
        (lines(A) + b"[" * 100_000 + b"\n" + lines(B), ["line 2: this is not JSON"]),
        (lines(A) + b"[" * 300 + b"]" * 300 + b"\n" + lines(B), ["line 2, record 1"]),
        (lines(A, B) + b"and so on", ["line 3: this is not JSON"]),
    ],
)
def test_bad_lines_are_told_and_passed_over(data: bytes, messages: list[str]) -> None:
    values = read(data)
    assert records(values) == [A, B]
    told = [value.message for value in values if isinstance(value, Diagnostic)]
    assert len(told) == len(messages)
    assert all(part in text for part, text in zip(messages, told, strict=True))


def test_junk_before_lines_is_passed_over_whatever_their_name() -> None:
    assert records(read(b"# exported today\n" + lines(A, B), "x.json")) == [A, B]


MANY = lines(*[{"DOI": f"10.5555/{sha256(b'%d' % n).hexdigest()}"} for n in range(2000)])
PACKED = gzip.compress(MANY)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PACKED[: len(PACKED) // 2], "x.jsonl.gz"),
        (PACKED[:-4], "x.jsonl.gz"),
        (PACKED[:5000] + b"junk" + PACKED[5004:], "x.jsonl.gz"),
        (PACKED + b"junk", "x.jsonl.gz"),
        (b"\x1f\x8bjunk", "x.jsonl.gz"),
        (MANY[:-10], "x.jsonl"),
        (MANY[:30], "x.jsonl"),
        (lines(A, B)[:-2], "x.json"),
        (json.dumps([A, B], indent=2).encode()[:-1], "x.json"),
        (json.dumps({"items": [A, B]}).encode()[:-1], "-"),
        (b"[\n" + lines(A) + lines(B), "x.json"),
    ],
)
def test_a_damaged_or_cut_off_file_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(InputError, match=rf"^{name}.*: damaged or cut short"):
        read(data, name)


@pytest.mark.parametrize("data", [b"", b"\n\n", gzip.compress(b""), b"[]", b'{"items": []}'])
def test_empty_files(data: bytes) -> None:
    assert read(data, "x") == []


WRITTEN = [{"family": "Knuth", "given": "D.", "sequence": "first", "affiliation": []}]
NAMED = [{"family": "Gogh", "non-dropping-particle": "van"}]


@pytest.mark.parametrize("kind", ["book", "dataset", "report", "standard", None, ["book"]])
def test_telling_apart_records_of_types_that_both_know(kind: Any) -> None:
    typed = {"type": kind} if kind else {}
    assert is_work({**typed, "title": ["x"]})
    assert is_work({**typed, "title": []})
    assert is_work({**typed, "container-title": ["x"]})
    assert is_work({**typed, "DOI": "10.5555/a"})
    assert is_work({**typed, "title": "x", "author": WRITTEN})
    assert is_work({**typed, "title": "x", "indexed": {"timestamp": 1}})
    assert not is_work({**typed, "title": "x"})
    assert not is_work({**typed, "title": "x", "author": NAMED, "DOI": "10.5555/a"})
    assert not is_work({**typed, "id": "x", "author": NAMED})


@pytest.mark.parametrize(
    ("kind", "crossref"),
    [
        ("journal-article", True),
        ("monograph", True),
        ("other", True),
        ("article-journal", False),
        ("chapter", False),
        ("thesis", False),
    ],
)
def test_telling_apart_records_by_their_types(kind: str, crossref: bool) -> None:
    assert is_work({"type": kind, "title": "x"}) is crossref
    assert is_work({"type": kind, "title": "x", "ISSN": ["1234-5678"]}) is crossref
    assert is_work({"type": kind, "title": ["x"]})


def test_all_of_crossrefs_own_records_are_told(works: list[Work]) -> None:
    assert all(map(is_work, works))
