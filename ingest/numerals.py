"""Read numbers written as digits or as English words."""

from __future__ import annotations

import re

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
WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES[1:])})"
DIGITS = r"(?:\d{1,3}(?:[,\u2009\u202f]\d{3})+(?!\d)|\d+)(?:[.·]\d+)?"
NUMBER = rf"(?:{DIGITS}|\b{WORD}\b)"
_WORD = re.compile(rf"\b{WORD}\b", re.IGNORECASE)


def parse_number(text: str) -> float:
    """Return the value of a number as printed; raise ``ValueError`` for anything else."""
    plain = text.strip().lower()
    if plain and (plain[0].isdigit() or plain[0] == "."):
        return float(re.sub(r"[,\u2009\u202f](?=\d{3})", "", plain).replace("·", "."))
    if not _WORD.fullmatch(plain):
        raise ValueError(f"number: {text!r} is not a number; digits or an English word expected")
    return float(sum(_VALUES[part] for part in re.split(r"[- ]", plain)))


def is_word(text: str) -> bool:
    """Tell whether a printed number is written in letters."""
    return bool(_WORD.fullmatch(text.strip()))
