"""Citation.js's BibTeX and BibLaTeX fixtures: which fields refkit reads to the same value.

What is not met, and why:
- localisation keys are resolved ("patentus" is a "U.S. patent", "prepublished" a state) and
  languages are BCP 47 tags, as CSL 1.0.2 asks; citation.js leaves both as they are.
- `titleaddon` is a part of the title, and with `maintitle` the volume's own title is CSL's
  `volume-title`, as in pandoc; citation.js drops the one and swaps the other.
- the `number` of a @inproceedings is that of its series (BibLaTeX manual, 2.2.2).
- a @booklet is a CSL pamphlet, not a book.
- math stays as it is written, for CSL has no markup for it but scripts.
- a publisher's `address` goes before `location`, where the ACM puts the conference.
- web addresses stay as they are: no percent signs are added.
"""

from __future__ import annotations

from pathlib import Path

from suite_score import check_passing, score, share_right

from refkit.formats.bibtex.read import read_biblatex, read_bibtex

READERS = {"bibtex": read_bibtex, "biblatex": read_biblatex}


def test_citejs_bib(shared: Path) -> None:
    scored = score(shared, "citejs-bib", READERS, ())
    check_passing("citejs-bib", scored)
    assert share_right(scored) > 0.93
