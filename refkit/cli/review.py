"""Ambiguous matches shown side by side in the terminal, and the user's answers taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from refkit.enrichment.engine import Outcome
from refkit.enrichment.ledger import plain
from refkit.enrichment.review import (
    HELP,
    NONE,
    QUIT,
    SKIP,
    choices,
    is_open,
    reviewed,
    understood,
)
from refkit.errors import InputError
from refkit.model.entry import Entry
from refkit.model.evidence import Level, Match
from refkit.normalise.latex import strip_markup
from refkit.normalise.titles import fold

_FIELDS = {
    "title": "title",
    "author": "authors",
    "editor": "editors",
    "issued": "date",
    "container-title": "in",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "edition": "edition",
    "publisher": "publisher",
    "DOI": "doi",
}
_SAID = {NONE: "none of them", SKIP: "skipped", QUIT: "stopped; the rest stays as it is"}
_COLUMN = 26


def in_terminal(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Show each open outcome on standard error and return all, decided as the user answers."""
    console = Console(stderr=True, highlight=False)
    console.print()
    for outcome in outcomes:
        if outcome.flagged:
            console.print(_flag(outcome))
    count = sum(is_open(each) for each in outcomes)
    console.print(f"{count} to review" if count else "nothing to review")
    return reviewed(outcomes, _asking(console, count))


def _asking(console: Console, count: int) -> Callable[[Outcome], str]:
    """Return what asks one question after the other, and numbers them."""
    number = iter(range(1, count + 1))

    def ask(outcome: Outcome) -> str:
        _show(console, outcome, f"{next(number)} of {count}")
        return _answer(console, outcome)

    return ask


def _answer(console: Console, outcome: Outcome) -> str:
    """Ask until the answer can be understood; the end of input is "q"."""
    answer = ""
    while not answer:
        try:
            answer = understood(console.input(f"{HELP}: "), outcome)
        except EOFError:
            answer = QUIT
        except InputError as error:
            console.print(Text(str(error), "red"))
    console.print(_SAID.get(answer, f"candidate {answer}"))
    return answer


def _flag(outcome: Outcome) -> Text:
    key, doi = outcome.task.entry.key, outcome.task.doi
    told = f" {_clean(outcome.reason)} (its DOI {_clean(doi)} is never replaced)"
    return Text.assemble((f"{_clean(key)} FLAGGED", "red"), told)


def _show(console: Console, outcome: Outcome, place: str) -> None:
    """Print an entry beside its candidates, as many in a table as there is room for."""
    entry = outcome.task.entry
    console.print()
    console.print(Text.assemble((f"{_clean(entry.key)} ", "bold"), f"({place})"))
    console.print(Text(_clean(outcome.reason)))
    candidates = list(enumerate(choices(outcome), 1))
    fit = max(1, console.width // _COLUMN - 1)
    for start in range(0, len(candidates), fit):
        console.print(_table(entry, candidates[start : start + fit]))


def _table(entry: Entry, candidates: Sequence[tuple[int, Match]]) -> Table:
    table = Table(show_lines=False)
    table.add_column("", style="dim")
    table.add_column("entry", overflow="fold")
    for number, match in candidates:
        source = _clean(match.candidate.entry.origin.source)
        table.add_column(f"{number} ({source})", overflow="fold")
    for row in _rows(entry, [match for _, match in candidates]):
        table.add_row(*row)
    return table


def _rows(entry: Entry, matches: Sequence[Match]) -> Iterator[list[Text]]:
    records = [match.candidate.entry for match in matches]
    yield [Text("type"), Text(entry.type), *(_cell(entry.type, each.type) for each in records)]
    for name, label in _FIELDS.items():
        ours, theirs = _value(entry, name), [_value(each, name) for each in records]
        if ours or any(theirs):
            yield [Text(label), Text(ours), *(_cell(ours, each) for each in theirs)]
    yield [Text("evidence"), Text(), *(_evidence(match) for match in matches)]
    yield [Text("score"), Text(), *(Text(f"{match.score:.2f}") for match in matches)]
    if any(match.veto for match in matches):
        yield [Text("against"), Text(), *(Text(_clean(each.veto), "red") for each in matches)]


def _value(entry: Entry, name: str) -> str:
    found = entry.field(name)
    if found is None:
        return ""
    return _clean(strip_markup(plain(found.value)) if name != "DOI" else plain(found.value))


def _cell(ours: str, theirs: str) -> Text:
    """Mark what differs, so that it can be seen without colours too."""
    if not theirs or _alike(ours, theirs):
        return Text(theirs)
    return Text(f"≠ {theirs}", "yellow") if ours else Text(f"+ {theirs}", "green")


def _alike(ours: str, theirs: str) -> bool:
    """Tell whether two texts say the same, as far as the shorter of two dates goes."""
    one, other = fold(ours), fold(theirs)
    return one == other or (one[:4].isdigit() and len(one) == 4 and other.startswith(one))


def _evidence(match: Match) -> Text:
    told = [each for each in match.evidence if each.level is not Level.MISSING]
    lines = Text()
    for each in told:
        style = {Level.CONFLICT: "red", Level.WEAK: "yellow"}.get(each.level, "")
        lines.append(f"{each.feature}: {each.level}\n", style)
    lines.rstrip()
    return lines


def _clean(text: str) -> str:
    """Return a text without what would steer the terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
