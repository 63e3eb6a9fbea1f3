"""What a user may ask of a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Titles = Literal["auto", "keep", "sentence"]
ConsumerName = Literal["", "zotero", "pandoc", "latex", "typst"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """How entries are adapted to the format that they are written in.

    `titles`: "sentence" puts English titles that come from a .bib file in the sentence case
    that CSL styles start from, "keep" leaves them as they are, and "auto" does the former for
    CSL's own formats. `consumer` names the program that reads the result, whose holes are
    steered round; "" is none.
    """

    titles: Titles = "auto"
    consumer: ConsumerName = ""
