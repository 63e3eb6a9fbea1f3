"""Intake: bibliographies made of ids, titles, pasted references and reading lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from refkit import plugins
from refkit.api.documents import convert, format_named
from refkit.api.enriching import open_sources
from refkit.api.resolving import ORDER, resolve
from refkit.config import SourceSettings
from refkit.errors import InputError
from refkit.model.entry import Entry
from refkit.model.evidence import Verdict
from refkit.model.report import Diagnostic, Document, Severity, Written
from refkit.model.text import SourceText, apply_edits

if TYPE_CHECKING:
    from refkit.adapt.options import Conversion
    from refkit.intake.items import Item, Settled

Listing = Literal["ids", "references", "readinglist"]
LISTINGS = get_args(Listing)
SEARCHED = ("crossref", "arxiv")
"""The sources that are searched for a title alone; for a reference it is the first of them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An item that is settled, and the key of its entry.

    `there` tells, for a work that the library or an earlier item has already, why it is that
    work; its key is that of the entry that is there, and nothing is added for it. `near` is the
    key of an entry that may be another version of the work, which is added all the same.
    """

    settled: Settled
    key: str
    there: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a list: an item each in input order, and the new entries with their keys.

    `problems` are of the input's text, `warnings` of the sources.
    """

    source: SourceText
    taken: tuple[Taken, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Diagnostic, ...] = ()
    warnings: tuple[str, ...] = ()

    def written(self, to: str, options: Conversion | None = None) -> Written:
        """Return the new entries as a file of a format, and what it cannot hold."""
        return convert(Document(self.source, "intake", self.entries), to, options)

    def report(self) -> list[dict[str, Any]]:
        """Return a JSON-ready object per item: line, text, verdict, id, key, evidence, reason."""
        return [_row(each) for each in self.taken]


@dataclass(frozen=True, slots=True)
class Addition:
    """A library with new entries at its end: what came of the items, and the file's new text."""

    library: Document
    intake: Intake
    text: str
    problems: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is added."""
        return self.text != self.library.source.text

    def data(self) -> bytes:
        """Return the new text as bytes, in the file's own encoding; raises InputError."""
        try:
            return self.library.source.data(self.text)
        except UnicodeEncodeError as error:
            path = self.library.source.path
            raise InputError(
                f"{path}: {error.encoding} cannot hold the new text; convert the file to UTF-8"
            ) from None


def import_list(  # noqa: PLR0913
    source: SourceText,
    listing: Listing,
    sources: Sequence[str] = (),
    *,
    settings: SourceSettings | None = None,
    pattern: str | None = None,
    progress: Callable[[int], object] = lambda done: None,
) -> Intake:
    """Make a bibliography of a list of ids, of formatted references, or of a reading list.

    `sources` are source names in the order in which to ask them: by default the catalogue of
    the settings alone, else those that know the ids (`resolving.ORDER`) and, for searching,
    `SEARCHED`. `pattern` is that of the new keys (see `refkit.Keying`). What is found in no
    source becomes an entry of what the list says. Raises InputError and PluginError; a source
    that cannot answer leaves items with the verdict unchecked.
    """
    items, problems = _items(source, listing)
    settled, warnings = _settled(items, sources, settings or SourceSettings(), progress)
    taken, entries = _gathered(settled, (), pattern)
    return Intake(source, taken, entries, problems, warnings)


def add(  # noqa: PLR0913
    library: Document,
    things: Iterable[str],
    sources: Sequence[str] = (),
    *,
    settings: SourceSettings | None = None,
    pattern: str | None = None,
    progress: Callable[[int], object] = lambda done: None,
) -> Addition:
    """Add works to a library by ids, addresses, titles or references, at the end of its text.

    A work that is there already is told and not added. As `import_list` otherwise; raises
    InputError, too, where the library's format does not grow at its end, or its last entry is
    broken so that a new one would be swallowed by it.
    """
    items = [_thing(each, number) for number, each in enumerate(things, 1) if each.strip()]
    settled, warnings = _settled(items, sources, settings or SourceSettings(), progress)
    taken, entries = _gathered(settled, library.entries, pattern)
    intake = Intake(library.source, taken, entries, (), warnings)
    if not entries:
        return Addition(library, intake, library.source.text)
    text, problems = _appended(library, entries)
    return Addition(library, intake, text, problems)


def _items(source: SourceText, listing: Listing) -> tuple[list[Item], tuple[Diagnostic, ...]]:
    from refkit.intake import idlist, references

    if listing == "readinglist":
        return _reading_list(source)
    if listing not in LISTINGS:
        raise InputError(f"there is no list of the kind {listing!r}; known: {', '.join(LISTINGS)}")
    read = idlist.read_ids if listing == "ids" else references.read_references
    return read(source.text), ()


def _reading_list(source: SourceText) -> tuple[list[Item], tuple[Diagnostic, ...]]:
    from refkit.intake.items import Item, Kind

    reader = format_named("readinglist").read
    document = reader(source) if reader else Document(source, "readinglist", ())
    items = [
        Item(
            source.position(each.origin.span.start).line if each.origin.span else 1,
            each.text("title") or each.text("abstract"),
            Kind.TITLE,
            title=each.text("title"),
            abstract=each.text("abstract"),
        )
        for each in document.entries
    ]
    return items, document.problems


def _thing(text: str, number: int) -> Item:
    """Return what an argument is: an id, an address, or else a title or reference."""
    from refkit.intake import idlist, references

    bare = text.strip()
    if idlist.id_in(bare) or idlist.is_address(bare):
        return idlist.item_of(bare, number)
    return references.item_of(bare, number)


def _settled(
    items: Sequence[Item],
    sources: Sequence[str],
    settings: SourceSettings,
    progress: Callable[[int], object],
) -> tuple[list[Settled], tuple[str, ...]]:
    from refkit.intake.settle import Known, settle

    ids = list(dict.fromkeys(each for item in items for each in item.ids))
    default = ("catalogue",) if settings.catalogue else ()
    found = resolve(ids, sources or default or ORDER, settings=settings) if ids else None
    known = Known(found.found, found.unknown, found.unchecked) if found else Known({}, {}, {})
    warnings = list(found.warnings) if found else []
    settled: list[Settled] = []
    with open_sources(sources or default or SEARCHED, settings) as (made, said):
        for item in items:
            settled.append(settle(item, known, _searched(item, made, sources)))
            progress(1)
    return settled, tuple(dict.fromkeys((*warnings, *said)))


def _searched(
    item: Item, made: Sequence[plugins.Source], chosen: Sequence[str]
) -> Sequence[plugins.Source]:
    """Return the sources to search: by default all for a title, the first for a reference."""
    from refkit.intake.items import Kind
    from refkit.intake.stub import is_title

    titled = item.kind is Kind.TITLE or is_title(item.text)
    return made if chosen or titled else made[:1]


def _gathered(
    settled: Sequence[Settled], there: Sequence[Entry], pattern: str | None
) -> tuple[tuple[Taken, ...], tuple[Entry, ...]]:
    """Give each new work one entry with a key; works that are there already get none."""
    from refkit.intake.known import Library

    library = Library()
    library.add(there)
    new: list[Entry] = []
    places: list[tuple[int | str, str]] = []
    versions: dict[int, str] = {}
    for each in settled:
        found = library.find(each.entry)
        if found is not None:
            entry, why = found
            places.append((entry.key, why))
            continue
        version = library.version(each.entry)
        if version is not None:
            versions[len(places)] = version.key
        # Until the keys are made an entry is known by its place.
        library.add([replace(each.entry, key=f"\0{len(new)}")])
        places.append((len(new), ""))
        new.append(each.entry)
    keyed = _keyed(there, new, pattern)

    def named(place: int | str) -> str:
        if isinstance(place, int) or place.startswith("\0"):
            return keyed[int(str(place).lstrip("\0"))].key
        return place

    taken = tuple(
        Taken(each, named(place), why, named(versions.get(at, "")))
        for at, (each, (place, why)) in enumerate(zip(settled, places, strict=True))
    )
    return taken, tuple(keyed)


def _keyed(there: Sequence[Entry], new: Sequence[Entry], pattern: str | None) -> list[Entry]:
    from refkit.citekeys.assign import assign
    from refkit.citekeys.options import DEFAULT, Keying
    from refkit.citekeys.pattern import parse
    from refkit.intake.stub import for_key

    chosen = parse(pattern or DEFAULT)
    document = Document(SourceText("", ""), "bibtex", (*there, *map(for_key, new)))
    places = frozenset(range(len(there), len(document.entries)))
    renames, _ = assign(document, chosen, places, Keying(pattern or DEFAULT))
    keys = {each.index - len(there): each.new for each in renames}
    return [replace(each, key=keys.get(at, "")) for at, each in enumerate(new)]


def _appended(library: Document, entries: Sequence[Entry]) -> tuple[str, tuple[Diagnostic, ...]]:
    from refkit.adapt.options import Conversion
    from refkit.adapt.run import adapted
    from refkit.formats.append import append

    chosen = format_named(library.format)
    writer, reader = chosen.write, chosen.read
    if writer is None or reader is None:
        raise InputError(f"the format {chosen.name} can be read, not written")
    fit, told_of = adapted(entries, chosen.name, Conversion())
    edit, problems = plugins.guard(chosen.name, lambda: append(library, fit, writer))
    text = apply_edits(library.source.text, [edit])
    again = reader(replace(library.source, text=text))
    if len(again.entries) != len(library.entries) + len(entries):
        raise InputError(
            f"{library.source.path}: its end is broken, so nothing can be added behind it; "
            "see refkit check"
        )
    return text, (*told_of, *problems)


def _row(taken: Taken) -> dict[str, Any]:
    from refkit.enrichment.report import candidate_row

    settled, match = taken.settled, taken.settled.match
    return {
        "line": settled.item.line,
        "text": settled.item.text,
        "kind": str(settled.item.kind),
        "verdict": str(settled.verdict),
        "id": work_id(settled),
        "also": list(settled.also),
        "source": match.candidate.entry.origin.source if match else None,
        "score": round(match.score, 4) if match else None,
        "key": taken.key,
        "added": not taken.there,
        "reason": told(taken),
        "evidence": [each.row() for each in match.evidence] if match else [],
        "candidates": [candidate_row(each) for each in settled.others],
    }


def told(taken: Taken) -> str:
    """Return in a sentence what came of an item and why."""
    there = f"; not added, as {taken.key} is the work: {taken.there}" if taken.there else ""
    near = f"; {taken.near} may be another version of it" if taken.near else ""
    return taken.settled.reason + there + near


def work_id(settled: Settled) -> str | None:
    """Return the id of the record that an item was matched with: its DOI, arXiv id or other."""
    from refkit.intake.stub import ids_of

    if settled.match is None:
        return None
    ids = ids_of(settled.entry)
    return str(ids[0]) if ids else settled.match.candidate.id


def is_broken(intake: Intake) -> bool:
    """Tell whether the input has what is neither an id nor anything else that was asked for."""
    from refkit.intake.items import Kind

    faulty = any(each.severity is Severity.ERROR for each in intake.problems)
    items = [each.settled.item for each in intake.taken]
    return faulty or any(each.kind is Kind.ID and not each.ids for each in items)


def verdicts(intake: Intake) -> frozenset[Verdict]:
    """Return the verdicts that occur."""
    return frozenset(each.settled.verdict for each in intake.taken)
