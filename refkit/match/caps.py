"""What forbids a match (a veto), and what keeps one from being certain (a doubt)."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from refkit.match.decoys import Kind, kind_of_title
from refkit.match.features import Comparison
from refkit.match.profile import Profile
from refkit.match.weights import COMMON_TITLE, NEEDED, SHORT_TITLE, SURE_TITLE
from refkit.model.evidence import Level
from refkit.normalise.titles import fold

_GOOD = (Level.EXACT, Level.STRONG)
_POOR = (Level.WEAK, Level.CONFLICT)
_PLACE = ("year", "venue", "volume", "issue", "page")
_WHOLE_PLACES = tuple(map(frozenset, (
    ("page", "volume", "venue"), ("page", "volume", "year"), ("page", "venue", "year"),
    ("page", "venue", "issue"), ("page", "volume", "issue"),
)))  # fmt: skip
"""Where nothing else of that title can stand, whatever of the rest was mistyped."""
_PAGE_PLACES = tuple(map(frozenset, (("page", "volume"), ("page", "year"), ("page", "venue"))))
"""Where one contradiction is outweighed."""
_PAGELESS_PLACES = tuple(map(frozenset, (
    ("venue", "volume", "year"), ("venue", "volume", "issue"), ("venue", "year", "issue"),
    ("volume", "year", "issue"),
)))  # fmt: skip
"""Where one contradiction is outweighed if a telling title and the authors agree exactly."""
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
    return bool(record.venues or record.issn or record.volume or record.issue)


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
        or _doubtful_place(ours, theirs, found)
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


def _doubtful_place(ours: Profile, theirs: Profile, found: Comparison) -> str:
    """Weigh the contradictions of year, venue, volume, issue and page against what agrees."""
    against = [name for name in _PLACE if found.levels.get(name) is Level.CONFLICT]
    if not against or _excused(_agreeing(ours, theirs, found), found, len(against)):
        return ""
    return f"{' and '.join(against)} contradict{'s' if len(against) == 1 else ''}"


def _agreeing(ours: Profile, theirs: Profile, found: Comparison) -> frozenset[str]:
    """Return what agrees of the place; of pages from 1 on only if they end alike, too."""
    levels = found.levels
    agrees = {name for name in _PLACE if levels.get(name) is Level.EXACT}
    if levels.get("venue") is Level.STRONG:
        agrees.add("venue")
    if ours.page[0] == "1" and not (ours.page[1] and ours.page == theirs.page):
        agrees.discard("page")
    return frozenset(agrees)


def _excused(agrees: frozenset[str], found: Comparison, against: int) -> bool:
    """Tell whether so much agrees that only a slip of the pen can explain the rest."""
    title = found.title
    if title.level not in _GOOD:
        return False
    if title.points < SHORT_TITLE and not _sure_place(agrees, found):
        return False
    if against <= 2 and any(place <= agrees for place in _WHOLE_PLACES):
        return True
    if against > 1:
        return False
    if any(place <= agrees for place in _PAGE_PLACES):
        return True
    named = found.levels.get("first author") in _GOOD and found.levels.get("authors") not in _POOR
    least = SHORT_TITLE if len(agrees) > 3 else SURE_TITLE
    sure = title.level is Level.EXACT and title.points >= least and named
    return sure and any(place <= agrees for place in _PAGELESS_PLACES)


def _sure_place(agrees: frozenset[str], found: Comparison) -> bool:
    named = found.levels.get("first author") is Level.EXACT
    return "page" in agrees and (len(agrees) > 3 or (named and "volume" in agrees))


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
    year = found.levels.get("year", Level.MISSING)
    least = {Level.EXACT: SURE_TITLE, Level.MISSING: NEEDED}.get(year)
    long = least is not None and found.title.points >= least
    if (long and found.title.level is Level.EXACT) or _placed(theirs, found) >= 2:
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
