"""Items settled one after another: by the ids that they give, else by search with validation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from refkit.errors import SourceError
from refkit.formats.readinglist.read import GLUED
from refkit.intake import stub
from refkit.intake.cited import cited
from refkit.intake.items import Item, Kind, Settled
from refkit.intake.titled import judge_title
from refkit.match.judge import confirm, judge
from refkit.match.profile import profile
from refkit.match.weights import GAP
from refkit.match.wording import compare_titles, wording
from refkit.model.entry import Entry, Field
from refkit.model.evidence import Candidate, Level, Match, Proposal, Verdict
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.normalise.titles import fold
from refkit.plugins import Source

_SEGMENT = re.compile(r"[.?!]\s+|[\"\u201c\u201d\u00ab\u00bb]|\(\d{4}[a-z]?\)|;\s|,\s")
_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What the sources said of ids: records, which ids are unknown, and which were unasked."""

    found: Mapping[Id, Candidate]
    unknown: Mapping[Id, str]
    unchecked: Mapping[Id, str]


def settle(item: Item, known: Known, sources: Sequence[Source]) -> Settled:
    """Settle one item; a source that cannot answer leaves it unchecked, unless another can."""
    if item.kind is Kind.ADDRESS and not item.ids:
        return _kept(item, Verdict.NONE, "the address gives no id to look up")
    if item.kind is Kind.ID:
        return _by_id(item, known)
    named = _by_named_id(item, known)
    if named is not None and named.verdict is Verdict.MATCH:
        return named
    searched = _by_search(item, sources)
    if named is None:
        return searched
    return _better(item, named, searched, known)


def _by_id(item: Item, known: Known) -> Settled:
    if not item.ids:
        return _kept(item, Verdict.NONE, "this is no id: see refkit import --help for the forms")
    own = item.ids[0]
    found = known.found.get(own)
    if found is not None:
        match = Match(found, (), 1.0)
        said = f"known to {found.entry.origin.source}"
        return Settled(item, Verdict.MATCH, said, stub.of_record(found.entry, item), match)
    if own in known.unknown:
        return _kept(item, Verdict.NONE, f"{own} is {known.unknown[own]}", (own,))
    return _kept(item, Verdict.UNCHECKED, known.unchecked.get(own, "not asked"), (own,))


def _by_named_id(item: Item, known: Known) -> Settled | None:
    """Settle a reference by the id in it, if the record behind that is what it says."""
    worst: Settled | None = None
    for each in item.ids:
        found = known.found.get(each)
        if found is None:
            reason = known.unchecked.get(each)
            if reason and worst is None:
                worst = _kept(item, Verdict.UNCHECKED, f"{each}: {reason}", (each,))
            continue
        said = cited(item.text, found.entry)
        proposal = confirm(said, found) if said is not None else None
        if proposal is not None and proposal.verdict is Verdict.MATCH:
            reason = f"the id in it is confirmed: {proposal.reason}"
            entry = stub.of_record(found.entry, item)
            return Settled(item, Verdict.MATCH, reason, entry, proposal.matches[0])
        why = proposal.reason if proposal else "its title is not in the reference"
        reason = f"{each} is in it, but belongs to {found.entry.text('title')!r}: {why}"
        others = proposal.matches if proposal else ()
        worst = Settled(
            item, Verdict.AMBIGUOUS, reason, stub.of_item(item, Verdict.AMBIGUOUS), None, others
        )
    return worst


def _better(item: Item, named: Settled, searched: Settled, known: Known) -> Settled:
    """Of a doubtful id and a search take what was found; tell of both."""
    if searched.verdict is Verdict.MATCH:
        reason = f"{searched.reason} ({named.reason})"
        return Settled(
            item, Verdict.MATCH, reason, searched.entry, searched.match, searched.others,
            searched.also,
        )  # fmt: skip
    if named.verdict is Verdict.UNCHECKED:
        return named
    return Settled(
        item, named.verdict, f"{named.reason}; {searched.reason}", named.entry, None,
        (*named.others, *searched.others),
    )  # fmt: skip


def _by_search(item: Item, sources: Sequence[Source]) -> Settled:
    candidates: list[Candidate] = []
    faults: list[str] = []
    whole = item.kind is Kind.TITLE
    proposal = Proposal(Verdict.NONE, "no source was asked")
    for source in sources:
        for query in queries_of(item):
            try:
                found = source.search(query)
            except SourceError as error:
                faults.append(str(error))
                break
            seen = {each.id.lower() for each in candidates}
            candidates += [each for each in found if each.id.lower() not in seen]
            proposal = _proposal(item, candidates)
            if proposal.verdict is Verdict.MATCH:
                break
        if proposal.verdict is Verdict.MATCH and not whole:
            break  # for a title alone every source may know another version
    if proposal.verdict is Verdict.MATCH:
        return _matched(item, proposal)
    if faults or not sources:
        reason = "; ".join(faults) or proposal.reason
        return _kept(item, Verdict.UNCHECKED, reason, item.ids[:1], proposal.matches)
    own = item.ids[:1] if proposal.verdict is Verdict.NONE else ()
    return _kept(item, proposal.verdict, proposal.reason, own, proposal.matches)


def _proposal(item: Item, candidates: Sequence[Candidate]) -> Proposal:
    if item.kind is Kind.TITLE:
        return _titled_proposal(item, candidates)
    found = judge_reference(item.text, candidates)
    if found.verdict is not Verdict.MATCH and stub.is_title(item.text):
        return judge_title(_titled(item.text), candidates)
    return found


def _titled_proposal(item: Item, candidates: Sequence[Candidate]) -> Proposal:
    """Judge a title; where no record bears it, without a word that may be glued to its start."""
    found = judge_title(_titled(item.title, item.abstract), candidates)
    stray = GLUED.match(item.title)
    if found.verdict is Verdict.MATCH or not stray:
        return found
    without = judge_title(_titled(item.title[stray.end(1) :], item.abstract), candidates)
    if without.verdict is not Verdict.MATCH:
        return found
    return replace(without, reason=f"{without.reason}, without {stray[1]!r} before it")


def _titled(title: str, abstract: str = "") -> Entry:
    fields = (Field("title", title), *([Field("abstract", abstract)] if abstract else []))
    return Entry("", "document", fields)


def judge_reference(text: str, candidates: Sequence[Candidate]) -> Proposal:
    """Return the verdict on candidates for a formatted reference.

    Each is compared with what the reference says of it (`cited`); of several that match the
    best counts if it leads the next by a clear gap.
    """
    matched: list[tuple[float, str, Match, str]] = []
    doubtful: list[tuple[float, str, Match, str]] = []
    for each in candidates:
        said = cited(text, each.entry)
        if said is None:
            continue
        proposal = judge(said, [each])
        match = proposal.matches[0]
        points = sum(row.weight for row in match.evidence)
        row = (-points, each.id, match, proposal.reason)
        if proposal.verdict is Verdict.MATCH and not _is_thin(match):
            matched.append(row)
        elif proposal.verdict is not Verdict.NONE:
            doubtful.append(row)
    return _ranked(sorted(matched, key=_first_two), sorted(doubtful, key=_first_two))


def _is_thin(match: Match) -> bool:
    """Tell whether a reference without a person has another year, so that a title is all."""
    levels = {row.feature: row.level for row in match.evidence}
    named = levels.get("first author") in (Level.EXACT, Level.STRONG)
    return not named and levels.get("year") is Level.WEAK and levels.get("page") is not Level.EXACT


def _first_two(row: tuple[float, str, Match, str]) -> tuple[float, str]:
    return row[0], row[1]


def _ranked(
    matched: list[tuple[float, str, Match, str]], doubtful: list[tuple[float, str, Match, str]]
) -> Proposal:
    matches = tuple(row[2] for row in (*matched, *doubtful))
    if not matched:
        if doubtful:
            return Proposal(Verdict.AMBIGUOUS, f"{doubtful[0][1]}: {doubtful[0][3]}", matches)
        return Proposal(Verdict.NONE, "no candidate's title is in it")
    reason = matched[0][3].partition(";")[0]
    other = next((row for row in matched[1:] if _titled_apart(matched[0][2], row[2])), None)
    if other is not None:
        return Proposal(Verdict.AMBIGUOUS, f"{reason}, but {other[1]} is in it, too", matches)
    if len(matched) > 1 and matched[1][0] - matched[0][0] < GAP * -matched[0][0]:
        also = matched[1][1]
        return Proposal(Verdict.AMBIGUOUS, f"{reason}, but {also} agrees as well", matches)
    return Proposal(Verdict.MATCH, reason, matches)


def _titled_apart(one: Match, other: Match) -> bool:
    """Tell whether two records have unlike titles: then a text holds several references."""
    first, second = (wording(each.candidate.entry.text("title")) for each in (one, other))
    return compare_titles(first, second).level is Level.CONFLICT


def _matched(item: Item, proposal: Proposal) -> Settled:
    best, *others = proposal.matches
    versions = [each for each in others if item.kind is Kind.TITLE and _is_version(best, each)]
    arxiv = next(filter(None, (profile(each.candidate.entry).arxiv for each in versions)), "")
    entry = stub.of_record(best.candidate.entry, item, arxiv)
    also = tuple(str(one) for each in versions for one in stub.ids_of(each.candidate.entry))
    rest = tuple(each for each in others if each not in versions)
    return Settled(item, Verdict.MATCH, proposal.reason, entry, best, rest[:_OTHERS], also)


def _is_version(best: Match, other: Match) -> bool:
    """Tell whether a candidate bears the very title of the match: then it is a version of it."""
    mine, yours = best.candidate.entry.text("title"), other.candidate.entry.text("title")
    return not other.veto and fold(mine) == fold(yours)


def _kept(
    item: Item,
    verdict: Verdict,
    reason: str,
    own: Iterable[Id] = (),
    others: Sequence[Match] = (),
) -> Settled:
    entry = stub.of_item(item, verdict, own)
    return Settled(item, verdict, reason, entry, None, tuple(others[:_OTHERS]))


def queries_of(item: Item) -> tuple[Query, ...]:
    """Return what to search by, one after another as long as nothing matches.

    That is a title, also without a word that may be glued to its start, or a whole reference
    with a guess at its title: its longest part.
    """
    if item.kind is Kind.TITLE:
        stray = GLUED.match(item.title)
        bare = (Query(item.title[stray.end(1) :]),) if stray else ()
        return (Query(item.title), *bare)
    if stub.is_title(item.text):
        return (Query(item.text),)
    parts = [part.strip() for part in _SEGMENT.split(item.text)]
    guess = max(parts, key=lambda part: len(part.split()), default="")
    return (Query(guess, reference=item.text),)
