"""What LaTeX commands mean in bibliography fields: one table, read both ways."""

from __future__ import annotations

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "h": "\u0309", "r": "\u030a", "H": "\u030b", "v": "\u030c",
    "G": "\u030f", "U": "\u030e", "f": "\u0311", "d": "\u0323", "textcommabelow": "\u0326",
    "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361", "textogonekcentered": "\u0328",
}  # fmt: skip
"""Accent commands and their combining marks, the usual spelling of a mark first."""

BARE_ACCENTS = {
    "`": "`", "'": "\u00b4", "^": "^", "~": "~", "=": "\u00af", "u": "\u02d8", ".": "\u02d9",
    '"': "\u00a8", "r": "\u02da", "H": "\u02dd", "v": "\u02c7", "c": "\u00b8", "k": "\u02db",
}  # fmt: skip
"""What an accent over nothing prints."""

LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ",
    "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "i": "ı", "j": "ȷ", "ij": "ĳ", "IJ": "Ĳ",
}  # fmt: skip

SYMBOLS = {
    "&": "&", "%": "%", "#": "#", "_": "_", "$": "$", "{": "{", "}": "}", " ": " ", "\n": " ",
    "\t": " ", "\r": " ", "\\": " ", ",": "\u2009", ";": " ", ":": " ", "!": "", "-": "",
    "/": "", "@": "", "*": "", "textbackslash": "\\", "textbraceleft": "{",
    "textbraceright": "}", "lbrace": "{", "rbrace": "}", "textasciitilde": "~",
    "textasciicircum": "^", "textunderscore": "_", "textdollar": "$", "textasciigrave": "`",
    "textquotesingle": "'", "textquotedbl": '"', "textless": "<", "textgreater": ">",
    "textbar": "|", "textendash": "–", "textemdash": "—", "textquoteleft": "‘",
    "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "lq": "‘",
    "rq": "’", "quotesinglbase": "‚", "quotedblbase": "„", "glqq": "„", "grqq": "“",
    "glq": "‚", "grq": "‘", "guillemotleft": "«", "guillemotright": "»", "guillemetleft": "«",
    "guillemetright": "»", "flqq": "«", "frqq": "»", "guilsinglleft": "‹",
    "guilsinglright": "›", "flq": "‹", "frq": "›", "ldots": "…", "dots": "…",
    "textellipsis": "…", "textbullet": "•", "textperiodcentered": "·", "textdegree": "°",
    "degree": "°", "textcopyright": "©", "copyright": "©", "textregistered": "®",
    "texttrademark": "™", "S": "§", "textsection": "§", "P": "¶", "textparagraph": "¶",
    "dag": "†", "textdagger": "†", "ddag": "‡", "textdaggerdbl": "‡", "pounds": "£",
    "textsterling": "£", "euro": "€", "texteuro": "€", "textyen": "¥", "textcent": "¢",
    "textordfeminine": "ª", "textordmasculine": "º", "textexclamdown": "¡",
    "textquestiondown": "¿", "textmu": "µ", "textpm": "±", "texttimes": "×", "textdiv": "÷",
    "textonehalf": "½", "textonequarter": "¼", "textthreequarters": "¾", "textnumero": "№",
    "textonesuperior": "¹", "texttwosuperior": "²", "textthreesuperior": "³",
    "slash": "/", "bibrangedash": "–", "endash": "–", "emdash": "—", "Dash": "—", "hyphen": "-",
    "LaTeX": "LaTeX", "TeX": "TeX",
    "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "XeTeX": "XeTeX", "LuaTeX": "LuaTeX",
    "newline": " ", "par": " ", "quad": " ", "qquad": " ", "enspace": " ", "space": " ",
    "thinspace": "\u2009", "nobreakspace": "\u00a0", "relax": "", "protect": "", "null": "",
    "noindent": "", "nobreak": "", "allowbreak": "", "textcompwordmark": "", "leavevmode": "",
}  # fmt: skip

ITALIC = ("<i>", "</i>")
BOLD = ("<b>", "</b>")
SUB = ("<sub>", "</sub>")
SUP = ("<sup>", "</sup>")
SMALL_CAPS = ('<span style="font-variant:small-caps;">', "</span>")
NOCASE = ('<span class="nocase">', "</span>")
NONE = ("", "")

WRAPS = {
    "textit": ITALIC, "textbf": BOLD, "textsubscript": SUB, "textsuperscript": SUP,
    "textsc": SMALL_CAPS, "emph": ITALIC, "textsl": ITALIC, "mkbibemph": ITALIC,
    "mkbibitalic": ITALIC, "mkbibbold": BOLD, "mkbibsuperscript": SUP, "mkbibsubscript": SUB,
    "mkbibquote": ("“", "”"), "textquote": ("“", "”"), "mkbibparens": ("(", ")"),
    "mkbibbrackets": ("[", "]"),
    "texttt": NONE, "textrm": NONE, "textsf": NONE, "textnormal": NONE, "textup": NONE,
    "textmd": NONE, "underline": NONE, "uline": NONE, "mbox": NONE, "hbox": NONE, "fbox": NONE,
    "text": NONE, "mathrm": NONE, "MakeSentenceCase": NONE, "MakeCapital": NONE,
    "footnote": (" (", ")"), "nolinkurl": NONE, "MakeSentenceCase*": NONE,
}  # fmt: skip
"""Commands of one argument that become markup or text around it, usual spelling first."""

SWITCHES = {
    "it": ITALIC, "em": ITALIC, "sl": ITALIC, "itshape": ITALIC, "slshape": ITALIC, "bf": BOLD,
    "bfseries": BOLD, "sc": SMALL_CAPS, "scshape": SMALL_CAPS, "rm": NONE, "tt": NONE,
    "sf": NONE, "rmfamily": NONE, "ttfamily": NONE, "sffamily": NONE, "upshape": NONE,
    "mdseries": NONE, "normalfont": NONE, "small": NONE, "footnotesize": NONE, "tiny": NONE,
    "large": NONE, "Large": NONE, "normalsize": NONE,
}  # fmt: skip
"""Commands that hold to the end of the group they stand in."""

DROPPED = frozenset(
    "noopsort SortNoop hspace vspace label index phantom hphantom vphantom selectlanguage".split()
)
"""Commands whose one argument prints nothing."""

SECOND = frozenset("href foreignlanguage textcolor texorpdfstring switchargs".split())
"""Commands of two arguments, of which the second is what is read."""

GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"
        " varsigma sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma"
        " Upsilon Phi Psi Omega varepsilon vartheta varphi".split(),
        "αβγδεζηθικλμνξοπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩεθφ",
        strict=True,
    )
)
