"""Cut text into words and tell which words are the same: the home of PyStemmer.

What a word is, is said once here, for the index, for questions and for highlights.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import Stemmer

from ingest.yamlfile import load_yaml

# A number keeps its decimal point; everything else is a run of letters and digits.
WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
# Longer runs are data, not words: they are cut.
_LONGEST = 60
_VOWELS = frozenset("aeiouy")
_STEMMER: Any = Stemmer.Stemmer("english", 0)


@dataclass(frozen=True, slots=True)
class _Tables:
    stop: frozenset[str]
    numbers: dict[str, str]
    spellings: tuple[tuple[str, str], ...]
    letters: dict[int, str]
    forms: dict[str, str]


@cache
def _tables() -> _Tables:
    given = load_yaml(Path(__file__).with_suffix(".yml"))
    return _Tables(
        frozenset(given["stop"].split()),
        {str(word): str(digit) for word, digit in given["numbers"].items()},
        tuple((str(one), str(other)) for one, other in given["spellings"].items()),
        {ord(one): str(other) for one, other in given["letters"].items()},
        {str(one): str(other) for one, other in given["forms"].items()},
    )


def words(text: str) -> list[str]:
    """Return the words of a text as they are indexed: lower case, in order, stop words too."""
    return [each[:_LONGEST] for each in WORD.findall(text.lower())]


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word as indexed with its start and end: code points, ``text[start:end]``."""
    for match in WORD.finditer(text):
        # Lower case may be longer than what it stands for; the offsets are the text's own.
        yield match[0].lower()[:_LONGEST], match.start(), match.end()


def is_stop(word: str) -> bool:
    """Tell whether a word carries no topic."""
    return word in _tables().stop


@lru_cache(maxsize=400_000)
def key(word: str) -> str:
    """Return what a word has in common with its other forms: spelling, number, plural, ending.

    Snowball's English stemmer (Porter 2001, https://snowballstem.org) over folded letters.
    """
    tables = _tables()
    folded = word.translate(tables.letters)
    if not folded.isascii():
        folded = "".join(
            each
            for each in unicodedata.normalize("NFKD", folded)
            if not unicodedata.combining(each)
        )
    if folded[:1].isdigit():
        return folded.replace(",", "") if folded.count(",") and "." not in folded else folded
    folded = tables.numbers.get(folded, folded)
    for one, other in tables.spellings:
        if one in folded:
            folded = folded.replace(one, other)
    folded = tables.forms.get(folded, folded)
    stem = str(_STEMMER.stemWord(folded))
    # The stemmer keeps the s of what has no vowel before it but the last: SREs, GCTs, MRIs.
    plural = len(stem) > 3 and stem == folded and stem[-1] == "s" and stem[-2] not in "su"
    return stem[:-1] if plural and not _VOWELS & set(stem[:-2]) else stem
