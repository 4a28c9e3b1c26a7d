"""Read numbers in brackets that part the count before them, and bare ones that go on with it.

"22 complications (3 early, 19 late)", "11 patients for pain (n = 9) or weakness (n = 2)", "48 deaths,
29 in one arm".
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.model import Measurement
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting
from ingest.wording import bracket_open

_HELD = re.compile(r"[^().;]{0,70}")
# What stands in a bracket of parts beside its numbers: words, and no verb.
_WORDED = re.compile(
    r"\s*(?!(?:of|%|mm|cm|ml|months?|years?|days?|weeks?|hours?|points?|p\b)\b)(?:patients? |cases? )?(?:with |for |in |on |at |had |were |of them )?[a-z]"
)
_IN_GROUP = re.compile(
    r"\s*(?:patients |cases )?(?:in|of|from|with|after) (?:the )?(?:[\w/-]+ ){0,4}?(?:groups?|arms?|cohorts?)\b"
)
_IN_A = re.compile(r"\s+in (?:the )?[A-Za-z0-9-]{1,12}\s*(?:[.,;)]|$)")
_JOINED = re.compile(
    r"(?:\([^()]*\)|[^().;\d]|;)*(?:[;,:(]|\band|\bincluding|\bwith|\bversus|\bvs\.?)\s*(?:only |included |including )?"
)
_ITEM_ENDS = re.compile(r"[,;)]|\band\b")
_ADJECTIVE = re.compile(r" [a-z-]+\s*(?:[,;)]|and\b)")
_UNITS = {"patients", "deaths", "complications", "tumours", "levels", None}
# Groups are no parts of what was found.
_FORMED = ("randomi", "assigned", "allocated", "divided", "split")
_SIZED = re.compile(r"\(\s*(?:n\s*=\s*)?(\d+)\s*(?:patients|cases)?\s*\)")


def part_of(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return a bare number as a part of the count before it, None where it is of none."""
    enclosed = "(" in sitting.scene.low[: quantity.start]
    if not (enclosed or sitting.found):
        return None
    whole = _bracketed(sitting, quantity) if enclosed else None
    inside = whole is not None
    whole = whole or _in_group(sitting, quantity)
    if whole is None and quantity.value is not None and (event := _event_parted(sitting, quantity)):
        unit = "complications" if event == "complications" else "patients"
        return Measurement(
            measure=event,
            statistic="count",
            start=quantity.start,
            end=quantity.end,
            value=quantity.value,
            unit=unit,
            numerator=int(quantity.value),
        )
    if whole is None or whole.measure is None or quantity.value is None:
        return None
    size = int(quantity.value)
    item = _ITEM_ENDS.search(sitting.scene.low, quantity.end)
    named = [
        each.concept
        for each in sitting.scene.mentions
        if inside
        and item
        and quantity.end <= each.start < item.start()
        and "patients" in sitting.scene.concepts[each.concept].units
    ]
    people = inside and whole.unit == "patients"
    return Measurement(
        measure=named[0] if named else whole.measure,
        statistic="count",
        start=quantity.start,
        end=quantity.end,
        value=None if people else quantity.value,
        unit=whole.unit,
        numerator=size,
        denominator=whole.numerator if people else None,
        n=whole.numerator if people else None,
        percent_derived=round(100 * size / (whole.numerator or size), 1) if people else None,
        time_months=whole.time_months,
        time_text=whole.time_text,
    )


def with_parts(low: str, found: list[Measurement]) -> list[Measurement]:
    """Return what was found, the bracketed parts of a count told as what the count is of.

    The parts stand behind it and add up to it: 11 patients for pain (n = 9) or weakness (n = 2).
    """
    if any(each in low for each in _FORMED):
        return found
    for at, whole in enumerate(found):
        if whole.measure is None or whole.statistic != "count" or not whole.numerator:
            continue
        sizes = [int(each[1]) for each in _SIZED.finditer(low, whole.end)]
        if len(sizes) < 2 or sum(sizes) != whole.numerator:
            continue
        found = found[: at + 1] + [
            replace(each, measure=whole.measure)
            if each.measure is None
            and each.statistic == "count"
            and "(" in low[each.start - 1 : each.start + 1]
            else each
            for each in found[at + 1 :]
        ]
    return found


def _bracketed(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return the count that a bare number in brackets is a part of, None where it is of none.

    The numbers of the bracket that stands behind the count add up to it.
    """
    low = sitting.scene.low
    bracket = _bracket_of(low, quantity.start)
    if bracket is None:
        return None
    opens, closes = bracket
    whole = next(
        (
            each
            for each in reversed(sitting.found)
            if each.end <= opens and each.numerator and each.statistic == "count"
        ),
        None,
    )
    if whole is None or not _HELD.fullmatch(low, whole.end, opens):
        return None
    inside = [each for each in sitting.scene.numbers() if opens < each.start < closes]
    sizes = [_size(each) for each in inside]
    total = sum(each or 0 for each in sizes)
    if len(inside) < 2 or None in sizes or total != whole.numerator:
        return None
    return whole if _WORDED.match(low, quantity.end) else None


def _bracket_of(low: str, place: int) -> tuple[int, int] | None:
    """Return where the bracket around a place opens and closes, None where none is around it."""
    opens, closes = bracket_open(low, place), low.find(")", place)
    return None if opens < 0 or closes < 0 else (opens, closes)


def _event_parted(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the event in whose bracket a number stands with others: complications (3 early, 9 late)."""
    low = sitting.scene.low
    bracket = _bracket_of(low, quantity.start)
    if bracket is None:
        return None
    opens, closes = bracket
    named = [
        each
        for each in sitting.scene.mentions
        if each.end <= opens and low[each.end : opens].strip() in {"", "s"}
    ]
    inside = [each for each in sitting.scene.numbers() if opens < each.start < closes]
    worded = all(_size(each) and _ADJECTIVE.match(low, each.end) for each in inside)
    if not named or len(inside) < 2 or not worded:
        return None
    concept = sitting.scene.concepts[named[-1].concept]
    return concept.id if concept.harm and "patients" in concept.units else None


def _in_group(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return the count that a bare number told of one group goes on: 48 deaths; 29 in the EI group."""
    low, size = sitting.scene.low, _size(quantity)
    told = [each for each in sitting.found if each.statistic == "count" and each.measure]
    if quantity.form == "count" or not told or size is None:
        return None
    whole = told[0]
    if whole.unit not in _UNITS or size >= (whole.numerator or 0):
        return None
    alone = _IN_GROUP.match(low, quantity.end)
    again = len(told) > 1 and _IN_A.match(low, quantity.end)
    if not alone and not again:
        return None
    return whole if _JOINED.fullmatch(low, told[-1].end, quantity.start) else None


def _size(quantity: Quantity) -> int | None:
    """Return how many a number may count, None where it can be no count."""
    plain = quantity.form in {"score", "bare", "count"} and quantity.low is None
    value = quantity.value
    if not plain or value is None or value != int(value) or quantity.spread is not None:
        return None
    return int(value) if quantity.unit in _UNITS else None
