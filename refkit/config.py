"""What a user may set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

URLS = {
    "crossref": "https://api.crossref.org",
    "datacite": "https://api.datacite.org",
    "arxiv": "https://export.arxiv.org/api",
    "openlibrary": "https://openlibrary.org",
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    "openalex": "https://api.openalex.org",
    "semanticscholar": "https://api.semanticscholar.org/graph/v1",
    "dblp": "https://dblp.org",
}
"""The addresses of the services, by source."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What a source plugin is made with; a source ignores what does not concern it.

    `mailto` is the address that polite pools ask for. `cache_path` is the response cache's
    file (None: the user's cache folder, or `$REFKIT_CACHE`); without `use_cache` answers are
    kept for this run only. All times are in seconds: `timeout` for one request, `deadline`
    for the whole run (None: no end), `outage_budget` for how long nothing may get through
    before the source is given up. `catalogue` is the path of a local catalogue. `urls` are
    other addresses than those in `URLS`, by source.
    """

    mailto: str = ""
    cache_path: str | None = None
    use_cache: bool = True
    timeout: float = 10.0
    deadline: float | None = None
    outage_budget: float = 30.0
    catalogue: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)

    def url(self, source: str) -> str:
        """Return the address of a source's service."""
        return self.urls.get(source, URLS[source])


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


def urls_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses that variables such as `REFKIT_ARXIV_URL` give, by source."""
    named = {source: environment.get(f"REFKIT_{source.upper()}_URL", "") for source in URLS}
    return {source: url for source, url in named.items() if url}
