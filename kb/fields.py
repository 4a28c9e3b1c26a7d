"""Name the fields that a question may ask for, and read what is typed of their values.

``year:1995..2006``, ``year:>=2000``, ``date:[2000-01 TO 2001-06]``, ``kind:risk``.
"""

from __future__ import annotations

import re

from kb.questions import Restriction

# Fields of text, by what may be typed, and those of which a value is asked.
TEXT_FIELDS = {
    "title": "title",
    "abstract": "body",
    "text": "body",
    "fulltext": "body",
    "mesh": "mesh",
    "keyword": "mesh",
    "keywords": "mesh",
    "author": "authors",
    "authors": "authors",
    "journal": "journal",
    "claim": "claims",
    "claims": "claims",
}
VALUE_FIELDS = {
    each: each
    for each in [
        "kind",
        "design",
        "procedure",
        "tumour",
        "level",
        "measure",
        "assertion",
        "polarity",
        "year",
        "date",
        "article",
    ]
} | {
    "tumor": "tumour",
    "pmid": "article",
    "doi": "article",
    "pmcid": "article",
    "evidence": "level_of_evidence",
}
_RANGES = ("year", "date", "level_of_evidence")
_BETWEEN = re.compile(r"^\[?\s*(?P<low>[\w*-]*?)\s*(?:\.\.|\bTO\b)\s*(?P<high>[\w*-]*?)\s*\]?$")
_YEARS = re.compile(r"^(?P<low>\d{4})-(?P<high>\d{4})$")
_COMPARED = re.compile(r"^(?P<sign>[<>]=?)(?P<value>\d{1,4}(?:-\d\d){0,2})$")
_DATE = re.compile(r"\d{1,4}(?:-\d\d){0,2}")


def read_value(field: str, raw: str) -> Restriction | None:
    """Return what a field is restricted to: a value, or a range of years or dates; else None."""
    raw = raw.strip()
    if field not in _RANGES:
        return Restriction(field, raw, raw) if raw.strip("[] ") else None
    compared = _COMPARED.match(raw)
    if compared:
        low = compared["value"] if compared["sign"].startswith(">") else None
        high = compared["value"] if compared["sign"].startswith("<") else None
        if compared["sign"] == ">":
            low = _after(compared["value"])
        if compared["sign"] == "<":
            high = _before(compared["value"])
        return Restriction(field, low, high)
    between = _BETWEEN.match(raw) or _YEARS.match(raw)
    ends = (between["low"], between["high"]) if between else (raw, raw)
    low, high = ("" if each == "*" else each for each in ends)
    if not (low or high) or any(each and not _DATE.fullmatch(each) for each in (low, high)):
        return None
    return Restriction(field, low or None, high or None)


def _after(value: str) -> str:
    """Return the first date after every date that begins so."""
    return str(int(value) + 1) if value.isdigit() else value + "~"


def _before(value: str) -> str:
    return str(int(value) - 1) if value.isdigit() else value[:-1] + chr(ord(value[-1]) - 1)
