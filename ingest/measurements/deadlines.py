"""Find the bounds of time that are findings themselves: walked again within two months."""

from __future__ import annotations

import re

from ingest.model import Measurement
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

# "Mortality within 30 days was lower", "the rate of recovery within a year": when, not what
_OF_RATE = re.compile(
    r"\b(?:rates?|risks?|incidence|odds|probability|likelihood|proportion|frequency|number)\b"
)
# "The scores had returned to normal by 3 months", "pain had settled to 1/10 by six weeks"
_SCORED = re.compile(
    r"\b(?:scores?|scales?|index|indices|quality of life|utility|values?|levels?)\b(?! \d)|\bto \d[\d./]* $"
)
_THEN_TOLD = re.compile(r"\s*(?:was|were|is|are|did|fell|rose|decreased|increased)\b")
# "Surgery within two days of admission": when it was done, not what came of it.
_OF_EVENT = re.compile(r"\bof [a-z]")


def find_deadlines(sitting: Sitting) -> list[Measurement]:
    """Return the bounds of time that are themselves findings, each behind a measure."""
    scene = sitting.scene
    ends = min((each.end for each in scene.mentions), default=len(scene.low))
    return [
        _deadline(sitting, each)
        for each in scene.times
        if each.operator == "<="
        and not (_SCORED.search(scene.low, 0, each.start))
        and each.start > ends
        and not _OF_EVENT.search(scene.low, each.start, each.end)
        and not _OF_RATE.search(scene.low, 0, each.start)
        and not _THEN_TOLD.match(scene.low, each.end)
    ]


def _deadline(sitting: Sitting, time: Quantity) -> Measurement:
    """Return the time itself where it is the finding: walked again within two months."""
    nearest = min(sitting.scene.mentions, key=lambda each: abs(each.start - time.start))
    return Measurement(
        measure=nearest.concept,
        statistic="threshold",
        start=time.start,
        end=time.end,
        value=time.value,
        operator="<=",
        unit=time.unit,
        n=1 if sitting.single else None,
        time_months=time.months,
        time_text=sitting.text[time.start : time.end],
    )
