"""Resolving: the records that ids stand for, each from the sources that know its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from refkit import plugins
from refkit.api.enriching import open_sources
from refkit.config import SourceSettings
from refkit.enrichment.ask import ask
from refkit.errors import InputError
from refkit.model.evidence import Candidate
from refkit.model.ids import Id
from refkit.normalise.ids import parse_id

ORDER = ("crossref", "datacite", "arxiv", "openlibrary", "pubmed")
"""The sources that are asked, in this order, each for the kinds of ids that it takes."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of ids: each is in one of the three, which keep the order of asking.

    `unknown` ids are known to none of the sources that were asked; `unchecked` ones could not
    be asked for everywhere. Both tell why.
    """

    found: Mapping[Id, Candidate]
    unknown: Mapping[Id, str]
    unchecked: Mapping[Id, str]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _State:
    """What is known of one id so far."""

    found: Candidate | None = None
    unknown_to: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def resolve(
    ids: Sequence[Id | str], sources: Sequence[str] = (), *, settings: SourceSettings | None = None
) -> Resolution:
    """Find the records that ids stand for; each is asked for once, however often it is given.

    `sources` are source names in the order in which to ask them: by default those of `ORDER`,
    or the catalogue alone where the settings name one. A source is asked only for what those
    before it did not have. Raises InputError for a text that is no id (see
    `refkit.normalise.ids.parse_id`), and PluginError for an unknown source.
    """
    chosen = settings or SourceSettings()
    states = {_id(each): _State() for each in ids}
    names = sources or (("catalogue",) if chosen.catalogue else ORDER)
    if not states:
        return Resolution({}, {}, {})
    with open_sources(names, chosen) as (made, warnings):
        for source in made:
            _ask(source, states)
    return Resolution(
        {each: state.found for each, state in states.items() if state.found},
        {each: _unknown(state) for each, state in states.items() if _is_unknown(state)},
        {each: _unchecked(each, state) for each, state in states.items() if _is_open(state)},
        tuple(warnings),
    )


def _id(given: Id | str) -> Id:
    found = parse_id(given) if isinstance(given, str) else given
    if found is None:
        raise InputError(
            f"{given!r} is no id; give one such as doi:10.1000/x, arxiv:2502.08640, isbn:..., "
            "pmid:... or pmc:..."
        )
    return found


def _ask(source: plugins.Source, states: Mapping[Id, _State]) -> None:
    kinds = plugins.kinds(source) if any(state.found is None for state in states.values()) else ()
    wanted = [each for each, state in states.items() if not state.found and each.kind in kinds]
    for each, answer in ask(source, wanted).items() if wanted else ():
        state = states[each]
        if answer is None:
            state.unknown_to.append(source.name)
        elif isinstance(answer, str):
            state.faults.append(answer)
        else:
            state.found = answer


def _is_unknown(state: _State) -> bool:
    return not state.found and not state.faults and bool(state.unknown_to)


def _is_open(state: _State) -> bool:
    return not state.found and not _is_unknown(state)


def _unknown(state: _State) -> str:
    return f"not known to {' or '.join(state.unknown_to)}"


def _unchecked(each: Id, state: _State) -> str:
    return "; ".join(state.faults) or f"no source was asked that takes ids of the kind {each.kind}"
