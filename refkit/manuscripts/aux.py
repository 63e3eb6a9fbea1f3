r"""The .aux files that LaTeX leaves: `\citation`, `\bibcite` and what biblatex writes there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refkit.manuscripts.citation import Citation, listed

_ENTRY = re.compile(
    r"\\(?:citation|bibcite|abx@aux@cite\{\d+\}|abx@aux@cite|abx@aux@segm\{\d+\}\{\d+\})"
    r"\{([^{}]*)\}"
)


def citations(text: str) -> Iterator[Citation]:
    """Yield the citations of an .aux file."""
    for found in _ENTRY.finditer(text):
        yield from listed(text, *found.span(1))
