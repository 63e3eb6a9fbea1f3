"""Zotero's item types, fields and creators against CSL 1.0.2: one table, used both ways.

Source: Zotero's data schema, version 42 ("itemTypes", and its "csl" part). Fields are named by
their base field ("publicationTitle"), which each type may have under a name of its own
("bookTitle"). Fields that only the newest Zotero has are read but not written: as lines of
`extra` they reach every Zotero, and the newest makes fields of them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class ItemType(NamedTuple):
    """One item type: its CSL type, its creators (the first is primary), its fields.

    Creators are written in that order, whatever order their variables had. `fields` maps base
    fields to the type's own names.
    """

    csl: str
    creators: tuple[str, ...]
    fields: dict[str, str]


_EVERYWHERE = "DOI citationKey url accessDate {} shortTitle language {} rights extra".split()
_ARCHIVES = ("archive archiveLocation", "libraryCatalog callNumber")

# name, CSL type, creators, own fields ("base=own"); a `+` has the fields of archives too.
_TYPES = """
artwork+ graphic | artist contributor | medium=artworkMedium artworkSize date
audioRecording+ song | performer composer wordsBy contributor |
    medium=audioRecordingFormat seriesTitle volume numberOfVolumes publisher=label place date
    runningTime ISBN
bill bill | sponsor cosponsor contributor | number=billNumber code volume=codeVolume section
    pages=codePages authority=legislativeBody session history date
blogPost post-weblog | author commenter contributor | publicationTitle=blogTitle
    type=websiteType date
book+ book | author editor translator seriesEditor contributor | series seriesNumber volume
    numberOfVolumes edition date publisher place numPages ISBN
bookSection+ chapter | author editor bookAuthor translator seriesEditor contributor |
    publicationTitle=bookTitle series seriesNumber volume numberOfVolumes edition date
    publisher place pages ISBN
case legal_case | author counsel contributor | authority=court date=dateDecided
    number=docketNumber reporter volume=reporterVolume pages=firstPage history
computerProgram+ software | programmer contributor | seriesTitle version=versionNumber date
    system publisher=company place programmingLanguage ISBN
conferencePaper+ paper-conference | author editor translator seriesEditor contributor |
    publicationTitle=proceedingsTitle conferenceName publisher place date volume pages series
    ISBN
dataset+ dataset | author contributor | number=identifier type version=versionNumber date
    publisher=repository place=repositoryLocation medium=format
dictionaryEntry+ entry-dictionary | author editor translator seriesEditor contributor |
    publicationTitle=dictionaryTitle series seriesNumber volume numberOfVolumes edition date
    publisher place pages ISBN
document+ document | author editor translator reviewedAuthor contributor | date publisher
email personal_communication | author recipient contributor | date
encyclopediaArticle+ entry-encyclopedia | author editor translator seriesEditor contributor |
    publicationTitle=encyclopediaTitle series seriesNumber volume numberOfVolumes edition date
    publisher place pages ISBN
film+ motion_picture | director castMember scriptwriter producer contributor | type=genre
    publisher=distributor date medium=videoRecordingFormat runningTime
forumPost post | author contributor | publicationTitle=forumTitle type=postType date
hearing hearing | contributor | committee place publisher numberOfVolumes
    number=documentNumber pages authority=legislativeBody session history date
instantMessage personal_communication | author recipient contributor | date
interview+ interview | interviewee interviewer translator contributor | date
    medium=interviewMedium
journalArticle+ article-journal | author editor translator reviewedAuthor contributor |
    publicationTitle volume issue pages date series seriesTitle seriesText journalAbbreviation
    ISSN
letter+ personal_communication | author recipient contributor | type=letterType date
magazineArticle+ article-magazine | author translator reviewedAuthor contributor |
    publicationTitle volume issue date pages ISSN
manuscript+ manuscript | author translator contributor | type=manuscriptType place date numPages
map+ map | cartographer seriesEditor contributor | type=mapType scale seriesTitle edition date
    publisher place ISBN
newspaperArticle+ article-newspaper | author translator reviewedAuthor contributor |
    publicationTitle place edition date section pages ISSN
patent patent | inventor attorneyAgent contributor | country assignee
    authority=issuingAuthority number=patentNumber filingDate pages applicationNumber
    priorityNumbers date=issueDate references status=legalStatus place
podcast broadcast | podcaster guest contributor | seriesTitle number=episodeNumber
    medium=audioFileType runningTime date
preprint+ article | author editor translator reviewedAuthor contributor | type=genre
    publisher=repository number=archiveID place date series seriesNumber
presentation speech | presenter contributor | type=presentationType date place meetingName
radioBroadcast+ broadcast | director scriptwriter producer castMember guest contributor |
    publicationTitle=programTitle number=episodeNumber medium=audioRecordingFormat place
    publisher=network date runningTime
report+ report | author translator seriesEditor contributor | number=reportNumber
    type=reportType seriesTitle place publisher=institution date pages
standard+ standard | author contributor | authority=organization committee type number
    version=versionNumber status date publisher place numPages
statute legislation | author contributor | code codeNumber number=publicLawNumber
    date=dateEnacted pages section session history
thesis+ thesis | author contributor | type=thesisType publisher=university place date numPages
tvBroadcast+ broadcast | director scriptwriter producer castMember guest contributor |
    publicationTitle=programTitle number=episodeNumber medium=videoRecordingFormat place
    publisher=network date runningTime
videoRecording+ motion_picture | director scriptwriter producer castMember contributor |
    medium=videoRecordingFormat seriesTitle volume numberOfVolumes place publisher=studio date
    runningTime ISBN
webpage webpage | author translator contributor | publicationTitle=websiteTitle
    type=websiteType date
"""
_TITLES = {"case": "caseName", "statute": "nameOfAct", "email": "subject"}


def _read_types(text: str) -> dict[str, ItemType]:
    rows = text.strip().replace("\n    ", " ").split("\n")
    return dict(_read_type(*row.split("|")) for row in rows)


def _read_type(head: str, creators: str, fields: str) -> tuple[str, ItemType]:
    name, csl = head.split()
    archives = _ARCHIVES if name.endswith("+") else ("", "")
    name = name.removesuffix("+")
    common = " ".join(_EVERYWHERE).format(*archives).split()
    own = [f"title={_TITLES.get(name, 'title')}", "abstractNote", *fields.split(), *common]
    pairs = (each.partition("=") for each in own)
    named = {base: other or base for base, _, other in pairs}
    return name, ItemType(csl, tuple(creators.split()), named)


TYPES = _read_types(_TYPES)

BASE_FIELDS = {
    own: base for kind in TYPES.values() for base, own in kind.fields.items() if own != base
} | {"sessionTitle": "publicationTitle", "versionNumber": "version"}  # fmt: skip
"""The base field of each field that has one."""

_NEAREST = {
    "classic": "book", "collection": "manuscript", "entry": "encyclopediaArticle",
    "event": "presentation", "figure": "artwork", "musical_score": "book",
    "pamphlet": "report", "performance": "presentation", "periodical": "journalArticle",
    "regulation": "statute", "review": "journalArticle", "review-book": "journalArticle",
    "treaty": "statute",
}  # fmt: skip
_FIRST = {"broadcast": "tvBroadcast", "motion_picture": "film",
          "personal_communication": "letter"}  # fmt: skip

ITEM_TYPES = {kind.csl: name for name, kind in TYPES.items()} | _FIRST | _NEAREST
"""The item type that each CSL type is written as; `LACKING` are those it does not say."""

LACKING = frozenset(_NEAREST)

_VIDEO_FIELDS = ("collection-title", "publisher-place", "volume", "number-of-volumes", "ISBN")
TYPES_BY_FIELD = {"motion_picture": ("videoRecording", _VIDEO_FIELDS)}
"""Another item type of the same CSL type, and the variables that only it has fields for."""

_TEXTS = """title=title abstract=abstractNote archive=archive archive_location=archiveLocation
authority=authority call-number=callNumber call-number=applicationNumber chapter-number=session
collection-number=seriesNumber collection-title=series collection-title=seriesTitle
container-title=publicationTitle container-title=reporter container-title=code
container-title-short=journalAbbreviation dimensions=artworkSize dimensions=runningTime DOI=DOI
edition=edition event-place=eventPlace event-title=meetingName event-title=conferenceName
genre=type genre=programmingLanguage ISBN=ISBN ISSN=ISSN issue=issue issue=priorityNumbers
language=language license=rights medium=medium medium=system number=number
number-of-pages=numPages number-of-volumes=numberOfVolumes original-publisher=originalPublisher
original-publisher-place=originalPlace page=pages part-number=partNumber part-title=partTitle
PMCID=PMCID PMID=PMID publisher=publisher publisher-place=place references=history
references=references scale=scale section=section section=committee source=libraryCatalog
status=status title-short=shortTitle URL=url version=version volume=volume volume=codeNumber"""
TEXTS = tuple((csl, base) for csl, _, base in (pair.partition("=") for pair in _TEXTS.split()))
"""Text variables and base fields; of a variable's fields the first that a type has holds it."""

DATES = {"accessed": "accessDate", "issued": "date", "submitted": "filingDate",
         "original-date": "originalDate"}  # fmt: skip

VARIABLES = {base: csl for csl, base in TEXTS} | {base: csl for csl, base in DATES.items()}
"""The CSL variable of each base field that has one."""

_CREATORS = {
    "author": "author", "bookAuthor": "container-author", "chair": "chair",
    "castMember": "performer", "composer": "composer", "contributor": "contributor",
    "creator": "author", "director": "director", "editor": "editor",
    "executiveProducer": "executive-producer", "guest": "guest", "host": "host",
    "interviewer": "interviewer", "narrator": "narrator", "originalCreator": "original-author",
    "organizer": "organizer", "podcaster": "host", "producer": "producer",
    "recipient": "recipient", "reviewedAuthor": "reviewed-author",
    "seriesCreator": "series-creator", "seriesEditor": "collection-editor",
    "scriptwriter": "script-writer", "translator": "translator",
}  # fmt: skip

CREATORS = frozenset(_CREATORS) | {each for kind in TYPES.values() for each in kind.creators}


def creator_variable(kind: str, creator: str) -> str:
    """Return the CSL variable of a creator of that item type, "" where it has none.

    A type's primary creators are its authors, unless CSL knows them by another name.
    """
    known = _CREATORS.get(creator)
    if known is None and kind in TYPES and TYPES[kind].creators[0] == creator:
        return "author"
    return known or ""


@cache
def creator_of(kind: str, variable: str) -> str:
    """Return the creator of that item type that a CSL variable is written as, "" if none."""
    for creator in TYPES[kind].creators:
        if creator_variable(kind, creator) == variable:
            return creator
    return ""


@cache
def bases_of(variable: str) -> tuple[str, ...]:
    """Return the base fields that a text variable may be in, the first of them first."""
    return tuple(base for csl, base in TEXTS if csl == variable)
