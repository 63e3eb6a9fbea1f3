"""No text makes the scanner fail, and every span that it gives lies where it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refkit.formats.bibtex.equal import formatted
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.style import Style
from refkit.formats.bibtex.tree import RawComment, RawEntry, Tree
from refkit.formats.bibtex.values import resolve
from refkit.model.text import SourceText

PIECES = [
    *("@article{", "@string{", "@comment{", "@preamble(", "@misc(", "@", "{", "}", "(", ")", '"'),
    *(",", "=", "#", "%", "\n", "\r\n", " ", "\\", "\\{", "key,", "a", "é", "jan", "12", "title"),
    *("year = {2000}", "title = {", 'author = "A and B",\n', "title = {x},\n  "),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)
NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
PLAIN = st.text(st.characters(exclude_characters='{}"@\r', exclude_categories=["Cs"]), max_size=20)
VALUES = st.one_of(
    PLAIN.map(lambda text: "{" + text + "}"),
    PLAIN.map(lambda text: f'"{text}"'),
    st.tuples(PLAIN, PLAIN).map(lambda two: "{" + two[0] + "{" + two[1] + "}}"),
    st.integers(0, 9999).map(str),
)


@given(TEXTS)
def test_spans_nest_and_keep_their_order(text: str) -> None:
    tree, problems = scan(SourceText("x.bib", text))
    done = 0
    for block in tree.blocks:
        assert done <= block.start < block.end <= len(text)
        done = block.end
        if isinstance(block, RawEntry):
            assert text[block.key_start : block.key_end] == block.key
            for field in block.fields:
                assert block.start <= field.start < field.end <= field.value_start
                assert field.value_start <= field.value_end <= block.end
    for problem in problems:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)


@given(TEXTS)
def test_formatting_keeps_the_content_and_is_stable(text: str) -> None:
    source = SourceText("x.bib", text)
    new = formatted(source, Style())
    (tree, problems), (again, found) = scan(source), scan(SourceText("x.bib", new))
    assert [told(entry, tree) for entry in tree.entries()] == [
        told(entry, again) for entry in again.entries()
    ]
    assert sorted(each.code for each in problems) == sorted(each.code for each in found)
    assert comments(tree) == comments(again)
    assert formatted(SourceText("x.bib", new), Style()) == new


def told(entry: RawEntry, tree: Tree) -> object:
    """Return what an entry says, free of the style's own changes."""
    values = [resolve(tree.raw(field), {})[0] for field in entry.fields]
    names = [field.name for field in entry.fields]
    return entry.type, entry.key, entry.complete, names, values


def comments(tree: Tree) -> list[str]:
    text = tree.source.text
    return [text[b.start : b.end] for b in tree.blocks if isinstance(b, RawComment)]


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6), st.sampled_from(["{}", "()"]))
def test_what_was_written_is_read(fields: list[tuple[str, str]], delimiters: str) -> None:
    body = "".join(f",\n  {name} = {value}" for name, value in fields)
    tree, problems = scan(SourceText("x.bib", f"@misc{delimiters[0]}k{body}\n{delimiters[1]}"))
    (entry,) = tree.entries()
    assert entry.complete
    assert not problems
    assert [(field.name, tree.raw(field)) for field in entry.fields] == fields
