"""What sources that answer in JSON share: values of any kind, lists, words for a search."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from refkit.net.fetch import Reply, json_fault

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 30


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a value that is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a value that is a list; one object stands for a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, Mapping)]


def list_fault(title: str, holds: Callable[[Mapping[str, Any]], bool]) -> Callable[[Reply], str]:
    """Return a judge of a service's lists: "" for JSON that `holds` one, else what is wrong.

    A list is never "not found" on a service that is the named one.
    """

    def fault(reply: Reply) -> str:
        if reply.status == 404:
            return f"status 404 for a list: this is no {title} service"
        wrong = json_fault(reply)
        if wrong or holds(reply.json()):
            return wrong
        return "JSON without the list that was asked for"

    return fault


def record_fault(found: str, missing: str) -> Callable[[Reply], str]:
    """Return a judge of a service's answers about one id: "" for one that is its own.

    A record has the member `found`; that there is none is a 404 whose JSON has `missing`.
    """

    def fault(reply: Reply) -> str:
        wrong = json_fault(reply)
        if wrong:
            return wrong
        member = missing if reply.status == 404 else found
        try:
            return "" if reply.json().get(member) is not None else f"JSON without {member!r}"
        except ValueError:
            return f"status {reply.status} without JSON"

    return fault


def search_words(title: str) -> str:
    """Return a title's words alone: no sign in them can mean anything to a search."""
    return " ".join(_WORD.findall(title)[:_MOST_WORDS])
