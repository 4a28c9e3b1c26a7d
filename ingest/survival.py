"""Read how long people lived from when they died: 14 months after surgery."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Measurement
from ingest.quantity import SPANS, Quantity
from ingest.scene import Sitting

_DIED = re.compile(r"\b(?:died|dead|deaths?|deceased|succumbed|passed away)\b")
_PARTED = re.compile(r"[;:]|\b(?:and|but|whereas|while|without|no)\b")
_SINCE = re.compile(
    r"\s*(?:after|following|from|post-?operatively|later|thereafter|post-?surgery|of follow-?up)\b"
)
_AHEAD = re.compile(
    r"\b(?:after|at|within|survived|lived)(?: (?:a|an|the))?(?: (?:mean|median|average))?(?: of)?\s*$"
)
_ONE = re.compile(r"\b(?:he|she|(?:the|this|our|one) (?:patient|man|woman|child|boy|girl))\b")


def _dead_before(low: str, start: int) -> bool:
    """Tell whether a death stands before a place with nothing that parts the two."""
    told = [each.end() for each in _DIED.finditer(low, max(0, start - 120), start)]
    return bool(told) and not _PARTED.search(low, told[-1], start)


def lived(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return survival as the measure of a stretch between an operation and a death."""
    if quantity.form != "value" or quantity.unit not in SPANS:
        return None
    low = sitting.scene.low
    if not _dead_before(low, quantity.start):
        return None
    told = _SINCE.match(low, quantity.end) or _AHEAD.search(low, 0, quantity.start)
    return "overall_survival" if told else None


def lives(sitting: Sitting, times: Sequence[Quantity]) -> list[Measurement]:
    """Return how long one patient lived where no other number tells: he died after 14 months."""
    low = sitting.scene.low
    if not (sitting.single or _ONE.search(low)):
        return []
    return [
        Measurement(
            measure="overall_survival",
            statistic="value",
            start=each.start,
            end=each.end,
            value=each.value,
            unit=each.unit,
            n=1,
            time_months=each.months,
            time_text=sitting.text[each.start : each.end],
        )
        for each in times
        if each.operator is None and each.unit in SPANS and _dead_before(low, each.start)
    ][:1]
