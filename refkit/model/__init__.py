"""The central types: text and edits, entries, reports, evidence."""
