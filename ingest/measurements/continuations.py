"""Tell where a number without a noun goes on with the count before it in another group."""

from __future__ import annotations

import re

from ingest.model import Measurement
from ingest.numbers.quantity import Quantity

IN_GROUP = re.compile(
    r"\s*(?:(?:cases|patients) )?(?:\([^()]*\) )?(?:in|of|from|among) (?:#{7,}|(?:the )?(?:(?!(?:and|or|with|who)\b)[\w/-]+ ){0,4}?(?:group|arm|cohort)\b(?: [a-z\d]\b)?|(?:the )?(?:patients|those|cases|women|men) (?:with|without|who|treated|undergoing|receiving|having)\b|[a-z-]+ly treated (?:patients|cases)\b)"
)
"""The group of a count right behind it: 9 | cases in group A; what ends in a numeral is blanked."""
_AND_SO_MANY = re.compile(r",? (?:and|but|versus|vs\.?|compared (?:with|to)|against) (?:only )?")


def in_next_group(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count goes on in another group: 4 recurrences in the open group and 5 in the other."""
    arm = IN_GROUP.match(low, last.end) if last.statistic == "count" and last.measure else None
    if arm is None or not IN_GROUP.match(low, quantity.end):
        return False
    return _AND_SO_MANY.fullmatch(low, arm.end(), quantity.start) is not None
