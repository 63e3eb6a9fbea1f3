"""Whatever a file's bytes are, they can be given back, and a guess is always told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refkit.errors import InputError
from refkit.normalise.encoding import decode

UMLAUT = "@misc{a, author = {Müller, Jürgen}}\n"


MARKS = st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0"])
NAMES = st.sampled_from(
    [
        None, "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "iso2022_jp", "hex", "cp037",
        "undefined", "idna", "punycode", "unicode_escape", "a\0b", "\udcff",
    ]
)  # fmt: skip


@given(MARKS, st.binary(max_size=300), NAMES)
def test_bytes_come_back_or_the_file_is_refused(
    mark: bytes, data: bytes, encoding: str | None
) -> None:
    try:
        source, _ = decode(mark + data, "x.bib", encoding)
    except InputError:
        assert encoding or b"\0" in data or mark.startswith((b"\xff", b"\xfe"))
    else:
        assert source.data() == mark + data


def test_what_only_looks_like_a_declaration() -> None:
    data = b"@misc{a, title = {On coding: hex and latin-1, M\xfcller}}"
    assert decode(data, "x.bib")[0].encoding == "cp1252"


@pytest.mark.parametrize(
    ("data", "encoding", "codes"),
    [
        (UMLAUT.encode(), "utf-8", []),
        (b"\xef\xbb\xbf" + UMLAUT.encode(), "utf-8", []),
        (b"\xff\xfe" + UMLAUT.encode("utf-16-le"), "utf-16-le", ["TXT001"]),
        (UMLAUT.encode("cp1252"), "cp1252", ["TXT001"]),
        (b"% Encoding: ISO-8859-15\n" + UMLAUT.encode("latin-1"), "iso8859-15", ["TXT001"]),
        (b"% -*- coding: latin-1 -*-\n" + UMLAUT.encode("latin-1"), "iso8859-1", ["TXT001"]),
        ("@misc{a, title = {Война и мир, или всё об этом}}".encode("cp1251"), "cp1251", ["TXT001"]),
        ("@misc{a, t = {éèàü}}".encode() + b"\xff", "utf-8", ["TXT002"]),
    ],
)
def test_encodings(data: bytes, encoding: str, codes: list[str]) -> None:
    source, problems = decode(data, "x.bib")
    assert source.encoding == encoding
    assert [problem.code for problem in problems] == codes
    assert source.data() == data


@pytest.mark.parametrize("name", ["cp037", "utf-16", "utf-32", "hex", "undefined", "klingon"])
def test_a_declaration_that_cannot_be_true_is_not_believed(name: str) -> None:
    data = b"% Encoding: " + name.encode() + b"\n" + UMLAUT.encode("latin-1")
    assert decode(data, "x.bib")[0].encoding == "cp1252"


def test_the_user_decides() -> None:
    source, problems = decode(UMLAUT.encode("cp1252"), "x.bib", "latin-1")
    assert (source.text, problems) == (UMLAUT, ())


@pytest.mark.parametrize(
    ("mark", "codec", "told"),
    [
        (b"\xff\xfe", "utf-16-le", "utf-16"),
        (b"\xff\xfe", "utf-16-le", "UTF-16LE"),
        (b"\xfe\xff", "utf-16-be", "utf16"),
        (b"", "utf-16-le", "utf-16-le"),
        (b"", "utf-16-be", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le", "utf-32"),
        (b"\xef\xbb\xbf", "utf-8", "utf-8"),
        (b"", "cp037", "cp037"),
    ],
)
def test_the_user_is_believed_where_bytes_look_binary(mark: bytes, codec: str, told: str) -> None:
    data = mark + UMLAUT.encode(codec)
    source, problems = decode(data, "x.bib", told)
    assert (source.text, source.bom, source.encoding) == (UMLAUT, mark, codec)
    assert (source.data(), problems) == (data, ())


def test_a_wrong_encoding_is_refused() -> None:
    with pytest.raises(InputError, match="not utf-8"):
        decode(UMLAUT.encode("cp1252"), "x.bib", "utf-8")
    with pytest.raises(InputError, match="no encoding named 'klingon'"):
        decode(b"", "x.bib", "klingon")
    with pytest.raises(InputError, match="not undefined"):
        decode(UMLAUT.encode(), "x.bib", "undefined")
    with pytest.raises(InputError, match="own bytes"):
        decode(UMLAUT.encode("utf-16-le"), "x.bib", "utf-16")


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(InputError, match="binary"):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "x.png")
    for encoding in ("latin-1", "utf-8"):
        with pytest.raises(InputError, match="binary"):
            decode(b"\x7fELF\0\0\0", "x.bib", encoding)
