"""Citation.js's cases written as BibLaTeX and read back by citation.js and by pandoc.

What citation.js does not read back: a name of no parts (nameparts g), for CSL has none such.

What pandoc does not read back, and why:
- a @misc is of no type for it, where CSL has `document` (Misc, and 30 short cases), and an
  @inreference an encyclopedia's (winklerprins:entry).
- localisation keys that stand as text in the CSL data are resolved (tesla:patent, doerr:report,
  spruijt_characterizing_2022, willighagen2008).
- languages become tags with a region: "Dutch" is nl-NL (renner:*, winklerprins:*, gowers:book).
- the `issue` of a conference paper is the number in its series (InProceedings, swat4hcls:paper),
  a section a page (batori), and a year in words is not read (with literals).
"""

from __future__ import annotations

from pathlib import Path

from inverse_score import citationjs, inverse, pandoc, refkit_writes
from suite_score import check_passing, share_right

SUITE = "citejs-bib"


def test_pandoc_reads_back_more_from_refkit_than_from_citationjs(shared: Path) -> None:
    scored = inverse(shared, SUITE, refkit_writes, pandoc())
    check_passing(f"inverse-{SUITE}-pandoc", scored)
    ours = share_right(scored)
    assert ours > 0.934
    assert ours > share_right(inverse(shared, SUITE, citationjs(write=True), pandoc()))


def test_citationjs_reads_back_more_from_refkit_than_from_itself(shared: Path) -> None:
    reader, writer = citationjs(), citationjs(write=True)
    scored = inverse(shared, SUITE, refkit_writes, reader)
    check_passing(f"inverse-{SUITE}-citationjs", scored)
    ours = share_right(scored)
    assert ours > 0.995
    assert ours > share_right(inverse(shared, SUITE, writer, reader))
