"""Rules that check a document."""
