"""Ambiguous matches decided by the user: outcomes and answers in, outcomes out.

An answer is the number of a candidate, `y` (the first), `n` (none of them), `skip`, or `q` (stop
here: what was decided is kept). Only a number or `y` makes a match, and a match never replaces
a DOI.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from refkit.enrichment.engine import Outcome
from refkit.errors import InputError
from refkit.match import weights
from refkit.model.evidence import Match, Verdict

SHOWN = 5
"""At most so many candidates of an entry can be chosen from."""

SKIP, NONE, QUIT = "skip", "n", "q"
HELP = "y, n, skip, q or the number of a candidate"
_WORDS = {"": SKIP, "s": SKIP, "no": NONE, "quit": QUIT, "y": "1", "yes": "1"}


def choices(outcome: Outcome) -> tuple[Match, ...]:
    """Return the candidates that can be chosen: the best, and what comes near it."""
    best, near = outcome.others[:1], outcome.others[1:SHOWN]
    return best + tuple(each for each in near if each.score >= weights.NEAR)


def is_open(outcome: Outcome) -> bool:
    """Tell whether an outcome can be decided: it is ambiguous, and there are candidates."""
    return outcome.verdict is Verdict.AMBIGUOUS and bool(outcome.others)


def understood(text: str, outcome: Outcome) -> str:
    """Return an answer as a number, "n", "skip" or "q"; raises InputError for any other."""
    word = text.strip().lower()
    word = _WORDS.get(word, word)
    count = len(choices(outcome))
    if word in (SKIP, NONE, QUIT):
        return word
    if word in map(str, range(1, count + 1)):
        return word
    key = outcome.task.entry.key
    raise InputError(f"{text.strip()!r} is no answer for {key}: {HELP} (up to {count})")


def decided(outcome: Outcome, answer: str) -> Outcome:
    """Return an outcome as an answer (as `understood` gives it) decides it."""
    if answer in (SKIP, QUIT):
        return outcome
    if answer == NONE:
        shown = len(choices(outcome))
        which = "the candidate is not it" if shown == 1 else f"it is none of {shown} candidates"
        return replace(
            outcome, verdict=Verdict.NONE, reason=f"the user decided that {which}", decided=True
        )
    chosen = choices(outcome)[int(answer) - 1]
    return replace(
        outcome,
        verdict=Verdict.MATCH,
        reason=f"the user decided; refkit alone: {outcome.reason}",
        match=chosen,
        others=tuple(each for each in outcome.others if each is not chosen),
        decided=True,
    )


def reviewed(outcomes: Sequence[Outcome], ask: Callable[[Outcome], str]) -> list[Outcome]:
    """Return the outcomes with what `ask` answers to each open one, until that is "q"."""
    found = list(outcomes)
    for at, outcome in enumerate(found):
        if is_open(outcome):
            answer = ask(outcome)
            if answer == QUIT:
                break
            found[at] = decided(outcome, answer)
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers from a file: one for each question in turn, or by key. `path` names the file."""

    path: str
    listed: tuple[str, ...] = ()
    by_key: Mapping[str, str] | None = None


def parse_answers(text: str, path: str) -> Answers:
    """Read answers, one on each line or a JSON object of them by key; raises InputError."""
    text = text.removeprefix("\ufeff")
    if not text.lstrip().startswith("{"):
        return Answers(path, tuple(text.splitlines()))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: this is neither JSON nor one answer a line: {error}") from None
    for key, answer in found.items():
        if isinstance(answer, bool) or not isinstance(answer, str | int):
            raise InputError(f"{path}: the answer for {key!r} has to be {HELP}")
    return Answers(path, by_key={key: str(answer) for key, answer in found.items()})


def answered(outcomes: Sequence[Outcome], answers: Answers) -> tuple[list[Outcome], list[str]]:
    """Return the outcomes as the answers decide them, and what is to be told of the answers.

    A missing answer is "skip". Raises InputError for one that cannot be understood.
    """
    questions = [each for each in outcomes if is_open(each)]
    given = _given(questions, answers)
    told = [f"{answers.path}: {each}" for each in _unused(questions, answers)]
    replies = iter(given)

    def ask(outcome: Outcome) -> str:
        reply = next(replies)
        if reply is None:
            told.append(f"{answers.path}: no answer for {outcome.task.entry.key}; skipped")
        return reply or SKIP

    return reviewed(outcomes, ask), told


def _given(questions: Sequence[Outcome], answers: Answers) -> list[str | None]:
    """Return the answer to each question, None where there is none."""
    found: list[str | None] = []
    for at, outcome in enumerate(questions):
        where = f"{answers.path}:{at + 1}:1"
        if answers.by_key is not None:
            text, where = answers.by_key.get(outcome.task.entry.key), answers.path
        else:
            text = answers.listed[at] if at < len(answers.listed) else None
        try:
            found.append(None if text is None else understood(text, outcome))
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    return found


def _unused(questions: Sequence[Outcome], answers: Answers) -> list[str]:
    if answers.by_key is not None:
        asked = {each.task.entry.key for each in questions}
        return [f"nothing is asked of {key!r}" for key in answers.by_key if key not in asked]
    more = sum(bool(each.strip()) for each in answers.listed[len(questions) :])
    return [f"{more} more answers than questions"] if more else []
