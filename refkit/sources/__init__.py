"""Where records come from: Crossref and the local catalogue."""
