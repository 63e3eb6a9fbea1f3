"""Zotero RDF."""
