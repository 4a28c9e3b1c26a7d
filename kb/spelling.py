"""Suggest what a word that no text has was meant to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kb.words import key

# One slip in a short word, two in a long one; shorter words are codes (T4, SINS).
_SHORTEST, _LONG = 4, 8


def suggest(word: str, forms: Mapping[str, Sequence[tuple[str, int]]]) -> str | None:
    """Return the commonest known word within one slip (two for a long word) of a word; None for none.

    Slips are those of Damerau (1964, doi:10.1145/363958.363994): a letter too many, missing, wrong,
    or two changed about.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    counts: dict[str, int] = {}
    for found in forms.values():
        for form, count in found:
            if abs(len(form) - len(word)) <= 2 and form.isalpha():
                counts[form] = counts.get(form, 0) + count
    slips = 2 if len(word) >= _LONG else 1
    near = process.extract(
        word, list(counts), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=20
    )
    near = [each for each in near if key(each[0]) != key(word)]
    if not near:
        return None
    # The first letter is seldom wrong (Yannakoudakis and Fawthrop 1983, doi:10.1016/0306-4573(83)90045-6).
    return str(min(near, key=lambda each: (each[1] + (each[0][0] != word[0]), -counts[each[0]]))[0])
