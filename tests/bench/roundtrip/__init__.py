"""How much of a .bib file is left after a conversion to CSL-JSON and back."""
