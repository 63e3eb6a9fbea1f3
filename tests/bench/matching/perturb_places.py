"""What forms and habits do to the place of publication: venue, volume, pages, year, type."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from refkit.model.entry import Date, Entry
from refkit.normalise.titles import main_title
from tests.bench.matching.records import with_value

_SMALL = {"of", "the", "and", "for", "in", "on", "de", "&", "la", "to", "a"}
_VENUES = ("Nature", "Journal of Applied Physics", "Lecture Notes in Computer Science", "PLoS ONE")
_TYPES = {
    "article-journal": ("paper-conference", "document", "article-journal"),
    "paper-conference": ("article-journal", "chapter", "document"),
    "chapter": ("paper-conference", "document"),
    "book": ("document", "book"),
    "report": ("document", "book"),
}


def pages_shortened(entry: Entry, _: random.Random) -> Entry:
    """Write 123-8 for 123-128."""
    found = re.fullmatch(r"(\d+)\s*[-\u2013]\s*(\d+)", entry.text("page"))
    if found is None:
        return entry
    first, last = found.groups()
    same = 0
    while same < len(last) - 1 and len(last) == len(first) and last[same] == first[same]:
        same += 1
    return with_value(entry, "page", f"{first}-{last[same:]}")


def pages_written(entry: Entry, dice: random.Random) -> Entry:
    """Write pages as people do."""
    page = entry.text("page")
    form = dice.choice(("pp. {}", "p. {}", "S. {}", "{}.", "pages {}", "{} pp", "Seite {}"))
    dash = dice.choice(("--", "\u2013", "-", " - ", "\u2014", "---"))
    return with_value(
        entry, "page", form.format(re.sub(r"\s*[-\u2013]\s*", dash, page)) * bool(page)
    )


def pages_counted(entry: Entry, dice: random.Random) -> Entry:
    """Give another place: the pages of a preprint, or their number."""
    last = dice.randrange(4, 40)
    wrong = dice.choice((f"1-{last}", f"1--{last}"))
    return with_value(entry, "page", wrong) if entry.text("page") else entry


def page_mistyped(entry: Entry, dice: random.Random) -> Entry:
    """Mistype a digit of the pages."""
    return _mistyped(entry, "page", dice)


def volume_wrong(entry: Entry, dice: random.Random) -> Entry:
    """Give a wrong volume."""
    volume = entry.text("volume")
    if not volume.isdigit():
        return entry
    return with_value(entry, "volume", str(max(1, int(volume) + dice.choice((-2, -1, 1, 2, 10)))))


def issue_wrong(entry: Entry, dice: random.Random) -> Entry:
    """Give a wrong issue."""
    return with_value(entry, "issue", str(dice.randint(1, 12))) if entry.text("issue") else entry


def volume_with_issue(entry: Entry, _: random.Random) -> Entry:
    """Write "12(3)" as the volume."""
    volume, issue = entry.text("volume"), entry.text("issue")
    if not (volume and issue):
        return entry
    return with_value(with_value(entry, "volume", f"{volume}({issue})"), "issue", "")


def volume_for_issue(entry: Entry, _: random.Random) -> Entry:
    """Exchange volume and issue."""
    volume, issue = entry.text("volume"), entry.text("issue")
    if not (volume and issue):
        return entry
    return with_value(with_value(entry, "volume", issue), "issue", volume)


def venue_lost(entry: Entry, _: random.Random) -> Entry:
    """Give no venue."""
    return with_value(entry, "container-title", "")


def venue_acronym(entry: Entry, _: random.Random) -> Entry:
    """Give the venue's first letters."""
    words = [
        w for w in re.findall(r"\w+", entry.text("container-title")) if w.lower() not in _SMALL
    ]
    if len(words) < 3:
        return entry
    return with_value(entry, "container-title", "".join(w[0] for w in words).upper())


def venue_issn(entry: Entry, dice: random.Random) -> Entry:
    """Give a number in the venue's place."""
    number = f"{dice.randrange(1000, 9999)}-{dice.randrange(1000, 9999)}"
    return with_value(entry, "container-title", dice.choice(("ISSN {}", "{}")).format(number))


def venue_adorned(entry: Entry, dice: random.Random) -> Entry:
    """Say more of the venue than its name."""
    forms = ("The {}", "{} (Online)", "{}, Elsevier", "{}: an international journal", "{} (Oxford)")
    venue = entry.text("container-title")
    return with_value(entry, "container-title", dice.choice(forms).format(venue) * bool(venue))


def venue_proceedings(entry: Entry, dice: random.Random) -> Entry:
    """Name proceedings by their conference, year and place."""
    venue = entry.text("container-title")
    if entry.type not in ("paper-conference", "chapter") or not venue:
        return entry
    date = entry.date()
    short = main_title(venue)
    forms = (f"Proc. of {short}", f"Proceedings of the {venue}", f"In: {venue}", f"{short} Proc.")
    made = dice.choice((*forms, f"{short} {date.year if date else ''}".strip()))
    return with_value(entry, "container-title", made)


def venue_wrong(entry: Entry, dice: random.Random) -> Entry:
    """Give another venue."""
    return with_value(entry, "container-title", dice.choice(_VENUES))


def year_lost(entry: Entry, _: random.Random) -> Entry:
    """Give no year."""
    return with_value(entry, "issued", "")


def year_mistyped(entry: Entry, dice: random.Random) -> Entry:
    """Mistype the year by some years."""
    date = entry.date()
    if date is None or date.year is None:
        return entry
    return with_value(
        entry, "issued", Date(date.year + dice.choice((-10, -9, -3, -2, 2, 3, 9, 10)))
    )


def other_type(entry: Entry, dice: random.Random) -> Entry:
    """File it as another type that people take for it."""
    return replace(entry, type=dice.choice(_TYPES.get(entry.type, (entry.type,))))


def title_and_author(entry: Entry, _: random.Random) -> Entry:
    """Keep title and authors alone."""
    return entry.with_fields(f for f in entry.fields if f.name in ("title", "author"))


def title_and_year(entry: Entry, _: random.Random) -> Entry:
    """Keep title and year alone."""
    return entry.with_fields(f for f in entry.fields if f.name in ("title", "issued"))


def _mistyped(entry: Entry, name: str, dice: random.Random) -> Entry:
    text = entry.text(name)
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if not places:
        return entry
    at = dice.choice(places)
    return with_value(entry, name, text[:at] + dice.choice("0123456789") + text[at + 1 :])
