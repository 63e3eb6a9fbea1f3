"""Comparing an entry with candidate records: evidence per feature, and the verdict."""
