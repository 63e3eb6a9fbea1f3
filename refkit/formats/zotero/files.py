"""Attachments as BibTeX's `file` field has them: "title:path:type" between semicolons.

JabRef, Zotero and Mendeley write this form, with a backslash before a colon, a semicolon or a
backslash of the text's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from refkit.formats.zotero.item import Attachment

_SPECIAL = re.compile(r"([\\:;])")
_FILES = re.compile(r"(?<!\\);")
_PARTS = re.compile(r"(?<!\\):")
_ESCAPED = re.compile(r"\\(.)")


def write_files(attachments: Sequence[Attachment]) -> str:
    """Return attachments as the text of a `file` field."""
    return ";".join(":".join(_SPECIAL.sub(r"\\\1", part) for part in each) for each in attachments)


def read_files(text: str) -> list[Attachment]:
    """Return the attachments of a `file` field, none where it has another form."""
    files = [_PARTS.split(each) for each in _FILES.split(text)]
    if not all(len(parts) == 3 for parts in files):
        return []
    attachments = [Attachment(*(_ESCAPED.sub(r"\1", part) for part in parts)) for parts in files]
    return attachments if write_files(attachments) == text else []
