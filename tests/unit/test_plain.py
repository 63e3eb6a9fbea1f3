"""What plain-text formats share: the keys of records that have none."""

from __future__ import annotations

from refkit.formats.plain import _keyed, fill_keys
from refkit.model.entry import Date, Entry, Field, Name

SHANNON = Entry(
    "",
    "article-journal",
    (Field("author", (Name("Shannon", "Claude"),)), Field("issued", Date(1948))),
)
KEPT = Entry("Shannon1948b", "book")


class Counting(set[str]):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


def test_keys_are_made_of_name_and_year_and_passed_over_where_taken() -> None:
    filled = fill_keys([SHANNON, KEPT, SHANNON, SHANNON])
    assert [each.key for each in filled] == [
        "Shannon1948",
        "Shannon1948b",
        "Shannon1948a",
        "Shannon1948c",
    ]


def test_letters_go_on_behind_z() -> None:
    keys = [each.key for each in fill_keys([SHANNON] * 29)]
    assert keys[25:] == ["Shannon1948y", "Shannon1948z", "Shannon1948aa", "Shannon1948ab"]


def test_a_repeated_key_is_not_counted_up_from_the_start_each_time() -> None:
    taken, numbers, count = Counting(), dict[str, int](), 500
    keys = {_keyed(SHANNON, taken, numbers).key for _ in range(count)}
    assert len(keys) == count
    assert taken.asked <= 3 * count
