"""LaTeX with bibtex (and its standard styles) or with biblatex and biber."""

from __future__ import annotations

from refkit.adapt.consumers.consumer import Consumer
from refkit.adapt.consumers.draft import ADDED, Draft, moved, named
from refkit.adapt.consumers.pandoc import LABELS
from refkit.adapt.consumers.steps import (
    live_links,
    plain_names,
    readable_dates,
    readable_months,
    sound_latex,
    told_letters,
    whole_titles,
    without_empty,
)
from refkit.formats.bibtex.types import subtype_for, write_type
from refkit.normalise.latex import strip_markup, to_plain

_NO_DRIVER = frozenset(
    """artwork audio bibnote image jurisdiction legislation legal letter movie music performance
    standard video""".split()
)
"""Types for which biblatex has names, and its standard styles nothing."""


def _plain_type(draft: Draft) -> None:
    """Write a set as a `misc`: bibtex's standard styles have no such type."""
    if draft.entry.native_type == "set":
        draft.retype("document", "misc", "@misc", "@set")


def _driven_type(draft: Draft) -> None:
    """Write a type that has no driver as the one that takes its place, with its subtype."""
    entry = draft.entry
    was = write_type(entry, "biblatex")
    if was == "commentary":
        draft.retype("book", "book", "@book", "@commentary")
    elif was in _NO_DRIVER:
        subtype = subtype_for(entry.type, "misc", ())
        draft.retype("document", "misc", "@misc", f"@{was}")
        if subtype and not entry.beyond("entrysubtype"):
            draft.add_extra("entrysubtype", subtype)


def _misc_editor(draft: Draft) -> None:
    """Note the editor of a `misc`, whom the standard styles leave out."""
    if write_type(draft.entry, "bibtex") == "misc":
        moved(("editor",))(draft)


def _sort_key(draft: Draft) -> None:
    """Give a key to an entry that has nobody by whom bibtex could sort it."""
    entry = draft.entry
    if entry.names("author") or entry.names("editor") or entry.beyond("key"):
        return
    title = to_plain(strip_markup(entry.text("title") or entry.text("container-title")))
    words = "".join(char if char.isalnum() else " " for char in title).split()
    draft.add_extra("key", " ".join(words) or entry.key)
    draft.tell(ADDED, "'key' is added for bibtex to sort by: the entry names no person")


def _either(draft: Draft) -> None:
    """Note the editor beside an author, the number beside a volume, where styles take only one."""
    entry = draft.entry
    kind = write_type(entry, "bibtex")
    if kind in ("book", "inbook") and entry.names("author"):
        moved(("editor",))(draft)
    if kind in _BOOKS and entry.text("volume"):
        moved(("collection-number",))(draft)


_BOOKS = ("book", "inbook", "incollection", "inproceedings", "proceedings")
_LACKED = frozenset(
    """BibTeX Dash G LuaTeX MakeTextLowercase MakeTextUppercase SortNoop U XeTeX degree emdash
    endash enquote euro f flq flqq frq frqq glq glqq grq grqq h href noopsort mkbibsubscript
    switchargs texorpdfstring text textcolor textquote uline""".split()
)
_BIBLATEX_OWN = frozenset(
    """MakeCapital MakeSentenceCase bibrangedash hyphen mkbibbold mkbibbrackets mkbibemph
    mkbibitalic mkbibparens mkbibquote mkbibsuperscript nolinkurl bibstring""".split()
)
"""Commands of packages that are not loaded for sure, and those that biblatex brings."""

_BOTH = (readable_months, without_empty, plain_names, told_letters)

LATEX = Consumer(
    name="LaTeX",
    targets=("biblatex",),
    steps={
        "bibtex": lambda keys: (
            *_BOTH, whole_titles, sound_latex(_LACKED | _BIBLATEX_OWN), _plain_type,
            _misc_editor, _either, _sort_key,
        ),
        "biblatex": lambda keys: (
            readable_dates(), live_links(keys), *_BOTH, sound_latex(_LACKED), _driven_type,
        ),
    },
    say=lambda target: named(LABELS),
)  # fmt: skip
