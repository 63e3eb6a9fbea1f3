"""Rules that check a document, and how they are run."""
