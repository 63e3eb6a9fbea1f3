"""Measure how pasted references are matched: `python -m tests.bench.intake`.

Genuine Crossref records are formatted by pandoc in the CSL styles of TeX Live, broken as the
text of a PDF is (lines, hyphens, ligatures, page numbers, running heads), parted again, and
looked for. *Present*: among all records. *Removed*: the record is not there, so that every
answer is false. *Decoys*: it is not, but a near-twin is.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from refkit.intake.items import Settled
from refkit.intake.references import read_references
from refkit.intake.settle import Known, settle
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Verdict
from refkit.model.query import Query
from refkit.sources.catalogue import Catalogue
from tests.bench.intake.pasted import STYLES, as_pdf, rendered
from tests.bench.matching.decoys import decoys
from tests.bench.matching.records import WORKS, entries, load, same_works, usable

_NOTHING = Known({}, {}, {})
_BY_TYPE = "chapter with the book's title"
"""A decoy by its BibTeX type alone, of which a formatted reference says nothing."""


class Row(NamedTuple):
    """One style's figures: references, and how many were right, wrong, and false if removed."""

    asked: int
    right: int
    wrong: int
    false: int

    @property
    def precision(self) -> float:
        """Return the share of the right ones in all that were taken."""
        taken = self.right + self.wrong + self.false
        return self.right / taken if taken else 1.0


class Without:
    """A catalogue without the works of some ids."""

    name, batch = "catalogue", 500

    def __init__(self, catalogue: Catalogue, gone: frozenset[str]) -> None:
        self._catalogue = catalogue
        self._gone = gone

    def lookup(self, dois: Sequence[str]) -> dict[str, Candidate]:
        """Return the works of the DOIs but for those that are gone."""
        found = self._catalogue.lookup(dois)
        return {doi: each for doi, each in found.items() if doi not in self._gone}

    def search(self, query: Query) -> list[Candidate]:
        """Return the candidates but for those that are gone."""
        return [each for each in self._catalogue.search(query) if each.id not in self._gone]


class Bench:
    """The records, the index over them, and a sample of those that have authors."""

    def __init__(self, path: Path, count: int, seed: int) -> None:
        """Read and index the records."""
        works = load(path)
        self.records = entries(works)
        self.same = same_works(self.records)
        self.catalogue = Catalogue.in_memory(works)
        self.seed = seed
        fit = [each for each in self.records if usable(each) and each.names("author")]
        chance = random.Random(seed)  # noqa: S311 (a repeatable sample)
        self.sample = chance.sample(fit, min(count, len(fit)))

    def measure(self, style: str) -> tuple[Row, list[str]]:
        """Return the figures of a style, and a line for each reference that is not right."""
        works, items = self._pasted(self.sample, style)
        right = wrong = false = 0
        told: list[str] = []
        for work, text in zip(works, items, strict=True):
            same = self.same[work.key]
            there, removed = self._settled(text, frozenset()), self._settled(text, same)
            right += taken(there) in same
            wrong += taken(there) not in same | {""}
            false += taken(removed) != ""
            told += [_line(work, each) for each in _faults(there, removed, same)]
        return Row(len(works), right, wrong, false), told

    def decoys(self, style: str, every: int = 1) -> tuple[int, list[str]]:
        """Return how many decoys there are, and a line for each that is taken."""
        usual = [each for each in self.records if usable(each)]
        made = [each for each in decoys(usual, self.records, self.same) if each.kind != _BY_TYPE]
        made = made[::every]
        works, items = self._pasted([each.entry for each in made], style)
        of = {id(each.entry): each for each in made}
        found = [
            (of[id(work)].kind, work, self._settled(text, of[id(work)].removed))
            for work, text in zip(works, items, strict=True)
        ]
        return len(works), [_line(work, each, kind) for kind, work, each in found if taken(each)]

    def _pasted(self, works: Sequence[Entry], style: str) -> tuple[list[Entry], list[str]]:
        """Return works in a style's order, and their references as they are parted again."""
        texts = rendered(works, style)
        items = read_references(as_pdf(list(texts.values()), self.seed))
        return [works[n] for n in texts], [each.text for each in items]

    def _settled(self, text: str, gone: frozenset[str]) -> Settled:
        (item,) = read_references(text)
        return settle(item, _NOTHING, [Without(self.catalogue, gone)])


def taken(settled: Settled) -> str:
    """Return the id that was taken, "" if none was."""
    return settled.match.candidate.id if settled.match else ""


def _faults(there: Settled, removed: Settled, same: frozenset[str]) -> Iterator[Settled]:
    if there.verdict is not Verdict.MATCH or taken(there) not in same:
        yield there
    if taken(removed):
        yield removed


def _line(work: Entry, each: Settled, kind: str = "") -> str:
    return (
        f"  {kind or work.key} {each.verdict} {taken(each)}: {each.reason}\n      {each.item.text}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path, default=WORKS)
    parser.add_argument("--count", type=int, default=300, help="works a style")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--show", action="store_true", help="tell of each that is not right")
    options = parser.parse_args()
    bench = Bench(options.records, options.count, options.seed)
    print(f"{'style':<29}{'works':>6}{'precision':>10}{'recall':>8}{'wrong':>6}{'false':>6}")
    for style in options.styles.split(","):
        row, told = bench.measure(style)
        print(
            f"{style:<29}{row.asked:>6}{row.precision:>10.4f}{row.right / row.asked:>8.3f}"
            f"{row.wrong:>6}{row.false:>6}"
        )
        if options.show:
            print(*told, sep="\n")
    style = options.styles.split(",")[0]
    count, told = bench.decoys(style)
    print(f"decoys ({style}): {len(told)} of {count} taken")
    if options.show:
        print(*told, sep="\n")


if __name__ == "__main__":
    main()
