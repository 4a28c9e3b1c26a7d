"""Read numbers written as digits or as English words."""

from __future__ import annotations

import re
from functools import cache

from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: value for value, word in enumerate(_ONES)}
_VALUES |= {word: 10 * (index + 2) for index, word in enumerate(_TENS)}

# "one" alone is a pronoun as often as a number: callers ask for a noun beside it.
_BELOW = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES[1:])})"
_HUNDREDS = rf"(?:{'|'.join(_ONES[1:10])}|a)[- ]hundred(?:(?: and)?[- ]{_BELOW})?"
_THOUSAND = rf"(?:{_BELOW}|a)[- ]thousand(?:,?(?: and)?[- ](?:{_HUNDREDS}|{_BELOW}))?"
WORD = rf"(?:{_THOUSAND}|{_HUNDREDS}|{_BELOW}|dozen)"
# Thousands are parted by a comma, a thin blank, or before a unit a plain one; the point may stand high (The Lancet); a comma
# is a decimal one only before a unit, where no list of whole numbers can stand.
DIGITS = (
    r"(?:\d{1,3}(?:[,\u2009\u202f\u00a0]\d{3})+(?!,?\d)(?:[.·]\d+)?|\d+[.·∙]\d+"
    r"|[1-9]\d{0,2}(?: \d{3})+(?=\s?(?:[a-z-]+ )?(?:ml|cc|patients|individuals|subjects|cases|women|men|adults|participants)\b|\s?(?:to|-|–)\s?\d{1,3} \d{3}\b|\s?\(\d{1,3}(?:\.\d+)?\s?%)"
    r"|(?<![\w.·])\.\d+|\d+,\d{1,2}(?=\s?(?:%|m[lm]?\b|cm|h\b|hours|min|months|days|points|gy|cc|l\b))|\d+)"
)
NUMBER = rf"(?:{DIGITS}|\b{WORD}\b)"
_WORD = re.compile(rf"\b{WORD}\b", re.IGNORECASE)
_POINT = re.compile(r"[·∙,]")
_THOUSANDS = re.compile(r"[, \u2009\u202f\u00a0](?=\d{3}(?!\d))")
# A number is no part of a word or of another number. What begins with a sign is found quickly, so
# that words are looked for only where one stands at all.
_FREE = r"(?<![\w./#·]{0})(?<![\d#],{0})(?<![\d%)][-–—−]{0})(?<![a-z][-–‑]{0})"
_DIGITS_START = re.compile(rf"[-−–.\d]{_FREE.format('.')}(?:(?<=\d)|(?<=[-−–])(?=\.?\d)|(?=\d))")
_WORD_START = build_rule(rf"{_FREE.format('')}(?=[a-z])(?={WORD}\b)")


def parse_number(text: str) -> float:
    """Return the value of a number as printed; raise ``ValueError`` for anything else."""
    if text.isdigit():
        return float(text)
    plain = text.strip().lower()
    sign = -1.0 if plain[:1] in {"-", "−", "–"} else 1.0
    plain = plain.lstrip("-−–").strip()
    if plain and (plain[0].isdigit() or plain[0] in ".·"):
        if not plain.isdigit():
            plain = _POINT.sub(".", _THOUSANDS.sub("", plain))
        return sign * float(plain)
    if not _WORD.fullmatch(plain):
        raise ValueError(f"number: {text!r} is not a number; digits or an English word expected")
    return sign * _spelled(plain)


def _spelled(words: str) -> float:
    total = thousands = 0
    for part in re.split(r"[-, ]+", words):
        if part == "hundred":
            total = max(total, 1) * 100
        elif part == "thousand":
            thousands, total = max(total, 1) * 1000, 0
        elif part == "dozen":
            total += 12
        else:
            total += _VALUES.get(part, 0)
    return float(thousands + total)


def is_word(text: str) -> bool:
    """Tell whether a printed number is written in letters."""
    return bool(_WORD.fullmatch(text.strip()))


def number_starts(low: str) -> list[int]:
    """Return where numbers begin that are no part of a word or of another number."""
    found = [match.start() for match in _DIGITS_START.finditer(low)]
    if names_number(low):
        found += [match.start() for match in _WORD_START.finditer(low)]
        found.sort()
    return found


def names_number(low: str) -> bool:
    """Tell whether a number's word stands in a text in lower case."""
    return _words().found(low)


@cache
def _words() -> Wordings:
    return compile_wordings([rf"\b{WORD}\b"])
