"""Typst compiles the whole of a library, which one value that it cannot parse would prevent."""

from __future__ import annotations

import html
import re
from pathlib import Path
from types import ModuleType

import pytest
from consumer_programs import LIBRARIES, STYLES, absent, exported, lacking
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import refkit


def program() -> ModuleType:
    try:
        import typst
    except ImportError:
        absent("the package typst is not installed")
    return typst


def compiled(text: str, folder: Path, style: str) -> str:
    refkit.save(folder / "refs.bib", text)
    chosen = f'"{style}"' if not style.endswith(".csl") else '"style.csl"'
    if style.endswith(".csl"):
        refkit.save(folder / "style.csl", (STYLES / style).read_text("utf-8"))
    main = f'#bibliography("refs.bib", full: true, style: {chosen})\n'
    refkit.save(folder / "main.typ", main)
    page = program().compile(str(folder / "main.typ"), format="html")
    text = page.decode() if isinstance(page, bytes) else page
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


@pytest.mark.parametrize("style", ["ieee", "apa", "chicago-author-date", "dated.csl"])
@pytest.mark.parametrize("target", ["biblatex", "bibtex"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_typst_renders_every_entry(library: str, target: str, style: str, tmp_path: Path) -> None:
    document, written = exported(library, "typst", target)
    # Its ieee style prints no year for a page on the web.
    but = ("chodacki2021",) if style == "ieee" else ()
    assert not lacking(document, compiled(written.text, tmp_path, style), *but)


def test_what_typst_dies_of_without_help_is_in_the_dirty_file(tmp_path: Path) -> None:
    text = LIBRARIES["dirty"].read_text("utf-8")
    with pytest.raises(program().TypstError):
        compiled(text, tmp_path, "ieee")


def test_an_entry_without_fields_does_not_fail_the_file(tmp_path: Path) -> None:
    document = refkit.parse("@book{bare}\n@book{full, title={Full}, year=2001}\n", "bibtex")
    options = refkit.Conversion(consumer="typst")
    written = refkit.convert(document, "biblatex", options)
    assert "Full" in compiled(written.text, tmp_path, "ieee")


NASTY = st.text(alphabet="ab1 \\{}$&%#_^~@\"'é<>/=,", min_size=1, max_size=16)
FIELDS = "title author editor date year month volumes url doi file note abstract keywords".split()


@given(values=st.dictionaries(st.sampled_from(FIELDS), NASTY), kind=st.sampled_from(["book", "x"]))
@settings(
    max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_value_fails_the_file(tmp_path: Path, values: dict[str, str], kind: str) -> None:
    fields = ", ".join(f"{name} = {{{value}}}" for name, value in values.items())
    document = refkit.parse(f"@{kind}{{k, {fields}}}\n@book{{b, title={{Fine}}}}", "biblatex")
    options = refkit.Conversion(consumer="typst")
    written = refkit.convert(document, "biblatex", options)
    # An accent over a dollar sign is what nobody writes, and Typst does not read.
    assume(not re.search(r"\\\W\s*\\\$", written.text))
    assert compiled(written.text, tmp_path, "dated.csl")
