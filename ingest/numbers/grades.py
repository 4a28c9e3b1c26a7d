"""Tell the grades of a list from those who had them: the grade was 2 in 21, 3 in 40 and 4 in 9."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.numbers.numerals import NUMBER, is_word, parse_number
from ingest.numbers.quantity import PLAIN, Quantity

GRADE = r"(?:(?:above|below|over|under|up to|less than|more than|at least|[<>≤≥])\s?)?(?:\d{1,2}[a-c]?|[a-e][12]?|i{1,3}|iv|v|#+)(?:(?:-|–|/| to | or )(?:\d{1,2}[a-c]?|[a-e][12]?|i{1,3}|iv|v))?"
"""A grade, a score or a range of them, in lower case, as it stands ahead of those who had it."""
_ITEM = rf"(?:grades? |types? |class |stage )?{GRADE} in (?:only |another |the other |the remaining )?(?P<n>{NUMBER})(?![.·]\d|\s*%)(?: (?:patients?|cases|women|men|others?|lesions|tumou?rs)\b)?(?:\s*\(\s*\d[\d.]*\s*%\s*\))?"
_ONE = re.compile(_ITEM)
_JOINT = r"(?:\s*[,;]\s*(?:and )?| and )"
_NEXT = re.compile(_JOINT)
# What is graded, ahead of the list, and no number between.
_LIST = re.compile(
    r"\b(?:grades?|grading|scores?|types?|class(?:es|ification)?|stages?|status|scales?|index|sins|ecog|frankel|asia|ais|escc|bilsky|tomita|tokuhashi|nurick|mccormick|asa)\b[^.;:\d]{0,40}?"
    rf"(?:\b(?:was|were|of|as|being|remained|reached)|[:(])\s*(?P<list>{_ITEM.replace('?P<n>', '?:')}(?:{_JOINT}{_ITEM.replace('?P<n>', '?:')})+)"
)


def with_grades(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return numbers without the grades of a list; those who had a grade are counted.

    ``low`` is the sentence in lower case, its designations blanked.
    """
    if " in " not in low or not any(each.form in PLAIN for each in found):
        return found
    for match in _LIST.finditer(low):
        start, end = match.span("list")
        outside = [each for each in found if each.end <= start or each.start >= end]
        found = sorted([*outside, *_counted(low, start, end, found)], key=lambda each: each.start)
    return found


def _counted(low: str, start: int, end: int, found: Sequence[Quantity]) -> list[Quantity]:
    counts = []
    while item := _ONE.match(low, start, end):
        first, last = item.span("n")
        known = [each for each in found if each.start <= first < each.end]
        value = parse_number(low[first:last])
        if known and known[0].form not in PLAIN:
            counts.append(known[0])
        elif value is not None:
            bare = (
                known[0] if known else Quantity("count", first, last, word=is_word(low[first:last]))
            )
            counts.append(
                replace(bare, form="count", value=value, unit="patients", numerator=int(value))
            )
        joint = _NEXT.match(low, item.end(), end)
        start = joint.end() if joint else end
    return counts
