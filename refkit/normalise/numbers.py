"""Numbers in bibliographies: short ones in ASCII digits; whatever else looks like one is text."""

from __future__ import annotations

import re

_SMALL = re.compile(r"[+-]?[0-9]{1,9}")


def small_int(text: str) -> int | None:
    """Return the number that `text` is, with a sign or not; None if it is none.

    A number has at most nine ASCII digits. `int` knows those of all scripts, refuses others
    for which `str.isdigit` is true ("²"), and raises at more digits than Python's limit.
    """
    return int(text) if _SMALL.fullmatch(text) else None
