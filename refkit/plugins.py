"""The shapes that plugins have, and how they are found: entry points, loaded when asked for.

The built-in formats, sources, rules and commands are registered in refkit's own package
metadata in the very same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

from refkit.errors import PluginError
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate
from refkit.model.query import Query
from refkit.model.report import Change, Diagnostic, Document, Written
from refkit.model.text import Edit, SourceText

GROUPS = ("refkit.formats", "refkit.sources", "refkit.rules", "refkit.commands")


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: `read` a source to a document, `write` entries, `patch` changes into edits.

    A format that cannot be read, written or patched has None there.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[SourceText], Document] | None = None
    write: Callable[[Sequence[Entry]], Written] | None = None
    patch: Callable[[Document, Sequence[Change]], Sequence[Edit]] | None = None


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
    return (not point.value.startswith("refkit."), _distribution(point), point.name)


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
        return point.load()
    except Exception as error:
        raise PluginError(
            f"plugin {point.name!r} of {_distribution(point)} does not load: "
            f"{type(error).__name__}: {error}"
        ) from error


def load_all(group: str) -> tuple[list[Any], list[str]]:
    """Load every plugin of a group; return them with a warning for each that does not load."""
    found: list[Any] = []
    faults: list[str] = []
    for point in registered(group):
        try:
            found.append(_load(point))
        except PluginError as error:
            faults.append(str(error))
    return found, faults


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
