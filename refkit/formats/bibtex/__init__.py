"""BibTeX and BibLaTeX: scan without loss, read, write, and patch by spans."""
