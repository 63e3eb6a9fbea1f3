"""Where Zotero RDF has each field of an item; one table, used both ways.

Source: Zotero's translators "Zotero RDF" (export) and "RDF" (import).
"""

from __future__ import annotations

from functools import cache

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "dcterms": "http://purl.org/dc/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "bib": "http://purl.org/net/biblio#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "link": "http://purl.org/rss/1.0/modules/link/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "vcard": "http://nwalsh.com/rdf/vCard#",
    "so": "http://schema.org/",
}


@cache
def iri(name: str) -> str:
    """Return the IRI of a prefixed name such as "dc:title"."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local


CLASSES = {
    "book": ("bib:Book", ""),
    "bookSection": ("bib:BookSection", "bib:Book"),
    "journalArticle": ("bib:Article", "bib:Journal"),
    "magazineArticle": ("bib:Article", "bib:Periodical"),
    "newspaperArticle": ("bib:Article", "bib:Newspaper"),
    "thesis": ("bib:Thesis", ""),
    "letter": ("bib:Letter", ""),
    "manuscript": ("bib:Manuscript", ""),
    "interview": ("bib:Interview", ""),
    "film": ("bib:MotionPicture", ""),
    "artwork": ("bib:Illustration", ""),
    "webpage": ("bib:Document", "z:Website"),
    "report": ("bib:Report", ""),
    "bill": ("bib:Legislation", ""),
    "case": ("bib:Document", "bib:CourtReporter"),
    "hearing": ("bib:Report", ""),
    "patent": ("bib:Patent", ""),
    "statute": ("bib:Legislation", ""),
    "email": ("bib:Letter", ""),
    "map": ("bib:Image", ""),
    "blogPost": ("bib:Document", "z:Blog"),
    "instantMessage": ("bib:Letter", ""),
    "forumPost": ("bib:Document", "z:Forum"),
    "audioRecording": ("bib:Recording", ""),
    "presentation": ("bib:ConferenceProceedings", ""),
    "videoRecording": ("bib:Recording", ""),
    "tvBroadcast": ("bib:Recording", ""),
    "radioBroadcast": ("bib:Recording", ""),
    "podcast": ("bib:Recording", ""),
    "computerProgram": ("bib:Data", ""),
    "encyclopediaArticle": ("rdf:Description", "bib:Book"),
    "dictionaryEntry": ("rdf:Description", "bib:Book"),
    "conferencePaper": ("rdf:Description", "bib:Journal"),
}
"""The class of each item type, and that of what its items are part of; others have neither."""

WITHOUT_TYPE = {
    "bib:Book": "book", "bib:BookSection": "bookSection", "bib:Thesis": "thesis",
    "bib:Letter": "letter", "bib:Manuscript": "manuscript", "bib:Interview": "interview",
    "bib:MotionPicture": "film", "bib:Illustration": "artwork", "bib:Image": "artwork",
    "bib:Report": "report", "bib:Legislation": "statute", "bib:Patent": "patent",
    "bib:Recording": "audioRecording", "bib:Document": "webpage", "bib:Article": "journalArticle",
}  # fmt: skip
"""The item type of an item that names none, by its class."""

OF_ITEM = {
    "title": "dc:title", "rights": "dc:rights", "edition": "prism:edition",
    "version": "prism:edition", "date": "dc:date", "accessDate": "dcterms:dateSubmitted",
    "pages": "bib:pages", "extra": "dc:description", "archiveLocation": "dc:coverage",
    "abstractNote": "dcterms:abstract",
}  # fmt: skip
OF_CONTAINER = {
    "publicationTitle": "dc:title", "reporter": "dc:title",
    "journalAbbreviation": "dcterms:alternative", "volume": "prism:volume",
    "issue": "prism:number", "number": "prism:number",
}  # fmt: skip
"""Fields that what the item is part of has, or else the item itself."""

OF_SERIES = {"series": "dc:title", "seriesTitle": "dcterms:alternative",
             "seriesText": "dc:description", "seriesNumber": "dc:identifier"}  # fmt: skip

IDENTIFIERS = ("ISBN", "ISSN", "DOI")
"""Fields that are "DOI 10.1000/x" in a `dc:identifier` beside the fields of the container."""

OLD_FIELDS = {"dc:type": "type", "dcterms:medium": "medium", "dcterms:issued": "date",
              "prism:publicationName": "publicationTitle"}  # fmt: skip
"""Other predicates of an item that Zotero's reader knows."""

OUTSIDE_Z = frozenset(("author", "editor", "contributor"))
"""Creators whose predicates ("bib:authors") are not in Zotero's own namespace."""

UNREAD = frozenset(("castMember", "scriptwriter"))
"""Creators that Zotero writes and its reader then passes over."""

SERIES, PART, PERSON = iri("bib:Series"), iri("bib:Part"), iri("foaf:Person")
TYPE, VALUE = iri("rdf:type"), iri("rdf:value")
ABOUT, RESOURCE, NODE_ID = (f"{{{NAMESPACES['rdf']}}}{name}" for name in
                            ("about", "resource", "nodeID"))  # fmt: skip
