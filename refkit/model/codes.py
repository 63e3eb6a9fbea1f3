"""Every diagnostic code and what it means; a code has one meaning, whoever reports it."""

from __future__ import annotations

CODES = {
    # what a file's syntax breaks
    "SYN001": "an entry is broken: a delimiter is missing or out of place",
    "SYN002": "a @string, @preamble or other block is broken",
    "SYN003": "an entry has no citation key",
    "SYN004": "a citation key holds blanks or quotes",
    "SYN005": "fields follow the end of their entry",
    "SYN006": "a stray comma",
    "SYN007": "a value of several words has no delimiters",
    "SYN008": "a @comment is never closed",
    "SYN009": "a commented-out entry that some programs read",
    "SYN010": "a comma is missing between fields",
    "SYN020": "the text is not of its format",
    "SYN021": "the file ends inside a record or a list",
    "SYN022": "something stands where a record should",
    "SYN023": "a record does not begin with its type",
    "SYN024": "a value is nested too deeply or repeated too often, and cut",
    # what keys, types, fields and links of a .bib file say wrongly
    "KEY001": "a citation key is that of an earlier entry",
    "KEY002": "a citation key is written in another form or made up",
    "KEY010": "a key pattern says nothing of an entry, which gets another key",
    "KEY011": "the key that a pattern gives is taken, and gets a suffix",
    "KEY012": "a key that is changed is that of several entries",
    "TYP001": "an entry type is unknown",
    "FLD001": "a field is given twice",
    "FLD002": "a macro is not defined",
    "FLD003": "the macros of a value come to too much text",
    "XRF001": "a link names no entry of the file",
    "XRF002": "a link leads back to its entry or goes back too far",
    # what a file's text and the values of other formats say wrongly
    "TXT001": "the text is read in a guessed or unusual encoding",
    "TXT002": "bytes are not of the file's encoding",
    "VAL001": "a record's type is missing or unknown",
    "VAL002": "a value cannot be read, or not in full",
    "VAL003": "an item has no id",
    "VAL004": "what is no character is read as U+FFFD",
    # what a written file does not hold
    "LOS001": "a field is left out",
    "LOS002": "a field is not held in full",
    "LOS003": "a type is written as another one",
    "LOS004": "citation keys are lost",
    "LOS005": "several entries have one key",
    "LOS006": "'and others' is written as a name",
    "LOS007": "an entry that is no work is left out",
    "LOS008": "braces that do not balance are written as text",
    "LOS009": "what is no character is written as U+FFFD",
    "LOS010": "a part of a file that is of no entry is left behind",
    "LOS011": "a link to another entry is left out, and what came from it written",
    # what is changed so that a program takes it
    "FIT001": "a type that the program does not know is written as another one",
    "FIT002": "a value that the program would lose is written into another field",
    "FIT003": "a field that the program cannot use is left out or not read",
    "FIT004": "a value is rewritten so that the program can read it",
    "FIT005": "'and others' is left out, which the program takes for a name",
    "FIT006": "a character that the program cannot set",
    "FIT007": "a field is written under another name that the program reads",
    "FIT008": "a field is added that the program needs",
    # what cannot be changed in a file in place
    "FIX001": "an entry is broken and left alone",
    "FIX002": "the field's place is taken",
    "FIX003": "the file's format has no field for a value",
    "FIX004": "a value cannot be written",
    # what a paper asks of its libraries
    "PAP001": "a cited key is in no library",
    "PAP002": "libraries say different things under one key",
    "PAP003": "a library holds nothing that is cited",
    "PAP004": "a file that a paper names is not there",
    "PAP005": "a library's entries are written anew for the paper's dialect",
    # what a style makes of an entry
    "STY001": "a style cannot format an entry",
    "STY002": "a style misses something in an entry",
    # journals' names
    "JRN001": "no full name is known for an abbreviated journal",
    "JRN002": "several full names fit an abbreviated journal",
    # catalogues
    "CAT001": "a catalogue's record cannot be read",
}
