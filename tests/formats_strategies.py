"""Hypothesis strategies for entries, and how two readings of them are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as calendar

from hypothesis import strategies as st

from refkit.model import vocab
from refkit.model.entry import Date, Entry, Field, Name, Value

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäéßøçλ漢"

words = st.text(LETTERS, min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=6).map(" ".join)
anything = st.text(min_size=1, max_size=30)
capitalised = words.map(lambda word: "X" + word)
keys = st.text("abcdefgXYZ0123456789_-:", min_size=1, max_size=10).filter(lambda k: k.strip("-"))

people = st.builds(
    Name,
    family=capitalised,
    given=capitalised,
    particle=st.sampled_from(["", "van", "de la"]),
    dropping_particle=st.sampled_from(["", "von"]),
    suffix=st.sampled_from(["", "Jr", "III"]),
)
bodies = st.builds(Name, literal=capitalised)
names = st.lists(people | bodies, min_size=1, max_size=4).map(tuple)

days = st.dates(calendar(1000, 1, 1), calendar(9999, 12, 31)).map(
    lambda day: Date(day.year, day.month, day.day)
)
months = days.map(lambda day: replace(day, day=None))
years = days.map(lambda day: Date(day.year))
seasons = st.builds(lambda day, season: Date(day.year, season=season), days, st.integers(1, 4))
simple_dates = days | months | years | seasons
ends = st.just(Date()) | simple_dates
dates = st.builds(
    lambda start, end, circa: replace(start, end=end, circa=circa),
    simple_dates,
    st.none() | ends,
    st.booleans(),
)
ancient = st.integers(-9999, 0).map(Date)
literals = st.just(Date(literal="n.d.")) | st.just(Date(literal="in press"))


def value_of(name: str, texts: st.SearchStrategy[str] = sentences) -> st.SearchStrategy[Value]:
    """Return values that fit a CSL variable."""
    if name in vocab.NAMES:
        return names
    return dates if name in vocab.DATES else texts


def entries(
    types: st.SearchStrategy[str],
    variables: list[str],
    texts: st.SearchStrategy[str] = sentences,
) -> st.SearchStrategy[list[Entry]]:
    """Return lists of entries with keys that differ, of these types and variables."""
    fields = st.fixed_dictionaries({}, optional={v: value_of(v, texts) for v in variables})
    one = st.builds(
        lambda key, kind, values: Entry(
            key, kind, tuple(Field(name, value) for name, value in values.items())
        ),
        keys,
        types,
        fields,
    )
    return st.lists(one, max_size=4, unique_by=lambda entry: entry.key.casefold())


def essence(entry: Entry) -> tuple[object, ...]:
    """Return what two readings of an entry must agree in: no origins, no order of fields."""
    fields = {field.name: field.value for field in reversed(entry.fields)}
    extra = sorted((field.name, repr(field.value)) for field in entry.extra)
    return entry.key, entry.type, fields, extra
