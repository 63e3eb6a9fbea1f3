"""What BibLaTeX's localisation keys and babel's language names stand for.

Keys are from the BibLaTeX manual, section 4.9.2 (English texts); the languages are those of
its section 3.1.2 (table of supported languages) and babel's, against BCP 47 tags.
"""

from __future__ import annotations

import re

_COUNTRIES = {
    "de": "Germany", "eu": "European Union", "ep": "European Union", "fr": "France",
    "uk": "United Kingdom", "us": "United States of America",
}  # fmt: skip
_PATENTS = {
    "de": "German", "eu": "European", "fr": "French", "uk": "British", "us": "U.S.",
}  # fmt: skip

STRINGS = {
    "bathesis": "Bachelor’s thesis", "mathesis": "Master’s thesis", "phdthesis": "PhD thesis",
    "candthesis": "Candidate thesis", "techreport": "technical report",
    "resreport": "research report", "software": "computer software", "datacd": "CD-ROM",
    "audiocd": "audio CD", "patent": "patent", "patreq": "patent request", "file": "file",
    "library": "library", "abstract": "abstract", "annotation": "annotations",
    "inpreparation": "in preparation", "submitted": "submitted", "forthcoming": "forthcoming",
    "inpress": "in press", "prepublished": "pre-published", "newseries": "new series",
    "oldseries": "old series", "and": "and", "jourser": "series", "version": "version",
    "volume": "volume",
}  # fmt: skip
STRINGS |= {f"country{code}": name for code, name in _COUNTRIES.items()}
STRINGS |= {f"patent{code}": f"{name} patent" for code, name in _PATENTS.items()}
STRINGS |= {f"patreq{code}": f"{name} patent request" for code, name in _PATENTS.items()}

_WRITTEN = (
    """bathesis mathesis phdthesis candthesis techreport resreport software datacd audiocd
    inpreparation submitted forthcoming inpress prepublished""".split()
    + [key for key in STRINGS if key.startswith("pat")]
)
KEYS = {STRINGS[key].casefold().replace("’", "'"): key for key in _WRITTEN}
"""The key that stands for a genre or state (folded, with a straight apostrophe)."""

_LANGUAGES = """acadian fr-CA; afrikaans af; albanian sq; american en-US; arabic ar; armenian hy;
australian en-AU; austrian de-AT; basque eu; belarusian be; bengali bn; brazil pt-BR;
brazilian pt-BR; breton br; british en-GB; bulgarian bg; canadian en-CA; canadien fr-CA;
catalan ca; chinese zh; croatian hr; czech cs; danish da; dutch nl; english en; esperanto eo;
estonian et; farsi fa; persian fa; finnish fi; francais fr; french fr; frenchb fr; galician gl;
georgian ka; german de; germanb de; greek el; hebrew he; hindi hi; hungarian hu; icelandic is;
indonesian id; interlingua ia; irish ga; italian it; japanese ja; kannada kn; kazakh kk;
khmer km; korean ko; kurmanji kmr; lao lo; latin la; latvian lv; lithuanian lt;
lowersorbian dsb; macedonian mk; magyar hu; malay ms; malayalam ml; marathi mr; mexican es-MX;
mongolian mn; naustrian de-AT; newzealand en-NZ; ngerman de-DE; norsk nb; norwegian no;
nswissgerman de-CH; nynorsk nn; occitan oc; piedmontese pms; polish pl; polutonikogreek el;
portuges pt; portuguese pt; romanian ro; romansh rm; russian ru; sanskrit sa; scottish gd;
serbian sr; serbianc sr-Cyrl; slovak sk; slovene sl; slovenian sl; spanish es; swedish sv;
swiss de-CH; swissgerman de-CH; tamil ta; telugu te; thai th; tibetan bo; turkish tr;
turkmen tk; ukenglish en-GB; ukrainian uk; uppersorbian hsb; urdu ur; usenglish en-US;
vietnamese vi; welsh cy"""

LANGUAGES: dict[str, str] = dict(pair.split() for pair in _LANGUAGES.replace("\n", " ").split("; "))
"""BCP 47 tags by babel's language name."""

_CODES = {
    "chi": "zh", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "eng": "en", "fra": "fr",
    "fre": "fr", "ger": "de", "ita": "it", "jpn": "ja", "lat": "la", "nld": "nl", "por": "pt",
    "rus": "ru", "spa": "es", "swe": "sv", "zho": "zh",
}  # fmt: skip
_PREFERRED = ("american", "brazilian", "british", "english", "french", "german", "greek",
              "hungarian", "ngerman", "portuguese", "norsk", "persian", "slovene", "swissgerman",
              "austrian", "canadien")  # fmt: skip
_NAMES = {tag: name for name, tag in LANGUAGES.items()}
_NAMES |= {LANGUAGES[name]: name for name in _PREFERRED} | {"de": "ngerman"}
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)


def language_tag(text: str) -> str:
    """Return the BCP 47 tag of a babel name, `lang…` key or tag; other text as it is.

    Of a list ("langlatin and langgerman") the first counts, for CSL has one language.
    """
    first = re.split(r"\s+and\s+|\s*[,;]\s*", text.strip(), maxsplit=1)[0]
    name = first.casefold()
    known = _CODES.get(name) or LANGUAGES.get(name) or LANGUAGES.get(name.removeprefix("lang"))
    if known:
        return known
    if _TAG.fullmatch(first) and ("-" in first or "_" in first or len(first) == 2):
        return _canonical(first)
    return first


def _canonical(tag: str) -> str:
    head, *rest = tag.replace("_", "-").split("-")
    sized = [part.upper() if len(part) == 2 else part.title() for part in rest]
    return "-".join([head.lower(), *sized])


def babel_name(tag: str) -> str:
    """Return babel's name of the language that a tag, code or name means, "" if none is known."""
    canonical = _canonical(language_tag(tag))
    return _NAMES.get(canonical) or _NAMES.get(canonical.split("-")[0], "")


def ordinal(number: int) -> str:
    """Return an English ordinal: 1st, 2nd, 3rd, 11th."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
