"""What forbids a match (a veto), and what keeps one from being certain (a doubt)."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from refkit.match.decoys import Kind, kind_of_title
from refkit.match.features import Comparison
from refkit.match.profile import Profile
from refkit.match.weights import COMMON_TITLE, NEEDED, SHORT_TITLE
from refkit.model.evidence import Level
from refkit.normalise.titles import fold

_GOOD = (Level.EXACT, Level.STRONG)
_CONTRADICTIONS = {
    "type": "the candidate is another kind of publication",
    "first author": "the first author contradicts",
    "edition": "another edition",
}


def veto(ours: Profile, theirs: Profile, found: Comparison) -> str:
    """Return why the candidate cannot be the work that the entry means, "" if it can."""
    levels = found.levels
    for name in ("DOI", "PMID", "arXiv"):
        if levels.get(name) is Level.CONFLICT and not _versions(ours, theirs):
            return f"another {name}"
    if _unlike_kinds(ours, theirs) and not _headed(ours, theirs, found):
        return _odd_kind(ours, theirs)
    if theirs.server and not ours.server and published(ours):
        return "the candidate is a preprint, the entry is published"
    for name, why in _CONTRADICTIONS.items():
        if levels.get(name) is Level.CONFLICT:
            return why
    return ""


def _odd_kind(ours: Profile, theirs: Profile) -> str:
    if theirs.kind is not Kind.WORK:
        return f"the candidate is a {theirs.kind}"
    return f"the entry is a {ours.kind}, the candidate is not"


def published(record: Profile) -> bool:
    """Tell whether an entry names a place of publication."""
    return bool(record.venues or record.volume or record.issue)


def _versions(ours: Profile, theirs: Profile) -> bool:
    return bool(ours.server) != bool(theirs.server)


def _unlike_kinds(ours: Profile, theirs: Profile) -> bool:
    if ours.kind is theirs.kind:
        return ours.kind is Kind.REPLY and _other_marks(ours, theirs)
    return not (_marked_alike(ours, theirs) or _marked_alike(theirs, ours))


def _headed(ours: Profile, theirs: Profile, found: Comparison) -> bool:
    """Tell whether "Letter:" is but the section's heading over the very piece that is meant."""
    marks = {kind_of_title(each.raw_title)[1] for each in (ours, theirs)} - {""}
    levels = found.levels
    return (
        marks <= {"letter", "letters", "letter to the editor"}
        and levels.get("page") in _GOOD
        and levels.get("volume") is Level.EXACT
        and levels.get("first author", Level.MISSING) in (*_GOOD, Level.MISSING)
    )


def _other_marks(ours: Profile, theirs: Profile) -> bool:
    """Tell whether one is a reply to the comment that the other is."""
    mine, yours = kind_of_title(ours.raw_title)[1], kind_of_title(theirs.raw_title)[1]
    return OSA.distance(mine, yours) > 3 and ours.title.solid != theirs.title.solid


def _marked_alike(marked: Profile, other: Profile) -> bool:
    """Tell whether the words that mark one title's kind stand mistyped at the other's start."""
    kind, mark = kind_of_title(marked.raw_title)
    if kind is Kind.WORK or not mark or marked.kind is not kind:
        return False
    words = other.title.full.split()[:4]
    first = fold(mark).split()[0]
    return any(OSA.distance(first, word, score_cutoff=2) <= 2 for word in words if len(word) > 3)


def version_doubt(ours: Profile, theirs: Profile, found: Comparison) -> str:
    """Return why the candidate may be another version of the work, as a preprint is."""
    if ours.server and not theirs.server:
        levels = found.levels
        if levels.get("venue") in _GOOD and levels.get("volume") is Level.EXACT:
            return ""
        return "the entry is a preprint, the candidate its published form"
    if ours.server and theirs.server and not {ours.server, theirs.server} & {"a preprint server"}:
        return "" if ours.server == theirs.server else "on another preprint server"
    if theirs.server and not ours.server and found.levels.get("year") is not Level.EXACT:
        return "the candidate is a preprint, the entry does not say so"
    return ""


def doubt(ours: Profile, theirs: Profile, found: Comparison) -> str:
    """Return what speaks against a candidate that agrees otherwise, "" if nothing does."""
    return (
        _doubtful_title(found)
        or _doubtful_place(ours, found)
        or _doubtful_book(ours, theirs, found)
        or _doubtful_short(ours, theirs, found)
        or _doubtful_bare(theirs, found)
    )


def _doubtful_title(found: Comparison) -> str:
    levels = found.levels
    level = found.title.level
    if level is Level.CONFLICT:
        return "the titles differ"
    placed = levels.get("page") in _GOOD and (
        levels.get("volume") is Level.EXACT or levels.get("year") is Level.EXACT
    )
    if level is Level.WEAK and not placed:
        return "the titles are only alike"
    if level is Level.MISSING:
        named = levels.get("first author") in _GOOD or levels.get("venue") in _GOOD
        if not (placed and named and levels.get("year") in (Level.EXACT, Level.WEAK)):
            return "there is no title to compare"
    return ""


def _doubtful_place(ours: Profile, found: Comparison) -> str:
    """Weigh the contradictions of year, venue, volume, issue and page against what agrees."""
    levels = found.levels
    against = [
        name
        for name in ("year", "venue", "volume", "issue", "page")
        if levels.get(name) is Level.CONFLICT
    ]
    if not against:
        return ""
    agrees = {name for name, level in levels.items() if level is Level.EXACT}
    page = levels.get("page") is Level.EXACT and ours.page[0] != "1"
    volume = "volume" in agrees
    excused = {
        "year": page and volume,
        "venue": page and (volume or "year" in agrees),
        "volume": page and "year" in agrees,
        "issue": page and volume and "title" in agrees,
        "page": volume and {"issue", "title", "first author"} <= agrees and found.points >= 9,
    }
    telling = found.title.points >= SHORT_TITLE or (page and volume and "first author" in agrees)
    titled = found.title.level in _GOOD and telling
    if titled and len(against) == 1 and excused[against[0]]:
        return ""
    return f"{' and '.join(against)} contradict{'s' if len(against) == 1 else ''}"


def _doubtful_book(ours: Profile, theirs: Profile, found: Comparison) -> str:
    if "book" not in (ours.family, theirs.family):
        return ""
    one_edition = bool(ours.edition) != bool(theirs.edition)
    later = (ours.edition or theirs.edition) not in ("", "1")
    year = found.levels.get("year")
    isbn = found.levels.get("ISBN")
    if one_edition and later and year is not Level.EXACT and isbn is not Level.EXACT:
        return "perhaps another edition"
    if isbn is Level.CONFLICT and year is not Level.EXACT:
        return "another ISBN and year: perhaps another edition"
    return ""


def _doubtful_short(ours: Profile, theirs: Profile, found: Comparison) -> str:
    """A short or common title needs its author, and its year and place, to agree."""
    worth = found.title.points
    if found.title.level is Level.MISSING or worth >= SHORT_TITLE:
        return ""
    first = found.levels.get("first author", Level.MISSING)
    placed = _placed(theirs, found)
    if first in _GOOD and placed >= (1.5 if worth >= COMMON_TITLE else 2):
        return ""
    anonymous = not (ours.authors.persons or theirs.authors.persons)
    if placed >= (3 if anonymous and worth >= COMMON_TITLE else 4):
        return ""
    return "the title is too common for what else agrees"


def _doubtful_bare(theirs: Profile, found: Comparison) -> str:
    """Without an author that agrees, a title needs to be exact and long, or a place."""
    if found.levels.get("first author", Level.MISSING) is not Level.MISSING:
        return ""
    long = found.title.level is Level.EXACT and found.title.points >= NEEDED
    if long or _placed(theirs, found) >= 2:
        return ""
    return "there is no author, and too little else, to compare"


def _placed(theirs: Profile, found: Comparison) -> float:
    """Count how much of the place of publication agrees; a chapter's book tells its volume."""
    levels = found.levels
    in_book = theirs.family == "chapter" and levels.get("venue") is Level.EXACT
    return (
        (levels.get("year") is Level.EXACT)
        + 0.5 * (levels.get("year") is Level.WEAK)
        + (levels.get("venue") in _GOOD)
        + (in_book or levels.get("volume") is Level.EXACT)
        + (levels.get("page") in _GOOD)
        + (levels.get("publisher") in _GOOD)
        + 2 * (levels.get("ISBN") is Level.EXACT)
        + 0.5 * (levels.get("issue") is Level.EXACT)
    )
