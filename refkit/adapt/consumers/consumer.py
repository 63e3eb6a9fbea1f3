"""What a program is: the formats it reads, and the steps that make entries fit for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from refkit.adapt.consumers.draft import Step


@dataclass(frozen=True, slots=True)
class Consumer:
    """A program that reads bibliographies.

    `steps` has for each format that the program reads a function from the entries' keys to the
    steps; `targets` the formats to write where none is named, the first that is registered;
    `say` by format the words of a line in a note, `between` what parts them.
    `takes_data` tells whether it knows entries that only hold data for others, `distinct` in
    which formats keys must be made distinct here, `keyless` in which it loses them.
    """

    name: str
    targets: tuple[str, ...]
    steps: Mapping[str, Callable[[frozenset[str]], Sequence[Step]]]
    say: Callable[[str], Callable[[str, str], str]]
    between: Callable[[str], str] = lambda target: ". "
    takes_data: bool = True
    distinct: frozenset[str] = frozenset()
    keyless: frozenset[str] = frozenset()
