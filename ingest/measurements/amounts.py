"""Tell what an amount is of that no measure is named beside: hours of surgery, millilitres of cement."""

from __future__ import annotations

import re

from ingest.numbers.quantity import Quantity

# "a combined resection (average duration, 8 h)"
_LASTED = re.compile(
    r"\b(?:mean|median|average) (?:total )?(?:durations?|time)(?: of (?:the )?(?:surgery|operations?|procedures?|resections?|interventions?))?,?(?: (?:was|were|of))? ?$"
)
_OPERATION = re.compile(
    r"\b(?:surg|operat|resect|procedure|excision|spondylectom|corpectom|laminectom|vertebrectom|sacrectom)"
)
# "2 to 5 ml of bone cement", "cement was injected: 3.5 ml"
_CEMENT = re.compile(r"\b(?:cement|pmma|polymethyl ?methacrylate)\b")
_FILLED = re.compile(r"\b(?:inject|volume|amount|fill|instill|deliver|use)")


def amount_of(low: str, quantity: Quantity) -> str | None:
    """Return what hours, minutes or millilitres are of by the words around, None where they do not say."""
    if quantity.unit == "ml":
        cement = _CEMENT.search(low) and _FILLED.search(low)
        return "cement_volume" if cement and "blood" not in low else None
    if quantity.unit not in {"h", "min"} or not _LASTED.search(low, 0, quantity.start):
        return None
    return "operative_time" if _OPERATION.search(low) else None
