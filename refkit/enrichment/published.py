"""Turning an entry of a preprint into one of its published version, with both ids in it.

Never done unless it is asked for: which version was read is the author's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from refkit import plugins, preprints
from refkit.enrichment.ask import ask
from refkit.enrichment.engine import Outcome
from refkit.enrichment.merge import NO_CONTAINER, Policy, changes
from refkit.enrichment.order import in_order
from refkit.errors import SourceError
from refkit.match.judge import agrees
from refkit.match.profile import profile
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Verdict
from refkit.model.ids import Id
from refkit.model.report import Change
from refkit.normalise.ids import clean_doi, doi_key

FIELDS = ("container-title", "issued", "volume", "issue", "page", "DOI")
"""What tells where and when a work appeared; these are overwritten."""

_TYPES = frozenset({"article-journal", "paper-conference", "chapter"})
_NAMED = "the published version, as the preprint's own record names it"
_ALIKE = "the published version, by title and authors"


def find(outcomes: Sequence[Outcome], sources: Sequence[plugins.Source]) -> list[Outcome]:
    """Return the outcomes, those of preprints with the published version as their match.

    It is the one that the preprint's own record names, or else the only one that has its title
    and authors. Where there is none, or a source could not answer, an outcome stays.
    """
    found = list(outcomes)
    places = [place for place, each in enumerate(outcomes) if _is_open(each)]
    for place, candidate in _named(outcomes, places, sources):
        found[place] = _with(outcomes[place], candidate, _NAMED)
    for source in (None, *sources):
        rest = [place for place in places if found[place] is outcomes[place]]
        for place, candidate in _alike(outcomes, rest, source):
            found[place] = _with(outcomes[place], candidate, _ALIKE)
    return found


def _is_open(outcome: Outcome) -> bool:
    refused = outcome.decided and outcome.match is None
    wrong = outcome.flagged or refused or outcome.verdict is Verdict.UNCHECKED
    return not wrong and preprints.is_preprint(outcome.task.entry)


def _named(
    outcomes: Sequence[Outcome], places: Sequence[int], sources: Sequence[plugins.Source]
) -> Iterator[tuple[int, Candidate]]:
    """Yield the published versions that the preprints' records name, if they can be those."""
    dois: dict[int, Id] = {}
    for place in places:
        match = outcomes[place].match
        known = preprints.named(match.candidate.entry) if match else None
        if known:
            dois[place] = Id("doi", known.doi)
    records: dict[Id, Candidate] = {}
    for source in sources:
        open_ = [each for each in dict.fromkeys(dois.values()) if each not in records]
        if open_ and "doi" in plugins.kinds(source):
            answers = ask(source, open_)
            records.update({k: v for k, v in answers.items() if isinstance(v, Candidate)})
    for place, doi in dois.items():
        record = records.get(doi)
        if record and preprints.confirmed(outcomes[place].task.entry, record.entry):
            yield place, record


def _alike(
    outcomes: Sequence[Outcome], places: Sequence[int], source: plugins.Source | None
) -> Iterator[tuple[int, Candidate]]:
    """Yield the likely published versions among the candidates: known ones, or a source's."""

    def candidates(place: int) -> list[Candidate]:
        outcome = outcomes[place]
        known = [each.candidate for each in outcome.others]
        if source is None or outcome.task.query is None:
            return known
        try:
            return [*known, *source.search(outcome.task.query)]
        except SourceError:
            return []

    at_once = 1 if source is None else plugins.at_once(source)
    for place, offered in in_order(candidates, places, at_once):
        likely = preprints.likely(outcomes[place].task.entry, offered)
        if likely is not None:
            yield place, likely.candidate


def _with(outcome: Outcome, candidate: Candidate, how: str) -> Outcome:
    match = replace(agrees(outcome.task.entry, candidate.entry), candidate=candidate)
    others = tuple(each for each in outcome.others if each.candidate.id != candidate.id)
    before = (outcome.match,) if outcome.match else ()
    return replace(
        outcome, verdict=Verdict.MATCH, reason=how, match=match, others=(*before, *others)
    )


def changed(outcome: Outcome) -> list[Change]:
    """Return the changes that make an entry one of the published version; [] where ids would go.

    The preprint's id stays: in the eprint fields or wherever it is, else it is put into the URL.
    """
    entry = outcome.task.entry
    kept = _keeping(outcome)
    if kept is None or outcome.match is None:
        return []
    record = outcome.match.candidate.entry
    typed = _typed(outcome) if entry.type in NO_CONTAINER and record.type in _TYPES else []
    as_typed = replace(entry, type=record.type) if typed else entry
    task = replace(outcome.task, entry=as_typed)
    own = ("publisher",) if entry.text("publisher") else ()  # the preprint server's name
    policy = Policy(fill=FIELDS, overwrite=(*FIELDS, *own))
    return [*typed, *changes(replace(outcome, task=task), policy), *kept]


def _typed(outcome: Outcome) -> list[Change]:
    record = outcome.match.candidate.entry if outcome.match else outcome.task.entry
    return [_change(outcome, "type", outcome.task.entry.type, record.type)]


def _keeping(outcome: Outcome) -> list[Change] | None:
    """Return the change that keeps the preprint's id, [] if it stays, None if it cannot."""
    entry = outcome.task.entry
    doi = doi_key(clean_doi(entry.text("DOI")) or "")
    arxiv = profile(entry).arxiv
    published = outcome.match is not None and doi == outcome.match.candidate.id
    number = arxiv or ("" if published else doi)
    if not number or _stays(entry, number):
        return []
    if entry.text("URL"):
        return None
    url = f"https://arxiv.org/abs/{arxiv}" if arxiv else f"https://doi.org/{doi}"
    return [_change(outcome, "URL", None, url)]


def _stays(entry: Entry, number: str) -> bool:
    texts = (each for each in (*entry.fields, *entry.extra) if each.name not in FIELDS)
    return any(isinstance(e.value, str) and number in e.value.lower() for e in texts)


def _change(outcome: Outcome, name: str, old: str | None, new: str) -> Change:
    origin = outcome.match.candidate.entry.origin if outcome.match else outcome.task.entry.origin
    key = outcome.task.entry.key
    return Change(outcome.task.index, key, name, old, new, outcome.reason, origin)
