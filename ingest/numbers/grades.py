"""Tell the grades of a list from those who had them: the grade was 2 in 21, 3 in 40 and 4 in 9."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.numbers.numerals import NUMBER, is_word, parse_number
from ingest.numbers.quantity import PLAIN, Quantity

GRADE = r"(?:(?:above|below|over|under|up to|less than|more than|at least|[<>≤≥])\s?)?(?:\d{1,2}[a-c]?|[a-e][12]?|i{1,3}|iv|v|#+)(?:(?:-|–|/| to | or )(?:\d{1,2}[a-c]?|[a-e][12]?|i{1,3}|iv|v))?"
"""A grade, a score or a range of them, in lower case, as it stands ahead of those who had it."""
_ITEM = rf"(?:grades? |types? |class |stage )?{GRADE} in (?:only |another |the other |the remaining )?(?P<n>{NUMBER})(?![.·]\d|\s*%)(?: (?:patients?|individuals|subjects|participants?|cases|women|men|others?|lesions|tumou?rs)\b)?(?:\s*\(\s*\d[\d.]*\s*%\s*\))?"
_ONE = re.compile(_ITEM)
_JOINT = r"(?:\s*[,;]\s*(?:and )?| and )"
_NEXT = re.compile(_JOINT)
# What is graded, ahead of the list, and no number between.
_LIST = build_rule(
    r"(?:\b(?:was|were|being) (?=#{5,} in )|\b(?:grades?|grading|scores?|types?|class(?:es|ification)?|stages?|status|scales?|index|sins|ecog|frankel|asia|ais|escc|bilsky|tomita|tokuhashi|nurick|mccormick|asa)\b[^.;:\d]{0,40}?"
    rf"(?:\b(?:was|were|of|as|being|remained|reached)|[:(])\s*)(?P<list>{_ITEM.replace('?P<n>', '?:')}(?:{_JOINT}{_ITEM.replace('?P<n>', '?:')})+)"
)

# "ASIA scale A, 43; B, 16; C, 58", "Frankel A (4), B (8) and C (20)"
_LETTERED = rf"(?:[a-e]|#+)(?:, |: | ?\((?:n ?= ?)?)(?P<n>{NUMBER})(?![.·]\d|\s*%)(?: (?:patients?|individuals|subjects|participants?|cases)\b)?(?:,? \d[\d.]* ?%)?\)?"
_ONE_LETTERED = re.compile(_LETTERED)
_LIST_LETTERED = re.compile(
    rf"\b(?:grades?|scales?|class|frankel|asia|ais)\b[^.;:\d]{{0,40}}?[ (:](?P<list>{_LETTERED.replace('?P<n>', '?:')}(?:{_JOINT}{_LETTERED.replace('?P<n>', '?:')}){{2,}})"
)
# "3 cases were rated as grade B, 7 as grade C and 6 as grade D"
_PEOPLE = r" (?:patients?|individuals|subjects|participants?|cases?|wom[ae]n|m[ae]n|children|child|girls?|boys?|others?)"
_AS = r"(?: ?\(\s*\d[\d.]* ?%\s*\))?(?: (?:were|was|had|being))?(?: (?:rated|graded|classified|scored|assessed))? (?:(?:as|with|in|at|of|to) )?(?:(?:an? )?(?:grades?|class|types?|stages?) (?:[a-e][12]?|i{1,3}|iv|v)(?![\w'])|#{5,})"
_COUNT = rf"{NUMBER}(?![.·]\d|\s*%)"
_ONE_RATED = re.compile(rf"(?P<n>{_COUNT})(?:{_PEOPLE})?{_AS}")
_LIST_RATED = build_rule(
    rf"(?P<list>{_COUNT}{_PEOPLE}{_AS}(?:{_JOINT}{_COUNT}(?:{_PEOPLE})?{_AS})+)"
)
RATED_AS = re.compile(rf"(?:{_PEOPLE})?{_AS}")
"""What stands behind a count of those who had a grade: cases were rated as grade B."""
_LETTER_HINTS = ("b, ", "b (", "b: ")


def with_grades(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return numbers without the grades of a list; those who had a grade are counted.

    ``low`` is the sentence in lower case, its designations blanked.
    """
    if not any(each.form in PLAIN for each in found):
        return found
    for rule, one in (
        (_LIST if " in " in low else None, _ONE),
        (_LIST_RATED if "grade" in low or "class" in low else None, _ONE_RATED),
        (_LIST_LETTERED if holds_any(low, _LETTER_HINTS) else None, _ONE_LETTERED),
    ):
        for match in rule.finditer(low) if rule else ():
            start, end = match.span("list")
            outside = [each for each in found if each.end <= start or each.start >= end]
            counted = _counted(low, start, end, found, one)
            found = sorted([*outside, *counted], key=lambda each: each.start)
    return found


def _counted(
    low: str, start: int, end: int, found: Sequence[Quantity], one: re.Pattern[str]
) -> list[Quantity]:
    counts, opened = list[Quantity](), start
    while item := one.match(low, start, end):
        first, last = item.span("n")
        # "Grade 3 in 10" is no three of ten.
        known = [each for each in found if each.start == first]
        value = parse_number(low[first:last])
        if known and known[0].form not in PLAIN:
            counts.append(known[0])
        elif value is not None:
            bare = (
                known[0] if known else Quantity("count", first, last, word=is_word(low[first:last]))
            )
            count = replace(bare, form="count", value=value, unit="patients", numerator=int(value))
            counts.append(replace(count, marks=(opened,)))
        joint = _NEXT.match(low, item.end(), end)
        start = joint.end() if joint else end
    return counts
