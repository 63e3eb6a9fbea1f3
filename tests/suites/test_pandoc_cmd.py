"""Pandoc's command tests for BibTeX and BibLaTeX: which fields refkit reads to the same value.

What is not met, case by case, and why:
- a @manual is a CSL report ("may also be used for manuals", CSL 1.0.2, appendix III), which
  pandoc reads as a book (biblatex-cms, biblatex-manual).
- `container-author` of a @book in a @mvbook: the BibLaTeX manual (appendix B) hands the author
  down as `bookauthor` to the parts of a book only (biblatex-crossref-nested, book-1).
- `%` inside a value begins a comment for pandoc; BibTeX has no comments there (7668).
- BibLaTeX's counters (its command `arabic`) have no value outside LaTeX (biblatex-cotton,
  biblatex-murray).
- dates of EDTF's draft of 2012 ("unknown", "open", "y-123456789") are no EDTF level 1
  (biblatex-edtf-date, items 3-3, 3-4 and 5-14).
"""

from __future__ import annotations

from pathlib import Path

from suite_score import check_passing, score, share_right


def test_pandoc_cmd(shared: Path) -> None:
    scored = score(shared, "pandoc-cmd", ())
    check_passing("pandoc-cmd", scored)
    assert share_right(scored) > 0.98
