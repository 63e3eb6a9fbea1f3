from __future__ import annotations

import pytest
from refkit import plugins

from refkit_sample.count import command
from refkit_sample.refer import FORMAT
from refkit_sample.rule import TITLE_FULL_STOP
from refkit_sample.shelf import create


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        ("refkit.formats", "refer", FORMAT),
        ("refkit.sources", "shelf", create),
        ("refkit.rules", "SMP001", TITLE_FULL_STOP),
        ("refkit.commands", "count", command),
    ],
)
def test_refkit_finds_each_plugin(group: str, name: str, value: object) -> None:
    assert plugins.load(group, name) is value


def test_refkit_lists_them_with_their_origin() -> None:
    ours = [each for each in plugins.survey() if "refkit-sample-plugin 0.1.0" in each.origin]
    assert len(ours) == 4
    assert [each.fault for each in ours] == [""] * 4
