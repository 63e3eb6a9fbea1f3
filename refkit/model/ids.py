"""An identifier of a work, and of which kind it is."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("doi", "arxiv", "isbn", "pmid", "pmcid")


@dataclass(frozen=True, slots=True, order=True)
class Id:
    """An id in its usual written form: a DOI in lower case, an arXiv id with any version.

    `kind` is one of `KINDS`; an ISBN has no hyphens, a PMCID begins with "PMC".
    """

    kind: str
    value: str

    def __str__(self) -> str:
        """Return the id as it may be cited: "doi:10.1000/x"."""
        return f"{self.kind}:{self.value}"
