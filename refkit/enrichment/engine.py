"""Ask the sources, compare, judge: one outcome per entry, in file order.

Sources are asked in the given order and only for what is still open. A source that cannot
answer leaves its question unchecked; another source's match still counts, another source's
silence does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from refkit import plugins
from refkit.enrichment.ask import Answer, ask
from refkit.enrichment.order import in_order
from refkit.enrichment.plan import Task
from refkit.errors import SourceError
from refkit.match.judge import confirm, judge
from refkit.model.evidence import Candidate, Match, Proposal, Verdict
from refkit.model.ids import Id
from refkit.model.query import Query
from refkit.plugins import Source

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one entry.

    `by_id` tells that the record was looked up by the entry's own id: it is the match, or else
    the only one of the others. `flagged` is True where the entry's own DOI belongs to another
    work, or is unknown while the work is known under another: such a DOI is reported and never
    replaced. `decided` is True where the user chose the record, or refused all
    candidates.
    """

    task: Task
    verdict: Verdict
    reason: str
    match: Match | None = None
    others: tuple[Match, ...] = ()
    flagged: bool = False
    by_id: bool = False
    decided: bool = False

    @property
    def source(self) -> str:
        """Whose word the match is: the source of its record, or "user"; "" if there is none."""
        if self.match is None:
            return ""
        return "user" if self.decided else self.match.candidate.entry.origin.source


@dataclass(slots=True)
class _State:
    """What is known of one task so far."""

    task: Task
    candidates: list[Candidate] = field(default_factory=list)
    unknown_to: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    proposal: Proposal | None = None
    outcome: Outcome | None = None


def run(
    tasks: Sequence[Task], sources: Sequence[Source], progress: Progress = lambda done: None
) -> list[Outcome]:
    """Look every task up and return its outcome, in the order of the tasks.

    `progress` is called with the number of tasks that were settled since its last call. A
    source's SourceError never leaves this function: it becomes the verdict unchecked.
    """
    states = [_State(task) for task in tasks]
    for source in sources:
        _look_up(source, _open(states, with_doi=True), progress)
    for source in sources:
        _search(source, _open(states, with_doi=False), progress)
    _suggest(_open(states, with_doi=True), sources)
    for state in states:
        if state.outcome is None:
            state.outcome = _conclude(state)
            progress(1)
    return [state.outcome for state in states if state.outcome is not None]


def _open(states: Iterable[_State], *, with_doi: bool) -> list[_State]:
    return [s for s in states if s.outcome is None and bool(s.task.doi) == with_doi]


def _look_up(source: Source, states: Sequence[_State], progress: Progress) -> None:
    if "doi" not in plugins.kinds(source):
        return
    answers = ask(source, list(dict.fromkeys(Id("doi", state.task.doi) for state in states)))
    for state in states:
        _settle_known(source, state, answers[Id("doi", state.task.doi)])
        progress(state.outcome is not None)


def _settle_known(source: Source, state: _State, answer: Answer) -> None:
    if answer is None:
        state.unknown_to.append(source.name)
    elif isinstance(answer, str):
        state.faults.append(answer)
    else:
        state.outcome = _confirmed(state.task, answer)


def _confirmed(task: Task, candidate: Candidate) -> Outcome:
    proposal = confirm(task.entry, candidate)
    best = proposal.matches[0] if proposal.matches else None
    if proposal.verdict is Verdict.MATCH:
        return Outcome(task, Verdict.MATCH, proposal.reason, best, by_id=True)
    flagged = proposal.verdict is Verdict.NONE
    return Outcome(task, proposal.verdict, proposal.reason, None, proposal.matches, flagged, True)


def _search(source: Source, states: Sequence[_State], progress: Progress) -> None:
    _look_up_preprints(source, states)
    wanted = [state for state in states if not state.outcome]
    progress(len(states) - len(wanted))
    for state in _searched(source, wanted):
        state.proposal = judge(state.task.entry, state.candidates)
        if state.proposal.verdict is Verdict.MATCH:
            state.outcome = _outcome(state.task, state.proposal)
        progress(state.outcome is not None)


def _look_up_preprints(source: Source, states: Sequence[_State]) -> None:
    """Settle what names itself by an arXiv id, where the source knows that and agrees."""
    ids = dict.fromkeys(Id("arxiv", each.task.arxiv) for each in states if each.task.arxiv)
    if not ids or "arxiv" not in plugins.kinds(source):
        return
    answers = ask(source, list(ids))
    for state in states:
        answer = answers.get(Id("arxiv", state.task.arxiv))
        if isinstance(answer, Candidate):
            proposal = confirm(state.task.entry, answer)
            if proposal.verdict is Verdict.MATCH:
                state.outcome = _confirmed(state.task, answer)


def _searched(source: Source, states: Sequence[_State]) -> Iterator[_State]:
    """Ask a source what it finds for each task, once for each query; yield those that have one."""
    alike: dict[Query, list[_State]] = {}
    for state in states:
        if state.task.query is not None:
            alike.setdefault(state.task.query, []).append(state)
    asked = in_order(partial(_found, source), list(alike), plugins.at_once(source))
    for query, found in asked:
        for state in alike[query]:
            _take(state, found)
            yield state


def _found(source: Source, query: Query) -> Sequence[Candidate] | str:
    """Return what a source finds, or why it could not be asked."""
    try:
        return source.search(query)
    except SourceError as error:
        return str(error)


def _take(state: _State, found: Sequence[Candidate] | str) -> None:
    if isinstance(found, str):
        state.faults.append(found)
        return
    known = {candidate.id for candidate in state.candidates}
    state.candidates += [candidate for candidate in found if candidate.id not in known]


def _suggest(states: Sequence[_State], sources: Sequence[Source]) -> None:
    """Say of each entry whose DOI is unknown to every source which work it may mean."""
    for state in states:
        if not state.faults and not state.unknown_to:
            state.faults.append("no source was asked that takes DOIs")
    unknown = [state for state in states if not state.faults]
    for source in sources:
        deque(_searched(source, unknown), maxlen=0)
    for state in unknown:
        _suggested(state)


def _suggested(state: _State) -> None:
    """Conclude on an unknown DOI, write nothing.

    Only another DOI for the same work flags it: a DOI may be another agency's, and a local
    catalogue never holds everything.
    """
    reason = f"its DOI {state.task.doi} is not known to {' or '.join(state.unknown_to)}"
    entry = state.task.entry
    without_doi = entry.with_fields(each for each in entry.fields if each.name != "DOI")
    proposal = judge(without_doi, state.candidates)
    found = proposal.verdict is Verdict.MATCH
    if state.faults and not found:
        return
    if found:
        reason += f"; the work seems to be {proposal.matches[0].candidate.id}"
    state.outcome = Outcome(state.task, Verdict.NONE, reason, None, proposal.matches, flagged=found)


def _conclude(state: _State) -> Outcome:
    proposal = state.proposal or judge(state.task.entry, state.candidates)
    if state.faults:
        return Outcome(
            state.task, Verdict.UNCHECKED, "; ".join(state.faults), None, proposal.matches
        )
    if state.task.query is None and not state.task.doi:
        return Outcome(
            state.task, Verdict.NONE, "it has no DOI, no title, and too little else to search by"
        )
    return _outcome(state.task, proposal)


def _outcome(task: Task, proposal: Proposal) -> Outcome:
    if proposal.verdict is Verdict.MATCH:
        best, *others = proposal.matches
        return Outcome(task, Verdict.MATCH, proposal.reason, best, tuple(others))
    return Outcome(task, proposal.verdict, proposal.reason, None, proposal.matches)
