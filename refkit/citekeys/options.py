"""What a user may ask of new citation keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Postfix = Literal["alpha", "number"]

DEFAULT = "auth.lower + year + shorttitle(1).lower"
"""The pattern that is used where none is given: doe2020spooky."""


@dataclass(frozen=True, slots=True)
class Keying:
    """Which entries get new keys, and how.

    Those without a key do; with `every` all that can be cited; with `chosen` those that have
    these keys. `pattern` is as in `refkit.citekeys.pattern`. A key that is taken gets a letter
    (`postfix` "alpha": doe2020a) or a number ("number": doe2020-2). `keep_alias` leaves an old
    key as an alias in BibLaTeX's field `ids`.
    """

    pattern: str = DEFAULT
    every: bool = False
    chosen: frozenset[str] | None = None
    postfix: Postfix = "alpha"
    keep_alias: bool = False
