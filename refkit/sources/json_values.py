"""Values of JSON records that may be of any kind, and a title's words for a search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 30


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a value that is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a value that is a list; one object stands for a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, Mapping)]


def search_words(title: str) -> str:
    """Return a title's words alone: no sign in them can mean anything to a search."""
    return " ".join(_WORD.findall(title)[:_MOST_WORDS])
