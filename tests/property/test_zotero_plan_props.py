"""What a plan promises for any items: nothing is taken away, and a second time nothing is to do."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from refkit.zotero.plan import Verdict, Wanted, plan

words = st.sampled_from(["", "bees", "wasps", "On <i>bees</i>", "é", "10.1000/a", "10.1000/b"])
lines = st.sampled_from(["", "Citation Key: a", "Citation Key: b", "PMID: 7", "PMID: 8", "mine"])
tags = st.lists(st.sampled_from(["t", "u", "v"]), max_size=3, unique=True)


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    said = {name: draw(words) for name in ("title", "DOI", "pages", "citationKey")}
    return {
        "itemType": draw(st.sampled_from(["book", "journalArticle"])),
        **{name: value for name, value in said.items() if value or draw(st.booleans())},
        "extra": "\n".join(draw(st.lists(lines, max_size=3))),
        "tags": [{"tag": tag} for tag in draw(tags)],
        "collections": [],
    }


def stored(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"key": f"KEY{number}", "version": number, "data": data}
        for number, data in enumerate(items)
    ]


def carried_out(library: list[dict[str, Any]], steps: list[Any]) -> list[dict[str, Any]]:
    """Do to the items what the API does with what is sent."""
    found = {each["key"]: each for each in library}
    for step in steps:
        sent = {name: value for name, value in step.send.items() if name not in ("key", "version")}
        if step.send:
            old = found.get(step.item, {"data": {}})["data"]
            found[step.item] = {"key": step.item, "version": 99, "data": {**old, **sent}}
    return list(found.values())


@given(st.lists(items(), max_size=4), st.lists(items(), max_size=4), st.booleans())
def test_a_second_time_nothing_is_made(
    there: list[dict[str, Any]], here: list[dict[str, Any]], update: bool
) -> None:
    # What says nothing by which it could be known again is made again.
    wanted = [
        Wanted(f"k{n}", {**each, "citationKey": f"k{n}", "title": f"number {n}"})
        for n, each in enumerate(here)
    ]
    library = stored(there)
    library = carried_out(library, plan(wanted, library, update=update))
    again = plan(wanted, library, update=update)
    assert all(each.verdict is not Verdict.MADE for each in again)


@given(items(), items())
def test_an_update_takes_nothing_away(old: dict[str, Any], new: dict[str, Any]) -> None:
    same = {"citationKey": "same", "DOI": "", "title": "bees"}
    old, new = {**old, **same}, {**new, **same}
    library = stored([old])
    (step,) = plan([Wanted("same", new)], library, update=True, collection="COLLECTA")
    (after,) = carried_out(library, [step])
    data = after["data"]
    assert [tag for tag in old["tags"] if tag not in data["tags"]] == []
    assert data["collections"] == ["COLLECTA"]
    assert all(data.get(name) for name, value in old.items() if value)
    names = {line.partition(":")[0] for line in old["extra"].splitlines()}
    assert names <= {line.partition(":")[0] for line in data["extra"].splitlines()}
    (again,) = plan([Wanted("same", new)], [after], update=True, collection="COLLECTA")
    assert (again.verdict, again.send) == (Verdict.THERE, {})
