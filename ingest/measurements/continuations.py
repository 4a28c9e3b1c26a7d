"""Tell where a number without a noun goes on with the count before it in another group."""

from __future__ import annotations

import re

from ingest.model import Measurement
from ingest.numbers.quantity import Quantity

_IN_ARM = re.compile(
    r"\s*(?:patients |cases )?(?:\([^()]*\) )?(?:in|of|from) (?:the )?(?:[\w-]+ ){0,4}?(?:group|arm|cohort)\b(?: [a-z\d]\b)?"
)
_AND_SO_MANY = re.compile(r",? (?:and|but|versus|vs\.?|compared (?:with|to)|against) (?:only )?")


def in_next_group(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count goes on in another group: 4 recurrences in the open group and 5 in the other."""
    arm = _IN_ARM.match(low, last.end) if last.statistic == "count" and last.measure else None
    if arm is None or not _IN_ARM.match(low, quantity.end):
        return False
    return _AND_SO_MANY.fullmatch(low, arm.end(), quantity.start) is not None
