"""Zotero's RIS import tests, mapped to CSL: which fields refkit reads to the same value.

What is not met, and why; `3.7` is the item 7 of the case RIS.js#3.

- `issued` of every item of RIS.js#3 and RIS.js#5 (87 fields): the dates are words
  ("Year Date", "Date of Publication"). Zotero makes them the year 0000 with the words as a
  season, and so does `--convention zotero`. CSL 1.0.2 has a literal for that, and it is what
  citeproc-js, pandoc and Zotero itself print; with a year 0 beside it citeproc-py prints "0 AD",
  with a season alone all of them print no date. The date of 7894.md Shannon_1948 has a month
  (DA) that is expected to be left out.
- `type`, where Zotero has no item type as near as CSL's: 3.1 ANCIENT is a classic, 3.23 FIGURE
  a figure, 3.30 LEGAL ("Legal Rule or Regulation") a regulation, 3.34 and 5.27 MUSIC ("Music
  score") a musical score, 3.38 PAMP a pamphlet, 3.43 STAND a standard, 5.35 UNBILL a bill.
  3.46 and 5.36 UNPB are no journal articles (3.46 has a DOI, so it is a preprint), nor are 3.27
  GRANT, 3.9 and 5.34 CTLG ("Catalog"; a magazine article in Zotero) and a bare GEN, RIS.js#12.
- an abbreviated title (J2, ST) does not displace the full one: container of 3.7, 3.16 and 3.21,
  title of 3.8 and 3.44.
- places of publication (CY) of sound, music and video are no places of an event: 3.34, 5.27,
  5.32, 5.37; nor is the code of a bill, 5.35, a place.
- persons: 3.24 performers (A4 of MPCT) are performers, 5.32 a performer is no author, 3.34 and
  5.27 an editor neither; 3.37 "Year Cited" is no performer; the "Author, Subsidiary" of ProCite,
  whose role is told in words beside it, stays with these in the note: 5.2, 5.4, 5.7.
- 3.12 genre of a program is its type (M3), not its language (LA); 3.20 an electronic section's
  number of volumes is NV, not the series volume (M1).
"""

from __future__ import annotations

from pathlib import Path

from suite_score import check_passing, score, share_right

import refkit


def test_zotero_ris(shared: Path) -> None:
    scored = score(shared, "zotero-ris")
    check_passing("zotero-ris", scored)
    assert share_right(scored) > 0.9


def test_zotero_ris_with_dates_in_words_as_zotero_exports_them(shared: Path) -> None:
    scored = score(shared, "zotero-ris", options=refkit.Conversion(convention="zotero"))
    assert share_right(scored) > 0.97
