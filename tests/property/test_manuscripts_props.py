"""Manuscripts: no text makes a scanner fail, and every citation is where it is said to be."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from refkit.manuscripts.scan import KINDS, cited

PIECES = st.sampled_from(
    [
        "\\cite", "\\cites", "\\volcite", "{", "}", "[", "]", "(", ")", "a1", ",", "@", "#", "<",
        ">", "`", "```", "$", "%", "\n", "\n\n", "    ", "\\verb|", "\\begin{verbatim}", "//",
        "\\cite{@a1}", "/*", "*/", '"', "#let ", "#cite(<", "<!--", "-->", "---\n", "\\", "|", "- ",
        "~~~",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


@given(TEXTS, st.sampled_from(KINDS))
def test_any_text_gives_citations_that_stand_where_they_are_said_to(text: str, kind: str) -> None:
    found = cited(text, kind)
    assert all(text[each.start : each.end] == each.key != "" for each in found)
    ends = [(each.start, each.end) for each in found]
    assert all(one[1] <= two[0] for one, two in pairwise(ends))


@given(st.sampled_from(["a1", "Doe:2020", "x_y-z"]), TEXTS)
def test_a_comment_or_code_never_cites(key: str, text: str) -> None:
    line = text.replace("\n", " ").replace("\r", " ")
    assert cited(f"% \\cite{{{key}}} {line}", "latex") == ()
    assert cited(f"// @{key} {line}", "typst") == ()
