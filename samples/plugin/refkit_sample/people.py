"""Names as refer files write them: "Given particle Family, Suffix", "Organisation,"."""

from __future__ import annotations

import re

from refkit.model.entry import Name

# The family name is the last word, with the words in lower case before it as its particle.
_PERSON = re.compile(
    r"(?:(?P<given>.+?)\s+)??(?P<particle>(?:['’]?[a-z][\w'’]*\s+)*)(?P<family>\S+)"
)


def read_name(text: str) -> Name:
    """Read one name; a comma at its end marks an organisation (EndNote's convention)."""
    if text.endswith(","):
        return Name(literal=text[:-1].rstrip())
    person, _, suffix = (part.strip() for part in text.partition(","))
    found = _PERSON.fullmatch(person)
    if found is None:
        return Name(literal=person)
    return Name(
        family=found["family"].replace("_", " "),
        given=found["given"] or "",
        particle=found["particle"].strip(),
        suffix=suffix,
    )


def write_name(name: Name) -> str:
    """Write one name; a family name of several words is joined by "_", as read_name expects."""
    if name.literal:
        return name.literal + ","
    words = (name.given, name.dropping_particle, name.particle, name.family.replace(" ", "_"))
    person = " ".join(word for word in words if word)
    return f"{person}, {name.suffix}" if name.suffix else person
