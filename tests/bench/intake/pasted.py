"""Works as references of a PDF: formatted by real styles, and broken as its text is."""

from __future__ import annotations

import html
import random
import re
import subprocess
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from refkit.formats.csljson import FORMAT as CSLJSON
from refkit.model.entry import Entry

STYLES = (
    "apa", "ieee", "nature", "vancouver", "chicago-author-date", "modern-language-association",
    "elsevier-harvard", "american-medical-association",
)  # fmt: skip
_ENTRY = re.compile(
    r'<div id="ref-([^"]+)" class="csl-entry".*?>(.*?)</div>\n?(?=<div id="ref|</div>)', re.S
)
_INLINE = re.compile(r"</?(?:em|i|strong|b|sup|sub|span)\b[^>]*>")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}
_LEFT_OUT = frozenset({"DOI", "URL", "abstract", "ISSN", "ISBN", "PMID"})
_A_PAGE = 12


def style_path(name: str) -> str:
    """Return the place of a CSL style of TeX Live, "" where there is none."""
    command = ["kpsewhich", f"{name}.csl"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return found.stdout.strip()


def rendered(entries: Sequence[Entry], style: str) -> dict[int, str]:
    """Return the references of entries in a style, by place, without DOI and address.

    They come in the style's own order, as a dash may stand for the authors of the one before.
    """
    bare = [
        replace(each, key=f"r{n}", extra=()).with_fields(
            one for one in each.fields if one.name not in _LEFT_OUT
        )
        for n, each in enumerate(entries)
    ]
    assert CSLJSON.write is not None
    command = ["pandoc", "--citeproc", f"--csl={style_path(style)}", "-f", "csljson", "-t", "html"]
    done = subprocess.run(
        [*command, "--wrap=none"], input=CSLJSON.write(bare).text, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return {int(key[1:]): _plain(text) for key, text in _ENTRY.findall(done.stdout + "</div>")}


def _plain(text: str) -> str:
    bare = html.unescape(re.sub(r"<[^>]*>", " ", _INLINE.sub("", text)))
    return re.sub(r"^(?:\[\d+\]|\d+\.)\s*", "", " ".join(bare.split()))


def as_pdf(references: Sequence[str], seed: int) -> str:
    """Return references as the text of a PDF: numbered, wrapped, hyphenated, over pages."""
    chance = random.Random(seed)  # noqa: S311 (a repeatable sample)
    width = chance.choice((52, 68, 88))
    lines: list[str] = []
    for number, each in enumerate(references, 1):
        text = f"[{number}] {_with_ligatures(each)}"
        lines += _hyphenated(textwrap.wrap(text, width), chance)
        if number % _A_PAGE == 0:
            page = str(40 + number // _A_PAGE)
            lines += ["", page, "\f", "A. Writer et al. / On the Reading of Lists", ""]
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
