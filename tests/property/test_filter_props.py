"""Whatever a document cites: a filtered one stays so, and only references are added to it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import refkit

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "samples" / "catalogue.jsonl"
KNOWN = ("doi:10.1038/269471a0", "https://doi.org/10.1038/269471A0", "10.1016/0169-5347(87)90057-7")
OTHER = ("doi:10.1000/none", "isbn:9780262046305", "doi:", "knuth", "fig:one", "*", "")

KEYS = st.lists(st.sampled_from(KNOWN + OTHER), max_size=6)
FOLLOWING = st.sampled_from(["", " ", ".", "(05)1", "::y", "s"])


def document(groups: list[tuple[list[str], str]], own: list[str]) -> dict[str, Any]:
    meta: dict[str, Any] = {"title": {"t": "MetaString", "c": "T"}}
    if own:
        held = [{"t": "MetaMap", "c": {"id": {"t": "MetaString", "c": key}}} for key in own]
        meta["references"] = {"t": "MetaList", "c": held}
    inlines = [inline for keys, text in groups for inline in (cite(keys), {"t": "Str", "c": text})]
    return {"pandoc-api-version": [1, 23], "meta": meta, "blocks": [{"t": "Para", "c": inlines}]}


def cite(keys: list[str]) -> dict[str, Any]:
    citations = [
        {
            "citationId": key,
            "citationPrefix": [],
            "citationSuffix": [],
            "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 1,
            "citationHash": 0,
        }
        for key in keys
    ]
    return {"t": "Cite", "c": [citations, [{"t": "Str", "c": "[@]"}]]}


@settings(max_examples=40)
@given(st.lists(st.tuples(KEYS, FOLLOWING), max_size=3), st.lists(st.sampled_from(KNOWN)))
def test_filtering_twice_is_filtering_once(
    groups: list[tuple[list[str], str]], own: list[str]
) -> None:
    before = document(groups, own)
    with tempfile.TemporaryDirectory() as folder:
        given_ = {"catalogue": str(CATALOGUE), "lock": f"{folder}/lock.json"}
        first = refkit.filter_pandoc(json.dumps(before).encode(), environment={}, given=given_)
        Path(f"{folder}/lock.json").unlink(missing_ok=True)
        second = refkit.filter_pandoc(first.data, environment={}, given=given_)
    assert second.data == first.data
    assert not second.added
    assert (second.unknown, second.unchecked) == (first.unknown, first.unchecked)
    after = json.loads(first.data)
    assert after["blocks"] == before["blocks"]
    held = after["meta"].pop("references", {"c": []})["c"]
    owned = before["meta"].pop("references", {"c": []})["c"]
    assert held[: len(owned)] == owned
    assert after["meta"] == before["meta"]
    cited = {key for keys, _ in groups for key in keys}
    assert set(first.added) <= (cited & set(KNOWN)) - set(own)
    assert set(first.added).isdisjoint({*first.unknown, *first.unchecked})
