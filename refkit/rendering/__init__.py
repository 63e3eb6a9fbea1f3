"""Entries as references, in the styles of CSL (citeproc-py) and of BibTeX (pybtex)."""
