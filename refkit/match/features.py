"""Evidence: two records compared feature by feature, each at a level with its points."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.fuzz import token_set_ratio

from refkit.match.decoys import Kind
from refkit.match.people import MOST, NOBODY, People, PeopleResult, compare_people
from refkit.match.profile import Profile
from refkit.match.weights import points
from refkit.match.wording import TitleResult, compare_titles
from refkit.model.evidence import Evidence, Level
from refkit.normalise.titles import fold
from refkit.normalise.venues import venue_similarity

_SOFT_TYPES: dict[frozenset[str], Level] = {
    frozenset(("paper", "chapter")): Level.STRONG,
    frozenset(("book", "report")): Level.WEAK,
    frozenset(("standard", "report")): Level.WEAK,
    frozenset(("standard", "book")): Level.WEAK,
    frozenset(("preprint", "report")): Level.WEAK,
    frozenset(("preprint", "paper")): Level.WEAK,
    frozenset(("preprint", "chapter")): Level.WEAK,
    frozenset(("preprint", "thesis")): Level.CONFLICT,
}
"""Families whose records are used for each other; all other unlike families contradict."""

_NO_ONES = frozenset(("component", "periodical", "peer-review", "grant"))
"""Families that an entry never means, unless it says so."""


class Comparison(NamedTuple):
    """The evidence between two records, and what the judge asks of it again and again."""

    evidence: tuple[Evidence, ...]
    levels: dict[str, Level]
    title: TitleResult
    people: PeopleResult
    points: float


def compare_profiles(ours: Profile, theirs: Profile) -> Comparison:
    """Compare two prepared entries; the evidence is in the order of its rows in the table."""
    title = compare_titles(ours.title, theirs.title)
    authors = compare_authors(ours, theirs)
    rows = [
        *_id_rows(ours, theirs),
        Evidence("title", title.level, _title_points(title), ours.raw_title, theirs.raw_title),
        *_author_rows(ours, theirs, authors),
        *(
            Evidence(name, level, points(name, level), mine, yours)
            for name, level, mine, yours in _other_rows(ours, theirs)
            if mine or yours
        ),
    ]
    levels = {row.feature: row.level for row in rows}
    return Comparison(tuple(rows), levels, title, authors, sum(row.weight for row in rows))


def _title_points(title: TitleResult) -> float:
    weight = points("title", title.level)
    return round(weight if weight < 0 else weight * title.points, 2)


def _id_rows(ours: Profile, theirs: Profile) -> list[Evidence]:
    rows = []
    for name, mine, yours in (
        ("DOI", ours.doi, theirs.doi),
        ("arXiv", ours.arxiv, theirs.arxiv),
        ("PMID", ours.pmid, theirs.pmid),
    ):
        if mine and yours:
            level = Level.EXACT if mine == yours else Level.CONFLICT
            rows.append(Evidence(name, level, points(name, level), mine, yours))
    if ours.isbn and theirs.isbn:
        level = Level.EXACT if ours.isbn & theirs.isbn else Level.CONFLICT
        shown = (", ".join(sorted(ours.isbn)), ", ".join(sorted(theirs.isbn)))
        rows.append(Evidence("ISBN", level, points("ISBN", level), *shown))
    return rows


def compare_authors(ours: Profile, theirs: Profile) -> PeopleResult:
    """Compare the authors, or of works that have none their editors."""
    mine, yours = ours.authors, theirs.authors
    if mine.persons and yours.persons:
        return compare_people(mine, yours)
    if not mine.persons and not yours.persons:
        return compare_people(ours.editors, theirs.editors)
    if "book" not in (ours.family, theirs.family):
        return NOBODY
    found = compare_people(_either(ours), _either(theirs))
    return found if found.first is not Level.CONFLICT else NOBODY


def _either(record: Profile) -> People:
    return record.authors if record.authors.persons else record.editors


def _author_rows(ours: Profile, theirs: Profile, found: PeopleResult) -> list[Evidence]:
    mine, yours = _either(ours).persons, _either(theirs).persons
    if not mine and not yours:
        return []
    shown = (mine[0].whole if mine else "", yours[0].whole if yours else "")
    rows = [Evidence("first author", found.first, points("first author", found.first), *shown)]
    if len(mine) > 1 or len(yours) > 1:
        weight = points("authors", found.every)
        if found.every is not Level.CONFLICT and found.asked == 1:
            weight = 0.0
        counts = (_count(mine, found), _count(yours, found))
        rows.append(Evidence("authors", found.every, weight, *counts))
    return rows


def _count(persons: tuple[object, ...], found: PeopleResult) -> str:
    more = "or more " if len(persons) == MOST else ""
    return f"{found.found} of {len(persons)} {more}found" if persons else ""


_Row = tuple[str, Level, str, str]


def _other_rows(ours: Profile, theirs: Profile) -> list[_Row]:
    volume, issue = _volumes(ours, theirs)
    rows: list[_Row] = [
        ("year", _years(ours, theirs), _shown(ours.years), _shown(theirs.years)),
        (
            "venue",
            _venues(ours, theirs),
            _venue(ours),
            _venue(theirs),
        ),
        ("volume", volume, ours.volume, theirs.volume),
        ("issue", issue, ours.issue, theirs.issue),
        ("page", pages(ours, theirs), _place(ours), _place(theirs)),
        ("type", types(ours, theirs), ours.family, theirs.family),
        ("edition", _editions(ours.edition, theirs.edition), ours.edition, theirs.edition),
    ]
    if {ours.family, theirs.family} & {"book", "report", "thesis", "standard"}:
        level = _publishers(ours.publisher, theirs.publisher)
        rows.append(("publisher", level, ours.publisher, theirs.publisher))
    return rows


def _shown(years: tuple[int, ...]) -> str:
    return "/".join(map(str, years))


def _venue(record: Profile) -> str:
    return record.venues[0] if record.venues else ", ".join(sorted(record.issn))


def _place(record: Profile) -> str:
    return "-".join(filter(None, record.page)) or record.number


def _versions(ours: Profile, theirs: Profile) -> bool:
    """Tell whether one is a preprint and the other is not."""
    return bool(ours.server) != bool(theirs.server)


def _years(ours: Profile, theirs: Profile) -> Level:
    """Compare years; a preprint may be some years older than what it is a preprint of."""
    mine, yours = ours.years, theirs.years
    if not mine or not yours:
        return Level.MISSING
    if yours[0] <= mine[0] <= yours[-1]:
        return Level.EXACT
    off = min(abs(one - other) for one in mine for other in yours)
    if off == 0:
        return Level.EXACT
    return Level.WEAK if off == 1 or (off <= 3 and _versions(ours, theirs)) else Level.CONFLICT


def _venues(ours: Profile, theirs: Profile) -> Level:
    mine, yours = ours.venues, theirs.venues
    same = not ours.issn.isdisjoint(theirs.issn)
    if not mine or not yours:
        return Level.EXACT if same else Level.MISSING
    level = _likest(mine + ours.series, yours + theirs.series)
    if same and level in (Level.WEAK, Level.CONFLICT):
        return Level.STRONG
    no_venue = level is Level.CONFLICT and _versions(ours, theirs)
    return Level.MISSING if no_venue else level


@lru_cache(maxsize=1 << 14)
def _likest(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Level:
    best = max(venue_similarity(mine, yours) for mine in ours for yours in theirs)
    for level, least in ((Level.EXACT, 0.99), (Level.STRONG, 0.85), (Level.WEAK, 0.6)):
        if best >= least:
            return level
    bare, other = _unadorned(ours), _unadorned(theirs)
    adorned = max(venue_similarity(mine, yours) for mine in bare for yours in other)
    return Level.WEAK if adorned >= 0.85 else Level.CONFLICT


def _unadorned(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return venues without what stands behind their last comma, as a publisher or place may."""
    return tuple(name.rpartition(", ")[0] or name for name in names)


def _volumes(ours: Profile, theirs: Profile) -> tuple[Level, Level]:
    """Compare volumes and issues; two that stand in each other's place agree weakly."""
    exchanged = bool(ours.volume and ours.issue) and ours.volume != ours.issue
    if exchanged and (ours.volume, ours.issue) == (theirs.issue, theirs.volume):
        return Level.WEAK, Level.WEAK
    return _numbered(ours.volume, theirs.volume), _numbered(ours.issue, theirs.issue)


def _numbered(ours: str, theirs: str) -> Level:
    """Compare volumes or issues: double ones ("3-4") share a number, words cannot contradict."""
    if not ours or not theirs:
        return Level.MISSING
    if ours == theirs:
        return Level.EXACT
    mine, yours = _numbers(ours), _numbers(theirs)
    if mine & yours:
        return Level.WEAK
    return Level.CONFLICT if mine and yours else Level.MISSING


@lru_cache(maxsize=1 << 14)
def _numbers(text: str) -> frozenset[str]:
    digits = "".join(char if char.isdigit() else " " for char in text)
    return frozenset(number.lstrip("0") for number in digits.split())


def pages(ours: Profile, theirs: Profile) -> Level:
    """Compare first pages and article numbers, each also with the other.

    Pages from 1 on are often a manuscript's own, and so contradict nothing.
    """
    mine = {ours.page[0], ours.number if ours.family in ("", "paper", "preprint") else ""} - {""}
    yours = {theirs.page[0], theirs.number} - {""}
    if not mine or not yours:
        return Level.MISSING
    if ours.page[0] and ours.page[0] == theirs.page[0]:
        return _last_pages(ours.page[1], theirs.page[1])
    if mine & yours:
        return Level.EXACT
    if ours.page[1] and ours.page[1] == theirs.page[1] and _one_off(ours.page[0], theirs.page[0]):
        return Level.WEAK
    from_one = [record for record in (ours, theirs) if record.page[0] == "1"]
    own = any(record.page[1] or ours.number or theirs.number for record in from_one)
    return Level.MISSING if own else Level.CONFLICT


def _one_off(ours: str, theirs: str) -> bool:
    """Tell whether two first pages differ in one digit."""
    return len(ours) == len(theirs) and sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1


def _last_pages(ours: str, theirs: str) -> Level:
    return Level.EXACT if ours == theirs or not ours or not theirs else Level.STRONG


def types(ours: Profile, theirs: Profile) -> Level:
    """Compare the families of the types; an entry without one may be anything."""
    mine, yours = ours.family, theirs.family
    if mine == yours:
        return Level.EXACT if mine else Level.MISSING
    if {mine, yours} & _NO_ONES:
        told = ours.kind is theirs.kind is not Kind.WORK
        return Level.MISSING if told else Level.CONFLICT
    if not mine or not yours:
        return Level.MISSING
    return _SOFT_TYPES.get(frozenset((mine, yours)), Level.CONFLICT)


def _editions(ours: str, theirs: str) -> Level:
    if not ours or not theirs:
        return Level.MISSING
    return Level.EXACT if ours == theirs else Level.CONFLICT


@lru_cache(maxsize=1 << 12)
def _publishers(ours: str, theirs: str) -> Level:
    if not ours or not theirs:
        return Level.MISSING
    alike = token_set_ratio(fold(ours), fold(theirs))
    for level, least in ((Level.EXACT, 99), (Level.STRONG, 80)):
        if alike >= least:
            return level
    return Level.CONFLICT
