"""What a user may set."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What a source plugin is made with; a source ignores what does not concern it.

    `mailto` is the address that polite pools ask for. `cache_path` is the response cache's
    file (None: the user's cache folder, or `$REFKIT_CACHE`); without `use_cache` answers are
    kept for this run only. All times are in seconds: `timeout` for one request, `deadline`
    for the whole run (None: no end), `outage_budget` for how long nothing may get through
    before the source is given up. `catalogue` is the path of a local catalogue.
    """

    base_url: str = "https://api.crossref.org"
    mailto: str = ""
    cache_path: str | None = None
    use_cache: bool = True
    timeout: float = 10.0
    deadline: float | None = None
    outage_budget: float = 30.0
    catalogue: str = ""


@dataclass(frozen=True, slots=True)
class ZoteroSettings:
    """Where Zotero is spoken to: `url` the program that runs here, `web_url` the Web API.

    `library` is "users/123" or "groups/456" ("" for the library of the running Zotero),
    `api_key` a key of the Web API, `timeout` in seconds for one request.
    """

    url: str = "http://127.0.0.1:23119"
    library: str = ""
    api_key: str = field(default="", repr=False)
    web_url: str = "https://api.zotero.org"
    timeout: float = 30.0
