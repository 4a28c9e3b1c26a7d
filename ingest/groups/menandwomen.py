"""Add up the men and women of whom a report says that they were all: there were 40 men and 20 women."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.numbers.quantity import COUNTS, Quantity

_BOTH = re.compile(
    r"\b(?:women|females?|girls)\b.*\b(?:men|males?|boys)\b|\b(?:men|males?|boys)\b.*\b(?:women|females?|girls)\b"
)
# "There were 40 men and 20 women": all of them, but not "20 women who had a relapse"
_THERE_WERE = re.compile(
    r"(?:(?:there were|a total of|(?:the |our |these |all )*(?:patients|individuals|subjects|participants|cases|(?:study )?(?:group|population|cohort|series|sample)) (?:were|included|comprised|consisted of|was composed of|were composed of)|we (?:studied|reviewed|treated|operated (?:up)?on)) )*"
)
_OF_SOME = re.compile(
    r" (?:who|whose|with(?! (?:an? |the )?(?:mean|median|average|age))|died|developed)\b"
)


def names_both(low: str) -> bool:
    """Tell whether a text names men as well as women."""
    return _BOTH.search(low) is not None


def men_and_women(plain: str, quantities: Sequence[Quantity], defining: bool) -> int | None:
    """Return how many men and women there were, where a sentence opens with both and names no others.

    ``defining`` is true ahead of the results, where those of whom more is said are all as well.
    """
    people = [each for each in quantities if each.unit == "patients" and each.form in COUNTS]
    if len(people) != 2 or not _THERE_WERE.fullmatch(plain, 0, people[0].start):
        return None
    one, other = people
    told = f"{plain[one.start : one.end]} {plain[other.start : other.end]}"
    paired = _BOTH.search(told) and plain[one.end : other.start].strip(" ,") == "and"
    if not paired or (not defining and _OF_SOME.match(plain, other.end)):
        return None
    return (one.numerator or 0) + (other.numerator or 0)
