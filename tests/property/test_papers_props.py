"""What a paper gets from a library says what the library says, whatever is in it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from refkit.api import documents, papers
from refkit.model.entry import Entry

KEYS = st.sampled_from("alpha beta gamma delta Epsilon".split())
TEXTS = st.text(st.sampled_from('aB é\\&%{}"#,=@\n'), max_size=12)
LINKS = st.none() | KEYS


@st.composite
def libraries(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return the text of a .bib file with macros and links, and keys to be cited."""
    blocks = ["@string{j = {Journal}}"]
    for key in draw(st.lists(KEYS, unique=True)):
        title = draw(TEXTS).replace("{", "").replace("}", "")
        link = draw(LINKS)
        crossref = f",\n  crossref = {{{link}}}" if link else ""
        blocks.append(
            f"@article{{{key},\n  title = {{{title}}},\n  journal = j # {{!}}{crossref}}}"
        )
    return "\n\n".join(blocks), draw(st.lists(KEYS, min_size=1))


def said(entry: Entry) -> object:
    fields = {each.name: each.value for each in (*entry.fields, *entry.extra)}
    return entry.type, entry.native_type, fields


@given(libraries())
def test_entries_say_what_they_said_in_the_library(library: tuple[str, list[str]]) -> None:
    text, keys = library
    before = {each.key: each for each in documents.parse(text, "bibtex").entries}
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.bib").write_text(text, "utf-8", newline="")
        (Path(folder) / "p.aux").write_text(f"\\citation{{{','.join(keys)}}}", "utf-8")
        selection = papers.select(f"{folder}/p.aux", [f"{folder}/a.bib"])
    after = {each.key: each for each in documents.parse(selection.text, "bibtex").entries}
    assert set(keys) == {key for key in keys if key in after} | set(selection.missing)
    assert {key: said(each) for key, each in after.items()} == {
        key: said(before[key]) for key in after
    }
    parents = [each.beyond("crossref") for each in after.values()]
    assert {each for each in parents if each in before} <= set(after)
