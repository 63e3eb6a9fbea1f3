"""Whatever a .bib entry holds, it comes back word by word from CSL-JSON and CSL-YAML."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refkit.formats.bibtex.dialects import dialect
from refkit.formats.bibtex.encode import balanced
from refkit.formats.bibtex.fields import ROWS
from refkit.formats.bibtex.scan import scan
from refkit.formats.bibtex.types import TYPES
from refkit.model.text import SourceText
from tests.bench.roundtrip.compare import compare
from tests.bench.roundtrip.tools import by_refkit

FIELDS = sorted({row.bib for row in ROWS} | {"subtitle", "titleaddon", "month", "file", "x-own",
                 "maintitle", "booktitle", "journaltitle", "crossref", "options", "eprint",
                 "eprinttype", "editortype", "related", "langidopts"})  # fmt: skip
PLAIN = "The Title {DNA} von and Jr 2020 -- $x^2$ 1/2 ~ : jan e1 arxiv others ' `` % # k1 ?"
SCRAPS = [*PLAIN.split(), r"\emph{word}", r"{\"O}zge", ", ", r"\&", "http://a.org/b_c",
          "{a and b}", "/..", "-03", "a, b", "editor"]  # fmt: skip
texts = st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=5).map(
    lambda parts: balanced(" ".join(parts))
)
blocks = st.lists(
    st.tuples(
        st.sampled_from(sorted(set(TYPES) - {"xdata"})),
        st.dictionaries(st.sampled_from(FIELDS), texts, min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=3,
)
slow = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", ["csljson", "cslyaml"])
@slow
@given(entries=blocks)
def test_every_entry_comes_back(form: str, entries: list[tuple[str, dict[str, str]]]) -> None:
    text = "\n".join(
        f"@{kind}{{k{number},\n"
        + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        + "}\n"
        for number, (kind, fields) in enumerate(entries)
    )
    spoken = dialect(scan(SourceText("x.bib", text))[0])
    kept = compare(text, by_refkit(form)(text, spoken))
    assert (kept.keys, kept.types, kept.lost) == (kept.entries, kept.entries, ())
