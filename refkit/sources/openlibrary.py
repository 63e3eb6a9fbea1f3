"""Open Library: books by ISBN.

Facts: "Open Library Books API" (https://openlibrary.org/dev/docs/api/books): `/api/books` with
`bibkeys=ISBN:...,ISBN:...`, `jscmd=data` and `format=json` answers with an object by bibkey, in
which unknown ones are absent. Clients that name themselves and an address may ask three times
a second, others once (https://openlibrary.org/developers/api).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refkit.config import SourceSettings
from refkit.errors import SourceError
from refkit.model.entry import Entry, Origin
from refkit.model.ids import Id
from refkit.net.fetch import Reply, json_fault
from refkit.net.pace import Limits
from refkit.normalise.dates import parse_date
from refkit.normalise.ids import clean_isbn
from refkit.sources.crossref_text import clean_text, text_of
from refkit.sources.service import Record, Service, fields_of, whole_name


def create(settings: SourceSettings) -> OpenLibrarySource:
    """Make the source; raises InputError for a bad address or URL in the settings."""
    return OpenLibrarySource(settings)


def _fault(reply: Reply) -> str:
    """As `json_fault`; unknown books are absent from the answer, which itself is never a 404."""
    if reply.status == 404:
        return "status 404: this is no Open Library service"
    return json_fault(reply)


class OpenLibrarySource(Service):
    """The source `openlibrary`."""

    name = "openlibrary"
    title = "Open Library"
    kinds = frozenset({"isbn"})
    batch = 50

    def limits(self) -> Limits:
        """Return the documented limit."""
        return Limits(3, 1) if self.mailto else Limits(1, 1)

    def ask(self, ids: Sequence[Id]) -> tuple[Mapping[Id, Record], Reply]:
        """Ask for a list of ISBNs."""
        keys = {each: f"ISBN:{each.value}" for each in ids}
        params = {"bibkeys": ",".join(keys.values()), "jscmd": "data", "format": "json"}
        reply = self.get("api/books", params, _fault)
        books = reply.json()
        found = {each: _record(books.get(key), each.value) for each, key in keys.items()}
        for each, record in found.items():
            isbns = record["isbns"] if record else ()
            if isbns and _core(each.value) not in map(_core, isbns):
                raise SourceError(self.name, f"asked for {each.value}, it answered with {isbns[0]}")
        return {each: record for each, record in found.items() if record}, reply

    def identity(self, record: Record) -> str:
        """Return the ISBN's URN, for a book without a DOI."""
        return f"urn:isbn:{record['isbn']}"

    def entry(self, record: Record, origin: Origin) -> Entry:
        """Read a book."""
        values = {
            "title": record["title"],
            "author": tuple(filter(None, map(whole_name, record["authors"]))),
            "issued": parse_date(record["date"]) if record["date"] else None,
            "publisher": record["publisher"],
            "publisher-place": record["place"],
            "number-of-pages": record["pages"],
            "ISBN": record["isbn"],
            "URL": record["url"],
        }
        return Entry(origin.ref, "book", fields_of(values, origin), (), "", origin)


def _record(book: Any, isbn: str) -> Record | None:
    """Reduce an answer to what an entry needs; None where there is no book with a title."""
    if not isinstance(book, Mapping) or not text_of(book.get("title")):
        return None
    title, subtitle = (clean_text(text_of(book.get(part))) for part in ("title", "subtitle"))
    numbers = book.get("identifiers")
    numbers = numbers if isinstance(numbers, Mapping) else {}
    pages = book.get("number_of_pages")
    return {
        "isbn": isbn,
        "isbns": [*_isbns(numbers.get("isbn_13")), *_isbns(numbers.get("isbn_10"))],
        "title": f"{title}: {subtitle}" if subtitle and subtitle not in title else title,
        "authors": _named(book.get("authors")),
        "publisher": "; ".join(_named(book.get("publishers"))[:1]),
        "place": "; ".join(_named(book.get("publish_places"))[:1]),
        "date": text_of(book.get("publish_date")),
        "pages": str(pages) if isinstance(pages, int) else "",
        "url": text_of(book.get("url")),
    }


def _named(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else []
    names = (text_of(each.get("name")) for each in listed if isinstance(each, Mapping))
    return [clean_text(name) for name in names if name]


def _isbns(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else ():
        isbn = clean_isbn(each) if isinstance(each, str) else None
        if isbn:
            yield isbn


def _core(isbn: str) -> str:
    """Return what an ISBN of 10 and one of 13 digits have in common."""
    return isbn[-10:-1]
