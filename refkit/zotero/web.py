"""Zotero's Web API, version 3: https://www.zotero.org/support/dev/web_api/v3/basics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from refkit.config import ZoteroSettings
from refkit.errors import InputError
from refkit.net.fetch import Surroundings
from refkit.zotero.library import Library
from refkit.zotero.service import AGENT, KEY, REFUSALS, Manner, Service

KEYS_PAGE = "https://www.zotero.org/settings/keys"

_LIBRARY = re.compile(r"(?:users|groups)/\d{1,15}")
_RATE = 5.0  # requests a second
_MEANINGS = REFUSALS | {
    401: "the key is not valid",
    403: f"the key is not valid, or has no right to {{doing}}; see {KEYS_PAGE}",
}


class Web:
    """Zotero's Web API, with a key."""

    def __init__(self, settings: ZoteroSettings, world: Surroundings | None = None) -> None:
        """Take the address, the key and the library from the settings; raises InputError."""
        key = settings.api_key
        if key and not KEY.fullmatch(key):
            raise InputError("the API key is not one: Zotero's keys are of letters and digits only")
        headers = AGENT | ({"zotero-api-key": key} if key else {})
        manner = Manner(headers, _MEANINGS, settings.timeout, _RATE, secret=key, world=world)
        self._service = Service("zotero.org", settings.web_url, manner)

    def library(self, path: str) -> Library:
        """Return a library."""
        return Library(self._service, path)

    def rights(self) -> tuple[str, dict[str, Any]]:
        """Return the key's owner ("users/123") and its rights, as `/keys/current` tells them."""
        found = self._service.get("/keys/current", doing="tell its rights").json()
        access = found.get("access")
        return f"users/{found.get('userID', '?')}", access if isinstance(access, dict) else {}

    def close(self) -> None:
        """Close the connections."""
        self._service.close()


def checked_library(path: str) -> str:
    """Return a library's path; raises InputError unless it is "users/123" or "groups/456"."""
    if not _LIBRARY.fullmatch(path):
        raise InputError(f"{path!r} is no library; name it as users/123 or groups/456")
    return path


def may(rights: Mapping[str, Any], owner: str, path: str, right: str) -> bool:
    """Tell whether a key of `owner` has a right ("library", "write") to the library at `path`."""
    kind, _, number = path.partition("/")
    if kind == "users":
        return path == owner and _has(rights.get("user"), right)
    groups = rights.get("groups")
    if not isinstance(groups, dict):
        return False
    return _has(groups.get(number) or groups.get("all"), right)


def _has(rights: object, right: str) -> bool:
    return isinstance(rights, dict) and rights.get(right) is True
