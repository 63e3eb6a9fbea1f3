"""Options of the commands that ask sources: which, where, and for how long."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from refkit.config import URLS, SourceSettings, urls_in

_F = TypeVar("_F", bound=Callable[..., Any])
_SECONDS = click.FloatRange(min=0.001, max=1e6)


def _all(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def decorate(command: _F) -> _F:
        for each in reversed(options):
            command = each(command)
        return command

    return decorate


SOURCES: Callable[[Any], Any] = _all(
    click.option("--catalogue", metavar="PATH", help="A local catalogue, built or not, to search."),
    click.option("--sources", metavar="NAME,…", help="Sources, in the order in which to ask them."),
    click.option("--crossref-url", metavar="URL", help="Short for --url crossref=URL."),
    click.option(
        "--url", "urls", metavar="SOURCE=URL", multiple=True, help="Another address of a source."
    ),
    click.option("--mailto", metavar="ADDRESS", help="Your address, for Crossref's polite pool."),
)
LIMITS: Callable[[Any], Any] = _all(
    click.option("--cache", metavar="PATH", help="Keep the sources' answers in this file."),
    click.option("--no-cache", is_flag=True, help="Neither use nor keep earlier answers."),
    click.option(
        "--timeout", type=_SECONDS, default=10.0, show_default=True, help="For one request."
    ),
    click.option(
        "--deadline", type=_SECONDS, help="Seconds for the whole run; the rest is unchecked."
    ),
)


def settings(given: Mapping[str, Any]) -> SourceSettings:
    """Return the settings that a command's options give."""
    return SourceSettings(
        mailto=given["mailto"] or os.environ.get("REFKIT_MAILTO", ""),
        cache_path=given["cache"],
        use_cache=not given["no_cache"],
        timeout=given["timeout"],
        deadline=given["deadline"],
        catalogue=given["catalogue"] or "",
        urls=urls_in(os.environ) | _urls(given),
    )


def _urls(given: Mapping[str, Any]) -> dict[str, str]:
    alias = () if given["crossref_url"] is None else (f"crossref={given['crossref_url']}",)
    urls = {}
    for each in (*alias, *given["urls"]):
        source, equals, url = each.partition("=")
        if not equals or source not in URLS:
            raise click.UsageError(f"--url takes SOURCE=URL, SOURCE one of {', '.join(URLS)}")
        urls[source] = url
    return urls


def sources(given: Mapping[str, Any]) -> list[str]:
    """Return the names of the sources to ask: by default the catalogue if there is one."""
    if given["sources"]:
        return names(given["sources"])
    return ["catalogue"] if given["catalogue"] else ["crossref"]


def names(text: str | None) -> list[str]:
    """Return the names in a list with commas."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]
