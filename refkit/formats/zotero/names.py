"""Names as Zotero has them: a last and a first name, or one field.

Zotero finds particles and suffixes where citeproc-js does: a particle before the last name or
behind the first, and a suffix after a comma in the first name ("Martin Luther, Jr."). A last
name in double quotes is not taken apart.
"""

from __future__ import annotations

from refkit.formats.plain import read_name
from refkit.formats.zotero.item import Creator
from refkit.model.entry import OTHERS, Name

_SEPARATOR = "||"


def read_creator(creator: Creator) -> Name:
    """Return the name of a creator."""
    last, first = creator.last.strip(), creator.first.strip()
    if creator.single:
        return Name(literal=last)
    if len(last) > 2 and last[0] == last[-1] == '"':
        return Name(last[1:-1], first)
    if not first or not last:
        return Name(last, first)
    if "," in last:
        last, _, suffix = (part.strip() for part in last.partition(","))
        return read_name(f"{last}, {first}, {suffix}")
    return read_name(f"{last}, {first}")


def write_creator(role: str, name: Name) -> Creator:
    """Return a creator that `read_creator` takes for that name, wherever there is one."""
    if name.literal or name == Name():
        return Creator(role, name.literal, single=True)
    last = " ".join(filter(None, (name.particle, name.family)))
    first = " ".join(filter(None, (name.given, name.dropping_particle)))
    if name.suffix:
        first = f"{first}, {name.suffix}"
    plain, quoted = Creator(role, last, first), Creator(role, f'"{last}"', first)
    return quoted if read_creator(plain) != name == read_creator(quoted) else plain


def people(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the names that are of somebody: Zotero has nothing for "and others"."""
    return tuple(name for name in names if name not in (OTHERS, Name()))


def read_line(text: str) -> Name:
    """Read a name from a line of `extra`: "Last || First", or a name in one field."""
    last, found, first = text.partition(_SEPARATOR)
    return read_creator(Creator("", last, first, single=not found))


def write_line(name: Name) -> str:
    """Write a name for a line of `extra`."""
    creator = write_creator("", name)
    if creator.single:
        return creator.last
    return f"{creator.last} {_SEPARATOR} {creator.first}".rstrip()
