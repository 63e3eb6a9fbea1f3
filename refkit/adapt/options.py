"""What a user may ask of a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Titles = Literal["auto", "keep", "sentence"]
Journals = Literal["keep", "abbreviate", "expand"]
Convention = Literal["csl", "zotero"]
ConsumerName = Literal["", "zotero", "pandoc", "latex", "typst"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """How entries are adapted to the format that they are written in.

    `titles`: "sentence" puts English titles that come from a .bib file in the sentence case
    that CSL styles start from, "keep" leaves them as they are, and "auto" does the former for
    CSL's own formats.

    `journals`: "abbreviate" shortens journals' names by ISO 4, "expand" gives them their full
    names where one and only one is known: of the file itself, or of `journal_names`, pairs of
    a full name and its abbreviation ("" where there is none).

    `consumer` names the program that reads the result, whose holes are steered round; "" is
    none.

    `convention` tells how CSL-JSON holds what programs write differently: "csl" is the
    specification's way, "zotero" gives dates in words as Zotero exports them.
    """

    titles: Titles = "auto"
    journals: Journals = "keep"
    journal_names: tuple[tuple[str, str], ...] = ()
    consumer: ConsumerName = ""
    convention: Convention = "csl"
