"""Measure journals' names on genuine Crossref records: `python -m tests.bench.journals`.

*Abbreviating*: how many of the records' pairs of full and short title agree with ISO 4 as
refkit applies it, dots and case aside; beside it the rules of pyiso4, whose list of words is
used. Publishers' forms are not all ISO 4 ("AJ", "Brit J Clinical Pharma"), so that the figure
is a lower bound. *Expanding*: what becomes of each short title where all full titles of the
records are known, but not which belong together; a wrong one is the worst that can happen.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path

from refkit.adapt.journals import Names, renamed
from refkit.normalise.iso4 import abbreviated
from refkit.normalise.titles import fold

WORKS = Path(__file__).resolve().parents[4] / "shared/data/crossref/works.jsonl.gz"
Pair = tuple[str, str]


def pairs(path: Path) -> list[Pair]:
    """Return the distinct pairs of full and short title of the journal articles in a file."""
    found: set[Pair] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            names = [record.get(name) for name in ("container-title", "short-container-title")]
            if record.get("type") == "journal-article" and all(names):
                full, short = (" ".join(unescape(name[0]).split()) for name in names)
                found.add((full, short))
    return sorted(found)


def bare(text: str) -> str:
    """Return a title without dots, other marks and case."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def agreement(found: Iterable[Pair], shorten: Callable[[str], str]) -> Counter[str]:
    """Count the pairs by what becomes of the full title."""
    counts: Counter[str] = Counter()
    for full, short in found:
        try:
            made = bare(shorten(full))
        except Exception:
            counts["failed"] += 1
            continue
        given = bare(short)
        counts["agrees" if made == given else "differs"] += 1
        if len(made.split()) == len(given.split()) > 1:
            same = [a == b for a, b in zip(made.split(), given.split(), strict=True)]
            counts["words"] += len(same)
            counts["words agree"] += sum(same)
    return counts


def expansion(found: Iterable[Pair]) -> Counter[str]:
    """Count the short titles by what becomes of them when only full titles are known."""
    known = list(found)
    names = Names((full, "") for full, _ in known)
    right: dict[str, set[str]] = {}
    for full, short in known:
        right.setdefault(short, set()).add(fold(full))
    counts: Counter[str] = Counter()
    for short, fulls in sorted(right.items()):
        new, told = renamed(short, "expand", names)
        if new != short:
            counts["right" if fold(new) in fulls else "WRONG"] += 1
            if fold(new) not in fulls:
                print(f"  wrong: {short} -> {new}")
        else:
            counts["several fit" if told and told[0] == "JRN002" else "stays"] += 1
    return counts


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="?", type=Path, default=WORKS)
    path = parser.parse_args().works
    every = pairs(path)
    short = [pair for pair in every if fold(pair[0]) != fold(pair[1])]
    print(f"{len(every)} pairs, of which {len(short)} have a short title that is another")
    methods: dict[str, Callable[[str], str]] = {"refkit": abbreviated}
    try:
        from pyiso4.ltwa import Abbreviate

        own = Abbreviate.create()
        methods["pyiso4's own rules"] = lambda title: str(own(title, remove_part=False))
    except ImportError:
        pass
    for name, method in methods.items():
        method("Journal of Physics")
        begin = time.perf_counter()
        counts = agreement(short, method)
        took = time.perf_counter() - begin
        share = counts["agrees"] / len(short)
        words = counts["words agree"] / counts["words"]
        print(f"{name}: {share:.1%} agree; {words:.1%} of the words where their number is the same")
        print(f"  {dict(counts)}, {1000 * took / len(short):.2f} ms each")
    print(f"expanding: {dict(expansion(short))}")


if __name__ == "__main__":
    main()
