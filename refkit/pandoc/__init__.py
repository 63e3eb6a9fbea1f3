"""Pandoc documents that cite works by id: what they cite, their references, the lock file."""
