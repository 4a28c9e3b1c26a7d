"""Tell where a number without a noun goes on with the count before it in another group."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.model import Measurement
from ingest.numbers.quantity import Quantity

IN_GROUP = re.compile(
    r"\s*(?:(?:cases|patients) )?(?:\([^()]*\) )?(?:in|of|from|among) (?:#{7,}|(?:the )?(?:(?!(?:and|or|with|who)\b)[\w/-]+ ){0,4}?(?:group|arm|cohort)\b(?: [a-z\d]\b)?|(?:the )?(?:patients|those|cases|women|men) (?:with|without|who|treated|undergoing|receiving|having)\b|[a-z-]+ly treated (?:patients|cases)\b)"
)
"""The group of a count right behind it: 9 | cases in group A; what ends in a numeral is blanked."""
# "21 in D (60%), 69 in DS (70%)", in a text with its capitals
IN_MARK = re.compile(
    r"\s*(?:cases |patients )?(?:in|of|with|after) [A-Z][A-Z+]{0,4}\b(?=\s*[(\[,.;)]|\s*$| (?:and|were|had|was|did)\b)"
)
"""The same, of a group that is called by capitals alone."""
_AND_SO_MANY = re.compile(r",? (?:and|but|versus|vs\.?|compared (?:with|to)|against) (?:only )?")
NO_BRACKETS = re.compile(r"[(\[][^()\[\]]*(?:[)\]]|$)")
"""A bracket with what it holds, closed or not."""
_APART_BY = 90
# "9 cases in group A and | 3 | in group B", "group A had 9 leaks, whereas group B had | 3"
_JOINS_GROUP = build_rule(
    r"\b(?:and|versus|vs\.?|compared (?:with|to)|as opposed to|but|whereas|while)(?: only| in)? $|\(|, $"
)
_GROUP_HAD = build_rule(
    r"(?:,|\band|\bwhereas|\bwhile|\bbut) (?:the )?(?:[\w/-]+ ){0,4}?(?:group|arm|cohort)(?: [a-z\d]{1,3})? had (?:only )?$"
)


def in_next_group(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count goes on in another group: 4 recurrences in the open group and 5 in the other."""
    arm = IN_GROUP.match(low, last.end) if last.statistic == "count" and last.measure else None
    if arm is None or not IN_GROUP.match(low, quantity.end):
        return False
    return _AND_SO_MANY.fullmatch(low, arm.end(), quantity.start) is not None


def in_other_group(text: str, low: str, count: Quantity, last: Measurement) -> bool:
    """Tell whether a number counts those of another group: 9 cases in A and 3 in B, A had 9 and B had 3."""
    between = NO_BRACKETS.sub("", low[last.end : count.start])
    if len(between) > _APART_BY or re.search(r"[.;\d](?!\s)", between):
        return False
    inside = IN_GROUP.match(low, count.end) or IN_MARK.match(text, count.end)
    behind = inside and _JOINS_GROUP.search(between)
    return bool(behind) or _GROUP_HAD.search(between) is not None
