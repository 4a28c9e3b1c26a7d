"""Tell where a number without a noun goes on with the count before it: in another group, of a cause."""

from __future__ import annotations

import re

from ingest.model import Measurement
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

_IN_ARM = re.compile(
    r"\s*(?:patients |cases )?(?:\([^()]*\) )?(?:in|of|from) (?:the )?(?:[\w-]+ ){0,4}?(?:group|arm|cohort)\b(?: [a-z\d]\b)?"
)
_AND_SO_MANY = re.compile(r",? (?:and|but|versus|vs\.?|compared (?:with|to)|against) (?:only )?")
# "Five died, four of disease and one of pneumonia"
_OF_CAUSE = re.compile(r"\s(?:of|from) (?!(?:the|these|those|them|whom|which|our|all)\b|\d)[a-z]")
_OF_KNOWN = re.compile(r"\s(?:of|from) (?:(?!and\b|or\b)[a-z-]+ ){0,2}")
_LISTED = re.compile(r"(?:[,:;(]|\band) (?:and )?$")


def in_next_group(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count goes on in another group: 4 recurrences in the open group and 5 in the other."""
    arm = _IN_ARM.match(low, last.end) if last.statistic == "count" and last.measure else None
    if arm is None or not _IN_ARM.match(low, quantity.end):
        return False
    return _AND_SO_MANY.fullmatch(low, arm.end(), quantity.start) is not None


def died_otherwise(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a number is of those who died of a cause that is itself none of our measures."""
    low, behind = sitting.scene.low, quantity.end
    if not (_OF_CAUSE.match(low, behind) and _LISTED.search(low, last.end, quantity.start)):
        return False
    return not any(
        _OF_KNOWN.fullmatch(low, behind, each.start)
        for each in sitting.scene.mentions
        if each.start > behind
    )
