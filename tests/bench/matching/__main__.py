"""Measure matching on genuine records: `python -m tests.bench.matching`.

Entries are made from the records of the half that is not tuned on, damaged in one to three
ways, and looked for among all records. *Present*: the record is there. *Removed*: it is not,
so that every answer is false. *Decoys*: it is not, but a near-twin is.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from refkit.enrichment.engine import run
from refkit.enrichment.plan import Task
from refkit.match.judge import confirm, judge
from refkit.model.entry import Entry, Field
from refkit.model.evidence import Candidate, Verdict
from refkit.sources.catalogue import Catalogue
from tests.bench.matching.baselines import METHODS
from tests.bench.matching.decoys import decoys
from tests.bench.matching.perturb import DAMAGES, USUAL, perturbed
from tests.bench.matching.records import (
    WORKS,
    as_filed,
    entries,
    half_of,
    load,
    query_of,
    same_works,
    usable,
)


class Case(NamedTuple):
    """An entry, its candidates, the right DOIs (none where it was removed), and its classes."""

    entry: Entry
    candidates: list[Candidate]
    right: frozenset[str]
    classes: tuple[str, ...]


class Bench:
    """The records, the index over them, and the cases made from one half."""

    def __init__(
        self, path: Path, half: int, seed: int, damages: Sequence[str] = tuple(DAMAGES)
    ) -> None:
        """Read and index the records."""
        works = load(path)
        self.records = entries(works)
        self.same = same_works(self.records)
        self.catalogue = Catalogue.in_memory(works)
        self.half = [r for r in self.records if usable(r) and half_of(r) == half]
        self.seed = seed
        self.damages = damages

    def sample(self, size: int, *, removed: bool) -> list[Case]:
        """Return cases from a random sample of records."""
        dice = random.Random(f"{self.seed} {removed}")  # noqa: S311
        chosen = dice.sample(self.half, min(size, len(self.half)))
        return [self._case(record, dice, removed=removed) for record in chosen]

    def alone(self, damage: str, size: int, *, removed: bool) -> list[Case]:
        """Return cases from a random sample, each damaged in this one way."""
        dice = random.Random(f"{self.seed} {damage} {removed}")  # noqa: S311
        chosen = dice.sample(self.half, min(size, len(self.half)))
        return [self._case(record, dice, removed=removed, only=damage) for record in chosen]

    def _case(self, record: Entry, dice: random.Random, *, removed: bool, only: str = "") -> Case:
        if only:
            entry, classes = DAMAGES[only](as_filed(record), dice), (only,)
        else:
            entry, classes = perturbed(as_filed(record), dice, self.damages)
        right = self.same[record.key]
        candidates = list(self.catalogue.search(query_of(entry)))
        if removed:
            candidates = [each for each in candidates if each.id not in right]
        return Case(entry, candidates, frozenset() if removed else right, classes)

    def decoys(self, every: int = 1) -> list[Case]:
        """Return the decoys of the half, or `every` so-manieth of them."""
        made = islice(decoys(self.half, self.records, self.same), 0, None, every)
        return [self._decoy(each.entry, each.removed, each.kind) for each in made]

    def _decoy(self, entry: Entry, removed: frozenset[str], kind: str) -> Case:
        found = self.catalogue.search(query_of(entry))
        return Case(entry, [c for c in found if c.id not in removed], frozenset(), (kind,))


class Tally(NamedTuple):
    """What one method did on a set of cases."""

    right: int
    wrong: int
    cases: int

    @property
    def precision(self) -> float:
        """The share of answers that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of cases that are answered rightly."""
        return self.right / max(1, self.cases)


def tally(cases: Iterable[Case], answers: Iterable[str]) -> Tally:
    """Count right and wrong answers."""
    pairs = [(case, answer) for case, answer in zip(cases, answers, strict=True)]
    right = sum(answer in case.right for case, answer in pairs)
    given = sum(bool(answer) for _, answer in pairs)
    return Tally(right, given - right, len(pairs))


def main() -> None:
    """Run the benchmark and print its tables."""
    options = _options()
    damages = USUAL if options.usual else tuple(DAMAGES)
    bench = Bench(options.works, 0 if options.tune else 1, options.seed, damages)
    present = bench.sample(options.size, removed=False)
    removed = bench.sample(options.size * 2 // 3, removed=True)
    tricky = bench.decoys()
    print(
        f"{len(present)} present, {len(removed)} removed, {len(tricky)} decoys; "
        f"{'tuning' if options.tune else 'reported'} half, seed {options.seed}, "
        f"{len(damages)} kinds of damage\n"
    )
    print(f"{'method':28}precision  recall  false on removed  wrong on decoys")
    for name, method in METHODS.items():
        on_present, on_removed, on_decoys = (
            tally(cases, [method(case.entry, case.candidates) for case in cases])
            for cases in (present, removed, tricky)
        )
        false = f"{on_removed.wrong} ({100 * on_removed.wrong / max(1, on_removed.cases):.2f} %)"
        print(
            f"{name:28}{on_present.precision:9.4f}{on_present.recall:8.4f}{false:>18}"
            f"{on_decoys.wrong:>17}"
        )
    _known_dois(bench, present)
    _mistyped_dois(bench, present[: options.size // 6])
    _by_class(present, removed, tricky)
    if options.each:
        _alone(bench, options.each)
    _speed(present)
    if options.show:
        _show(present + removed + tricky)


def _known_dois(bench: Bench, cases: list[Case]) -> None:
    """Ask of each entry's own record, and of its nearest others, whether the DOI is right."""
    by_doi = {record.key: record for record in bench.records}
    verdicts: dict[str, Counter[str]] = {"own record": Counter(), "near records": Counter()}
    for case in cases:
        own = next(iter(sorted(case.right)))
        verdicts["own record"][confirm(case.entry, Candidate(own, by_doi[own])).verdict] += 1
        for other in [each for each in case.candidates if each.id not in case.right][:2]:
            verdicts["near records"][confirm(case.entry, other).verdict] += 1
    print("\nrefkit, DOI known              match  ambiguous   none")
    for name, row in verdicts.items():
        print(f"{name:30}{row['match']:6}{row['ambiguous']:11}{row['none']:7}")


def _mistyped_dois(bench: Bench, cases: list[Case]) -> None:
    """Give each entry its DOI with a digit mistyped: nothing may be written, at most suggested."""
    dice = random.Random(bench.seed)  # noqa: S311
    tasks, right = [], []
    for case in cases:
        doi = _mistyped(min(case.right), dice)
        entry = case.entry.with_fields([*case.entry.fields, Field("DOI", doi)])
        tasks.append(Task(len(tasks), entry, doi.lower(), query_of(entry)))
        right.append(case.right)
    counts: Counter[str] = Counter()
    for outcome, dois in zip(run(tasks, [bench.catalogue]), right, strict=True):
        counts["written"] += outcome.verdict is Verdict.MATCH
        if "seems to be" in outcome.reason:
            counts["right" if outcome.others[0].candidate.id in dois else "wrong"] += 1
        else:
            counts["another"] += outcome.flagged
    print(
        f"\nrefkit, DOI mistyped: {len(cases)} entries, {counts['written']} written, "
        f"{counts['right']} told the right DOI, {counts['wrong']} a wrong one, "
        f"{counts['another']} flagged as another work's"
    )


def _mistyped(doi: str, dice: random.Random) -> str:
    places = [at for at, char in enumerate(doi) if char.isdigit() and at > 7] or [len(doi) - 1]
    at = dice.choice(places)
    return doi[:at] + dice.choice([c for c in "0123456789" if c != doi[at]]) + doi[at + 1 :]


def _by_class(present: list[Case], removed: list[Case], tricky: list[Case]) -> None:
    ours = METHODS["refkit"]
    counts: dict[str, Counter[str]] = {}
    for cases in (present, removed, tricky):
        for case in cases:
            answer = ours(case.entry, case.candidates)
            for name in case.classes:
                row = counts.setdefault(name, Counter())
                row["cases"] += bool(case.right)
                row["right"] += answer in case.right
                row["absent"] += not case.right
                row["wrong"] += bool(answer) and answer not in case.right
    print("\nrefkit, by class               present  recall  absent  wrong")
    for name in sorted(counts):
        row = counts[name]
        recall = f"{row['right'] / row['cases']:.4f}" if row["cases"] else ""
        print(f"{name:31}{row['cases']:7}{recall:>8}{row['absent']:8}{row['wrong']:7}")


def _alone(bench: Bench, size: int) -> None:
    """Do each damage alone to the same entries: recall, records not found, and wrong answers."""
    print("\nrefkit, one damage alone       present  recall  not found  wrong   removed  wrong")
    for name in DAMAGES:
        there, gone = bench.alone(name, size, removed=False), bench.alone(name, size, removed=True)
        on_there, on_gone = (
            tally(cases, [METHODS["refkit"](each.entry, each.candidates) for each in cases])
            for cases in (there, gone)
        )
        lost = sum(case.right.isdisjoint(each.id for each in case.candidates) for case in there)
        print(
            f"{name:31}{on_there.cases:7}{on_there.recall:8.4f}{lost:11}{on_there.wrong:7}"
            f"{on_gone.cases:10}{on_gone.wrong:7}"
        )


def _speed(cases: list[Case]) -> None:
    start = time.process_time()
    for case in cases:
        judge(case.entry, case.candidates)
    each = (time.process_time() - start) / max(1, len(cases))
    pairs = sum(len(case.candidates) for case in cases) / max(1, len(cases)) / max(each, 1e-9)
    print(f"\n{1000 * each:.2f} ms for each judgement, {pairs:,.0f} comparisons a second")


def _show(cases: list[Case]) -> None:
    for case in cases:
        proposal = judge(case.entry, case.candidates)
        answer = METHODS["refkit"](case.entry, case.candidates)
        if (answer and answer not in case.right) or (case.right and not answer):
            print("\n", "WRONG" if answer else "MISSED", case.classes, sorted(case.right)[:2])
            print("  ", proposal.reason)
            for record in (case.entry, *(m.candidate.entry for m in proposal.matches[:2])):
                print("     ", *(f"{f.name}={_brief(f.value)}" for f in record.fields[:9]))


def _brief(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"{n.family or n.literal}, {n.given}" for n in value[:4])
    return str(getattr(value, "year", value))[:110]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matching", description=__doc__)
    parser.add_argument("--size", type=int, default=3000, help="entries in the present set")
    parser.add_argument("--seed", type=int, default=2026, help="of all random choices")
    parser.add_argument("--tune", action="store_true", help="use the half that is tuned on")
    parser.add_argument("--each", type=int, default=0, help="entries for each damage alone")
    parser.add_argument("--usual", action="store_true", help="only the usual kinds of damage")
    parser.add_argument("--show", action="store_true", help="print every wrong or missed case")
    parser.add_argument("--works", type=Path, default=WORKS, help="Crossref records, .jsonl.gz")
    return parser.parse_args()


if __name__ == "__main__":
    main()
