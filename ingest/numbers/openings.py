"""Read counts that are told behind the two groups they are of: of 20 in A and 31 in B, 2 and 9 died."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from ingest.numbers.numerals import NUMBER
from ingest.numbers.quantity import PLAIN, Quantity

_WORDS = r"(?:(?!\b(?:had|was|were|underwent|received|died|developed|showed|did)\b)[^,;:.()\d#])"
_OPENERS = ("of ", "among", "in ")
_PAIR = re.compile(r"(?:\s*\([^()]*\))?,? and (?:in )?")


@cache
def _opening() -> re.Pattern[str]:
    """Return what heads a sentence with two groups whose sizes it names."""
    return re.compile(
        rf"(?:of|among|amongst|in) (?:the |our )?(?P<one>{NUMBER})\b{_WORDS}{{3,70}}? and (?:of |in |among )?"
        rf"(?:the |our )?(?P<two>{NUMBER})\b{_WORDS}{{3,70}}, "
    )


def with_opening_groups(low: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Return numbers with two of them as parts of the groups that a sentence opens with."""
    opened = len(found) > 2 and low.startswith(_OPENERS) and " and " in low
    head = _opening().match(low) if opened else None
    if head is None:
        return list(found)
    sizes = {
        name: next((each for each in found if each.start == head.start(name)), None)
        for name in ("one", "two")
    }
    one, two = (_size(each) for each in sizes.values())
    behind = [each for each in found if each.start >= head.end()]
    for first, second in pairwise(behind):
        joined = _PAIR.fullmatch(low, first.end, second.start)
        parts = _size(first), _size(second)
        if not joined or one is None or two is None or None in parts:
            continue
        if (parts[0] or 0) > one or (parts[1] or 0) > two:
            return list(found)
        dealt = {first.start: one, second.start: two}
        kept = [each for each in found if each not in sizes.values()]
        return [_part(each, dealt[each.start]) if each.start in dealt else each for each in kept]
    return list(found)


def _size(each: Quantity | None) -> int | None:
    """Return how many a number counts, None where it is no plain count."""
    if each is None or each.denominator or each.low is not None:
        return None
    if each.form in {"count", "share"}:
        return each.numerator
    whole = each.form in PLAIN and each.value is not None and each.value % 1 == 0
    return int(each.value or 0) if whole and not each.unit else None


def _part(each: Quantity, whole: int) -> Quantity:
    count = _size(each)
    return replace(
        each, form="ratio", numerator=count, denominator=whole, value=None, unit="patients"
    )
