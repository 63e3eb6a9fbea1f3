"""Pandoc's cases written as BibLaTeX and read back by pandoc and by citation.js.

What citation.js does not read back, and why:
- the volume of a work in volumes is BibLaTeX's `title` and the work its `maintitle`: CSL's
  `volume-title` and `title`. citation.js has no `volume-title` for books and takes `title` for the
  item's own (coleridge, knuth:ct:*, nietzsche:*, kant:*, crossref-nested, maintitle-series).
- open ranges and years before 0 are EDTF, which it does not read (dates, edtf-date).
- math stays as it is written, which it reads as text (9616).
- a patent's `location` is its jurisdiction, for which it looks in another place (almendro).

What pandoc does not read back: a year of nine digits (edtf-date), and a book within a volume of
another work, BibLaTeX's @bookinbook, which it takes for a chapter (crossref-nested).
"""

from __future__ import annotations

from pathlib import Path

from inverse_score import citationjs, inverse, pandoc, refkit_writes
from suite_score import check_passing, share_right

SUITE = "pandoc-cmd"


def test_pandoc_reads_back_what_refkit_writes(shared: Path) -> None:
    scored = inverse(shared, SUITE, refkit_writes, pandoc())
    check_passing(f"inverse-{SUITE}-pandoc", scored)
    assert share_right(scored) > 0.995


def test_citationjs_reads_back_more_from_refkit_than_from_itself_or_pandoc(shared: Path) -> None:
    reader, peers = citationjs(), (citationjs(write=True), pandoc(write=True))
    scored = inverse(shared, SUITE, refkit_writes, reader)
    check_passing(f"inverse-{SUITE}-citationjs", scored)
    ours = share_right(scored)
    assert ours > 0.97
    for peer in peers:
        assert ours > share_right(inverse(shared, SUITE, peer, reader))
