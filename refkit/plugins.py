"""The shapes that plugins have, and how they are found: entry points, loaded when asked for.

The built-in formats, sources, rules and commands are registered in refkit's own package
metadata in the very same way.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol, TypeVar, cast, runtime_checkable

from refkit.config import SourceSettings
from refkit.errors import InputError, PluginError, RefkitError, SourceError
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate
from refkit.model.ids import KINDS, Id
from refkit.model.query import Query
from refkit.model.report import Change, Diagnostic, Document, Patch, Written
from refkit.model.text import SourceText

OWN = "refkit-bib"
"""refkit's own distribution, whose plugins go before all others of the same name."""

_T = TypeVar("_T")

GROUPS = ("refkit.formats", "refkit.sources", "refkit.rules", "refkit.commands")


class PluginWarning(UserWarning):
    """A plugin that does not load, or fails; the run goes on without it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: `read` a source to a document, `write` entries, `patch` changes into edits.

    A format that cannot be read, written or patched has None there.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[SourceText], Document] | None = None
    write: Callable[[Sequence[Entry]], Written] | None = None
    patch: Callable[[Document, Sequence[Change]], Patch] | None = None


class Source(Protocol):
    """Where records come from; each call may raise `SourceError`, which leaves it unchecked."""

    @property
    def name(self) -> str:
        """The name in `--sources` and in every origin."""
        ...

    @property
    def batch(self) -> int:
        """How many DOIs one `lookup` may take."""
        ...

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the records of the DOIs that the source knows, by DOI in lower case."""
        ...

    def search(self, query: Query) -> Sequence[Candidate]:
        """Return candidates for a query, best first as the source sees it."""
        ...


@runtime_checkable
class Resolver(Protocol):
    """A source that knows works by other ids than DOIs, too."""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of ids that it may be asked for, of `refkit.model.ids.KINDS`."""
        ...

    def resolve(self, ids: Sequence[Id]) -> Mapping[Id, Candidate]:
        """Return the records of the ids that the source knows. Raises SourceError."""
        ...


def kinds(source: Source) -> frozenset[str]:
    """Return the kinds of ids that a source may be asked for: one that does not say takes DOIs."""
    return source.kinds if isinstance(source, Resolver) else frozenset({"doi"})


def resolve(source: Source, ids: Sequence[Id]) -> Mapping[Id, Candidate]:
    """Return the records that a source has of ids, by `lookup` where it takes DOIs only."""
    if isinstance(source, Resolver):
        return source.resolve(ids)
    dois = {each.value: each for each in ids if each.kind == "doi"}
    return {dois[doi]: found for doi, found in source.lookup(list(dois)).items() if doi in dois}


def at_once(source: Source) -> int:
    """Return how many searches a source takes from threads at once: 1 if it does not say.

    Such a source (its attribute `at_once`) keeps to its service's limits by itself.
    """
    said = getattr(source, "at_once", 1)
    return said if isinstance(said, int) and said > 0 else 1


@runtime_checkable
class Closable(Protocol):
    """A source that holds something open, until the end of a run."""

    def close(self) -> None:
        """Close it."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: `check` yields diagnostics for a document; `doc` is its page of documentation."""

    code: str
    name: str
    check: Callable[[Document], Iterable[Diagnostic]]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One registered entry point, and its fault if it did not load."""

    group: str
    name: str
    origin: str
    fault: str = ""


@cache
def registered(group: str) -> tuple[EntryPoint, ...]:
    """Return a group's entry points, refkit's own first, then by distribution and name.

    Of two plugins with the same name the first stands, so no third party can displace a
    built-in.
    """
    return tuple(sorted(entry_points(group=group), key=_rank))


def _rank(point: EntryPoint) -> tuple[bool, str, str]:
    return (_distribution(point) != OWN, _distribution(point), point.name)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""


def load(group: str, name: str) -> Any:
    """Load the plugin of that name; raises PluginError if there is none or it does not load."""
    for point in registered(group):
        if point.name == name:
            return _load(point)
    known = ", ".join(sorted({point.name for point in registered(group)}))
    kind = group.removeprefix("refkit.").removesuffix("s")
    raise PluginError(f"there is no {kind} named {name!r}; known: {known}")


def _load(point: EntryPoint) -> Any:
    try:
        found = point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"plugin {point.name!r} of {_distribution(point)} does not load: "
            f"{type(error).__name__}: {error}"
        ) from error
    if not _has_shape(point.group, found):
        raise PluginError(
            f"plugin {point.name!r} of {_distribution(point)} does not load: "
            f"a {type(found).__name__} is not what {point.group} takes"
        )
    return found


def _has_shape(group: str, found: object) -> bool:
    if group == "refkit.formats":
        return isinstance(found, Format) and isinstance(found.suffixes, tuple)
    if group == "refkit.rules":
        return isinstance(found, Rule)
    return callable(found)


def loaded(group: str) -> Iterator[Any]:
    """Load the plugins of a group one after another; warn of each that does not load."""
    for point in registered(group):
        try:
            found = _load(point)
        except PluginError as error:
            warnings.warn(str(error), PluginWarning, stacklevel=2)
        else:
            yield found


def survey() -> list[Plugin]:
    """Load every plugin of every group and tell where each comes from and what is wrong with it."""
    return [_surveyed(group, point) for group in GROUPS for point in registered(group)]


def _surveyed(group: str, point: EntryPoint) -> Plugin:
    version = point.dist.version if point.dist is not None else "?"
    origin = f"{_distribution(point)} {version} ({point.value})"
    try:
        _load(point)
    except PluginError as error:
        return Plugin(group, point.name, origin, str(error))
    return Plugin(group, point.name, origin)


def guard(name: str, call: Callable[[], _T]) -> _T:
    """Call a format's function; whatever it raises unforeseen is a PluginError that names it."""
    try:
        return call()
    except RefkitError:
        raise
    except Exception as error:
        raise PluginError(f"format {name!r} failed: {type(error).__name__}: {error}") from error


class _Guarded:
    """A source whose every fault, a plugin's bug too, comes out as a SourceError."""

    def __init__(self, name: str, make: Callable[[], Source]) -> None:
        self.name = name
        self._make = make
        self._source: Source | None = None

    @property
    def batch(self) -> int:
        try:
            return self._guard(lambda: max(1, int(self._made().batch)))
        except SourceError:
            return 1_000  # the look-up itself will tell

    @property
    def kinds(self) -> frozenset[str]:
        try:
            return self._guard(lambda: kinds(self._made()))
        except SourceError:
            return frozenset(KINDS)  # the look-up itself will tell

    @property
    def at_once(self) -> int:
        try:
            return self._guard(lambda: at_once(self._made()))
        except SourceError:
            return 1

    def resolve(self, ids: Sequence[Id]) -> Mapping[Id, Candidate]:
        return self._guard(lambda: resolve(self._made(), ids))

    def lookup(self, dois: Sequence[str]) -> Mapping[str, Candidate]:
        return self._guard(lambda: self._made().lookup(dois))

    def agency(self, doi: str) -> str:
        """Return with which agency a DOI is registered, "" where the source cannot tell."""
        asked = getattr(self._made(), "agency", None)
        return self._guard(lambda: str(asked(doi))) if asked is not None else ""

    def search(self, query: Query) -> Sequence[Candidate]:
        return self._guard(lambda: self._made().search(query))

    def close(self) -> None:
        """Close what the source holds open, if it was made and can be closed."""
        if isinstance(self._source, Closable):
            self._guard(self._source.close)

    def _made(self) -> Source:
        if self._source is None:
            self._source = self._guard(self._make)
        return self._source

    def _guard(self, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except (SourceError, InputError):
            raise
        except Exception as error:
            raise SourceError(self.name, f"{type(error).__name__}: {error}") from error


def source(name: str, settings: SourceSettings) -> tuple[Source, str]:
    """Make a source by name, and a warning if its plugin does not load ("" if it does).

    Whatever goes wrong inside a source is a SourceError at the call, so that a broken plugin
    leaves its questions unchecked and never ends the run. Raises PluginError for an unknown
    name.
    """
    if all(point.name != name for point in registered("refkit.sources")):
        load("refkit.sources", name)
    try:
        create = load("refkit.sources", name)
    except PluginError as error:
        return _Guarded(name, _raising(SourceError(name, str(error), final=True))), str(error)
    ends = None if settings.deadline is None else time.monotonic() + settings.deadline
    return _Guarded(name, lambda: cast("Source", create(_left(settings, ends)))), ""


def _left(settings: SourceSettings, ends: float | None) -> SourceSettings:
    """Return settings with what is left of the run's deadline for a source that is made late."""
    if ends is None:
        return settings
    return replace(settings, deadline=max(0.001, ends - time.monotonic()))


def _raising(error: Exception) -> Callable[[], Source]:
    def make() -> Source:
        raise error

    return make
