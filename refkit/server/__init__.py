"""The catalogue behind a Crossref-compatible API, as a pure request-to-response function."""
