"""Measure `refkit import -f references` on genuine records rendered by real CSL styles.

    python -m tests.bench.intake [--count 300] [--seed 1] [--styles apa,ieee]

Records of ../shared/data/crossref are rendered by pandoc with the styles of TeX Live, broken as
the text of a PDF is (lines, hyphens, ligatures, page numbers, running heads), parted again, and
matched against the catalogue of all records, then of all but those rendered.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import re
import subprocess
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.intake.items import Settled
from refkit.intake.references import read_references
from refkit.intake.settle import Known, settle
from refkit.model.entry import Entry, Origin
from refkit.model.evidence import Verdict
from refkit.sources.catalogue import Catalogue
from refkit.sources.crossref_record import read_record
from tests.bench.matching.records import entries as all_entries
from tests.bench.matching.records import same_works

SHARED = Path(__file__).parents[4] / "shared" / "data" / "crossref" / "works.jsonl.gz"
STYLES = (
    "apa", "ieee", "nature", "vancouver", "chicago-author-date", "modern-language-association",
    "elsevier-harvard", "american-medical-association",
)  # fmt: skip
_ENTRY = re.compile(
    r'<div id="ref-([^"]+)" class="csl-entry".*?>(.*?)</div>\n?(?=<div id="ref|</div>)', re.S
)
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}
_NOBODY = Known({}, {}, {})


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one style: references, and how many were right, wrong and left open."""

    style: str
    asked: int
    right: int
    wrong: int
    false: int

    @property
    def precision(self) -> float:
        """Right ones of all that were taken, present and removed together."""
        taken = self.right + self.wrong + self.false
        return self.right / taken if taken else 1.0


def works() -> list[dict[str, Any]]:
    """Return the genuine records."""
    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sample(records: Sequence[Mapping[str, Any]], count: int, seed: int) -> list[Entry]:
    """Return records that a bibliography would cite: with a title of two words, and authors."""
    chance = random.Random(seed)  # noqa: S311 (a repeatable sample)
    read = (read_record(each, Origin("crossref")) for each in records)
    fit = [
        each
        for each in read
        if each.names("author")
        and len(each.text("title").split()) > 1
        and each.beyond("crossref-type") not in ("component", "peer-review", "grant")
    ]
    return chance.sample(fit, min(count, len(fit)))


def style_path(name: str) -> str:
    """Return the place of a CSL style of TeX Live, "" where there is none."""
    try:
        found = subprocess.run(
            ["kpsewhich", f"{name}.csl"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return found.stdout.strip()


def rendered(entries: Sequence[Entry], style: str) -> dict[int, str]:
    """Return the references of entries in a style, by place, without DOI and address.

    They come in the style's own order, as a dash may stand for the authors of the one before.
    """
    bare = [
        Entry(f"r{n}", each.type, tuple(f for f in each.fields if f.name not in _LEFT_OUT))
        for n, each in enumerate(entries)
    ]
    written = CSLJSON.write(bare).text if CSLJSON.write else ""
    command = [
        "pandoc",
        "--citeproc",
        f"--csl={style}",
        "-f",
        "csljson",
        "-t",
        "html",
        "--wrap=none",
    ]
    done = subprocess.run(command, input=written, capture_output=True, text=True, check=True)
    return {int(key[1:]): _plain(text) for key, text in _ENTRY.findall(done.stdout + "</div>")}


_LEFT_OUT = frozenset({"DOI", "URL", "abstract", "ISSN", "ISBN", "PMID"})


def _plain(text: str) -> str:
    bare = html.unescape(
        re.sub(r"<[^>]*>", " ", re.sub(r"</?(?:em|i|strong|b|sup|sub|span)\b[^>]*>", "", text))
    )
    return re.sub(r"^(?:\[\d+\]|\d+\.)\s*", "", " ".join(bare.split()))


def as_pdf(references: Sequence[str], seed: int) -> str:
    """Return references as the text of a PDF: numbered, wrapped, hyphenated, over pages."""
    chance = random.Random(seed)  # noqa: S311 (a repeatable sample)
    width = chance.choice((52, 68, 88))
    lines: list[str] = []
    for number, each in enumerate(references, 1):
        text = f"[{number}] {_with_ligatures(each)}"
        lines += _hyphenated(textwrap.wrap(text, width, break_on_hyphens=True), chance)
        if number % 12 == 0:
            lines += [
                "",
                str(40 + number // 12),
                "\f",
                "A. Writer et al. / On the Reading of Lists",
                "",
            ]
    return "\n".join(lines)


def _with_ligatures(text: str) -> str:
    for letters, sign in _LIGATURES.items():
        text = text.replace(letters, sign)
    return text


def _hyphenated(lines: list[str], chance: random.Random) -> Iterator[str]:
    """Part the first word of some lines, as a justified column does."""
    for at in range(1, len(lines)):
        word = lines[at].split(" ")[0]
        if word.isalpha() and word.islower() and len(word) > 6 and chance.random() < 0.6:
            cut = chance.randint(3, len(word) - 3)
            lines[at - 1] += f" {word[:cut]}-"
            lines[at] = lines[at][cut:]
    yield from lines


def settled(text: str, catalogue: Catalogue) -> list[Settled]:
    """Return what comes of a bibliography's text."""
    return [settle(each, _NOBODY, [catalogue]) for each in read_references(text)]


def measure(
    entries: Sequence[Entry],
    style: str,
    both: tuple[Catalogue, Catalogue],
    same: Mapping[str, frozenset[str]],
    seed: int,
) -> tuple[Row, list[str]]:
    """Return the figures of one style, and what went wrong."""
    pairs = [(entries[n], text) for n, text in rendered(entries, style_path(style)).items()]
    text = as_pdf([t for _, t in pairs], seed)
    counts: Counter[str] = Counter()
    told: list[str] = []
    for name, catalogue in zip(("present", "removed"), both, strict=True):
        found = settled(text, catalogue)
        if len(found) != len(pairs):
            told.append(f"{style}: {len(pairs)} references are read as {len(found)}")
        for (entry, _), each in zip(pairs, found, strict=False):
            got = each.match.candidate.id if each.match else ""
            right = got in (same[entry.key] if name == "present" else ())
            taken = each.verdict is Verdict.MATCH
            counts[f"{name} {'right' if right and taken else 'wrong' if taken else 'open'}"] += 1
            if (taken and not right) or (name == "present" and not taken):
                told.append(
                    f"{style} {name} {each.verdict} {entry.key} -> {got}: {each.reason}\n"
                    f"    {each.item.text}"
                )
    return Row(
        style, len(pairs), counts["present right"], counts["present wrong"], counts["removed wrong"]
    ), told


def catalogues(
    entries: Sequence[Entry],
    records: Sequence[Mapping[str, Any]],
    same: Mapping[str, frozenset[str]],
) -> tuple[Catalogue, Catalogue]:
    """Return the catalogue of all records, and the one without the works of the entries."""
    gone = {doi for each in entries for doi in same[each.key]}
    rest = [each for each in records if str(each.get("DOI", "")).lower() not in gone]
    return Catalogue.in_memory(records), Catalogue.in_memory(rest)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--show", action="store_true", help="tell of each that is not right")
    options = parser.parse_args()
    records = works()
    entries = sample(records, options.count, options.seed)
    same = same_works(all_entries(records))
    both = catalogues(entries, records, same)
    print(f"{'style':<28} {'asked':>6} {'precision':>9} {'recall':>7} {'wrong':>6} {'false':>6}")
    for style in options.styles.split(","):
        row, told = measure(entries, style, both, same, options.seed)
        print(
            f"{row.style:<28} {row.asked:>6} {row.precision:>9.4f} {row.right / row.asked:>7.3f} "
            f"{row.wrong:>6} {row.false:>6}",
            flush=True,
        )
        if options.show:
            print("\n".join(told))


if __name__ == "__main__":
    main()
