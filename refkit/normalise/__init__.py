"""Pure functions from field text to clean text or values: names, dates, ids, LaTeX, titles."""
