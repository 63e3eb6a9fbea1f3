"""Citation keys: unique, stable, and the only bytes that change; patterns never crash."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

import refkit
from refkit import Keying
from refkit.citekeys.functions import FILTERS, FUNCTIONS
from refkit.citekeys.pattern import PatternError, parse
from refkit.model.report import Severity

KEYS = st.sampled_from(["", "a", "A", "doe2020", "doe2020a", "x y", "K", "ö", "roe", "Doe"])
FIELDS = st.sampled_from(
    [
        "author={Doe, J}", "author={Roe, R}", "year=2020", "title={The odd}", "ids={a, doe}",
        "crossref={a}", "related={K,doe2020}", "note={\\cite{a,K}}", "xdata=K", "title={Ö {x}}",
    ]
)  # fmt: skip
BIBS = st.lists(
    st.builds(
        lambda kind, key, fields: f"@{kind}{{{', '.join([key, *fields])}}}",
        st.sampled_from(["book", "misc", "xdata", "set"]),
        KEYS,
        st.lists(FIELDS, max_size=4),
    ),
    max_size=8,
).map("\n% between\n".join)
PATTERNS = st.sampled_from(["auth.lower + year", "auth", "volume", "title", "authors + type"])
OPTIONS = st.builds(
    Keying,
    pattern=PATTERNS,
    every=st.booleans(),
    postfix=st.sampled_from(["alpha", "number"]),
    keep_alias=st.booleans(),
)


def complete(document: refkit.Document) -> list[bool]:
    return [raw.complete for raw in document.tree.entries()]


@given(BIBS, OPTIONS)
def test_applied_twice_it_changes_nothing_more(text: str, options: Keying) -> None:
    once = refkit.assign_keys(refkit.parse(text, "bibtex"), options)
    twice = refkit.assign_keys(refkit.parse(once.text, "bibtex"), options)
    assert twice.renames == ()
    assert twice.text == once.text


@given(BIBS, OPTIONS)
def test_new_keys_are_unique_but_for_case_and_stand_in_the_file(text: str, options: Keying) -> None:
    document = refkit.parse(text, "bibtex")
    found = refkit.assign_keys(document, options)
    keys = [each.key for each in refkit.parse(found.text, "bibtex").entries]
    assert len(keys) == len(document.entries)
    folded = [key.lower() for key in keys]
    for each in found.renames:
        assert keys[each.index] == each.new
        assert folded.count(each.new.lower()) == 1
    untouched = set(range(len(keys))) - {each.index for each in found.renames}
    assert all(keys[at] == document.entries[at].key for at in untouched)


@given(BIBS, PATTERNS)
def test_only_keys_and_what_names_them_change(text: str, pattern: str) -> None:
    document = refkit.parse(text, "bibtex")
    found = refkit.assign_keys(document, Keying(pattern, every=True))
    after = refkit.parse(found.text, "bibtex")
    for old, new in zip(document.tree.entries(), after.tree.entries(), strict=True):
        assert len(old.fields) == len(new.fields)
        for one, two in zip(old.fields, new.fields, strict=True):
            if one.name not in ("crossref", "related", "note", "xdata"):
                assert document.tree.raw(one) == after.tree.raw(two)
    names = {each.new for each in found.renames}
    gone = found.text
    for name in sorted(names, key=len, reverse=True):
        gone = gone.replace(name, "")
    assert len(gone) <= len(found.text)
    assert found.text.count("% between") == text.count("% between")


PIECES = st.sampled_from(
    [*FUNCTIONS, *FILTERS, *"+.|;()[]:,=", "'x'", '"', "'", "1", "-2", "/a/", "/(/", " ", "||", "n"]
)


@given(st.lists(PIECES | st.text(max_size=2), max_size=12).map("".join), BIBS)
def test_any_pattern_is_read_or_refused_with_its_place(pattern: str, text: str) -> None:
    entries = refkit.parse(text, "bibtex").entries
    with contextlib.suppress(PatternError):
        parsed = parse(pattern)
        for entry in entries:
            key = parsed.key(entry)
            assert key.isascii()
            assert not set(key) & set(" \"#'(),={}%~\\")


@given(BIBS)
def test_what_is_told_of_keys_is_no_error_where_all_entries_are_whole(text: str) -> None:
    document = refkit.parse(text, "bibtex")
    found = refkit.assign_keys(document, Keying(every=True))
    if all(complete(document)):
        told = [each for each in found.problems if each.code.startswith("KEY01")]
        assert all(each.severity is Severity.WARNING for each in told)
