"""Items settled against records: what is taken, what is not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from refkit.errors import SourceError
from refkit.intake.items import Item, Kind, Settled
from refkit.intake.references import item_of
from refkit.intake.settle import Known, settle
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.sources.catalogue import Catalogue

NOTHING = Known({}, {}, {})


def work(doi: str, title: str, **more: Any) -> dict[str, Any]:
    record = {
        "DOI": doi,
        "type": "journal-article",
        "title": [title],
        "author": [{"family": "Doe", "given": "Jane"}, {"family": "Roe", "given": "Richard"}],
        "container-title": ["Journal of Lists"],
        "issued": {"date-parts": [[2001]]},
        "volume": "12",
        "issue": "3",
        "page": "45-67",
    }
    return record | more


TITLE = "Counting works in personal bibliographies"
RECORD = work("10.1000/a", TITLE)
REFERENCE = f"Doe J, Roe R. {TITLE}. J. Lists. 2001;12(3):45–67."


def against(*records: dict[str, Any]) -> Catalogue:
    return Catalogue.in_memory(records)


def taken(text: str, *records: dict[str, Any], known: Known = NOTHING) -> Settled:
    return settle(item_of(text, 1), known, [against(*records)])


def matched(settled: Settled) -> str:
    return settled.match.candidate.id if settled.match else ""


@pytest.mark.parametrize(
    "text",
    [
        REFERENCE,
        f"Doe, J., & Roe, R. (2001). {TITLE}. Journal of Lists, 12(3), 45–67.",
        f"J. Doe and R. Roe, “{TITLE},” J. Lists, vol. 12, no. 3, pp. 45–67, 2001.",
        f"Doe, Jane, et al. “{TITLE}.” Journal of Lists, vol. 12, 2001, pp. 45-67.",
        f"DOE, J.; ROE, R.: {TITLE.upper()}. In: Journal of Lists 12 (2001), S. 45-67",
        f"{TITLE}. Jane Doe, Richard Roe. Journal of Lists 12:45 (2001)",
        "Doe J, Roe R. Counting works in perso nal bibliograph ies. J. Lists. 2001;12(3):45.",
        "J. Doe, R. Roe, Journal of Lists 12, 45 (2001)",
    ],
)
def test_a_reference_in_any_style_is_found(text: str) -> None:
    assert matched(taken(text, RECORD)) == "10.1000/a"


@pytest.mark.parametrize(
    "text",
    [
        f"Poe E. {TITLE}. J. Lists. 2001;12(3):45–67.",
        f"Doe J, Roe R. {TITLE}. J. Lists. 1984;3(1):145–167.",
        f"Doe J, Roe R. Reply to: {TITLE}. J. Lists. 2001;12(3):68.",
        f"Doe J, Roe R. {TITLE}: erratum. J. Lists. 2001;12(4):99.",
        f"Doe J, Roe R. {TITLE}: a second look. J. Lists. 2009;20(4):1–9.",
        f"Poe E. What follows. In: {TITLE}. Springer; 2001. p. 1–9.",
        "Doe J, Roe R. Something else altogether. J. Lists. 2001;12(3):45–67.",
        "",
    ],
)
def test_what_is_another_work_is_never_taken(text: str) -> None:
    assert matched(taken(text, RECORD)) == ""


def test_a_correction_is_not_the_work_and_the_work_is_not_the_correction() -> None:
    notice = work("10.1000/c", f"Correction to: {TITLE}", page="99")
    assert matched(taken(REFERENCE, notice)) == ""
    said = f"Doe J, Roe R. Correction to: {TITLE}. J. Lists. 2001;12(3):99."
    assert matched(taken(said, RECORD, notice)) == "10.1000/c"


def test_two_records_that_agree_as_well_are_reported_and_not_taken() -> None:
    settled = taken(REFERENCE, RECORD, work("10.1000/b", TITLE))
    assert str(settled.verdict) == "ambiguous"
    assert {each.candidate.id for each in settled.others} == {"10.1000/a", "10.1000/b"}


@pytest.mark.parametrize("mark", [": ", "? ", "—", " – "])
def test_another_subtitle_is_another_work(mark: str) -> None:
    text = f"Doe J, Roe R. {TITLE}{mark}The second case. J. Lists. 2001;12(3)."
    record = work("10.1000/s", f"{TITLE}{mark}The first diagnosis")
    assert matched(taken(text, record)) == ""
    assert matched(taken(text.replace("second case", "first diagnosis"), record)) == "10.1000/s"


def test_a_day_is_no_volume() -> None:
    none = {"container-title": [], "volume": None, "issue": None, "page": None}
    preprint = work("10.1000/p", TITLE, type="posted-content", **none)
    said = f"J. Doe and R. Roe, “{TITLE}.” Open Archive of Lists, Sept. 19, 2001."
    assert matched(taken(said, preprint)) == "10.1000/p"
    published = said.replace("Sept. 19, 2001", "19, 2001, pp. 1–9")
    assert matched(taken(published, preprint)) == ""


def test_two_references_that_were_not_parted_are_not_taken_for_one() -> None:
    other = work("10.1000/o", "How many works are in no list of anybody", volume="13", page="8-9")
    second = "Doe J, Roe R. How many works are in no list of anybody. J. Lists. 2001;13:8–9."
    settled = taken(f"{REFERENCE} {second}", RECORD, other)
    assert str(settled.verdict) == "ambiguous"
    assert "is in it, too" in settled.reason


def test_a_doi_in_a_reference_counts_only_for_the_work_that_it_says() -> None:
    candidate = against(RECORD).lookup(["10.1000/a"])["10.1000/a"]
    known = Known({Id("doi", "10.1000/a"): candidate}, {}, {})
    assert matched(taken(f"{REFERENCE} doi:10.1000/a", known=known)) == "10.1000/a"
    other = taken("Poe E. Something else. 1999. doi:10.1000/a", known=known)
    assert matched(other) == ""
    assert "belongs to" in other.reason
    assert other.entry.text("DOI") == ""


def test_what_is_found_nowhere_keeps_its_text_and_is_marked() -> None:
    settled = taken("Poe E. “Nothing of this is known.” Nowhere. 1999.")
    assert settled.entry.text("title") == "Nothing of this is known"
    assert settled.entry.text("note").startswith("Poe E.")
    assert settled.entry.text("keyword") == "refkit-unmatched"


class Broken:
    """A source that is out of order."""

    name, batch = "broken", 10

    def lookup(self, dois: Sequence[str]) -> dict[str, Candidate]:
        raise SourceError(self.name, "no answer")

    def search(self, query: Query) -> Sequence[Candidate]:
        raise SourceError(self.name, "no answer")


def test_an_outage_is_unchecked_unless_another_source_knows() -> None:
    item = item_of(REFERENCE, 1)
    assert str(settle(item, NOTHING, [Broken()]).verdict) == "unchecked"
    assert settle(item, NOTHING, [Broken()]).entry.text("keyword") == "refkit-unchecked"
    assert matched(settle(item, NOTHING, [Broken(), against(RECORD)])) == "10.1000/a"
    assert str(settle(item, NOTHING, [Broken(), against()]).verdict) == "unchecked"


def titled(title: str, *records: dict[str, Any], abstract: str = "") -> Settled:
    item = Item(1, title, Kind.TITLE, title=title, abstract=abstract)
    return settle(item, NOTHING, [against(*records)])


ABOUT = "Some say that works are counted; others count them. We count them twice. " * 3
OTHER = "Fish swim in rivers, and the rivers know nothing of fish at all, as we show. " * 3


def test_a_telling_title_is_taken_where_one_record_bears_it() -> None:
    assert matched(titled(TITLE.upper(), RECORD)) == "10.1000/a"
    assert matched(titled(f"Search{TITLE}", RECORD)) == "10.1000/a"


def test_a_common_title_a_near_one_and_one_of_two_works_are_not_taken() -> None:
    assert matched(titled("Deep learning", work("10.1000/d", "Deep learning"))) == ""
    assert matched(titled("Counting books in personal bibliographies", RECORD)) == ""
    assert matched(titled("Counting works", RECORD)) == ""
    twin = work("10.1000/b", TITLE, author=[{"family": "Poe", "given": "Edgar"}])
    assert matched(titled(TITLE, RECORD, twin)) == ""


def test_papers_that_share_a_name_before_the_colon_are_kept_apart() -> None:
    first = work("10.1000/j", "J1: Exploring how judges scale at the time of tests")
    assert matched(titled("J1: Rewarding the thoughts of judges by learning", first)) == ""


def test_abstracts_tell_works_of_one_title_apart() -> None:
    mine = RECORD | {"abstract": f"<jats:p>{ABOUT}</jats:p>"}
    twin = work("10.1000/b", TITLE, author=[{"family": "Poe", "given": "Edgar"}], abstract=OTHER)
    assert matched(titled(TITLE, mine, twin, abstract=ABOUT)) == "10.1000/a"
    assert matched(titled(TITLE, twin, abstract=ABOUT)) == ""


def test_a_preprint_and_its_published_form_become_one_entry_with_both_ids() -> None:
    preprint = work(
        "10.48550/arXiv.2001.00001", TITLE, type="posted-content", publisher="arXiv",
        **{"container-title": [], "volume": None, "issue": None, "page": None},
    )  # fmt: skip
    settled = titled(TITLE, preprint, RECORD)
    assert settled.entry.text("DOI") == "10.1000/a"
    assert settled.entry.beyond("eprint") == "2001.00001"
    assert settled.also == ("arxiv:2001.00001",)
