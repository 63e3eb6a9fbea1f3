"""A .bib file that went through CSL comes back in its own words, but for what someone changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import refkit
from refkit.model.report import Diagnostic
from refkit.normalise.latex import strip_markup

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "csl-data.json").read_text("utf-8"))

ARTICLE = r"""@article{doe,
  title = {The {DNA} of {\"O}sterreich},
  author = {Doe, Jane and M{\"u}ller, J{\"o}rg},
  journal = {J.~Chem.},
  year = {2020},
  month = mar,
  Keywords = {One, two},
  x-mine = {kept},
}
"""
CHILD = r"""@incollection{part,
  crossref = {whole},
  title = {A Part},
  author = {Doe, Jane},
  pages = {1-2},
}

@collection{whole,
  title = {The Whole},
  editor = {Roe, Richard},
  date = {2019},
  publisher = {Faber and Faber},
}
"""
DATA = r"""@xdata{press,
  publisher = {Greenwood},
  location = {Westport and London},
  xdata = {land},
}

@xdata{land,
  langid = {english},
}

@book{one,
  title = {One Title},
  xdata = {press},
  date = {2001},
}

@book{two,
  title = {Another Title},
  xdata = {press},
  date = {2002},
}
"""

Edit = Callable[[list[dict[str, Any]]], None]


def there(text: str, dialect: str) -> list[dict[str, Any]]:
    written = refkit.convert(refkit.parse(text, dialect), "csljson")
    items: list[dict[str, Any]] = json.loads(written.text)
    return items


def back(items: list[dict[str, Any]], dialect: str) -> str:
    return refkit.convert(refkit.parse(json.dumps(items), "csljson"), dialect).text


def told(text: str, target: str) -> list[Diagnostic]:
    return list(refkit.convert(refkit.parse(text, "biblatex"), target).problems)


@pytest.mark.parametrize(
    ("text", "dialect"), [(ARTICLE, "bibtex"), (CHILD, "biblatex"), (DATA, "biblatex")]
)
def test_what_nobody_changed_comes_back_word_by_word(text: str, dialect: str) -> None:
    again = back(there(text, dialect), dialect)
    assert _entries(again) == _entries(text)


def _entries(text: str) -> dict[str, Any]:
    document = refkit.parse(text, "biblatex")
    return {each.key: (each.native_type, each.as_written) for each in document.entries}


def changed(edit: Edit, text: str = ARTICLE, dialect: str = "bibtex") -> dict[str, dict[str, str]]:
    items = there(text, dialect)
    edit(items)
    entries = refkit.parse(back(items, dialect), dialect).entries
    return {each.key: dict(each.as_written.fields) for each in entries if each.as_written}


def _set(name: str, value: Any, place: int = 0) -> Edit:
    return lambda items: items[place].__setitem__(name, value)


def _drop(name: str, place: int = 0) -> Edit:
    return lambda items: items[place].pop(name)


@pytest.mark.parametrize(
    ("edit", "field", "now"),
    [
        (_set("title", "The DNA of people from Austria"), "title",
         "The {DNA} of people from {Austria}"),
        (_set("title", "The dna of österreich"), "title", "The dna of österreich"),
        (_set("issued", {"date-parts": [[2021, 3]]}), "year", "2021"),
        (_set("issued", {"date-parts": [[2020, 4]]}), "month", "apr"),
        (_set("container-title", "J. Phys."), "journal", "J. Phys."),
        (_set("author", [{"family": "Roe", "given": "R."}]), "author", "Roe, R."),
        (_set("keyword", "three"), "keywords", "three"),
        (_set("volume", "7"), "volume", "7"),
        (_drop("container-title"), "journal", None),
        (_drop("keyword"), "keywords", None),
    ],
)  # fmt: skip
def test_what_someone_changed_in_csl_wins_and_the_rest_stays(
    edit: Edit, field: str, now: str | None
) -> None:
    before = dict(refkit.parse(ARTICLE, "bibtex").entries[0].as_written.fields)  # type: ignore[union-attr]
    (fields,) = changed(edit).values()
    assert fields.get(field) == now
    assert {n: t for n, t in fields.items() if n != field} == {
        n: t for n, t in before.items() if n != field
    }


def test_a_date_that_was_deleted_takes_its_year_and_month_along() -> None:
    (fields,) = changed(_drop("issued")).values()
    assert not {"year", "month", "date"} & set(fields)


def test_a_changed_inherited_value_is_written_in_the_child_and_nothing_else() -> None:
    fields = changed(_set("publisher", "Penguin"), CHILD, "biblatex")
    own = {"crossref", "title", "author", "pages"}
    assert set(fields["part"]) == own | {"publisher"}
    assert fields["part"]["publisher"] == "Penguin"
    assert fields["whole"]["publisher"] == "Faber and Faber"


def test_without_its_parent_a_child_has_what_it_inherited() -> None:
    items = there(CHILD, "biblatex")[:1]
    (entry,) = refkit.parse(back(items, "biblatex"), "biblatex").entries
    assert entry.text("container-title") == "The whole"
    assert entry.text("publisher") == "Faber; Faber"
    assert entry.date() == refkit.Date(2019)


def test_a_changed_type_wins() -> None:
    items = there(ARTICLE, "bibtex")
    items[0]["type"] = "book"
    (entry,) = refkit.parse(back(items, "bibtex"), "bibtex").entries
    assert (entry.type, entry.beyond("x-mine")) == ("book", "kept")


@pytest.mark.parametrize("spoiled", ["{", "}", 7, None, ["a"]])
def test_spoiled_words_are_not_trusted(spoiled: Any) -> None:
    items = there(ARTICLE, "bibtex")
    items[0]["custom"]["refkit"]["bibtex"]["title"] = spoiled
    document = refkit.parse(back(items, "bibtex"), "bibtex")
    assert document.problems == ()
    assert strip_markup(document.entries[0].text("title")) == "The DNA of österreich"


def test_words_that_say_something_else_are_not_trusted() -> None:
    items = there(ARTICLE, "bibtex")
    items[0]["custom"]["refkit"]["bibtex"]["journal"] = "Nature"
    (entry,) = refkit.parse(back(items, "bibtex"), "bibtex").entries
    assert entry.text("container-title") == "J.\xa0Chem."


def test_custom_data_is_valid_by_the_schema_and_given_once() -> None:
    text = refkit.convert(refkit.parse(ARTICLE + CHILD + DATA, "biblatex"), "csljson").text
    jsonschema.validate(json.loads(text), SCHEMA)
    assert text.count("kept") == 1
    assert text.count("Westport and London") == 1
    again = refkit.convert(refkit.parse(text, "csljson"), "csljson").text
    assert again == text


def test_data_only_entries_stay_with_the_first_entry_that_names_them() -> None:
    items = there(DATA, "biblatex")
    assert [sorted(item["custom"]["refkit"].get("xdata", {})) for item in items] == [
        ["land", "press"], [],
    ]  # fmt: skip
    assert not [each for each in told(DATA, "csljson") if each.code == "LOS007"]


def test_a_data_only_entry_that_nobody_names_is_told() -> None:
    alone = "@xdata{alone, publisher = {X}}"
    assert [each.code for each in told(alone, "csljson")] == ["LOS007"]


def test_the_other_dialect_gets_its_own_fields() -> None:
    (entry,) = refkit.parse(back(there(ARTICLE, "bibtex"), "biblatex"), "biblatex").entries
    assert entry.as_written is not None
    names = [name for name, _ in entry.as_written.fields]
    assert "journaltitle" in names
    assert "journal" not in names
    assert dict(entry.as_written.fields)["date"] == "2020-03"


def test_other_formats_still_get_what_is_beyond_csl() -> None:
    text = "@article{a, title = {T}, eprint = {1234.5678}, eprinttype = {arxiv}}"
    (entry,) = refkit.parse(json.dumps(there(text, "biblatex")), "csljson").entries
    assert (entry.beyond("eprint"), entry.beyond("eprinttype")) == ("1234.5678", "arxiv")


def test_what_is_no_character_in_the_words_does_no_harm() -> None:
    items = there(DATA, "biblatex")
    words = items[0]["custom"]["refkit"]
    words["biblatex"]["note"] = words["xdata"]["press"]["publisher"] = "a\ud800b"
    text = back(items, "biblatex")
    assert text.encode()
    assert "a\ufffdb" in text


@pytest.mark.parametrize("kind", ["", "comment", "string", "bo ok", "book{x,", "@book", "BOOK"])
def test_a_spoiled_type_is_not_trusted(kind: str) -> None:
    items = there(ARTICLE, "bibtex")
    items[0]["custom"]["refkit"]["type"] = kind
    (entry,) = refkit.parse(back(items, "bibtex"), "bibtex").entries
    assert (entry.native_type, entry.text("container-title")) == ("article", "J.\xa0Chem.")


def test_a_child_keeps_what_its_changed_parent_would_no_longer_give() -> None:
    for edit in (_set("publisher", "Penguin", 1), _drop("publisher", 1)):
        fields = changed(edit, CHILD, "biblatex")
        own = {"crossref", "title", "author", "pages"}
        assert set(fields["part"]) == own | {"publisher"}
        assert fields["part"]["publisher"] == "Faber and Faber"


def test_an_inherited_value_that_was_deleted_does_not_come_back() -> None:
    items = there(CHILD, "biblatex")
    items[0].pop("publisher")
    written = refkit.convert(refkit.parse(json.dumps(items), "csljson"), "biblatex")
    part = refkit.parse(written.text, "biblatex").entries[0]
    assert (part.text("publisher"), part.text("container-title")) == ("", "The Whole")
    assert [(each.code, each.key) for each in written.problems] == [("LOS011", "part")]


def test_what_a_changed_value_loses_is_told() -> None:
    items = there(ARTICLE, "bibtex")
    items[0]["page"] = "<i>12</i>"
    written = refkit.convert(refkit.parse(json.dumps(items), "csljson"), "bibtex")
    assert [(each.code, "'page'" in each.message) for each in written.problems] == [
        ("LOS002", True)
    ]


@pytest.mark.parametrize("form", ["csljson", "cslyaml"])
def test_a_field_s_name_that_is_no_text_stops_no_writer(form: str) -> None:
    written = refkit.convert(refkit.parse("@book{a, n\udcffte = {x}, title = {T}}", "bibtex"), form)
    assert "n\ufffdte" in written.text
    assert written.text.encode()
    assert [each.code for each in written.problems] == ["LOS009"]


def test_an_item_that_calls_itself_data_is_written_as_the_work_that_it_is() -> None:
    items = there(ARTICLE, "biblatex")
    items[0]["custom"]["refkit"]["type"] = "xdata"
    (entry,) = refkit.parse(back(items, "biblatex"), "biblatex").entries
    assert (entry.native_type, entry.text("container-title")) == ("article", "J.\xa0Chem.")


def test_custom_data_never_outdoes_what_the_item_says() -> None:
    item = {"id": "a", "type": "book", "title": "T", "author": [{"family": "Doe"}]}
    item["custom"] = {"refkit": {"variables": {"title": "X", "author": {"names": []}}}}
    (entry,) = refkit.parse(json.dumps([item]), "csljson").entries
    assert (entry.text("title"), entry.names("author")) == ("T", (refkit.Name("Doe"),))
