"""Zotero's NBIB import tests, mapped to CSL: which fields refkit reads to the same value.

What is not met, and why:
- `page`: a publisher's item id is no page; an article number goes to CSL's `number`.
- `license` is in CSL 1.0.2 but not in its JSON schema, so it is written to `custom`.
- "et al." stays, as one more author (MEDLINEnbib.js#3).
"""

from __future__ import annotations

from pathlib import Path

from suite_score import check_passing, score, share_right


def test_zotero_nbib(shared: Path) -> None:
    scored = score(shared, "zotero-nbib")
    check_passing("zotero-nbib", scored)
    assert share_right(scored) > 0.955
