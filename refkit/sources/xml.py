"""XML replies, read without entities, document types or a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from refkit.net.fetch import Reply

if TYPE_CHECKING:
    from lxml.etree import _Element


def parse(body: bytes) -> _Element:
    """Parse XML; raises ValueError where it is none, or breaks off."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None


def fault_unless(root: str) -> Callable[[Reply], str]:
    """Return a judge of replies: "" where one is XML with that root, else what is wrong."""

    def fault(reply: Reply) -> str:
        kind = reply.content_type.partition(";")[0].strip().lower()
        if reply.status == 404:
            return "status 404: there is no such service"
        if not kind.endswith("xml"):
            return f"status {reply.status} with {kind or 'no content type'} where XML was expected"
        try:
            found = parse(reply.body).tag
        except ValueError:
            return "XML that cannot be read"
        return "" if found == root else f"XML of another kind ({found})"

    return fault
