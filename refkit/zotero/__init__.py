"""Zotero: its connector, its local API and its Web API, and what is sent to a library."""
