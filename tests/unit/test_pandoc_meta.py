"""Values as pandoc's metadata: pandoc itself reads what is written."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.pandoc.meta import inlines, meta, plain

VALUES = st.recursive(
    st.booleans() | st.text(alphabet='ab <>/i"“”é'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy"), inner, max_size=3),
    max_leaves=8,
)


def html(rich: str) -> str:
    document = {
        "pandoc-api-version": [1, 23],
        "meta": {},
        "blocks": [{"t": "Plain", "c": inlines(rich)}],
    }
    command = [pypandoc.get_pandoc_path(), "-f", "json", "-t", "html", "--wrap=none"]
    text = json.dumps(document)
    done = subprocess.run(command, check=False, input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("rich", "written"),
    [
        ("plain text", "plain text"),
        ("<i>E. coli</i> in H<sub>2</sub>O", "<em>E. coli</em> in H<sub>2</sub>O"),
        ("<b><i>both</i></b>", "<strong><em>both</em></strong>"),
        ('an <span class="nocase">iPhone</span>', 'an <span class="nocase">iPhone</span>'),
        (
            '<span style="font-variant:small-caps;">Sc</span>',
            '<span class="smallcaps">Sc</span>',
        ),
        ("the “wild” one", "the “wild” one"),
        ('the "wild" one', "the “wild” one"),
        ('("so")', "(“so”)"),
        ('5" long', '5" long'),
        ("open “quote", "open “quote"),
        ("a <i>left open", "a &lt;i&gt;left open"),
        ("closed</i> only", "closed&lt;/i&gt; only"),
        ("p < q > r", "p &lt; q &gt; r"),
        ("a <b>x</i> y", "a &lt;b&gt;x&lt;/i&gt; y"),
        ("<i>a “b</i> c", "<em>a “b</em> c"),
    ],
)
def test_rich_text(rich: str, written: str) -> None:
    assert html(rich) == written


@given(VALUES)
def test_structure_and_truth_values_come_back(value: Any) -> None:
    back = plain(meta(value))
    assert shape(back) == shape(value)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return value if isinstance(value, bool) else ""


@given(st.text(alphabet='ac <>/isub.“”"', max_size=40))
def test_no_letter_is_lost(text: str) -> None:
    back = plain(meta(text))
    assert [each for each in back if each in "ac."] == [each for each in text if each in "ac."]
