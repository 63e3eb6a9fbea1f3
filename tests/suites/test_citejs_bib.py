"""Citation.js's BibTeX and BibLaTeX fixtures: which fields refkit reads to the same value.

What is not met, case by case, and why:
- languages are BCP 47 tags, as CSL 1.0.2 asks (renner:single, renner:chapter, winklerprins:entry,
  winklerprins:entire, gowers:book), and localisation keys are resolved: "patentus" is a "U.S.
  patent", "prepublished" a state (tesla:patent, doerr:report, spruijt_characterizing_2022,
  willighagen2008). citation.js leaves both as they are.
- `titleaddon` is a part of the title (renner:single, renner:chapter, sarbanes:act, with crossref
  e and f), and with `maintitle` the volume's own title is CSL's `volume-title`
  (gabaldon:book), as in pandoc; citation.js drops the one and swaps the other.
- the `number` of a @inproceedings is that of its series (BibLaTeX manual, 2.2.2): InProceedings
  in both dialects, swat4hcls:paper.
- a @booklet is a CSL pamphlet, not a book (Booklet in both dialects).
- math stays as it is written, for CSL has no markup for it but scripts (with commands e, with
  math, with rich text math and mathcommand).
- a publisher's `address` goes before `location`, where the ACM puts the conference (with
  uppercase and).
- web addresses stay as they are: no percent signs are added (with uri a and c).
- keywords keep the blanks between them (Ekstrand:2009:RYD).
- a command that is unknown gives its arguments, a link its text (with commands b and c).
- an equals sign in a part of a name is a part of it, and a name of no parts is none (with
  nameparts b and g); an environment does not hide an `and` from BibTeX (with escaped and b).
- a macro that is not defined stands for its name (with string and preamble b).
"""

from __future__ import annotations

from pathlib import Path

from suite_score import check_passing, score, share_right


def test_citejs_bib(shared: Path) -> None:
    scored = score(shared, "citejs-bib", ())
    check_passing("citejs-bib", scored)
    assert share_right(scored) > 0.93
