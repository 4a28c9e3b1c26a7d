"""Read the changes that a list goes on with: pain fell (7 to 3), and so did disability (54 to 22)."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.numbers.quantity import Quantity

# "from 58 to 24 | in group a and | 61 to 40", "(7 to 3; p < 0.01), vitality (| 31 to 47"
_GOES_ON = re.compile(
    r"(?:[^()\[\]]{0,40}[)\]])?(?: (?:in|at|for|with|after|among) (?:[^,;:()\d]|\b[a-z]\d{1,2}\b){2,50}?)?"
    r"(?:;|,|,? and|,? while|,? versus|,? vs\.?)(?: and)? (?:from |(?!range|iqr|between)[a-z][a-z '/-]{1,60}?(?:,? from |,? ?[(\[]|, ))?"
)
_RANGE = re.compile(r"(?: ?(?:points?|%|[a-z]{1,7}))? [(\[](?:range|iqr)?[\s,:]*")
_TO = " to "
_PLAIN = frozenset(["score", "value", "percent"])


def with_courses(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return numbers, each "a to b" that goes on with a change before it as a change as well.

    What stands in a bracket right behind a change is the range of its last value: from 8 to 3 (1 to 5).
    """
    if _TO not in low or not any(each.form == "change" for each in found):
        return found
    kept: list[Quantity] = []
    last: Quantity | None = None
    rest = list(found)
    while rest:
        each = rest.pop(0)
        if last is not None and each.form == "change" and _is_range(low, last, each):
            continue
        joined = _joined(low, each, rest[0]) if last and rest else None
        if last is not None and joined is not None and _is_course(low, last, joined):
            each = joined
            rest.pop(0)
        if last is not None and _is_course(low, last, each):
            cut = low.index(_TO, each.start)
            ends = (each.start, cut, cut + len(_TO), each.end)
            each = replace(each, form="change", marks=ends)
        kept.append(each)
        last = each if each.form == "change" else last
    return kept


def _is_range(low: str, last: Quantity, each: Quantity) -> bool:
    """Tell whether a stretch is in the bracket right behind a change, and no other unit of the same."""
    told = low[each.start : each.end]
    alike = each.unit in {None, last.unit} and "±" not in told and "from" not in told
    return alike and _RANGE.fullmatch(low, last.end, each.start) is not None


def _joined(low: str, one: Quantity, other: Quantity) -> Quantity | None:
    """Return a number that falls to the next as both ends of one stretch: 61 to 40."""
    if low[one.end : other.start] != _TO or not _falls(one, other):
        return None
    start, first, last = one.start, _size(one), _size(other)
    return replace(other, start=start, low=first, high=last, value=None, percent=None)


def _falls(one: Quantity, other: Quantity) -> bool:
    """Tell whether a number without a unit, or a percent, is greater than the next of its kind."""
    plain = other.form in _PLAIN and one.form in {"score", other.form}
    first, last = _size(one), _size(other)
    return plain and one.spread is None is other.spread and (first or 0) > (last or 0) > 0


def _size(each: Quantity) -> float | None:
    return each.percent if each.form == "percent" else each.value


def _is_course(low: str, last: Quantity, each: Quantity) -> bool:
    """Tell whether a stretch that is printed with "to" goes on with the change before it."""
    if each.form not in _PLAIN or each.value is not None or None in (each.low, each.high):
        return False
    alike = each.unit in {last.unit, None} or last.unit is None
    between = _GOES_ON.fullmatch(low, last.end, each.start)
    return alike and between is not None and low.count(_TO, each.start, each.end) == 1
