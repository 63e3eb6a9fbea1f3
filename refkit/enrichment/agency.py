"""DOIs that a source does not have because they are registered elsewhere, with DataCite say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from refkit.enrichment.engine import Outcome
from refkit.errors import SourceError
from refkit.model.evidence import Verdict
from refkit.plugins import Source


@runtime_checkable
class Registry(Protocol):
    """A source that knows with which agency any DOI is registered."""

    def agency(self, doi: str) -> str:
        """Return the agency's name, "" where nobody has registered it. Raises SourceError."""
        ...


def agencies(outcomes: Sequence[Outcome], sources: Sequence[Source]) -> Mapping[int, str]:
    """Return, by task, why a DOI that was not found says nothing: it was asked for elsewhere.

    Only the DOIs that all sources together do not know are asked about, and only where none of
    the sources is of the agency that has them.
    """
    registries = [each for each in sources if isinstance(each, Registry)]
    names = {each.name for each in sources} | {"crossref"}
    unknown = [o for o in outcomes if o.verdict is Verdict.NONE and o.task.doi and not o.by_id]
    said = {each.task.index: _said(registries, each.task.doi, names) for each in unknown}
    return {index: reason for index, reason in said.items() if reason}


def _said(registries: Sequence[Registry], doi: str, names: set[str]) -> str:
    try:
        agency = next(filter(None, (each.agency(doi) for each in registries)), "")
    except SourceError as error:
        return str(error)
    if not agency or agency.lower() in names:
        return ""
    return f"its DOI {doi} is registered with {agency}, which was not asked"
