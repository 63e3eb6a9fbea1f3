"""Whatever stands in a text, it is read without a fault, and what is taken is what it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refkit.intake.cited import cited
from refkit.intake.settle import judge_reference
from refkit.intake.words import Words
from refkit.model.entry import Date, Entry, Field, Name
from refkit.model.evidence import Candidate, Verdict

TITLE = "Counting works in personal bibliographies"
RECORD = Entry(
    "10.1000/a",
    "article-journal",
    (
        Field("title", TITLE),
        Field("author", (Name("Doe", "Jane"), Name("Roe", "Richard"))),
        Field("container-title", "Journal of Lists"),
        Field("issued", Date(2001)),
        Field("volume", "12"),
        Field("page", "45-67"),
    ),
)
PARTS = ["Doe J", "Roe R", "Poe E", TITLE, "Journal of Lists", "12", "(3)", "45–67", "2001",
         "1984", "In:", "Reply to", "“", "”", "arXiv:2001.00001", "vol. 3", "pp. 1–9"]  # fmt: skip
MARKS = st.sampled_from([". ", ", ", " ", ": ", "\n", "-", ""])


@given(st.lists(st.tuples(st.sampled_from(PARTS), MARKS), max_size=14), st.text(max_size=40))
def test_no_arrangement_of_parts_breaks_the_reading(
    parts: list[tuple[str, str]], noise: str
) -> None:
    text = "".join(part + mark for part, mark in parts) + noise
    found = judge_reference(text, [Candidate("10.1000/a", RECORD)])
    if found.verdict is Verdict.MATCH:
        assert "Doe" in text or "Roe" in text or "2001" in text
        assert "Reply to Counting" not in text


@given(st.text(max_size=80), st.text(max_size=30))
def test_a_place_that_is_found_holds_the_phrase(text: str, phrase: str) -> None:
    words = Words(text)
    for span in (words.find(phrase), words.find_like(phrase)):
        if span is not None:
            assert 0 <= span.start < span.end <= len(text)
    exact = words.find(phrase)
    if exact is not None:
        assert Words(text[exact.start : exact.end]).solid == Words(phrase).solid


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_that_stand_in_a_text_are_found_there(before: str, behind: str) -> None:
    text = f"{before} {TITLE} {behind}"
    assert Words(text).find(TITLE) is not None
    said = cited(text, RECORD)
    assert said is None or TITLE.split(maxsplit=1)[0].lower() in said.text("title").lower()
