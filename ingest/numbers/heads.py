"""Read bare numbers as counts of what the sentence says they are the number of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from ingest.language.wording import holds_any
from ingest.numbers.quantity import PLAIN, Quantity
from ingest.numbers.units import load_spellings, noun_name

_HEADS = ("number of", "levels ", "vertebrae ")
# How far ahead of a number its head may stand, in characters.
_NEAR = 120
# What stands between the numbers of two groups.
_BESIDE = re.compile(
    r"[^.;:()\d]{0,60}?\b(?:and|vs\.?|versus|than|but|compared (?:with|to)|against) "
)
# "The number of patients who could walk rose from 20 to 31"
_MOVED = re.compile(
    r"\bnumber of (?:[a-z-]+ ){0,3}?(?:patients|individuals|subjects|participants|cases|children|women|men)\b[^.;:()\d]{0,80}?"
    r"\b(?:rose|increased|decreased|fell|dropped|declined|grew|changed|went)(?: \w+ly)? (?:from (?:\d(?:[^.;:]|\.\d){0,60}? to )?)?$"
)


def with_heads(low: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Return numbers with what their head says that they count: the number of levels was 4."""
    if not holds_any(low, _HEADS):
        return list(found)
    headed, led = list[Quantity](), False
    for each in found:
        one = _headed(low, each)
        if (
            one is each
            and led
            and _lacks_noun(each)
            and _BESIDE.fullmatch(low, headed[-1].end, each.start)
        ):
            one = replace(each, form="value", unit=headed[-1].unit)
        led = one is not each
        headed.append(one)
    return [one for each in headed for one in _moved(low, each)]


def moves(low: str, place: int) -> bool:
    """Tell whether a place is where a number of patients rose or fell to, or from."""
    return "number of" in low and _MOVED.search(low, max(0, place - _NEAR), place) is not None


def _headed(low: str, quantity: Quantity) -> Quantity:
    """Return a bare number with the noun whose number it is: the number of, or mean, levels was 4."""
    if not _lacks_noun(quantity):
        return quantity
    head = _number_of().search(low, max(0, quantity.start - _NEAR), quantity.start)
    if not head:
        return quantity
    noun = noun_name(head["noun"] or head["averaged"] or "") or head["unit"]
    return replace(quantity, form="value", unit=noun) if noun else quantity


def _lacks_noun(quantity: Quantity) -> bool:
    """Tell whether a number is printed without what it counts or measures, whatever its range."""
    return quantity.form in PLAIN and not quantity.unit and quantity.value is not None


@cache
def _number_of() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:number of (?:[a-z-]+ ){{0,3}}?(?:(?P<noun>{load_spellings().noun})|(?P<unit>units))|(?:mean|median|average) (?:[a-z-]+ )?(?P<averaged>levels|vertebrae))\b[^.;:()\d]{{0,60}}?\b(?:was|were|of|is|averaged)\s*$"
    )


def _moved(low: str, quantity: Quantity) -> Iterator[Quantity]:
    """Yield a number, or both of a change, as counts of patients where that is what moved."""
    plain = quantity.form in {"score", "bare", "change"} and quantity.unit is None
    head = plain and _MOVED.search(low, max(0, quantity.start - _NEAR), quantity.start)
    first = quantity.low if quantity.form == "change" else quantity.value
    if not head or not _counts(first) or (quantity.high is not None and not _counts(quantity.high)):
        yield quantity
        return
    if quantity.form != "change":
        yield _count(quantity, quantity.start, quantity.end, first)
        return
    begin, end, start, stop = quantity.marks
    yield _count(quantity, begin, end, first)
    yield _count(quantity, start, stop, quantity.high)


def _counts(value: float | None) -> bool:
    return value is not None and value == int(value)


def _count(quantity: Quantity, start: int, end: int, value: float | None) -> Quantity:
    size = int(value or 0)
    return Quantity(
        "count", start, end, value=float(size), numerator=size, unit="patients", word=quantity.word
    )
