"""Lists as people have them: ids, pasted references, reading lists, parted into their items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.formats.readinglist import FORMAT
from refkit.formats.readinglist.read import unglued
from refkit.intake.idlist import id_in, read_ids
from refkit.intake.references import joined, read_references
from refkit.model.report import Document
from refkit.model.text import SourceText

LONG = "This sentence says what the paper is about and why anybody would read it. " * 4


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("10.1000/X", "doi:10.1000/x"),
        ("https://doi.org/10.1000/x", "doi:10.1000/x"),
        ("https://publisher.example/doi/full/10.1000/x?a=b", "doi:10.1000/x"),
        ("2502.08640", "arxiv:2502.08640"),
        ("2502.08640v2", "arxiv:2502.08640v2"),
        ("arXiv:hep-th/9711200", "arxiv:hep-th/9711200"),
        ("https://arxiv.org/pdf/2502.08640.pdf", "arxiv:2502.08640"),
        ("978-0-262-04630-5", "isbn:9780262046305"),
        ("PMC2231712", "pmcid:PMC2231712"),
        ("pmid:2231712", "pmid:2231712"),
        ("https://pubmed.ncbi.nlm.nih.gov/2231712/", "pmid:2231712"),
        ("2231712", "None"),  # a bare number may be anything
        ("978-0-262-04630-6", "None"),  # its check digit is wrong
        ("https://example.org/page", "None"),
        ("angels", "None"),
    ],
)
def test_an_id_is_known_by_its_form(text: str, want: str) -> None:
    assert str(id_in(text)) == want


def test_ids_are_parted_by_lines_blanks_and_commas_and_comments_left_out() -> None:
    text = "# mine\n10.1000/x, 10.1000/y  arXiv: 2502.08640 # three\n\n10.1000/a,b;\nPMID: 12\n"
    assert [(each.line, each.text) for each in read_ids(text)] == [
        (2, "10.1000/x"),
        (2, "10.1000/y"),
        (2, "arXiv:2502.08640"),
        (4, "10.1000/a,b"),
        (5, "PMID:12"),
    ]


def texts(pasted: str) -> list[str]:
    return [each.text for each in read_references(pasted)]


ONE = "Doe, J. (2001). On lists. Journal of Lists, 1, 2–3."
TWO = "Roe, R. (2002). On more lists. Journal of Lists, 2, 4–5."
THREE = "Poe, E. (2003). On no lists at all. Journal of Lists, 3, 6–7."


@pytest.mark.parametrize(
    "pasted",
    [
        f"{ONE}\n{TWO}\n{THREE}\n",
        f"{ONE}\n\n{TWO}\n\n{THREE}\n",
        f"[1] {ONE}\n[2] {TWO}\n[3] {THREE}",
        f"1. {ONE}\n2. {TWO}\n3. {THREE}",
        f"References\n\n(1) {ONE}\n(2) {TWO}\n(3) {THREE}",
        f"[Doe01] {ONE}\n[Roe02] {TWO}\n[Poe03] {THREE}",
        f"•\t{ONE}\n•\t{TWO}\n•\t{THREE}",
        f"1.\t{ONE}\n2.\t{TWO}\n3.\t{THREE}",
        "Doe, J. (2001). On lists.\n    Journal of Lists, 1, 2–3.\n"
        "Roe, R. (2002). On more lists.\n    Journal of Lists, 2, 4–5.\n"
        "Poe, E. (2003). On no lists at all.\n    Journal of Lists, 3, 6–7.\n",
        "  Doe, J. (2001). On lists.\nJournal of Lists, 1, 2–3.\n"
        "  Roe, R. (2002). On more lists.\nJournal of Lists, 2, 4–5.\n"
        "  Poe, E. (2003). On no lists at all.\nJournal of Lists, 3, 6–7.\n",
        "Doe, J. (2001). On lists. Journal of\nLists, 1, 2–3.\n"
        "Roe, R. (2002). On more lists.\nJournal of Lists, 2, 4–5.\n"
        "Poe, E. (2003). On no lists at all.\nJournal of Lists, 3, 6–7.\n",
        f"[1] {ONE}\n\n12\n\fA Page Head\n\n[2] {TWO}\n\n13\n\fA Page Head\n\n[3] {THREE}",
        f"1. {ONE}\n2. Roe, R. (2002). On more lists.\n12\nA Running Head\n\n"
        f"Journal of Lists, 2, 4–5.\n3. {THREE}\r\n",
    ],
)
def test_references_are_parted_however_they_are_set(pasted: str) -> None:
    assert texts(pasted) == [ONE, TWO, THREE]


def test_a_line_that_begins_with_a_number_out_of_turn_goes_on_its_reference() -> None:
    pasted = "1. Doe, J. On lists. Lists\n12. 2001.\n2. Roe, R. On lists. Lists 3. 2002."
    assert len(texts(pasted)) == 2


@pytest.mark.parametrize("last", ["2001.", "2001", "(2001)", "67."])
def test_a_number_that_was_wrapped_to_a_line_of_its_own_stays(last: str) -> None:
    pasted = f"[1] Doe, J. On lists. Journal of Lists, 1, 2–3,\n{last}\n[2] {TWO}"
    assert texts(pasted) == [f"Doe, J. On lists. Journal of Lists, 1, 2–3, {last}", TWO]


def test_what_a_pdf_does_to_words_is_undone() -> None:
    assert joined(["a ﬁrst informa-", "tion on state-of-the-", "Art pages 12–", "34"]) == (
        "a ﬁrst information on state-of-the-Art pages 12–34"
    )
    assert texts("[1] Eﬃcient ﬁsh\u00ades. 2001.") == ["Efficient fishes. 2001."]


def test_a_doi_that_a_line_end_broke_is_read_in_each_way() -> None:
    (item,) = read_references("[1] Doe, J. On lists. doi:10.1000/ab-\n    cd.12")
    assert "doi:10.1000/ab-cd.12" in [str(each) for each in item.ids]


def test_a_dash_stands_for_the_authors_of_the_reference_before() -> None:
    assert texts(f"{ONE}\n———. (2004). On dashes. Journal of Lists, 4, 8–9.\n")[1] == (
        "Doe, J. (2004). On dashes. Journal of Lists, 4, 8–9."
    )


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_breaks_a_reader_and_items_keep_their_order(text: str) -> None:
    for read in (read_references, read_ids):
        lines = [each.line for each in read(text)]
        assert lines == sorted(lines)
        assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in lines)


def read(text: str) -> Document:
    assert FORMAT.read is not None
    return FORMAT.read(SourceText("list.txt", text))


def titles(text: str) -> list[str]:
    return [each.text("title") for each in read(text).entries]


def test_a_title_is_what_stands_before_an_abstract_and_banners_are_told() -> None:
    document = read(f"Get it daily!\nSign in\nOn lists\n{LONG}\nOn more lists\n{LONG}{LONG}\n")
    assert [each.text("title") for each in document.entries] == ["On lists", "On more lists"]
    assert document.entries[0].text("abstract") == LONG.strip()
    assert [each.message[:14] for each in document.problems] == ["'Get it daily!", "'Sign in' is t"]


def test_a_list_of_bare_titles_is_one_too() -> None:
    assert titles("- On lists\n- On more lists\n") == ["On lists", "On more lists"]
    many = [
        f"On the {number}th list of all works that were never read at all" for number in range(9)
    ]
    assert titles("\n".join(many)) == many


def test_wrapped_abstracts_are_parted_by_blank_lines() -> None:
    wrapped = LONG.replace(". ", ".\n")
    text = f"1. On lists\n\n{wrapped}\n\n2. On more lists\n{wrapped}\n"
    assert titles(text) == ["On lists", "On more lists"]
    assert read(text).entries[1].text("abstract") == LONG.strip()


def test_tex_left_over_is_read() -> None:
    document = read(f"A $\\mathcal{{B}}$-\\emph{{Coder}}\n{LONG} By 31\\% better.\n")
    (entry,) = document.entries
    assert entry.text("title") == "A $\\mathcal{B}$-<i>Coder</i>"  # math is kept as such
    assert entry.text("abstract").endswith("By 31% better.")


@pytest.mark.parametrize(
    ("title", "abstract", "want"),
    [
        ("SearchNetworks of lists", "We look at networks.", "Networks of lists"),
        ("WordNet for lists", "WordNet is a net.", "WordNet for lists"),
        ("WordNet for lists", "A paper on lists.", "WordNet for lists"),
        ("Networks of lists", "We look at networks.", "Networks of lists"),
    ],
)
def test_a_glued_word_is_cut_off_only_where_the_abstract_shows_it(
    title: str, abstract: str, want: str
) -> None:
    assert unglued(title, abstract) == want
